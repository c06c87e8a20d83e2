from __future__ import annotations

import random
import time

import pytest

from nlp.mask_patterns import check_digit, luhn
from nlp.masking import KINDS, CaseMasker, Found, Masker, find, mask
from nlp.proofs import masking as proof
from nlp.proofs._bombs import BOMBS
from nlp.proofs._letters import letters

ID17 = "41010519900307283"
ID18 = ID17 + check_digit(ID17)
CARD = "6222021716001234" + next(str(d) for d in range(10) if luhn("6222021716001234" + str(d)))

CASES = [
    # text with the personal data in 【】, kind
    ("电话【13812345678】请回电", "phone"),
    ("手机【138 1234 5678】", "phone"),
    ("手机【138-1234-5678】", "phone"),
    ("手机【+86 13812345678】", "phone"),
    ("手机【13812345678】", "phone"),
    ("手机【138\u200b1234\u200b5678】", "phone"),
    ("手机【一三八一二三四五六七八】", "phone"),
    ("微信【13812345678】", "phone"),
    ("座机【0371-65551234】", "landline"),
    ("座机【(0371)65551234】", "landline"),
    ("座机【0371 - 6555 1234】", "landline"),
    ("座机【0371/65551234】", "landline"),
    ("手机【138*1234*5678】", "phone"),
    ("手机【①③⑧①②③④⑤⑥⑦⑧】", "phone"),
    ("電話【13812345678】請回電", "phone"),
    ("住【建設路8號院3號樓2單元501室】,沒有暖氣", "address"),
    ("本人【張志強】,身份證號丟了", "name"),
    ("警车【豫A1234警】违停", "plate"),
    ("邮箱【lisi88@163。com】", "email"),
    ("邮箱【lisi88@163点com】", "email"),
    ("我父亲【向德金】今年78岁", "name"),
    ("申请人【金华】,住在老城区", "name"),
    ("我妻子【欧阳琪瑶】于去年手术", "name"),
    ("手机【138一二三四5678】", "phone"),
    ("手机【(138)12345678】", "phone"),
    ("加V:【abc12345】", "handle"),
    ("扣扣【12345678】", "handle"),
    ("我是【8号楼2601】的业主", "address"),
    ("【示例香颂8-1-2301】漏水", "address"),
    ("【经三北路26-14号】停水", "address"),
    ("住在【和谐家园3-3-1801】旁边", "address"),
    ("我叫【阿依古丽·买买提】", "name"),
    ("联系人:【张三】(女)", "name"),
    ("村民【马燕】家的房子", "name"),
    ("电话:【65551234】", "landline"),
    (f"身份证【{ID18}】", "id_number"),
    (f"身份证号:【{ID18[:6]} {ID18[6:14]} {ID18[14:]}】", "id_number"),
    ("身份证【410105199003072830】", "id_number"),
    ("身份证号【410105900307283】", "id_number"),
    ("身份证【四一〇一〇五一九九〇〇三〇七二八三〇】", "id_number"),
    (f"卡号【{CARD}】", "bank_card"),
    (f"卡号【{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}】", "bank_card"),
    ("车牌【豫A12345】乱停", "plate"),
    ("车牌【豫A·12345】乱停", "plate"),
    ("新能源【豫AD12345】占位", "plate"),
    ("邮箱【abc.def@example.com】", "email"),
    ("微信号:【wx_abc123】", "handle"),
    ("QQ:【12345678】", "handle"),
    ("转发【@示例用户】 请关注", "handle"),
    ("家住金水区【经三路15号院3号楼2单元501室】", "address"),
    ("住在【示例花园8栋1203】", "address"),
    ("位于【示例村3组12号】", "address"),
    ("郑州市金水区南阳路街道【丽新路8号】", "address"),
    ("【2栋1单元301】漏水", "address"),
    ("【东三街南段12号】", "address"),
    ("【高三12班】", "school_class"),
    ("抖音号:【abc123】", "handle"),
    ("网友“【示例用户01】”", "handle"),
    ("老师叫【刘芳】,", "name"),
    ("法定代表人【张三】", "name"),
    ("丈夫【孙强】工伤", "name"),
    ("我叫【张三丰】,反映", "name"),
    ("本人【李小红】,女,1970年生", "name"),
    ("姓名:【王建国】", "name"),
    ("联系人:【欧阳明】", "name"),
    ("联系【赵子龙】先生", "name"),
    ("我儿子【王子轩】今年上学", "name"),
    ("孩子在【示例小学三年级(2)班】", "school_class"),
    ("【示例幼儿园大二班】的孩子", "school_class"),
]
NOTHING = [
    "豫办〔2016〕60号文件",
    "拨打12345热线、110或119",
    "客服400-123-4567",
    "2016年12月9日上午9:00",
    "价格13812345678元",
    "面积1381.2345678亩",
    "统一社会信用代码91410100MA40ABCD1X",
    "股票代码600519",
    "合同编号HT13812345678A",
    "快递单号431257910229853",
    "坐标113.625368,34.746599",
    "小学一年级新生报名",
    "名为“智慧司法”的栏目",
    "杨书记来了,张同志在",
    "地铁3号线和5号线",
    "1月15号上午",
    "业主多次反映,高度重视",
    "成都市住建局",
    "国道107线K123+400处",
    "订单号20260115123456789012",
    "早上7点到晚上10点",
    "A座三楼会议室",
    "5G信号不好",
    "2024-01-15至2024-02-15",
    "第3条第2款",
    "温度38.5度",
    "张某某反映情况",
    "13812****78",
    "解决方案",
    "文化路与东风路交叉口向南200米",
    "万达广场3楼",
    "快递单号773012345678901",
    "投诉编号20240315001234",
    "合同金额1380000.00元",
    "豫(2020)郑州市不动产权第0123456号",
    "钱学森精神",
    "微信同号",
    "王女士来电",
    "",
]


@pytest.mark.parametrize(("marked", "kind"), CASES, ids=[f"{kind}:{text}" for text, kind in CASES])
def test_spans_are_exact(marked: str, kind: str) -> None:
    start, end = marked.index("【"), marked.index("】") - 1
    text = marked.replace("【", "").replace("】", "")
    assert [(piece.kind, piece.start, piece.end) for piece in find(text)] == [(kind, start, end)]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_personal_data(text: str) -> None:
    assert mask(text) == (text, [])


def test_every_kind_has_a_case() -> None:
    assert {kind for _, kind in CASES} == set(KINDS)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("电话13812345678", "电话138****5678"),
        (f"身份证{ID18}", f"身份证41*************{ID18[-3:]}"),
        ("我叫张三丰", "我叫张某某"),
        ("我叫张三,", "我叫张某,"),
        ("家住金水区经三路15号", "家住金水区****"),
        ("豫A12345", "豫A****5"),
        ("abc@example.com", "***@example.com"),
    ],
)
def test_how_it_is_masked(text: str, wanted: str) -> None:
    """First three and last four of a mobile number, first two and last three of an ID (永安市 notice, legal.md)."""
    assert mask(text)[0] == wanted


def test_masking_twice_changes_nothing() -> None:
    texts = [text.replace("【", "").replace("】", "") for text, _ in CASES]
    once = [mask(text)[0] for text in texts]
    assert once
    assert [mask(text)[0] for text in once] == once


def test_no_original_is_left_in_the_masked_text() -> None:
    for marked, kind in CASES:
        secret = marked[marked.index("【") + 1 : marked.index("】")]
        if kind not in ("plate",):
            assert secret not in mask(marked.replace("【", "").replace("】", ""))[0]


def test_many_pieces_in_one_text() -> None:
    """Letters made of several cases, in random order: every span is found, none other."""
    rng = random.Random(7)
    letters = 0
    for _ in range(200):
        parts = rng.sample(CASES, 4)
        text, wanted = "", []
        for marked, kind in parts:
            start, end = marked.index("【"), marked.index("】") - 1
            wanted.append((kind, len(text) + start, len(text) + end))
            text += marked.replace("【", "").replace("】", "") + "。"
        assert [(piece.kind, piece.start, piece.end) for piece in find(text)] == wanted, text
        letters += 1
    assert letters == 200


def test_a_post() -> None:
    post = {"id": "a:1", "title": "张女士13812345678", "text": "豫A12345"}
    masked = Masker().mask_post(post)
    assert masked["id"] == "a:1"
    assert masked["title"] == "张女士138****5678"
    assert masked["found"] == [
        {"field": "title", "kind": "phone", "start": 3, "end": 14},
        {"field": "text", "kind": "plate", "start": 0, "end": 7},
    ]
    assert Masker().mask_post({"source": "s", "native_id": "1", "title": None, "text": "好"}) == {
        "id": "s:1",
        "title": None,
        "text": "好",
        "found": [],
    }


def test_a_name_is_masked_wherever_it_stands() -> None:
    assert mask("我叫王建国。厂里说王建国不是他们的人")[0] == "我叫王某某。厂里说王某某不是他们的人"
    masked = Masker().mask_post({"id": "a:1", "title": "王建国欠薪", "text": "姓名:王建国,反映欠薪"})
    assert masked["title"] == "王某某欠薪"
    assert [(p["field"], p["start"], p["end"]) for p in masked["found"]] == [("title", 0, 3), ("text", 3, 6)]


def test_a_person_has_one_pseudonym_in_all_texts_of_a_case() -> None:
    case = Masker().of_case()
    first = case.mask_text("我叫王建国,那个王德发不给钱")
    second = case.mask_text("联系人:王德发。王建国已经回家")
    assert first == "我叫王某某,那个王德发不给钱"  # nothing says yet that 王德发 is a name
    assert second == "联系人:王某乙。王某某已经回家"
    assert case.mask_text("王德发的电话13812345678") == "王某乙的电话138****5678"
    assert case.mask_text(second) == second


def test_the_order_of_later_texts_changes_no_earlier_pseudonym() -> None:
    one, two = CaseMasker(), CaseMasker()
    start = ["姓名:李娜", "联系人:李强军"]
    before = [one.mask_text(text) for text in start]
    after = [two.mask_text(text) for text in (*start, "投诉人:李小红")]
    assert after[:2] == before == ["姓名:李某", "联系人:李某乙"]
    assert after[2] == "投诉人:李某丙"


NO_NAMES = [
    "老人高龄补贴怎么领",
    "业主和居民都签了字",
    "孩子高考怎么办",
    "员工解除劳动合同",
    "业主齐心合力成立业委会",
    "妇女儿童权益保护",
    "附近一家叫米汤饭的快餐店",
    "小孩方圆一公里内没有幼儿园",
    "我父亲常年卧病在床",
    "我女儿高考后在家",
    "我母亲白内障的手术",
    "业主万分着急,家属高度紧张",
    "孩子高中毕业在家",
]


@pytest.mark.parametrize("text", NO_NAMES)
def test_words_behind_a_cue_are_no_names(text: str) -> None:
    assert [piece for piece in find(text) if piece.kind == "name"] == []


def test_made_letters_are_the_same_for_the_same_seed_and_hold_every_kind() -> None:
    made = letters(3, 300)
    assert made == letters(3, 300)
    assert made != letters(4, 300)
    assert {span[0] for letter in made for span in letter.spans} == set(KINDS)


def test_made_letters_of_a_new_seed_are_masked() -> None:
    recall, precision = proof.scores(letters(555, 500))
    assert recall >= 99
    assert precision >= 98


@pytest.mark.parametrize("bomb", BOMBS)
def test_the_time_is_linear(bomb: str) -> None:
    """Four times the text takes about four times as long (a quadratic pattern would take sixteen times).

    `huiying bench mask_bombs` does the same with more than a megabyte of each."""

    def cost(size: int) -> float:
        text = bomb * (size // len(bomb))
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            find(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = cost(10_000), cost(40_000)
    assert large < 9 * small + 0.05


@pytest.mark.parametrize("text", ["", "一", "😀😀", "\x00\x01", "\ud800", "锟斤拷\ufffd", "only Latin words", "\u200b"])
def test_strange_texts_stay_as_they_are(text: str) -> None:
    assert mask(text) == (text, [])


def test_hidden_and_control_characters_do_not_hide_a_number() -> None:
    assert mask("他的妻子刘杰") == ("他的妻子刘某", [Found(4, 6, "name")])  # a name that the text ends with
    assert mask("\ud800abc138\u200b1234\u200b5678\x00")[0] == "\ud800abc138****5678\x00"
