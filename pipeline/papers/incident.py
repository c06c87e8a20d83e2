"""突发事件报告 and 续报: what was recorded of an emergency; what nobody recorded stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.domain.times import short_time
from pipeline.papers.figures import SEVERITY_LABELS, SEVERITY_UNKNOWN
from pipeline.papers.paper import Block, Paper, Sentence, Table, quote, uncut

BLANK = "　"


@dataclass(frozen=True, slots=True)
class Known:
    """One piece of rolling information: when it was so, the words, where from; masked."""

    at: datetime
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """An emergency as it is known. ``since``: the last report upwards, None before the first; a 续报 tells what came
    after it. ``told``: who was told when, how. Texts are masked.
    """

    case: str
    posts: tuple[str, ...]
    title: str
    severity: str | None
    office: str
    open: bool
    discovered: datetime
    information: tuple[Known, ...]
    told: tuple[Known, ...]
    since: datetime | None


def incident_paper(facts: IncidentFacts, later: bool, at: datetime) -> Paper:
    """The first report, or with ``later`` the follow-up since the last one, at the aware moment ``at``."""
    news = [one for one in facts.information if not later or facts.since is None or one.at > facts.since]
    done = [one for one in facts.told if not later or facts.since is None or one.at > facts.since]
    level = SEVERITY_UNKNOWN if facts.severity is None else SEVERITY_LABELS.get(facts.severity, SEVERITY_UNKNOWN)
    rows = (
        ("编号", facts.case),
        ("事件", quote(facts.title)),
        ("等级", level),
        ("发现时间", short_time(facts.discovered)),
        *((name, BLANK) for name in ("地点", "伤亡", "涉及单位", "起因和性质")),
        ("状态", "处置中" if facts.open else "已结束"),
        *((name, BLANK) for name in ("影响范围", "趋势", "请求事项", "现场指挥人和联系方式")),
    )
    blocks: list[Block] = [Sentence("现将有关情况报告如下。", facts.posts), Table(("项目", "内容"), rows)]
    if later and facts.since is not None:
        blocks.append(Sentence(f"上次报告：{short_time(facts.since)}。以下为此后的情况。"))
    blocks += [Sentence(f"{short_time(one.at)}，{uncut(one.text)}（来源：{quote(one.source)}）。") for one in news]
    if not news:
        blocks.append(Sentence("没有新登记的情况。" if later else "事件经过尚无登记。"))
    blocks += [Sentence(f"{short_time(one.at)}，已告知{quote(one.source)}（{quote(one.text)}）。") for one in done]
    title = "突发事件续报" if later else "突发事件报告"
    signed = (quote(facts.office), short_time(at))
    return Paper(title, (quote(facts.office),), tuple(blocks), at, official=True, signed=signed)
