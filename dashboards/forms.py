"""What a person entered, as arguments of an act; what is wrong with it is said in Chinese before anything is done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from fastapi import Request

from casework.domain.case import Case
from casework.domain.errors import DomainError, IllegalMove
from casework.domain.moves import STATES
from casework.domain.times import parse_time, short_time, store_time
from dashboards import words

Fields = Mapping[str, str]
NEEDED: Mapping[str, Mapping[str, str]] = {
    "assign": {"to": "承办单位"},
    "lift": {"reason": "理由"},
    "reject": {"reason": "理由"},
    "return": {"reason": "理由"},
    "dispute": {"reason": "理由"},
    "pause": {"reason": "理由"},
    "resume": {"reason": "理由"},
    "ask": {"rule": "期限", "to_time": "延期到", "reason": "理由"},
    "extend": {"rule": "期限", "to_time": "延期到", "reason": "理由"},
    "level": {"to": "级别", "reason": "理由"},
    "time": {"moment": "哪个时间", "at": "真实时间", "reason": "理由"},
    "draft": {"text": "答复稿"},
    "review": {"gate": "审核环节", "ok": "审核结论"},
    "publish": {"url": "发布网址", "at": "发布时间"},
    "record": {"item": "事项", "text": "内容"},
    "mark": {"mark": "标记", "reason": "理由"},
    "unmark": {"mark": "标记", "reason": "理由"},
    "endorse": {"ok": "签批结论"},
    "follow_up": {"post": "哪条留言", "result": "回访结果"},
    "fulfil": {"rule": "职责", "at": "履行时间"},
    "transfer": {"to": "移交给", "reason": "理由"},
    "merge": {"into": "并入的案件编号"},
    "acknowledge": {"until": "暂停到"},
}
"""Verb → the fields that must be filled in, with their labels."""
TIMES = ("at", "to_time", "until")
WRITTEN = ("text", "reason", "note", "url")
"""Fields that a person writes: they are shown again, for copying, on every page that says that nothing was done."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


async def read_form(request: Request) -> dict[str, str]:
    """The text fields of a form; kept on the request, so that nothing entered is lost where the session has ended."""
    form = await request.form()
    entered = {name: _clean(value) for name, value in form.items() if isinstance(value, str)}
    if "with" in entered:
        # 协办 may be several: as the command takes them, joined by commas.
        entered["with"] = ",".join(_clean(one) for one in form.getlist("with") if isinstance(one, str) and one)
    if "lead_to" in entered:
        entered["lead_to"] = ",".join(_clean(one) for one in form.getlist("lead_to") if isinstance(one, str) and one)
    request.state.entered = entered
    return entered


def back(entered: Fields, other: str) -> str:
    """Where one goes after the form: the page of ours that it came from, or ``other``."""
    given = entered.get("back", "")
    return given if re.fullmatch(r"/[a-z]+(/[a-z]+)?", given) else other


def kept(entered: Fields) -> str:
    """What the person wrote; empty where nothing."""
    return "\n\n".join(entered[name] for name in WRITTEN if entered.get(name, "").strip())


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mistake(verb: str, entered: Fields, case: Case, now: datetime) -> str | None:
    """What is wrong with the form of ``verb``, with what to write; None where nothing is."""
    for name, label in NEEDED.get(verb, {}).items():
        if not entered.get(name, "").strip():
            return f"“{label}”还没有填。"
    for name in TIMES:
        if name in entered and name in NEEDED.get(verb, {}) and _moment(entered[name]) is None:
            return f"“{NEEDED[verb][name]}”不是时间，请写成 2026-11-24T09:00。"
    if verb in ("publish", "fulfil") and (wrong := _done(_moment(entered["at"]), case, now)):
        return f"“{NEEDED[verb]['at']}”{wrong}。"
    if verb == "publish" and not re.fullmatch(r"https?://\S+", entered["url"].strip()):
        return "“发布网址”要以 http:// 或 https:// 开头。"
    return _extension(entered, case) if verb in ("ask", "extend") else None


def _done(moment: datetime | None, case: Case, now: datetime) -> str:
    """What is wrong with the time at which something is said to be done; empty where nothing."""
    if moment is not None and moment > now:
        return f"不能晚于现在（{short_time(now)}）"
    known = case.known_since
    if moment is not None and known is not None and moment < _minute(known):
        return f"不能早于知悉的时间（{short_time(known)}）"
    return ""


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _extension(entered: Fields, case: Case) -> str | None:
    chosen = [clock for clock in case.running() if entered["rule"] in (clock.key, clock.rule.id)]
    if not chosen:
        return "这项期限已经不在计时，请重新选择。"
    to = _moment(entered["to_time"])
    ends = max((clock.due for clock in chosen if clock.due is not None), default=None)
    if to is not None and ends is not None and to <= ends:
        return f"“延期到”要晚于现在的期限（{short_time(ends)}）。"
    return None


def _moment(text: str) -> datetime | None:
    try:
        return parse_time(_with_offset(text))
    except DomainError:
        return None


def _with_offset(text: str) -> str:
    """Times are entered in Beijing time; a browser's field gives no offset."""
    text = text.strip()
    return f"{text}+08:00" if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text) else text


def arguments(entered: Fields, case: Case) -> dict[str, str]:
    """The form as arguments of ``respond.act``; empty fields are left out."""
    found = {name: value for name, value in entered.items() if value.strip() and name not in ("csrf", "back")}
    for name in TIMES:
        if name in found:
            found[name] = _with_offset(found[name])
    known, done = case.known_since, _moment(found.get("at", ""))
    if known is not None and done is not None and _minute(known) <= done < known:
        # A form has no seconds: the minute in which the matter became known is not before it.
        found["at"] = store_time(known)
    if "unit" in found:
        # One more than those kept out already.
        found["units"] = ",".join((*case.excluded, found.pop("unit")))
    if "lead_to" in found:
        found["to"] = found.pop("lead_to")
    if "to_time" in found:
        found["to"] = found.pop("to_time")
    return found


_REASONS: tuple[tuple[str, str], ...] = (
    (r"^(first|second|third|secrecy) comes first", "要先过{gate}"),
    (r"is the unit reported", "该单位是被检举控告的单位，依《信访工作条例》第三十条不得接办"),
    (r"^(\d+) message\(s\) without an answer", "还有 {0} 条留言没有答复"),
    (r"^not on record: (.+)$", "还有事项没有登记在案，见“办结所需”"),
    (r"^marked (\S+): ", "已标记{0}，要先由主要负责人签批"),
    (r"wrote the draft; another", "拟稿人不能签批自己的稿子"),
    (r"has to be public", "这一项要先公开发布（拟稿、审核、登记发布）再登记"),
    (r"is not where \S+ was published", "发布网址要是本案登记过的发布网址"),
    (r"is recorded by", "您的角色不能登记这一项"),
    (r"handed to nobody as a lead", "检举控告件不作为线索移交"),
    (r"has no answer to follow up", "这条留言还没有答复，不用回访"),
    (r"solved or satisfied is missing", "已回访的，要写是否解决或是否满意"),
    (r"nothing was said where it was", "没有回访到的，不填是否解决、是否满意"),
    (r"before the answer", "回访时间早于答复的时间"),
    (r"^it is marked \S+ already", "已经有这个标记"),
    (r"^it is not marked", "没有这个标记"),
    (r"^to: .* leads go to|^lead: ", "要选移交给谁"),
    (r"emergency track is open", "突发事件处置还没有结束，先提交复盘并结束"),
    (r"^paused already", "计时已经中止"),
    (r"^not paused", "计时没有中止"),
    (r" is (\w+)$", "要并入的案件{state}"),
    (r"cannot be merged into itself", "案件不能并入自己"),
    (r"^first say whether it is a 检举控告", "要先认定或者排除检举控告"),
    (r"^it is a 检举控告 already", "已经是检举控告件"),
    (r"^it is no 检举控告", "不是检举控告件"),
    (r"^a report of wrongdoing is not merged", "检举控告件不能与其他案件并单"),
    (r"stays at its desk until", "检举控告件在人工确认或解除标记之前，只能留在受理检举控告的单位"),
    (r"designated a second time", "这是第二次指定，不能再退回；职责确有争议的，请提请协调"),
    (r"coordination desk has decided", "协调台已经确定，为最终决定"),
    (r"has it already$", "已经提请协调，正在等协调结果"),
    (r"is returned within (\d+) working days", "退回要在收到后 {0} 个工作日内提出，已经过期"),
    (r"no such department", "没有这个承办单位，或者它已撤并，请重新选择"),
    (r"is granted by", "这项期限的延期不由您批准，可以先申请"),
    (r"had to be asked for before (\d{4}-\d\d-\d\dT\d\d:\d\d)", "延期要在 {0} 以前申请，已经过了"),
    (r"^no running limit may be paused for", "没有哪项期限可以因这类理由中止"),
    (r" may not, as ", "您的角色不能做这一步"),
    (r"which is after now", "时间不能晚于现在"),
    (r"may not be extended", "依据的条文没有规定可以延期"),
    (r"may be extended (\d+) time\(s\) and has been", "这项期限最多延期 {0} 次，已经延过"),
    (r"may be extended by at most .* to (\d{4}-\d\d-\d\dT\d\d:\d\d)", "这项期限最多延到 {0}"),
    (
        r"does not run backwards",
        "操作时间早于案件的最后一条记录，请核对本机时钟；那条记录的时间写错了的，由新闻办用 huiying case redate 更正",
    ),
    (r"before the matter was known", "时间早于知悉的时间"),
    (r"^url: .* is no address", "发布网址要以 http:// 或 https:// 开头，写明网站"),
    (r"^until .* is not after now", "“暂停到”要晚于现在"),
    (r"^until .* is too late: .* to (\d{4}-\d\d-\d\dT\d\d:\d\d)", "提醒最多暂停到 {0}"),
    (r"there is no alarm to acknowledge", "这件案件没有正在计时的期限，没有提醒可以签收"),
    (r"has no running deadline", "这项期限已经不在计时，请重新选择"),
    (r"must end after the present due moment", "延期要晚于现在的期限"),
    (r"is missing|must not be empty", "有必填的内容没有填"),
    (r"time", "时间填得不对"),
)


def reason(text: str) -> str:
    """The domain's reason in Chinese; empty where it is not one of those known."""
    for pattern, chinese in _REASONS:
        found = re.search(pattern, text)
        if found:
            first = found.group(1) if found.groups() else ""
            return chinese.format(first, gate=words.GATE_NAMES.get(first, first), state=STATES.get(first, first))
    return ""


def refusal(verb: str, error: IllegalMove) -> str:
    """Why ``verb`` is not allowed now, and what is."""
    why = reason(error.why)
    possible = "、".join(words.VERBS[name] for name in error.allowed if name in words.VERBS)
    return (
        f"现在不能{words.VERBS[verb]}{'：' + why if why else f'，案件{STATES[error.state]}'}。"
        f"{f'现在可以：{possible}。' if possible else '这件案件不再办理。'}"
    )
