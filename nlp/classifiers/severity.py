"""Level and category of an emergency, by rules from the figures that a text reports.

Sources: 生产安全事故报告和调查处理条例 第三条 (deaths 30/10/3; injured 100/50/10;
loss 1亿/5000万/1000万; 以上 includes the number); of poisoned persons 国家突发公共卫生事件应急预案 (``other_levels``);
突发事件应对法 第三条 (社会安全 has no levels). No emergency: ``none``. An emergency of which the text gives no figures:
``null``, "to review at once".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nlp.batch import Batch
from nlp.casualties import DENIED, GIST, Casualties, read_casualties
from nlp.casualty_groups import long_past
from nlp.casualty_scope import MEAL, any_of, real_sentences, some_of
from nlp.casualty_tokens import DEAD, HURT
from nlp.datasets import Recipe
from nlp.dictionaries import either
from nlp.long_texts import gravest

NEEDS: tuple[str, ...] = ()
HEADS: tuple[Recipe, ...] = ()
_MONEY = re.compile(r"医药费|赔偿|赔了|赔付|索赔")
_REFUSED = re.compile(r"拒不|不肯|不愿|拒绝|垫付|不接电话|没人管|不管|推诿|推脱|扯皮")
_AFTERMATH = re.compile(r"判决|鉴定|报销|低保|补助|医保|抚恤|保险|过户|继承|遗产|火化|丧葬|注销|户口")
"""Of figures without a word for what happened: they speak of what came long after."""
_COURT = re.compile(r"开庭|审理|原告|被告|诉讼|仲裁|上诉")
_WEAPON = r"(?:刀|锄头|棍|斧|铁锹|铁铲|铁锤|铁管|砖头|酒瓶|板凳|汽油)"
_VIOLENCE = re.compile(
    rf"(?:拿着?|带着|持|挥着?|抡|抄起?|泼|举着?)[^,。]{{0,6}}{_WEAPON}[^。]{{0,20}}[打砍捅砸冲抢闹点刺追]|把[^,。]{{1,16}}[打砍捅]伤|持(?:刀|械|斧|棍|枪|凶器)[^,。]{{0,6}}(?:伤人|伤害|行凶)|"
    r"[打砍捅]伤了|(?<!排除)(?<!非)(?:刑事案件|互殴|群殴|围殴|斗殴|殴斗|械斗|殴打)|行凶|犯罪嫌疑人|故意伤害|伤害案|伤害致死|打架|被[^,。]{0,8}[打砍捅]伤|动刀|动了刀|捅了|打起来|打了起来|作案|凶手|杀人|遇害|被害(?=[,。]|$)|打群架|"
    r"被[^,。]{0,10}[用持拿][^,。]{1,8}[打砍捅刺][伤死倒]|被[\d一二两三四五六七八九十几多]{1,3}(?:名|个|位)?(?:人|男|女)[^,。]{0,10}[打砍捅踹殴]|被(?:人|打|他|对方|邻居|家属)[^,。]{0,4}[打砍捅]"
)
"""What people did to people, where no word of the settings says what happened (社会安全)."""
_SIGNS = re.compile(
    r"出大?事|巨响|一声|响声|响了|火球|蘑菇云|天都红|轰的|爆|震|浓烟|黑烟|火光|着了|联系不上|垮|自燃|掉下|断了|消防车|救护车|警戒|封[了锁]|搜救|救援|溃口|[撞翻坠沉]|决口|塌|倒了|炸|失联|被困|疏散|撤离|转移|迫降|沉没|相撞|起火|着火|冒顶|管涌"
)
"""What makes of casualties that are not known an emergency."""
_OWN_DEATH = re.compile(
    r"跳楼|跳河|跳江|跳桥|跳湖|轻生|自杀|自尽|上吊(?![车装顶塔])|自缢|割腕|服毒|喝农药|误诊|漏诊|误治|手术失误|医疗纠纷|猝死|心梗|脑梗|脑溢血|病逝|病故|癌"
)
"""Deaths by one's own hand, of illness or of a mistake in treatment: sad, and no emergency by themselves."""
_BOAST = re.compile(r"连续|多年|从未|从没|至今|历来|一直|安全生产\d+天|零伤亡[”」]?(?:背后|的?(?:奇迹|秘诀|经验|纪录))")
_SIMPLE = str.maketrans(
    "傷難災損發車禍倖無員個條區灣樓墜慘遺體獲導緻雙兩億萬餘報證實傳經濟財產風颱燒燙歲時間師學傢爾後與從將現場養當殺關總計處門戶頭動電氣",
    "伤难灾损发车祸幸无员个条区湾楼坠惨遗体获导致双两亿万余报证实传经济财产风台烧烫岁时间师学家尔后与从将现场养当杀关总计处门户头动电气",
)
_BUILT = re.compile(
    r"(?:去年|前年|\d{4}年|(?:[一二两三四五六七八九十几]|\d{1,2})年前)(?=(?:\d{1,2}月|[初底末])?(?:才|刚|新)?"
    r"(?:竣工|建成|建|修|落成|投用|投入|开业|开园|开张|通车|入职|结婚|买|购|入住|交付|退休|毕业|改造|翻新|安装|装|搬来|成立|投产|出厂|上市|退役)"
    r"[^,。;死伤亡难]{0,6}的)"
)
"""A year that tells of a thing how old it is: 去年竣工的会展中心."""
_TRADITIONAL = frozenset("傷難災車無員兩億萬燒報")
_LETTER = 300
"""Characters from which a text tells much besides: an accident without its time is then in the background."""
_TOGETHER = 3
"""Persons who fall ill at once, from whom on it is an outbreak."""
_EATEN = re.compile(
    r"(?:食堂|食品|食材|饭菜|蘑菇|野生菌|宴席|婚宴|酒席|吃了?|喝了?|服食|乌头|亚硝酸盐|四季豆|豆角)[^。]{0,14}中毒"
)
"""Poisoned by what was eaten or drunk (公共卫生)."""
_STATED = re.compile(
    r"(?P<sure>(?:认定|定性|定级|评定|列|判定|界定|划定|核定)(?:为|成))?(?P<one>(?:发生|突发|系|是|属于?|构成|为|这起|该起|[一1]起)[^,。;:!?]{0,6})?"
    r"(?P<level>特别重大|重大|较大)(?:的|级|生产安全|安全生产|道路|水上|交通|火灾|建筑|施工|煤矿|透水|瓦斯|爆炸|坍塌|涉险|责任|突发|公共|卫生|环境|自然|地质|食品|安全){0,5}"
    r"(?:事故|事件|灾害|火灾)(?!隐患|风险|预案|演练|应急|处置办法|发生率|多发|苗头|责任人)"
)
"""The level by the text's own word: 被认定为重大生产安全事故."""
_NAMES = {"特别重大": "extraordinary", "重大": "major", "较大": "serious"}
_SPREAD = 1000
_SIGNALS = 5
_NEAR = 24


def samples(folder: Path) -> None:
    """Nothing is trained here."""


def judge(batch: Batch) -> list[Any]:
    """{"level", "category", "deaths", "injured", "signals"} per post."""
    reader = Reader(batch.settings["severity"])
    spread = int(batch.settings["severity"].get("spread", _SPREAD))
    values = []
    for at, post in enumerate(batch.posts):
        read = partial(reader.judge, year=_year(post))
        values.append(gravest(read(batch.raw(at)), post, read))
    for value, post in zip(values, batch.posts, strict=True):
        told = _told(post)
        if value["level"] != "none" and told >= spread:
            value["signals"] = [*value["signals"][: _SIGNALS - 1], f"转发和评论{told}次"]
    return values


def _told(post: Mapping[str, Any]) -> int:
    """How often a post was passed on and spoken of. The law sets no level by it; it is shown as a signal."""
    counts = post.get("counts")
    if not isinstance(counts, Mapping):
        return 0
    given = (counts.get(name) for name in ("reposts", "comments"))
    return sum(int(value) for value in given if isinstance(value, int | float))


class Reader:
    """Reads texts by the settings of severity.yml."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        words = {word for listed in settings["categories"].values() for word in listed}
        self._gist = re.compile(f"{either(words)}|{GIST.pattern}")

    def judge(self, text: str, year: int | None) -> dict[str, Any]:
        """The value for one normalised text. ``year``: of publication, if known."""
        nothing: dict[str, Any] = {"level": "none", "category": None, "deaths": None, "injured": None, "signals": []}
        if not _TRADITIONAL.isdisjoint(text):
            text = text.translate(_SIMPLE)
        if not self._gist.search(text):
            return nothing
        text = _BUILT.sub("", text)
        settings = self._settings
        sentences = list(real_sentences(text, settings))
        found = read_casualties(text, sentences, year)
        counted = found.deaths is not None or found.injured is not None
        hurt = counted or (found.any and not (found.ill and found.loss is None))
        category, word = _category(sentences, settings, year, hurt)
        fought = any(_fought(sentence) for sentence in sentences)
        if category is None and not self._counts(found, text, fought=fought):
            return nothing
        category = category or ("社会安全" if fought else _default(sentences, found))
        vulnerable = any_of(settings["vulnerable"], text)
        signals = [*([word] if word else []), *found.signals, *([vulnerable] if vulnerable else [])]
        return {
            "level": _stated(sentences, _level(found, category, settings, text), category, settings),
            "category": category,
            "deaths": found.deaths,
            "injured": found.injured,
            "signals": list(dict.fromkeys(signals))[:_SIGNALS],
        }

    @staticmethod
    def _long_after(found: Casualties, text: str, *, fought: bool) -> bool:
        """Whether only what came long after is told; money that is refused for what happened is not long after."""
        money = _MONEY.search(text) is not None and not (found.caused and _REFUSED.search(text))
        late = _AFTERMATH.search(text.replace("鉴定", "") if fought else text)
        return not found.dated and (money or late is not None)

    def _counts(self, found: Casualties, text: str, *, fought: bool) -> bool:
        """Whether figures without a word for what happened are those of an emergency all the same."""
        past = not found.recent and (len(text) > _LETTER or self._long_after(found, text, fought=fought))
        own = _OWN_DEATH.search(text) is not None and not found.caused and not fought
        if past or own or _COURT.search(text):
            return False
        if found.unknown and not found.deaths and not found.injured:
            return fought or _SIGNS.search(text) is not None
        together = (found.injured or 0) >= _TOGETHER and MEAL.search(text) is not None
        if found.weak and not together and not fought and not (found.caused and not found.ill):
            return False
        nobody = 0 in (found.deaths, found.injured) and _BOAST.search(text) is None
        nobody = nobody and (found.deaths == found.injured or found.caused)
        if found.fatal or (found.many and (found.caused or _SIGNS.search(text))):
            return True
        slight = found.vague and found.light and found.caused and (found.recent or found.dated)
        return bool(found.deaths or found.injured or found.least or found.loss or nobody or slight)


def _default(sentences: Sequence[str], found: Casualties) -> str:
    """The category where no word of the settings says what happened."""
    if any(_EATEN.search(sentence) for sentence in sentences):
        return "公共卫生"
    sick = found.weak and found.injured and any(MEAL.search(sentence) for sentence in sentences)
    return "公共卫生" if sick else "事故灾难"


def _fought(sentence: str) -> bool:
    """Whether a sentence tells that people hurt people; of a question, what stands before its last comma."""
    told = sentence.rpartition(",")[0] if sentence.endswith("?") else sentence
    return _VIOLENCE.search(told) is not None


def _stated(
    sentences: Sequence[str], level: str | None, category: str | None, settings: Mapping[str, Any]
) -> str | None:
    """``level``, or that which the text names: a higher one where it was officially set, any where figures lack."""
    if category in settings["unlevelled"]:
        return level
    order = [str(settings["lowest"]), "serious", "major", "extraordinary"]
    for sentence in sentences:
        match = _STATED.search(sentence)
        if match is None or sentence.endswith("?") or any_of(settings["feared"], sentence):
            continue
        named = _NAMES[match["level"]]
        if (match["sure"] and (level is None or order.index(named) > order.index(level))) or (
            match["one"] and not level
        ):
            return named
    return level


def _other(found: Casualties, category: str | None, settings: Mapping[str, Any], text: str) -> str | None:
    """The level by limits of their own (食物中毒); None: no such limits hold for this text."""
    counts = {"deaths": found.deaths or 0, "injured": max(found.injured or 0, found.least.get(HURT, 0))}
    for entry in settings.get("other_levels", ()):
        if entry["category"] != category or any_of(entry["words"], text) is None:
            continue
        for row in entry["levels"]:
            if all(counts[name] >= row[name] for name in counts if row.get(name) is not None):
                return str(row["level"])
        return str(settings["lowest"])
    return None


def _level(found: Casualties, category: str | None, settings: Mapping[str, Any], text: str) -> str | None:
    if category in settings["unlevelled"]:
        return None
    slight = found.vague and found.light and not found.unknown
    if not (found.deaths or found.injured or found.loss or found.least or slight) and (
        (found.vague and not found.deaths == found.injured == 0) or (found.deaths is None and found.injured is None)
    ):
        return None
    if other := _other(found, category, settings, text):
        return other
    for row in settings["levels"]:
        reached = (
            max(found.deaths or 0, found.least.get(DEAD, 0)) >= row["deaths"],
            max(found.injured or 0, found.least.get(HURT, 0)) >= row["injured"],
            (found.loss or 0) >= row["loss"] * 10_000,
        )
        if any(reached):
            return str(row["level"])
    return str(settings["lowest"])


def _category(
    sentences: Sequence[str], settings: Mapping[str, Any], year: int | None, hurt: bool
) -> tuple[str | None, str | None]:
    """The category with its word, of a sentence that says it happened; (None, None): nothing happened."""
    asserted = sorted(sentences, key=lambda sentence: sentence.endswith("?"))
    for category, words in settings["categories"].items():
        there = some_of(tuple(words))
        for sentence in asserted:
            if not there.search(sentence):
                continue
            word = any_of(words, sentence)
            if word is None or any_of(settings["elsewhere"], sentence):
                continue
            at = sentence.index(word)
            if long_past(sentence, at, year) or (not hurt and DENIED.search("".join(sentences))):
                continue
            around = sentence[max(0, at - _NEAR) : at + len(word) + _NEAR]
            if hurt or (any_of(settings["happened"], around) and not any_of(settings["feared"], around)):
                return category, word
    return None, None


def _year(post: Mapping[str, Any]) -> int | None:
    published = post.get("published_at")
    digits = published[:4] if isinstance(published, str) else ""
    return int(digits) if digits.isdigit() else None
