"""Papers of one case: 交办单, 督办单, 催办通知书, 信息发布审核表. What the office fills in by hand stays empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.domain.times import SHANGHAI, short_time
from pipeline.papers.figures import SEVERITY_LABELS, SEVERITY_UNKNOWN
from pipeline.papers.paper import Block, Paper, Sentence, Table, quote, uncut

BLANK = "　"
"""A field that a person fills in."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A duty of the case: its title, the clause (or the office's own), when it is due, whether it is late."""

    title: str
    clause: str
    due: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One case as its papers show it; every text is masked. ``leader``: the 分管领导 of the unit, by name or post."""

    case: str
    posts: tuple[str, ...]
    title: str
    summary: str
    sources: tuple[str, ...]
    links: tuple[str, ...]
    published: datetime | None
    severity: str | None
    office: str
    department: str
    co_departments: tuple[str, ...]
    leader: str
    signed: datetime | None
    limits: tuple[Limit, ...]
    state: str
    answers: tuple[str, ...]
    draft: str
    drafter: str
    gates: Mapping[str, str]


def notice_paper(kind: str, facts: NoticeFacts, at: datetime) -> Paper:
    """The paper ``kind``, one of KINDS, at the aware moment ``at``."""
    title, red, build = KINDS[kind]
    return Paper(
        title=title,
        lines=() if red else (quote(facts.office),),
        blocks=tuple(build(facts, at)),
        at=at,
        official=True,
        red=f"{quote(facts.office)}文件" if red else "",
        # The office's register gives the number; none is made up.
        number=f"〔{at.astimezone(SHANGHAI).year}〕　　号" if red else "",
        to="" if kind == "review_form" else quote(facts.department),
        signed=(quote(facts.office), _day(at)),
        copies=(facts.leader,) if kind == "urge" and facts.leader else (),
    )


def _day(at: datetime) -> str:
    day = at.astimezone(SHANGHAI)
    return f"{day.year}年{day.month}月{day.day}日"


def _form(facts: NoticeFacts, *more: tuple[str, str]) -> Table:
    """The fields of a 交办单 (workflow of the papers: number, source, link, time, summary, level, units, limit …)."""
    level = SEVERITY_UNKNOWN if facts.severity is None else SEVERITY_LABELS.get(facts.severity, SEVERITY_UNKNOWN)
    rows = [
        ("编号", facts.case),
        ("事项", quote(facts.title)),
        ("来源", "、".join(quote(one) for one in facts.sources) or BLANK),
        ("链接", "；".join(quote(one) for one in facts.links) or BLANK),
        ("发布时间", short_time(facts.published) if facts.published else BLANK),
        ("摘要", quote(facts.summary)),
        ("等级", level),
        ("领导批示", BLANK),
        ("主办", quote(facts.department)),
        ("协办", "、".join(quote(one) for one in facts.co_departments) or "无"),
        ("签收", short_time(facts.signed) if facts.signed else BLANK),
        *more,
    ]
    return Table(("项目", "内容"), tuple(rows))


def _limits(facts: NoticeFacts) -> str:
    return "；".join(_limit(one) for one in facts.limits) or "无在计的时限"


def _limit(one: Limit) -> str:
    due = short_time(one.due) if one.due else "计时中止或者待日历公布"
    return f"{quote(one.title)}：{due}，{one.clause}"


def _assign(facts: NoticeFacts, at: datetime) -> list[Block]:
    return [
        Sentence("现将下列事项交你单位办理，请按反馈时限办结并反馈。", facts.posts),
        _form(facts, ("反馈时限", _limits(facts)), ("处置情况", BLANK), ("回应链接", BLANK), ("审签", BLANK)),
    ]


def _supervise(facts: NoticeFacts, at: datetime) -> list[Block]:
    late = [one for one in facts.limits if one.late]
    # 潍坊 12345 条例 第二十六条 names overdue among the grounds; the others are a person's judgement.
    ground = "逾期未办结" if late else BLANK
    answers = "；".join(quote(one) for one in facts.answers) or "无"
    return [
        Sentence("下列事项由我单位督办，请抓紧办理，办理结果经主要负责人审签后反馈。", facts.posts),
        _form(
            facts,
            ("督办理由", ground),
            ("反馈时限", _limits(facts)),
            ("处置情况", facts.state),
            ("回应链接", answers),
            ("审签", BLANK),
        ),
    ]


def _urge(facts: NoticeFacts, at: datetime) -> list[Block]:
    late = [one for one in facts.limits if one.late and one.due is not None]
    rows = tuple((quote(one.title), one.clause, short_time(one.due), _over(at, one.due)) for one in late if one.due)
    return [
        Sentence(f"你单位承办的“{quote(facts.title)}”（{facts.case}）有{len(late)}项时限已过。", facts.posts),
        Table(("时限", "依据", "应办结于", "超期"), rows),
        Sentence("请立即办理，并书面说明逾期原因。", ()),
    ]


def _over(at: datetime, due: datetime) -> str:
    """Whole days over, and hours where there is not yet one."""
    over = at - due
    return f"{over.days}天" if over.days else f"{int(over.total_seconds() // 3600)}小时"


def _review(facts: NoticeFacts, at: datetime) -> list[Block]:
    rows = [
        ("编号", facts.case),
        ("事项", quote(facts.title)),
        ("拟稿人", quote(facts.drafter) or BLANK),
        ("公开属性", "□主动公开　□依申请公开　□不予公开"),
        *facts.gates.items(),
    ]
    # The five gates of 国办发〔2018〕123号 四(二) are ticked by hand: the system judges none of them.
    checks = tuple((name, "□通过　□不通过") for name in ("政治", "法律", "政策", "保密", "文字"))
    parts = [Sentence(uncut(line)) for line in facts.draft.splitlines() if line.strip()] or [Sentence("（尚无拟稿）")]
    return [Table(("项目", "内容"), (*rows, *checks)), Sentence("拟发布内容：", facts.posts), *parts]


KINDS: Mapping[str, tuple[str, bool, Callable[[NoticeFacts, datetime], list[Block]]]] = {
    "assign": ("交办单", False, _assign),
    "supervise": ("督办单", True, _supervise),
    "urge": ("催办通知书", True, _urge),
    "review_form": ("信息发布审核表", False, _review),
}
"""Kind → its title, whether it has a red head, what makes its text."""
