"""``huiying route``: post lines, or posts with their assessments, to departments with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casework.domain.assessment import Assessment, facts_of
from casework.domain.errors import InvalidPost
from casework.domain.post import Post, parse_post
from casework.domain.routing import Route
from casework.domain.routing import route as decide
from casework.domain.times import SHANGHAI
from pipeline.filters import BadLine, Line, object_value, post_value

if TYPE_CHECKING:
    from pipeline.wiring import Context


def routed_value(raw: bytes) -> Line:
    """A line of ``route``: a post, or ``{"post", "assessment"}``. Raises BadLine."""
    value = object_value(raw)
    if "post" not in value:
        return {"post": post_value(raw), "assessment": None}
    unknown = value.keys() - {"post", "assessment"}
    if unknown:
        raise BadLine(f"unknown key {sorted(unknown)[0]!r}")
    assessment = value.get("assessment")
    if assessment is not None and not isinstance(assessment, dict):
        raise BadLine(f"assessment: an object is wanted, found {type(assessment).__name__}")
    try:
        post = parse_post({key: item for key, item in _object(value["post"]).items() if key != "id"})
    except InvalidPost as error:
        raise BadLine(f"post: {error}") from None
    return {"post": {"id": post.id, **post.to_json()}, "assessment": assessment}


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadLine(f"post: an object is wanted, found {type(value).__name__}")
    return value


def route_lines(values: list[Line], joined: Context, now: datetime, explain: bool) -> Iterator[Line]:
    """One answer a line; posts without an assessment are assessed first."""
    missing = [value["post"] for value in values if value["assessment"] is None]
    judged = iter(joined.assessor.assess(missing)) if missing else iter(())
    for value in values:
        given = value["assessment"]
        assessment = next(judged) if given is None else given
        if "error" in assessment:
            yield {"id": value["post"]["id"], "error": assessment["error"]}
            continue
        post = parse_post({key: item for key, item in value["post"].items() if key != "id"})
        yield _answer(post, assessment, joined, now, explain)


def _answer(post: Post, assessment: dict[str, Any], joined: Context, now: datetime, explain: bool) -> Line:
    try:
        facts = facts_of(post, Assessment({"severity": {"level": "none"}, **assessment}, 1))
    except (KeyError, TypeError, AttributeError) as error:
        return {"id": post.id, "error": {"kind": "invalid", "detail": f"assessment: {error!r} is not of its form"}}
    found: Route = decide(facts, joined.office.routing, now.astimezone(SHANGHAI).date(), explain)
    line: Line = {
        "id": post.id,
        "department": found.department,
        "co_departments": list(found.co_departments),
        "reason": found.reason,
        "excluded": list(found.excluded),
    }
    if explain:
        line["tried"] = [
            {"rule": one.rule, "basis": one.basis, "matched": one.matched, "failed": one.failed, "why": one.note}
            for one in found.tried
        ]
        line["watchers"] = list(found.watchers)
    return line
