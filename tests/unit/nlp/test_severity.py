from __future__ import annotations

import pytest

from nlp.assessor import Assessor
from nlp.casualties import GIST
from nlp.casualty_tokens import plain_tokens, tokens
from nlp.classifiers.severity import Reader
from nlp.dictionaries import word_list
from nlp.proofs import severity as proof
from nlp.settings import read_settings
from nlp.text import normalise

CASES = [
    # text, level, category, deaths, injured
    ("昨日一工厂发生爆炸,造成30人死亡", "extraordinary", "事故灾难", 30, None),
    ("示例隧道坍塌,已致29人遇难", "major", "事故灾难", 29, None),
    ("示例隧道坍塌,造成十人遇难", "major", "事故灾难", 10, None),
    ("大巴车侧翻,9死12伤", "serious", "事故灾难", 9, 12),
    ("两车追尾,三死五伤", "serious", "事故灾难", 3, 5),
    ("货车侧翻造成2人死亡", "ordinary", "事故灾难", 2, None),
    ("某厂区起火,造成一百人受伤", "extraordinary", "事故灾难", None, 100),
    ("某厂区发生火灾,50人受伤送医", "major", "事故灾难", None, 50),
    ("示例小学发生食物中毒,56名学生住院", "ordinary", "公共卫生", None, 56),
    ("学校食堂中毒,105名学生入院", "serious", "公共卫生", None, 105),
    ("婚宴食物中毒,101人送医,1人死亡", "major", "公共卫生", 1, 101),
    ("急性职业中毒,13名工人住院治疗", "serious", "公共卫生", None, 13),
    ("遇难者人数升至9人,失联3人已找到,均无生命体征", "major", "事故灾难", 12, None),
    ("矿难死了十几个人", "major", "事故灾难", 10, None),
    ("该起事故无一人生还,机上132人", "extraordinary", "事故灾难", 132, None),
    ("毒奶粉导致多名婴儿死亡", None, "事故灾难", None, None),
    ("死伤20多人", None, "事故灾难", None, None),
    ("通报的“6人遇难、9人受伤”有误,应为4人遇难、11人受伤", "serious", "事故灾难", 4, 11),
    ("化工厂爆炸致十余人受伤", "serious", "事故灾难", None, 10),
    ("事故造成至少3人死亡,多人失联", "serious", "事故灾难", 3, None),
    ("山洪暴发,死亡人数升至12人", "major", "自然灾害", 12, None),
    ("台风过境造成5人死亡、1人失踪", "serious", "自然灾害", 5, None),
    ("仓库起火,明火已扑灭,无人员伤亡", "ordinary", "事故灾难", 0, 0),
    ("路口发生交通事故,重伤2人、轻伤5人", "ordinary", "事故灾难", None, 7),
    ("车祸中12人受伤,其中3人重伤", "serious", "事故灾难", None, 12),
    ("火灾造成直接经济损失1.2亿元,无人员伤亡", "extraordinary", "事故灾难", 0, 0),
    ("厂房坍塌,直接经济损失5000万元", "major", "事故灾难", None, None),
    ("昨晚男子在商场持刀伤人事件造成3人死亡", None, "社会安全", 3, None),
    ("化工厂突发爆炸,现场浓烟滚滚,伤亡不明", None, "事故灾难", None, None),
    ("网传爆炸造成20人死亡不实,经核实为2人死亡", "ordinary", "事故灾难", 2, None),
    ("火灾事故3人死亡。截至今晨,死亡人数增至11人", "major", "事故灾难", 11, None),
    ("客车与货车相撞,二十多人受伤", "serious", "事故灾难", None, 20),
    ("某地发生地震,造成300人死亡", "extraordinary", "自然灾害", 300, None),
]
NONE = [
    "小区物业收费不合理,多次投诉无果",
    "楼道堆放杂物,存在火灾隐患,万一起火后果不堪设想",
    "消防演练模拟火灾造成5人受伤,救援迅速",
    "电影里一场爆炸造成30人死亡,特效逼真",
    "今天真是笑死我了,累死个人",
    "这条路是死角,早晚要出事故",
    "学校开展防溺水安全知识宣传",
    "物业的态度太让人伤心了",
    "孩子跳楼身亡,学校至今不给说法",
    "我母亲在县医院被误诊死亡,要求鉴定",
    "我感觉腿都断了,全班“阵亡”",
    "",
]


@pytest.mark.parametrize(("text", "level", "category", "deaths", "injured"), CASES, ids=[case[0] for case in CASES])
def test_figures_give_the_level_of_the_law(
    assessor: Assessor, text: str, level: str | None, category: str, deaths: int | None, injured: int | None
) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "news", "text": text}])
    found = answer["severity"]
    assert (found["level"], found["category"], found["deaths"], found["injured"]) == (level, category, deaths, injured)
    assert found["signals"]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_emergency(assessor: Assessor, text: str) -> None:
    (answer,) = assessor.assess([{"id": "a:1", "kind": "message", "text": text}])
    assert answer["severity"] == {"level": "none", "category": None, "deaths": None, "injured": None, "signals": []}


@pytest.mark.parametrize(
    "text", ["去年同期该路段发生车祸,造成5人死亡", "2008年地震造成大量房屋倒塌,87人死亡"], ids=["last_year", "2008"]
)
def test_figures_of_another_event_do_not_count(assessor: Assessor, text: str) -> None:
    post = {"id": "a:1", "kind": "news", "text": text, "published_at": "2026-05-01T08:00:00+08:00"}
    (answer,) = assessor.assess([post])
    assert answer["severity"]["deaths"] is None
    assert answer["severity"]["level"] == "none"


def test_the_sentences_of_the_proof_are_of_every_level_and_in_both_parts() -> None:
    rows = proof.sentences()
    assert len(rows) >= 200
    assert len({row["text"] for row in rows}) == len(rows)
    levels = {"extraordinary", "major", "serious", "ordinary", "none", "unknown"}
    for part in ("build", "second_build", "second_more", "third_build", "fourth_build", "varied", "held_out"):
        assert {row["level"] for row in rows if row["part"] == part} == levels


def test_the_labels_of_the_sentences_follow_the_law() -> None:
    """Level against the counts of the same row, so that a slip of the pen does not become a rule."""
    floors = {"extraordinary": (30, 100), "major": (10, 50), "serious": (3, 10)}
    checked = 0
    for row in proof.sentences():
        deaths, injured = (int(row[name] or 0) for name in ("deaths", "injured"))
        counted = row["deaths"] or row["injured"]
        if row["level"] in ("none", "unknown") or not counted or "损失" in row["text"] or "数十" in row["text"]:
            continue
        reached = [level for level, (d, i) in floors.items() if deaths >= d or injured >= i]
        law = reached[0] if reached else "ordinary"
        assert row["level"] in (law, _poisoned(deaths, injured)), row["text"]
        checked += 1
    assert checked > 150


def _poisoned(deaths: int, injured: int) -> str:
    """The level of a 食物中毒 by 国家突发公共卫生事件应急预案, written out here once more."""
    if deaths >= 10 or (deaths and injured >= 100):
        return "extraordinary" if deaths >= 30 else "major"
    return "serious" if deaths or injured >= 100 else "ordinary"


@pytest.mark.parametrize(
    ("text", "deaths", "injured"),
    [
        ("截至16日8时,坍塌事故造成5人死亡。此前截至15日20时,3人死亡", 5, None),
        ("火灾初报3人死亡、5人受伤,现更正为2人死亡、6人受伤", 2, 6),
        ("网传车祸死了9个人,交警通报为1死2伤", 1, 2),
        ("事故造成2人死亡、5人受伤。今晨1名伤者经抢救无效死亡", 3, 4),
    ],
)
def test_the_newest_official_figure_wins_and_the_older_ones_stay_in_the_signals(
    text: str, deaths: int, injured: int | None
) -> None:
    found = Reader(read_settings()["severity"]).judge(text, 2026)
    assert (found["deaths"], found["injured"]) == (deaths, injured)
    assert len(found["signals"]) >= 3


@pytest.mark.parametrize(
    "bomb",
    [
        "我和两个孩子、",
        "有没有人受伤",
        "死没死",
        "在医院治疗",
        "手被砸断",
        "老王",
        "张某某",
        "的妈妈和",
        "遇难者家属",
        "人情况待",
        "3人",
        "死亡",
        "3人死亡",
        "网传",
        "其中1人",
        "(死",
        "司机受伤",
        "一",
        "损失1",
        "截至1日",
        "、3名",
        "无人",
        "人没事",
        "失联3人,遇难",
        "3死有误,",
    ],
)
def test_a_long_run_of_one_piece_is_read(bomb: str) -> None:
    """20,000 characters (the longest text that is judged) of one piece give an answer."""
    found = Reader(read_settings()["severity"]).judge(bomb * (20_000 // len(bomb)), 2026)
    assert found["level"] in (None, "none", "ordinary", "serious", "major", "extraordinary")


def test_traditional_characters_and_how_often_a_post_was_passed_on(assessor: Assessor) -> None:
    posts = [
        {"id": "a:1", "kind": "news", "text": "今晨發生車禍,造成3人死亡、12人受傷"},
        {"id": "a:2", "kind": "weibo", "text": "爆炸造成3人死亡", "counts": {"reposts": 900, "comments": 200}},
        {"id": "a:3", "kind": "weibo", "text": "爆炸造成3人死亡", "counts": {"reposts": 9}},
    ]
    found = [answer["severity"] for answer in assessor.assess(posts)]
    assert [(f["level"], f["deaths"], f["injured"]) for f in found] == [("serious", 3, 12), *[("serious", 3, None)] * 2]
    assert "转发和评论1100次" in found[1]["signals"]
    assert not any("转发" in signal for signal in found[2]["signals"])


@pytest.mark.parametrize(
    ("text", "level", "deaths", "injured"),
    [
        ("着火的屋里,一对夫妻和他们5岁的儿子遇难,看门人和两名邻居烧伤", "serious", 3, 3),
        ("我和三个同事在食堂吃完饭上吐下泻,都住进了医院", "ordinary", None, 4),
        ("数十名乘客被玻璃划伤", "serious", None, None),
        ("检修工赵某被卷入机器,送医后死亡", "ordinary", 1, None),
        ("两个工友被砸到腿,已经住院,没有死人", "ordinary", 0, 2),
        ("甲村死亡1人、受伤2人,乙村死亡2人,全乡合计死亡3人、受伤2人,系山洪所致", "serious", 3, 2),
        ("爆炸死亡人数由8人上调为11人,受伤24人,遇难者身份待确认", "major", 11, 24),
        ("一名男子持刀刺伤三人,其中一人送医后不治", None, 1, 2),
        ("厂里炸了,里面有没有人受伤不告诉我们", None, None, None),
        ("河堤溃口,伤亡人数待核", None, None, None),
        ("我侄子昨晚被两个人用铁管打伤,肋骨骨折", None, None, 1),
        ("31名顾客和店员用餐后呕吐,就诊后31人均已出院", "serious", None, 31),
        ("两名工人下井清淤。今天下午,他们的遗体被打捞上来", "ordinary", 2, None),
        ("17日,邻县一处民房起火,3人未能逃生", "serious", 3, None),
        ("网传坍塌死了十几个人,住建局说明:两名工人擦伤,无人死亡", "ordinary", 0, 2),
    ],
)
def test_persons_without_a_number_what_is_unknown_and_what_is_denied(
    text: str, level: str | None, deaths: int | None, injured: int | None
) -> None:
    found = Reader(read_settings()["severity"]).judge(normalise(text), 2026)
    assert (found["level"], found["deaths"], found["injured"]) == (level, deaths, injured)


def test_quick_ways_past_a_text_lose_nothing() -> None:
    """The first characters by which tokens are looked for, and the words without which a text is not read."""
    counted = 0
    for row in proof.sentences():
        text = normalise(row["text"])
        assert [(t.start, t.end, t.kind) for t in plain_tokens(text, quick=True)] == [
            (t.start, t.end, t.kind) for t in plain_tokens(text, quick=False)
        ]
        counted += len(tokens(text))
    assert counted > 5_000
    for name in ("deaths", "injuries"):
        assert all(GIST.search(word) for word in word_list(name))
