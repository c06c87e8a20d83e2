"""What the watch says, in Chinese; the reason that a run recorded stands behind it as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from crawlers.run_log import Run
from crawlers.watch_layout import Lost

FIELDS = {"title": "标题", "date": "时间", "author": "作者", "origin": "来源", "text": "正文", "post": "可读的条目"}
STATES = {
    "collecting": "正常采集",
    "slow": "偏慢",
    "silent": "沉默",
    "changed": "版面变化",
    "stopped": "已停止",
    "waiting": "尚未采集",
    "off": "未启用",
}
ADVICE = {
    "stopped": "请按原因处理后再采集；网站要求停止的，不得绕过。",
    "changed": "请用 huiying source try 核对并修改该来源的 source.yml，修好前采到的内容可能不全。",
    "silent": "请打开网站核对：确无新内容可不处理；网站有而未采到的，请检查列表地址和规则。",
}
"""State → what to do."""
_REFUSALS = (
    (r"HTTP 403|HTTP 418|refuses|blocked", "网站拒绝访问"),
    (r"log-in|login|HTTP 401|HTTP 432|session", "网站要求登录"),
    (r"HTTP 429|third time|come back", "网站要求放慢"),
)
_KNOWN = (
    *_REFUSALS,
    (r"robots", "robots.txt 不允许或取不到"),
    (r"not reachable|cut off|HTTP 5\d\d", "网站连不上"),
    (r"rows read, at least", "读到的条数少于最低值，版面可能变了"),
    (r"no article|broken answer|no word for", "答复与以往不同，版面可能变了"),
    (r"not set in the environment|no key", "没有配置密钥"),
    (r"contact|permission|source\.yml", "配置需要改正"),
    (r"interrupted", "被中断"),
    (r"process ended", "采集程序意外结束"),
)


def ended(run: Run) -> str:
    """Why a run did not come to its end."""
    recorded = " ".join((run.reason or "no reason recorded").split())
    word = next((word for pattern, word in _KNOWN if re.search(pattern, recorded)), "采集没有完成")
    return f"{word}（{recorded}）"


def is_refusal(run: Run) -> bool:
    """Whether the site itself said no: that does not pass by itself."""
    return any(re.search(pattern, run.reason or "") for pattern, _ in _REFUSALS)


def beside(run: Run) -> str | None:
    """What a run that came to its end has to say all the same: pages that did not come, and its remark."""
    said = [f"有 {run.failing} 篇没有取到，以后各轮再取"] if run.failing else []
    said += [f"提示：{' '.join(run.reason.split())}"] if run.reason else []
    return "；".join(said) or None


def lost(found: Sequence[Lost]) -> str:
    """What the pages no longer give."""
    return "；".join(_lost(one) for one in found)


def _lost(one: Lost) -> str:
    if one.field == "length":
        return f"正文变短：近 {one.rows} 条的中位数 {one.now:.0f} 字，以往 {one.before:.0f} 字"
    return f"{FIELDS[one.field]}缺失：近 {one.rows} 条中 {one.now:.0%} 有，以往 {one.before:.0%}"


def length(time: timedelta) -> str:
    """2 天 3 小时, 45 分: the two largest units."""
    minutes = int(time.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {unit}" for number, unit in ((days, "天"), (hours, "小时"), (rest, "分")) if number]
    return " ".join(parts[:2]) or "不到 1 分"
