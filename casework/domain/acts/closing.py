"""办结所需 on record, 标记, 签批: what closing and release ask of people beside the answer itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework.domain.acts.parts import required
from casework.domain.case import Case
from casework.domain.closing import LEAD, Item, publications
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.marks import CLAUSE, MARKS, drafter, endorsed, named, standing
from casework.domain.matching import REPORT
from casework.domain.moves import allowed, check
from casework.domain.times import store_time


def record(case: Case, item: Item, text: str, by: str, at: datetime, url: str = "") -> Case:
    """Put ``item`` on record. What must be public is so by a publication of the case: ``url``, or its latest one.

    IllegalMove where nothing fitting was published; DomainError for an address that is none of the case's.
    """
    check("record", case.state)
    data: dict[str, Any] = {"item": item.id, "text": required("text", text)}
    if item.published != "no":
        found = publications(case, item.published)
        if not found:
            what = "a text drafted, reviewed and published after the first information"
            why = f"{item.id} has to be public: publish it first{f' ({what})' if item.published == 'later' else ''}"
            raise IllegalMove("record", case.state, _others(case, "record"), why)
        chosen = [one for one in found if one[0] == url.strip()] if url.strip() else found
        if not chosen:
            known = ", ".join(one[0] for one in found)
            raise DomainError(f"url: {url[:80]!r} is not where {item.id} was published; write one of {known}")
        data |= {"url": chosen[-1][0], "at": store_time(chosen[-1][1])}
    return case.after("recorded", at, by, None, data)


def record_lead(
    case: Case, item: Item, text: str, to: tuple[str, ...], lead: list[dict[str, str]], by: str, at: datetime
) -> Case:
    """线索移交: ``lead`` (one entry a post: fields, masked) went to the departments ``to``.

    A 检举控告 is no lead for others: it stays at its desk (信访工作条例 第三十条).
    """
    check("record", case.state)
    if case.petition_kind == REPORT:
        why = "a report of wrongdoing is handed to nobody as a lead (信访工作条例 第三十条)"
        raise IllegalMove("record", case.state, _others(case, "record"), why)
    barred = sorted(set(to) & set(case.excluded))
    if barred or not to or not lead:
        raise DomainError(f"lead: {'to is missing' if not to else 'nothing to hand over' if not lead else barred[0]}")
    data = {"item": LEAD, "text": required("text", text), "to": list(to), "lead": lead}
    return case.after("recorded", at, by, None, data) if item.id == LEAD else case


def mark(case: Case, mark_: str, reason: str, by: str, at: datetime, proposed: str = "") -> Case:
    """标记: the matter is of the weighty sort, so that its release needs the 主要负责人's sign-off."""
    check("mark", case.state)
    _known(mark_)
    if mark_ in standing(case):
        raise IllegalMove("mark", case.state, _others(case, "mark"), f"it is marked {mark_} already")
    data = {"mark": mark_, **({"proposed": proposed} if proposed else {})}
    return case.after("marked", at, by, required("reason", reason), data)


def unmark(case: Case, mark_: str, reason: str, by: str, at: datetime) -> Case:
    """取消标记, with the reason."""
    check("unmark", case.state)
    _known(mark_)
    if mark_ not in standing(case):
        raise IllegalMove("unmark", case.state, _others(case, "unmark"), f"it is not marked {mark_}")
    return case.after("unmarked", at, by, required("reason", reason), {"mark": mark_})


def endorse(case: Case, ok: bool, by: str, at: datetime, note: str | None = None) -> Case:
    """签批: the 主要负责人 releases the present draft, or sends it back; never his own text."""
    check("endorse", case.state)
    if drafter(case) == by:
        raise IllegalMove(
            "endorse", case.state, _others(case, "endorse"), f"{by} wrote the draft; another signs it off"
        )
    return case.after("endorsed", at, by, note, {"ok": ok})


def released(case: Case) -> None:
    """Refuse publication of a marked matter without its sign-off. Raises IllegalMove."""
    if standing(case) and endorsed(case) is None:
        why = f"marked {named(case)}: the 主要负责人 must sign it off first (endorse), {CLAUSE}"
        raise IllegalMove("publish", case.state, ["endorse", *_others(case, "publish")], why)


def _known(mark_: str) -> None:
    if mark_ not in MARKS:
        raise DomainError(f"mark: {mark_!r}; write one of {', '.join(MARKS)}")


def _others(case: Case, verb: str) -> list[str]:
    return [name for name in allowed(case.state) if name != verb]
