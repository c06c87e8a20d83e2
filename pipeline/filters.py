"""The filter commands: lines in, lines out, order kept, an error line in the place of a line that cannot be read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from casework.domain.errors import InvalidPost
from casework.domain.post import check_storable, parse_post_line
from pipeline.files import dump, lines, whole

BATCH = 500
Line = dict[str, Any]
Batch = Callable[[list[Line]], Iterable[Line]]
"""A list of good lines → one answer each, in order."""


class BadLine(Exception):
    """A line that a filter cannot take; ``args[0]`` is the reason."""


def error_line(number: int, kind: str, detail: str) -> Line:
    """What a filter writes in the place of a bad line (contract)."""
    return {"line": number, "id": None, "error": {"kind": kind, "detail": detail}}


def post_value(raw: bytes) -> Line:
    """A post line as its JSON object with ``id``; the whole post is checked. Raises BadLine."""
    try:
        post = parse_post_line(raw)
    except InvalidPost as error:
        raise BadLine(str(error)) from None
    return {"id": post.id, **post.to_json()}


def object_value(raw: bytes) -> Line:
    """Any JSON object. Raises BadLine."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        check_storable("", value)
    except InvalidPost as error:
        raise BadLine(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadLine(f"not a JSON object but {type(value).__name__}")
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def loose_value(raw: bytes) -> Line:
    """For ``mask`` and the like: any object with text; a post need not be whole. Raises BadLine."""
    value = object_value(raw)
    for name in ("title", "text"):
        if value.get(name) is not None and not isinstance(value[name], str):
            raise BadLine(f"{name}: a string is wanted, found {type(value[name]).__name__}")
    if "id" not in value and "source" in value and "native_id" in value:
        value["id"] = f"{value['source']}:{value['native_id']}"
    return value


def run_filter(source: Path, target: Path | None, read: Callable[[bytes], Line], work: Batch) -> dict[str, int]:
    """Read ``source``, write one line a line to ``target`` (None: standard output); numbers of lines and errors."""
    counts = {"in": 0, "errors": 0}
    answers = _answers(lines(source), read, work, counts)
    if target is None:
        for answer in answers:
            sys.stdout.buffer.write(dump(answer))
    else:
        with whole(target) as file:
            for answer in answers:
                file.write(dump(answer))
    return counts


def _answers(
    source: Iterator[tuple[int, bytes]], read: Callable[[bytes], Line], work: Batch, counts: dict[str, int]
) -> Iterator[Line]:
    waiting: list[tuple[int, Line | None, str]] = []
    for number, raw in source:
        if not raw.strip():
            continue
        counts["in"] += 1
        try:
            waiting.append((number, read(raw), ""))
        except BadLine as error:
            waiting.append((number, None, str(error)))
        if len(waiting) >= BATCH:
            yield from _flush(waiting, work, counts)
            waiting = []
    yield from _flush(waiting, work, counts)


def _flush(waiting: list[tuple[int, Line | None, str]], work: Batch, counts: dict[str, int]) -> Iterator[Line]:
    good = [value for _, value, _ in waiting if value is not None]
    answers = iter(work(good)) if good else iter(())
    for number, value, reason in waiting:
        answer = error_line(number, "invalid", reason) if value is None else next(answers)
        if "error" in answer:
            counts["errors"] += 1
            answer = {"line": number, "id": answer.get("id"), "error": answer["error"]}
        yield answer


def one_by_one(work: Callable[[Line], Line]) -> Batch:
    """A batch filter from one of single lines; a refusal becomes an error line."""

    def batch(values: list[Line]) -> Iterator[Line]:
        for value in values:
            try:
                yield work(value)
            except (ValueError, BadLine) as error:
                yield error_line(0, "refused", str(error))

    return batch
