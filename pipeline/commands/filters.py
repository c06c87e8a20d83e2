"""Filter commands: extract, assess, events, mask, reply check; and search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import (
    ConfigDir,
    Input,
    Json,
    NoConfig,
    NoStore,
    Now,
    Output,
    StoreUrl,
    answer,
    context,
    emit,
    moment,
    read_time,
    say,
)
from pipeline.commands.stage_words import counts_line
from pipeline.errors import CallError

if TYPE_CHECKING:
    from casework.records import PostRecord
    from pipeline.wiring import Context

reply_app = typer.Typer(help="Checks of replies.", no_args_is_help=True, rich_markup_mode=None)


def extract(
    input_: Input = None,
    output: Output = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
    now: Now = None,
) -> None:
    """Saved pages to title, text, time, source, author."""
    from pipeline.filters import BadLine, Line, object_value, one_by_one, run_filter

    source, at = needed(input_), moment(now)

    def one(value: Line) -> Line:
        from crawlers.extract import extract as extract_page

        name, url = value.get("file"), value.get("url")
        if not isinstance(name, str) or not (url is None or isinstance(url, str)):
            raise BadLine('write {"url": string or null, "file": path}')
        try:
            page = (source.parent / name).read_bytes()
        except (OSError, ValueError) as error:
            raise BadLine(f"file {name!r}: {error}") from None
        return extract_page(page, url, at)

    report(run_filter(source, output, object_value, one_by_one(one)), output, json)


def assess(
    input_: Input = None,
    output: Output = None,
    again: Annotated[
        bool, typer.Option("--again", help="also what other models judged; open looks at it anew")
    ] = False,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Judge posts: with files a pure filter, without all unassessed posts of the store."""
    with context(store, config, now, makes=True) as joined:
        if input_ is None:
            from pipeline import jobs

            counts = jobs.assess(joined)
            stages = {"assess": counts}
            if again:
                from pipeline.reassessing import reassess

                stages["reassess"] = reassess(joined)
            answer({"stages": stages}, json, "\n".join(counts_line(name, found) for name, found in stages.items()))
            return
        from pipeline.filters import post_value, run_filter

        counts = run_filter(input_, output, post_value, joined.assessor.assess)
    report(counts, output, json)


def mask(
    input_: Input = None,
    output: Output = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> None:
    """Mask personal data; the spans found are those of the text as given."""
    from nlp.masking import Masker
    from pipeline.filters import loose_value, one_by_one, run_filter

    masker = Masker()
    report(run_filter(needed(input_), output, loose_value, one_by_one(masker.mask_post)), output, json)


def events(
    input_: Input = None,
    output: Output = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Group posts into events: with files a line each with event and heat, without those of the store."""
    with context(store, config, now, makes=True) as joined:
        if input_ is None:
            from pipeline import jobs

            counts = jobs.open_cases(joined, moment(now))
            answer({"stages": {"open": counts}}, json, counts_line("open", counts))
            return
        from pipeline import grouping

        at = None if now is None else read_time("--now", now)
        counts = grouping.group_file(input_, output, joined.grouper(), at)
    report(counts, output, json)


@reply_app.command("check")
def reply_check(
    input_: Input = None,
    output: Output = None,
    json: Json = False,
    store: NoStore = None,
    config: NoConfig = None,
) -> None:
    """Does a reply answer its message: mismatch 0…1, and what is wrong with it."""
    from nlp.reply import check
    from pipeline.filters import loose_value, one_by_one, run_filter

    report(run_filter(needed(input_), output, loose_value, one_by_one(check)), output, json)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    kind: Annotated[str | None, typer.Option("--kind")] = None,
    source: Annotated[str | None, typer.Option("--source")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="CODE", help="code or its beginning")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10000)] = 100,
    fold: Annotated[
        bool | None, typer.Option("--fold/--no-fold", help="one line a text, reprints counted; default: without --json")
    ] = None,
    json: Json = False,
    store: StoreUrl = None,
    config: ConfigDir = None,
    now: Now = None,
) -> None:
    """Posts that hold the query: id and masked highlight. Reprints are folded unless --json or --no-fold is given."""
    from casework.ports import SearchFilter

    where = SearchFilter(
        kind,
        source,
        None if since is None else read_time("--since", since),
        None if until is None else read_time("--until", until),
        region,
    )
    with context(store, config, now) as joined:
        folding = not json if fold is None else fold
        for line in _found(joined, query, where, limit, folding):
            if json:
                emit(line)
            else:
                more = f"  （另有转载 {line['reprints']} 条）" if line.get("reprints") else ""
                say(f"{line['id']}  {line['highlight']}{more}")


def _found(joined: Context, query: str, where: Any, limit: int, folding: bool) -> Iterator[dict[str, Any]]:
    from casework.domain.search import tokens
    from casework.services.search import folded
    from pipeline.highlight import highlight

    if not tokens(query):
        raise CallError(f"QUERY: {query!r} holds no letter, digit or Han character")
    if folding:
        for hit in folded(joined.store, query, where, limit):
            shown = highlight(_text(hit.record), query, joined.masker)
            yield {"id": hit.record.post.id, "highlight": shown, "reprints": hit.reprints}
        return
    ids = joined.store.search(query, where, limit)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        records = joined.store.get_posts(part)
        for id_ in part:
            if id_ in records:
                yield {"id": id_, "highlight": highlight(_text(records[id_]), query, joined.masker)}


def _text(record: PostRecord) -> str:
    return f"{record.post.title or ''} {record.post.text}"


def needed(path: Path | None) -> Path:
    """The file of ``--input``. Raises CallError where none was named."""
    if path is None:
        raise CallError("--input is missing: name a file of lines")
    return path


def report(counts: dict[str, int], output: Path | None, as_json: bool) -> None:
    """What a filter did; nothing on standard output where the lines went there."""
    if output is not None:
        answer({"lines": counts}, as_json, counts_line(str(output), counts))


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("extract")(extract)
    app.command("assess")(assess)
    app.command("events")(events)
    app.command("mask")(mask)
    app.command("search")(search)
    app.add_typer(reply_app, name="reply")
