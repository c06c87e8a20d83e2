"""Deaths, injuries and losses that a text reports: exact figures, with what must not be counted left out.

Not counted: drills, works of fiction, sayings (笑死), other events and other years, statistics, what is only feared,
figures that the text itself calls false. Of figures that follow each other in time the newest official one counts;
the older ones stay in ``signals``. All patterns are bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.casualty_groups import Group, groups_of
from nlp.casualty_tokens import BOTH, DEAD, HURT
from nlp.numbers import NUMBER, number

SENTENCE = re.compile(r"[^。!?;\n]+\??")
GIST = re.compile(
    r"死|亡|伤|难|丧生|害|殉职|牺牲|丧命|去世|离世|送医|医院|入院|住院|中毒|损失|没了|生命|生还|遗体|幸免|不适|呕吐|腹泻|没救|没能|没跑|腹痛|伤及|骨折|就医|昏迷|拉肚子|收治|抢救|砸|"
    r"烧伤|烫伤|活着|人命|输液|打吊针|拉肚子|重症|死了|没气|呼吸|心跳|症状|磕破|磕伤|夹伤|不适|发烧|截肢"
)
"""Without a match there is nothing to count in a sentence."""
_LOSS = re.compile(
    rf"损失(?:约|大约|达到?|高达|超过?|逾|为|共|共计|合计|至少|近|将近|人民币|估计|预计|预估|初步|统计|核算|评估|累计|了|:|"
    rf" ){{0,4}}(?P<n>{NUMBER})(?:元|块|人民币|(?<=[万亿]))"
    rf"|(?P<m>{NUMBER})元(?:的)?(?:直接|财产|经济){{0,2}}损失"
)
_FICTION = re.compile(
    r"电影(?![院城节])|影片|片子里|灾难片|大片|宣传片|电视剧|连续剧|剧情|剧中|网剧|短剧|小说|游戏(?![厅室机])|副本|漫画|动漫|番剧|纪录片|话剧|片中|主角|剧本杀|狼人杀|吃鸡|开黑|一局|"
    r"梦见|做梦|梦到|票房|上映|主演|影厅|观影|追剧|读后感|《[^》]{1,20}》(?:里|中|那一幕|结局)"
)
_DRILL = re.compile(r"演练|演习|模拟(?!考)|假设|推演|假定|设定的情景|预演|沙盘")
_DURING = re.compile(
    r"(?:演练|演习|拍摄|拍戏|排练|录制)[^,。]{0,10}(?:意外|真的|不慎|突发|发生)|拍摄爆破|(?:演练|演习)(?:刚|才)?(?:结束|过后|刚过)|(?:演练|演习)误传|"
    r"不是演[练习]|并非演[练习]|剧组"
)
_REAL = re.compile(r"现实中|今天|昨天|昨晚|今早|昨日|今日|刚刚|官方|警方|我市|我县|本市|通报")
_STATISTICS = re.compile(
    r"同比|环比|每年|年均|平均每|据统计(?!.{0,8}已)|统计数据|今年以来|上半年|下半年|[一二三四]季度|全年|历年|近年来(?!最|罕见|首)|比例|占比|"
    r"\d+起(?:火灾|事故|案件|交通|溺水|安全)?[,、](?:造成|致|死)|(?:火灾|事故|案件)\d+起"
)
_RULE = re.compile(r"以上[^,。]{0,12}(?:死亡|重伤|亡人|伤亡)|(?:条例|规定|办法|标准|预案)[^。]{0,20}(?:以上|以下)")
_RULE_CUE = re.compile(r"条例|规定|标准|是指|为(?:特别重大|重大|较大|一般)|分为|预案|对照|依据|办法")
DENIED = re.compile(r"不实|谣言|辟谣|造谣|不属实|假消息|虚假信息|子虚乌有|无中生有|并非事实|非事实|瞎编|瞎传|胡说|编造")
_POINTS_BACK = re.compile(
    r"^(?:以上|上述|该|此|相关|这|网传|经核查|经核实|经查)[^。]{0,16}(?:消息|信息|视频|说法|内容|传言|帖|言论|截图)"
)
_MOMENT = re.compile(
    r"截[至止](?:目前|(?:(\d{1,2})月)?(?:(\d{1,2})日|(今[日天早晚])|(昨[日天晚]))?[^,。\d]{0,4}(?:(\d{1,2})[时点:])?)"
)
_SHORT = 6
_STAYS = re.compile(r"^(?:当时|那次|那场|那年|那起|彼时)")


@dataclass(slots=True)
class Casualties:
    """``deaths``, ``injured``: persons, None where the text does not say. ``loss``: yuan. ``signals``: the words.

    ``vague``: there are dead or injured whose number the text does not give. ``weak``: all that was found are words
    of illness (住院, 去世), which alone speak of no accident.
    """

    deaths: int | None = None
    injured: int | None = None
    loss: float | None = None
    signals: list[str] = field(default_factory=list)
    vague: bool = False
    weak: bool = True

    @property
    def any(self) -> bool:
        """Whether any person died or was injured, or a loss was named."""
        return bool(self.deaths or self.injured or self.loss or self.vague)


@dataclass(slots=True)
class _Figure:
    """What one sentence says of one kind."""

    value: int
    moment: tuple[int, ...] | None
    newer: bool
    older: bool
    rumour: bool
    official: bool
    adds: bool
    moved: bool


def any_of(words: Sequence[str], text: str) -> str | None:
    """The first of ``words`` that stands in ``text``, or None."""
    return next((word for word in words if word in text), None)


def read_casualties(text: str, sentences: Iterable[str], year: int | None = None) -> Casualties:
    """Figures of the event that ``text`` speaks of. ``sentences``: its real_sentences; ``year``: of publication."""
    found = Casualties()
    if not GIST.search(text):
        return found
    denied = DENIED.search(text) is not None
    figures: dict[str, list[_Figure]] = {DEAD: [], HURT: []}
    zeros: set[str] = set()
    for sentence in sentences:
        if _POINTS_BACK.match(sentence) and DENIED.search(sentence):
            figures = {kind: [f for f in listed if not f.rumour] for kind, listed in figures.items()}
        if GIST.search(sentence):
            zeros |= _read_sentence(sentence, year, found, figures, denied)
    found.deaths = _settle(figures[DEAD], DEAD in zeros)
    found.injured = _settle(figures[HURT], HURT in zeros)
    if found.injured and (moved := sum(f.value for f in figures[DEAD] if f.moved and f.adds)):
        found.injured = max(found.injured - moved, 0) or None
    return found


def real_sentences(text: str, settings: Mapping[str, Any]) -> Iterable[str]:
    """Sentences that speak of this event: no fiction or drill (either goes on until a sentence that is real again)."""
    fiction = elsewhere = False
    for match in SENTENCE.finditer(text):
        sentence = match.group().strip()
        unreal = (_FICTION.search(sentence) or _DRILL.search(sentence)) and not _DURING.search(sentence)
        fiction = bool(unreal) or (fiction and not _REAL.search(sentence))
        elsewhere = elsewhere and _STAYS.match(sentence) is not None
        if not (fiction or elsewhere or _general(sentence)):
            yield sentence
        elsewhere = elsewhere or any_of(settings["elsewhere"], sentence) is not None


def _general(sentence: str) -> bool:
    """Whether a sentence gives statistics or states a rule."""
    return bool(_STATISTICS.search(sentence) or (_RULE.search(sentence) and _RULE_CUE.search(sentence)))


def _read_sentence(
    sentence: str,
    year: int | None,
    found: Casualties,
    figures: dict[str, list[_Figure]],
    doubted: bool,
) -> set[str]:
    """Add what a sentence says; the kinds of which it says that there are none."""
    groups, none = groups_of(sentence, year)
    groups = _believed(groups, sentence, doubted)
    if none:
        found.weak = False
        found.signals.append(_none_words(sentence))
    for group in groups:
        found.signals.append(sentence[group.start : group.end])
        found.vague = found.vague or (group.value is None or group.kind == BOTH)
        found.weak = found.weak and group.weak
    _drop_sum(groups)
    for kind in (DEAD, HURT):
        figure = _figure(sentence, [group for group in groups if group.kind == kind and group.value is not None])
        if figure is not None:
            first = not figures[DEAD] and not figures[HURT]
            figure.adds = figure.adds and not (kind == DEAD and first)
            figures[kind].append(figure)
    _parts(groups, figures)
    _read_losses(sentence, found)
    return none


def _believed(groups: list[Group], sentence: str, doubted: bool) -> list[Group]:
    """Without what the text calls false. ``doubted``: somewhere in the text a rumour is denied."""
    denied = DENIED.search(sentence)
    for group in groups:
        group.rumour = group.rumour or sentence.endswith("?")
    if denied:
        told = any(group.rumour for group in groups)
        return [group for group in groups if not group.rumour and (told or group.start > denied.end())]
    return [group for group in groups if not (doubted and group.rumour)]


def _read_losses(sentence: str, found: Casualties) -> None:
    for match in _LOSS.finditer(sentence):
        value = number(match["n"] or match["m"])
        if value is not None:
            found.loss = max(found.loss or 0.0, value)
            found.signals.append(match.group())


def _none_words(sentence: str) -> str:
    match = re.search(r"(?:无|没|未|零)[^,。]{0,10}(?:伤亡|死亡|受伤|伤人|伤到人|着人|遇难|死|伤)", sentence)
    return match.group() if match else sentence[:12]


def _parts(groups: Sequence[Group], figures: dict[str, list[_Figure]]) -> None:
    """7人送医,其中1人抢救无效死亡: six are injured."""
    dead = [group for group in groups if group.kind == DEAD and group.value is not None]
    hurt = [group for group in groups if group.kind == HURT and group.value is not None]
    later = len(dead) == 1 and (dead[0].part or (dead[0].moved and bool(hurt) and hurt[0].total))
    if later and not dead[0].inside and figures[HURT] and hurt and hurt[0].start < dead[0].start:
        taken = dead[0].value or 0
        if figures[HURT][-1].value > taken:
            figures[HURT][-1].value -= taken


def _drop_sum(groups: list[Group]) -> None:
    """四人中毒,1人死亡,3人仍在治疗: the first figure is the sum of those behind it."""
    if not groups or groups[0].kind != HURT or groups[0].value is None:
        return
    behind = [group.value or 0 for group in groups[1:] if not group.inside]
    if len(behind) > 1 and any(group.kind == DEAD for group in groups) and sum(behind) == groups[0].value:
        del groups[0]


def _figure(sentence: str, groups: Sequence[Group]) -> _Figure | None:
    """One figure of the groups of one kind in a sentence; rumours give way to what is official."""
    outer = [group for group in groups if not group.inside] or list(groups)
    sure = [group for group in outer if not group.rumour] or outer
    fresh = [group for group in sure if not group.older] or sure
    if not fresh:
        return None
    newer = [group for group in fresh if group.newer]
    value = _value(newer if newer and len(newer) < len(fresh) else fresh)
    moment = _moment(sentence)
    return _Figure(
        value,
        moment,
        bool(newer) or moment is not None,
        all(group.older for group in fresh),
        all(group.rumour for group in fresh),
        any(group.official for group in fresh),
        all(group.adds for group in fresh),
        all(group.moved for group in fresh),
    )


def _value(groups: Sequence[Group]) -> int:
    """Parts of a figure (其中3人重伤) are not added to it; 重伤2人、轻伤5人 are."""
    whole = [group for group in groups if not group.part] or list(groups)
    total = [group for group in whole if group.total]
    if total and len(total) < len(whole):
        return max(group.value or 0 for group in total)
    general = [group for group in whole if not group.degree] or whole
    if general[-1].newer:
        return general[-1].value or 0
    if len(general) > 1 and _said_again(general):
        return general[-1].value or 0
    return sum(group.value or 0 for group in general)


def _said_again(groups: Sequence[Group]) -> bool:
    """老两口和孙女都没跑出来,三人遇难: the last figure is the one before it, said again."""
    last, before = groups[-1], groups[-2]
    return last.value == before.value and (last.value or 0) > 1 and last.end - last.start <= _SHORT


def _moment(sentence: str) -> tuple[int, ...] | None:
    """(month, day, hour) of 截至…; None: the sentence says no time. What is left open is that of the day before it."""
    match = _MOMENT.search(sentence)
    if match is None or not any(match.groups()):
        return None
    day = int(match[2]) if match[2] else (99 if match[3] else 98 if match[4] else 0)
    return (int(match[1] or 0), day, int(match[5] or 0))


def _settle(figures: Sequence[_Figure], zero: bool) -> int | None:
    """The figure that counts: the newest; official ones before rumours; a plain later one never lowers."""
    usable = [f for f in figures if not f.rumour] or list(figures)
    usable = [f for f in usable if not f.older] or usable
    value: int | None = None
    moment: tuple[int, ...] = ()
    for figure in usable:
        if value is None:
            value, moment = figure.value, figure.moment or ()
        elif figure.adds:
            value += figure.value
        elif figure.moment and moment and len(usable) > 1:
            if figure.moment >= moment:
                value, moment = figure.value, figure.moment
        elif figure.newer:
            value, moment = figure.value, figure.moment or moment
        else:
            value = max(value, figure.value)
    if value is None and zero:
        return 0
    return value
