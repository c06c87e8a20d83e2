"""Commands of labelling by people: sample, show, agreement, correct, import."""

from __future__ import annotations

from getpass import getuser
from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from casework.domain.errors import DomainError
from casework.ports import StoreError
from pipeline.commands.common import (
    ConfigDir,
    Json,
    NoConfig,
    NoStore,
    Now,
    StoreUrl,
    answer,
    context,
    emit,
    moment,
    say,
)
from pipeline.commands.model_words import task_name, value_name
from pipeline.commands.stage_words import counts_line
from pipeline.errors import FOUND, CallError

label_app = typer.Typer(help="Labels given by people.", no_args_is_help=True, rich_markup_mode=None)

SetName = Annotated[
    str,
    typer.Argument(
        metavar="SET",
        help="petition, petition_train, petition_border, message, complaints, hot_pairs, sentiment_message or "
        "sentiment_news",
    ),
]
Data = Annotated[Path | None, typer.Option("--data", metavar="PATH", help="folder of the data sets")]


def sample(
    name: SetName,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="where the sample's rows go")],
    data: Data = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> None:
    """Draw the sample of a set anew: the same data give the same rows."""
    from nlp.evaluate import shared_data
    from nlp.labelling.sets import drawn_again, write_sample

    drawn = drawn_again(name, data or shared_data())
    write_sample(drawn, out)
    answer({"set": name, "rows": len(drawn), "out": str(out)}, json, f"已抽 {len(drawn)} 条，写入 {out}")


def show(
    name: SetName,
    first: Annotated[int, typer.Option("--from", metavar="N", help="first row, counted from 1")] = 1,
    count: Annotated[int, typer.Option("--count", metavar="N")] = 60,
    width: Annotated[int, typer.Option("--width", metavar="N", help="characters shown of a text")] = 300,
    data: Data = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> None:
    """Rows of a sample as a reader sees them: title and text, without anyone's label."""
    from nlp.evaluate import shared_data
    from nlp.labelling.sets import named
    from nlp.labelling.sets import sample as stored

    found = named(name).texts(data or shared_data())
    for number, drawn in enumerate(stored(name), start=1):
        if not first <= number < first + count:
            continue
        shown = [found[id_].shown(width) for id_ in drawn.row.split("+")]
        if json:
            emit({"number": number, "row": drawn.row, "letters": [{"title": t, "text": x} for t, x in shown]})
        else:
            say("\n".join([f"[{number}] {drawn.row}", *(f"  {title} ¦ {text}" for title, text in shown)]))


def agreement(
    name: SetName,
    rows: Annotated[bool, typer.Option("--rows", help="the rows on which the two readers differ")] = False,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> None:
    """How far the two readers of a set agree: share, Cohen's kappa, class by class."""
    from nlp.labelling.agreement import agreement as agreed
    from nlp.labelling.agreement import differing

    if rows:
        for row in differing(name):
            emit(row) if json else say("  ".join(_differs(key, value) for key, value in row.items()))
        return
    for entry in agreed(name):
        if json:
            emit(entry)
            continue
        say(f"{task_name(entry['column'])}：{entry['rows']} 条，一致 {entry['agree']:.1%}，kappa {entry['kappa']:.3f}")
        for label, found in entry["classes"].items():
            both = f"同 {found['both']} 条，{found['agreement']}"
            say(f"  {label}：甲 {found['first']} 条，乙 {found['second']} 条，{both}")


def count(
    task: Annotated[str, typer.Argument(metavar="TASK", help="disposition")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="where the counts go")],
    data: Data = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> None:
    """Count how often each rule of a field that rules decide was right on the labelled letters: its score."""
    from nlp.evaluate import shared_data
    from nlp.labelling import scoring
    from nlp.labelling.evaluate import rules_of_disposition

    if task != "disposition":
        raise CallError(f"task {task!r}: no field whose rules are counted; write disposition")
    found = scoring.count(rules_of_disposition(data or shared_data()))
    out.write_text(dumps(found, indent=1) + "\n", encoding="utf-8")
    lines = [f"{rule}：{one['rows']} 条，判对 {one['right']} 条" for rule, one in found.items()]
    answer(found, json, "\n".join([*lines, f"已写入 {out}"]))


def _differs(key: str, value: str | list[str]) -> str:
    return value if isinstance(value, str) else f"{task_name(key)}：{' / '.join(value)}"


By = Annotated[str, typer.Option("--by", metavar="USER", help="who says so")]


def correct(
    post: Annotated[str, typer.Argument(metavar="ID", help="a post's id")],
    task: Annotated[str, typer.Argument(metavar="TASK", help="board_domain, sentiment …")],
    label: Annotated[str, typer.Argument(metavar="LABEL")],
    by: By = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Correct a label of a post: its assessment is put right and the training store keeps it."""
    from pipeline import settling

    with context(store, config, now) as joined:
        was = settling.correct(joined, post, task, label, by or getuser(), moment(now))
    told = f"{post} {task_name(task)}：{value_name(was)} → {value_name(label)}"
    answer({"post": post, "task": task, "label": label, "was": was}, json, told)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns post, task, label")],
    by: By = "",
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> int:
    """Take many corrections in. A row that cannot be taken is named and the others go on; exit 1 where one was."""
    from nlp.datasets import rows
    from pipeline import settling

    refused = []
    table = rows(file, ("post", "task", "label"))
    with context(store, config, now) as joined:
        for number, row in enumerate(table, start=2):
            try:
                settling.correct(joined, row["post"], row["task"], row["label"], by or getuser(), moment(now))
            except (CallError, DomainError, StoreError) as error:
                refused.append({"line": number, "reason": str(error)})
    counts = {"in": len(table), "done": len(table) - len(refused), "refused": len(refused)}
    told = "\n".join([counts_line("label", counts), *(f"{file} 第 {r['line']} 行：{r['reason']}" for r in refused)])
    answer({"stages": {"label": counts}, "refused": refused}, json, told)
    return FOUND if refused else 0


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    label_app.command("sample")(sample)
    label_app.command("show")(show)
    label_app.command("agreement")(agreement)
    label_app.command("count")(count)
    label_app.command("correct")(correct)
    label_app.command("import")(import_)
    app.add_typer(label_app, name="label")
