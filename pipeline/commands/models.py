"""Commands of the models: train, drift, evaluate, explain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.domain.evidence import pieces, spans
from casework.ports import Masker, PostRecord
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
from pipeline.commands.model_words import drift_lines, explained_lines, learnt_lines, score_lines, trained_lines
from pipeline.errors import FOUND, CallError


def train(
    task: Annotated[str, typer.Argument(metavar="TASK")],
    data: Annotated[Path, typer.Option("--data", metavar="PATH", help="folder of the labelled sets")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where the weights and the card go")],
    learn: Annotated[bool, typer.Option("--corrections", help="with the corrections of the training store")] = False,
    worse: Annotated[
        bool, typer.Option("--even-if-worse", help="write also a model that is worse than the one in force")
    ] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
) -> int:
    """Train one classifier and say what each class gains and loses; a worse one is not written (exit 1)."""
    if not learn:
        from nlp.comparing import train_against

        card = train_against(task, data, out, even_if_worse=worse)
        answer(card, json, "\n".join(trained_lines(task, card)))
        return 0 if card["accepted"] else FOUND
    if worse:
        raise CallError("--even-if-worse does not go with --corrections: what makes a model worse is looked at first")
    from pipeline.learning import learn_task

    with context(store, config, None) as joined:
        verdict = learn_task(joined, task, data, out)
    if verdict is None:
        raise CallError(f"{task}: nothing was corrected since the model in force was made; see huiying label correct")
    answer(verdict.report, json, "\n".join(learnt_lines(task, verdict.report)))
    return 0 if verdict.accepted else FOUND


def drift(
    days: Annotated[int, typer.Option("--days", min=1, help="length of the time looked at")] = 30,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Whether what comes in still is what the models were made for, beside the days before."""
    from pipeline.drift import drift as report_of

    with context(store, config, now) as joined:
        report = report_of(joined, days, moment(now))
    answer(report, json, "\n".join(drift_lines(report)))


def evaluate(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="PATH")] = None,
    all_: Annotated[bool, typer.Option("--all", help="every set")] = False,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> int:
    """Scores against floor and aim, one line a set. Exit 1 when one misses its floor."""
    import nlp.evaluate as scores

    if (task is None) == (not all_):
        raise CallError("name one TASK, or --all")
    rows = scores.evaluate_all(data) if task is None else scores.evaluate_task(task, data)
    good = True
    for row in rows:
        good = good and bool(row["ok"])
        if json:
            emit(row)
        else:
            say("\n".join(score_lines(row)))
    return 0 if good else FOUND


def explain(
    id_: Annotated[str, typer.Argument(metavar="ID", help="a post's id")],
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Why a post was judged as it was: the words that decided each label, masked."""
    with context(store, config, now) as joined:
        record = joined.store.get_posts([id_]).get(id_)
        if record is None:
            raise CallError(f"no such post {id_!r}", kind="not_found")
        if record.assessment is None:
            raise CallError(f"{id_} has no assessment yet; run huiying assess", kind="not_found")
        value, texts = _masked(record, joined.masker)
    if json:
        emit({"id": id_, "revision": record.assessment.revision, **value, **texts, "spans": _spans(texts, value)})
        return
    say("\n".join(explained_lines(value)))
    for text in texts.values():
        say("".join(f"【{part}】" if labels else part for part, labels in pieces(text, value.get("evidence", {}))))


def _masked(record: PostRecord, masker: Masker) -> tuple[dict[str, Any], dict[str, str]]:
    """The assessment without words that are somebody's name, and the masked title and text."""
    from casework.services.events import nameless

    assert record.assessment is not None  # asked for before
    value, post, seen = dict(record.assessment.value), record.post, masker.of_case()
    # The text first: it says of a name that it is one, and a title often has the name alone.
    text = seen.mask_text(post.text)
    texts = {"title": seen.mask_text(post.title or ""), "text": text}
    value["terms"] = nameless(value.get("terms", ()), seen)
    value["evidence"] = {task: nameless(words, seen) for task, words in value.get("evidence", {}).items()}
    return value, texts


def _spans(texts: Mapping[str, str], value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the words that decided stand in the masked texts."""
    return [
        {"field": field, "start": found.start, "end": found.end, "word": found.word, "for": list(found.labels)}
        for field, text in texts.items()
        for found in spans(text, value.get("evidence", {}))
    ]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("train")(train)
    app.command("drift")(drift)
    app.command("evaluate")(evaluate)
    app.command("explain")(explain)
