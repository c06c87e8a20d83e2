"""Search over posts, events, cases, answers: filters, counts by facet, highlight, export, saved as subscription."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from casework.domain.errors import DomainError
from casework.domain.moves import STATES
from casework.domain.subscription import Subscription
from casework.domain.times import short_time
from casework.domain.words import KINDS, LABEL_VALUES
from casework.records import AuditEntry, PostRecord
from casework.services import subscriptions
from casework.services.notice_facts import LEVELS
from dashboards import access, finding, forms
from dashboards.opening import Desk, opens
from dashboards.pages import case_path, context_of, event_path, render
from dashboards.sessions import BadToken, Session, check_token
from pipeline.tables import to_xlsx

router = APIRouter()
DESK = Desk("search", "/search", "搜索")
DEEPEST = 10_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STALE = "页面已过期，没有保存，请再次提交。"
UNSAVED = "没有保存：请写名称，并先填要搜的词。"
Who = Annotated[Session, opens("search")]
_Text = Annotated[str, Query(max_length=200)]
Entered = Annotated[dict[str, str], Depends(forms.read_form)]


def asked(
    q: _Text = "",
    kind: _Text = "",
    source: _Text = "",
    severity: _Text = "",
    sentiment: _Text = "",
    board_domain: _Text = "",
    message_type: _Text = "",
    region: _Text = "",
    since: _Text = "",
    until: _Text = "",
) -> dict[str, str]:
    """The filters of the address."""
    given = {"q": q, "kind": kind, "source": source, "severity": severity, "sentiment": sentiment}
    given |= {"board_domain": board_domain, "message_type": message_type, "region": region}
    return {name: value.strip() for name, value in {**given, "since": since, "until": until}.items() if value.strip()}


Asked = Annotated[dict[str, str], Depends(asked)]


@router.get("/search")
def search(
    request: Request,
    session: Who,
    chosen: Asked,
    what: _Text = "",
    offset: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
    saved: _Text = "",
) -> Response:
    """One page of hits."""
    return _show(request, session, chosen, what, offset, done="已经存为订阅。" if saved else "")


@router.get("/search/export")
def export(request: Request, session: Annotated[Session, opens("search", whole=True)], chosen: Asked) -> Response:
    """The posts found, masked, as XLSX; on record before it is handed over."""
    context = context_of(request)
    now = context.now()
    found = finding.posts(context, session.user, chosen, 0, finding.EXPORTED)
    detail = {**chosen, "rows": str(len(found.records))}
    context.store.append_audit(AuditEntry(now, session.user.name, "exported", "search", detail))
    rows = (finding.row(context, record, KINDS, LABEL_VALUES) for record in found.records)
    content = to_xlsx("搜索结果", finding.HEAD, rows, session.user.name, now)
    name = f"search-{now:%Y%m%d%H%M}.xlsx"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/search/save")
def save(request: Request, session: Who, entered: Entered) -> Response:
    """Keep the words as a subscription of the person's own desk."""
    context, user = context_of(request), session.user
    chosen = {name: entered[name] for name in ("q", "source", "severity", "region") if entered.get(name, "").strip()}
    now = context.now()
    try:
        check_token(session, entered.get("csrf", ""))
        name, words = entered.get("name", "").strip()[:60], chosen.get("q", "").strip()
        if not name or not words:
            raise DomainError("a name and words are needed")
        desk = access.desk_of(user, context.office)
        one = Subscription(
            id=f"w{now:%Y%m%d%H%M%S%f}"[:19],
            name=name,
            to=f"{desk}/contact",
            by=user.name,
            since=now,
            phrases=(words,),
            places=(chosen["region"],) if "region" in chosen else (),
            sources=(chosen["source"],) if "source" in chosen else (),
            severity=(chosen["severity"],) if "severity" in chosen else (),
        )
        subscriptions.add(context.store, one, context.office.routing.departments)
    except BadToken:
        return _show(request, session, chosen, "", 0, 403, STALE)
    except DomainError:
        return _show(request, session, chosen, "", 0, 400, UNSAVED)
    return RedirectResponse("/search?" + urlencode({**chosen, "saved": "1"}), 303)


def _show(
    request: Request,
    session: Session,
    chosen: dict[str, str],
    what: str,
    offset: int,
    status: int = 200,
    message: str = "",
    done: str = "",
) -> Response:
    context, user = context_of(request), session.user
    tabs = finding.WHAT if access.sees_all(user, context.office) else {k: finding.WHAT[k] for k in ("cases", "answers")}
    what = what if what in tabs else next(iter(tabs))
    found = _found(request, session, chosen, what, offset)
    base = {**chosen, "what": what}
    later = offset + finding.PAGE
    return render(
        request,
        "search.html",
        status,
        session=session,
        chosen=chosen,
        what=what,
        tabs=[(name, title, "/search?" + urlencode({**chosen, "what": name})) for name, title in tabs.items()],
        filters=[(name, value, _without(base, name)) for name, value in chosen.items() if name != "q"],
        offset=offset,
        earlier=_turn(base, max(0, offset - finding.PAGE)) if offset else None,
        later=_turn(base, later) if later < found["total"] else None,
        export="/search/export?" + urlencode(chosen) if what == "posts" else None,
        may_save=what == "posts",
        link=lambda name, value: "/search?" + urlencode({**base, name: value}),
        message=message,
        done=done,
        **found,
    )


def _without(base: dict[str, str], name: str) -> str:
    return "/search?" + urlencode({key: value for key, value in base.items() if key != name})


def _turn(base: dict[str, str], offset: int) -> str:
    return "/search?" + urlencode({**base, "offset": offset})


def _found(request: Request, session: Session, chosen: dict[str, str], what: str, offset: int) -> dict[str, Any]:
    """``lines`` of the page, ``total``, ``more`` and ``facets``."""
    context, user = context_of(request), session.user
    now, words = context.now(), chosen.get("q", "")
    if what == "posts":
        page = finding.posts(context, user, chosen, offset, finding.PAGE)
        lines = [_post(request, record, words) for record in page.records]
        return {"lines": lines, "total": page.total, "more": page.more, "facets": _facets(page.facets, chosen)}
    if what == "events":
        events = finding.events(context, user, chosen, now)
        shown = events[offset : offset + finding.PAGE]
        lines = [finding.Line(event_path(one.id), ((one.title, False),), _event(one, now)) for one in shown]
        return {"lines": lines, "total": len(events), "more": False, "facets": []}
    where = access.list_filter(user, context.office, finding.case_filter(what, chosen))
    if where is None or (what == "answers" and not words):
        return {"lines": [], "total": 0, "more": False, "facets": []}
    cases = context.store.page_cases(where, offset, finding.PAGE)
    lines = [_case(request, case, words, what) for case in cases.cases]
    return {"lines": lines, "total": cases.total, "more": False, "facets": []}


def _facets(facets: Any, chosen: dict[str, str]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """(field, its title, [(value, its title, number)]) of fields that are not chosen yet and tell something apart."""
    titles = {"kind": "类别", "source": "来源", "severity": "级别", "sentiment": "情感", "board_domain": "领域"}
    titles["message_type"] = "类型"
    shown = []
    for name, counts in facets.items():
        values = [(value, _value(name, value), number) for value, number in counts[:12]]
        if name not in chosen and values:
            shown.append((name, titles[name], values))
    return shown


def _value(name: str, value: str) -> str:
    if name == "severity":
        return LEVELS.get(value, "级别待定")
    return KINDS.get(value, value) if name == "kind" else LABEL_VALUES.get(value, value)


def _post(request: Request, record: PostRecord, words: str) -> finding.Line:
    context, post = context_of(request), record.post
    path = case_path(record.case) if record.case else event_path(record.event) if record.event else None
    facts = (short_time(post.published_at), KINDS.get(post.kind, post.kind), post.source)
    return finding.Line(path, finding.shown(context, record, words), facts)


def _event(one: Any, now: datetime) -> tuple[str, ...]:
    return (f"热度 {one.heat_at(now):.1f}", f"{len(one.posts)} 条", f"最近 {short_time(one.last_at)}")


def _case(request: Request, case: Any, words: str, what: str) -> finding.Line:
    context = context_of(request)
    text = case.title if what == "cases" else f"{case.title}：{case.draft or ''}"
    marked = finding.pieces(context, text, words)
    return finding.Line(
        case_path(case.id), marked, (STATES[case.state], context.office.department_name(case.department))
    )
