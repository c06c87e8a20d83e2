"""Deaths, injuries and losses that a text reports: exact figures, with what must not be counted left out.

Not counted: drills, works of fiction, sayings (笑死), other events and other years, statistics, what is only feared,
figures that the text itself calls false. Of figures that follow each other in time the newest official one counts;
the older ones stay in ``signals``. All patterns are bounded, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.casualty_figures import Figure, drop_sum, drop_whole, figure_of, settle, take_parts
from nlp.casualty_groups import groups_of, persons_of
from nlp.casualty_scope import CAUSE, DATED, RECENT, SICK
from nlp.casualty_subjects import Group
from nlp.casualty_tokens import BOTH, DEAD, HURT
from nlp.casualty_view import unknown_words
from nlp.dictionaries import either, word_list
from nlp.numbers import NUMBER, number

_STEMS = word_list("casualty_stems")
_WORDS = (*word_list("deaths"), *word_list("injuries"))
GIST = re.compile(either([*_STEMS, *(word for word in _WORDS if not any(stem in word for stem in _STEMS))]))
"""Without a match there is nothing to count in a sentence."""
_LOSS = re.compile(
    rf"损失(?:约|大约|经|总额|已|约合|初估|估|达到?|高达|超过?|逾|为|共|共计|合计|至少|近|将近|人民币|估计|预计|预估|初步|统计|核算|核定|认定|测算|评估|累计|了|:|"
    rf" ){{0,4}}(?P<n>{NUMBER})(?:元|块|人民币|(?<=[万亿]))"
    rf"|(?P<m>{NUMBER})元(?:的)?(?:直接|财产|经济){{0,2}}损失"
)
DENIED = re.compile(
    r"不实|谣言|系谣传|未发生(?!次生|二次|衍生|人员|其他)[^,。]{0,8}(?:事故|火灾|爆炸|坍塌|地震|事件)|"
    r"没有发生(?!次生|二次|衍生|人员|其他)[^,。]{0,8}(?:事故|火灾|爆炸|坍塌|地震|事件)|辟谣|造谣|不属实|不存在[^,。]{0,6}(?:案|事故|伤亡|情况)|(?:没有|并未|未曾?|并没有)发生(?:此事|该事|此类|这种)|并无此事|没有此事|查无此事|旧闻|旧事|旧视频|移花接木|张冠李戴|摆拍|ai生成|假消息|虚假信息|子虚乌有|无中生有|"
    r"并非事实|非事实|捏造|没这回事|瞎编|瞎传|胡说|编造"
)
_WARNING = re.compile(r"(?:不要|别再?|请勿|勿|莫|切勿|停止)[^,。]{0,2}(?:信谣|传谣|再?传播?|转发|轻信|散布)")
_POINTS_BACK = re.compile(
    r"^(?:以上|上述|该|此|相关|这|网传|经核查|经核实|经查)[^。]{0,16}(?:消息|信息|视频|说法|内容|传言|帖|言论|截图)"
)

_THEY = re.compile(r"[他她]们(?!的?(?:家|父|母|孩|亲|妻|丈|爸|妈|儿|女|同事|朋友|老板|单位|公司))")


@dataclass(slots=True)
class Casualties:
    """``deaths``, ``injured``: persons, None where the text does not say. ``loss``: yuan. ``signals``: the words.

    ``vague``: there are dead or injured whose number the text does not give. ``weak``: all that was found are words
    of illness (住院, 去世), which alone speak of no accident. ``ill``: of those, none that an accident leaves
    behind (骨折, 抢救). ``light``: nobody was badly hurt whose
    number is not given. ``caused``, ``recent``: a sentence with casualties says of what, or that it was these days;
    ``dated``: of what and on which day.
    ``least``: kind → how many there surely are where the text gives no number (数十). ``unknown``: the text says that
    the casualties are not known. ``many``: several were hurt whose number is not given (多名学生受伤);
    ``fatal``: several died, or died and were hurt (死伤20多人).
    """

    deaths: int | None = None
    injured: int | None = None
    least: dict[str, int] = field(default_factory=dict)
    light: bool = True
    loss: float | None = None
    signals: list[str] = field(default_factory=list)
    vague: bool = False
    weak: bool = True
    ill: bool = True
    caused: bool = False
    recent: bool = False
    dated: bool = False
    unknown: bool = False
    many: bool = False
    fatal: bool = False

    @property
    def any(self) -> bool:
        """Whether any person died or was injured, or a loss was named."""
        return bool(self.deaths or self.injured or self.loss or self.vague)


def read_casualties(text: str, sentences: Iterable[str], year: int | None = None) -> Casualties:
    """Figures of the event that ``text`` speaks of. ``sentences``: its real_sentences; ``year``: of publication."""
    found = Casualties()
    if not GIST.search(text):
        return found
    denied = DENIED.search(text) is not None or _WARNING.search(text) is not None
    figures: dict[str, list[Figure]] = {DEAD: [], HURT: []}
    zeros: set[str] = set()
    before = ""
    for sentence in sentences:
        if _POINTS_BACK.match(sentence) and DENIED.search(sentence):
            figures = {kind: [f for f in listed if not f.rumour] for kind, listed in figures.items()}
        if GIST.search(sentence):
            if asked := unknown_words(sentence):
                found.unknown = True
                found.signals.append(asked)
            zeros |= _read_sentence(_with_number(sentence, before), year, found, figures, denied)
        before = sentence
    found.deaths = settle(figures[DEAD], DEAD in zeros)
    found.injured = settle(figures[HURT], HURT in zeros)
    if found.injured and (moved := sum(f.value for f in figures[DEAD] if f.moved and f.adds)):
        found.injured = max(found.injured - moved, 0) or None
    return found


def _with_number(sentence: str, before: str) -> str:
    """``sentence`` with the number for whom 他们 stands, where the sentence ``before`` says how many they are."""
    they = _THEY.search(sentence)
    many = persons_of(before) if they else None
    if they is None or many is None:
        return sentence
    return f"{sentence[: they.start()]}{many}人{sentence[they.end() :]}"


def _read_sentence(
    sentence: str,
    year: int | None,
    found: Casualties,
    figures: dict[str, list[Figure]],
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
        if group.value is None or group.kind == BOTH:
            found.vague, found.light = True, found.light and group.light
            if not group.unsaid and not group.weak:
                found.many = found.many or group.kind == HURT
                found.fatal = found.fatal or group.kind != HURT
        if group.least and group.kind != BOTH:
            found.least[group.kind] = max(group.least, found.least.get(group.kind, 0))
        natural = group.ill or (group.weak and SICK.search(sentence) is not None)
        found.weak, found.ill = found.weak and group.weak, found.ill and natural
    if groups or none:
        found.caused = found.caused or CAUSE.search(sentence) is not None
        found.recent = found.recent or RECENT.search(sentence) is not None
        found.dated = found.dated or (DATED.search(sentence) and CAUSE.search(sentence)) is not None
    drop_sum(groups)
    drop_whole(groups, figures)
    for kind in (DEAD, HURT):
        figure = figure_of(sentence, [group for group in groups if group.kind == kind and group.value is not None])
        if figure is not None:
            first = not figures[DEAD] and not figures[HURT]
            figure.adds = figure.adds and not (kind == DEAD and first)
            figures[kind].append(figure)
    take_parts(sentence, groups, figures)
    _read_losses(sentence, found)
    return none


def _believed(groups: list[Group], sentence: str, doubted: bool) -> list[Group]:
    """Without what the text calls false. ``doubted``: somewhere in the text a rumour is denied."""
    denied = DENIED.search(sentence)
    for group in groups:
        group.rumour = group.rumour or sentence.endswith("?")
    if denied:
        told = any(group.rumour for group in groups)
        spans = [match.span() for match in DENIED.finditer(sentence)]
        groups = [g for g in groups if not any(low <= g.start < high for low, high in spans)]
        return [group for group in groups if not group.rumour and (told or _stands(group, sentence, denied))]
    return [group for group in groups if not (doubted and group.rumour)]


def _stands(group: Group, sentence: str, denied: re.Match[str]) -> bool:
    """Whether a figure beside a denial is not denied: it comes after, or from those who deny, before a comma."""
    if group.start > denied.end():
        return True
    return group.official and any(mark in sentence[group.end : denied.start()] for mark in ",;")


def _read_losses(sentence: str, found: Casualties) -> None:
    for match in _LOSS.finditer(sentence):
        value = number(match["n"] or match["m"])
        if value is not None:
            found.loss = max(found.loss or 0.0, value)
            found.signals.append(match.group())


def _none_words(sentence: str) -> str:
    match = re.search(r"(?:无|没|未|零)[^,。]{0,10}(?:伤亡|死亡|受伤|伤人|伤到人|着人|遇难|死|伤)", sentence)
    return match.group() if match else sentence[:12]
