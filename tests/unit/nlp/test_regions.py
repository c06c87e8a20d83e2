from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from nlp.divisions import FILE, DivisionsError, read_divisions, write_divisions
from nlp.proofs._addresses import addresses
from nlp.regions import RegionFinder
from nlp.settings import DEFAULT
from nlp.words import RustSegmenter
from nlp.zones import listed_zones

ZHENGZHOU = RegionFinder("410100")
HANGZHOU = RegionFinder("330100")
NOWHERE = RegionFinder()
CUT = RustSegmenter().cut

FOUND = [
    # place, text, code, path, from
    ("", "洛阳涧西区一小区", "410305", "河南省/洛阳市/涧西区", "text"),
    ("", "新密的一条路坏了", "410183", "河南省/郑州市/新密市", "text"),
    ("", "济源市沁园街道积水", "419001001", "河南省/济源市/济源市沁园街道", "text"),
    ("", "北京朝阳区停水", "110105", "北京市/朝阳区", "text"),
    ("", "吉林长春朝阳区停水", "220104", "吉林省/长春市/朝阳区", "text"),
    ("杭州市", "西湖区停水", "330106", "浙江省/杭州市/西湖区", "text"),
    ("萧山区委书记", "建设四路拥堵", "330109", "浙江省/杭州市/萧山区", "place"),
    ("发布于 河南", "下雨了", "410000", "河南省", "place"),
    ("发布于 北京 朝阳", "下雨了", "110105", "北京市/朝阳区", "place"),
    ("", "东莞市虎门镇停电", "441900121", "广东省/东莞市/虎门镇", "text"),
    ("", "河南省郑州市二七区大学路街道", "410103007", "河南省/郑州市/二七区/大学路街道", "text"),
    ("", "河南省息县路口乡停电", "411528202", "河南省/信阳市/息县/路口乡", "text"),
    ("", "涧西有条路坏了", "410305", "河南省/洛阳市/涧西区", "text"),
    ("", "禹州的药材市场", "411081", "河南省/许昌市/禹州市", "text"),
    ("", "沙坪坝堵车", "500106", "重庆市/沙坪坝区", "text"),
    ("", "郑州经开区第八大街积水", "410171", "河南省/郑州市/郑州经济技术开发区", "text"),
    ("", "高新区莲花街路灯不亮", "410172", "河南省/郑州市/郑州高新技术产业开发区", "text"),
    ("", "航空港区新港大道堵车", "410173", "河南省/郑州市/郑州航空港经济综合实验区", "text"),
    ("", "洛阳高新区停水", "410371", "河南省/洛阳市/洛阳高新技术产业开发区", "text"),
    ("", "长春高新区停水", "220173", "吉林省/长春市/长春高新技术产业开发区", "text"),
    ("新乡市", "经开区的厂子冒黑烟", "410772", "河南省/新乡市/新乡经济技术开发区", "text"),
    ("浙江省", "滨江区长河街道夜间施工", "330108002", "浙江省/杭州市/滨江区/长河街道", "text"),
]
LOOKALIKES = [
    "北京路上有一家兰州拉面",
    "我们要和平",
    "南阳路和二七路口",
    "沙县小吃涨价了",
    "比如合作社的资源",
    "友谊长存",
    "今天朝阳很美",
    "他姓江西",
    "西安事变纪念日",
    "我们开发区的路坏了",
    "港区的货轮",
]
ONLY_NAMED = [
    "楼下新疆大盘鸡店油烟大",
    "德州扒鸡过期了",
    "桂林米粉店占道",
    "山西刀削面涨价",
    "北京烤鸭",
    "金华火腿",
    "西安肉夹馍摊",
    "江苏卫视播出了这件事",
    "据湖南日报报道",
    "北京晚报",
    "辽宁男篮夺冠",
    "山东足球俱乐部的球迷",
    "江苏银行乱收费",
    "湖南大学录取通知书",
    "北京师范大学的老师",
    "成都话",
]
"""Texts in which a place's name names no place."""
STILL_PLACES = [
    ("郑州银行柜台乱收费", "郑州市"),
    ("新乡大学路积水", "新乡市"),
    ("洛阳菜市场脏乱", "洛阳市"),
    ("开封汽车站黑车多", "开封市"),
    ("洛阳养鸡场臭味", "洛阳市"),
    ("洛阳电影院不退票", "洛阳市"),
    ("秦皇岛海港区停水", "海港区"),
    ("洛阳面粉厂噪音", "洛阳市"),
]


@pytest.mark.parametrize(("place", "text", "code", "path", "source"), FOUND, ids=[row[0] + row[1] for row in FOUND])
def test_places(place: str, text: str, code: str, path: str, source: str) -> None:
    found = ZHENGZHOU.find(place, text, CUT(text))
    assert [(item["code"], item["path"], item["from"]) for item in found] == [(code, path, source)]
    assert found[0]["name"] == path.rpartition("/")[2]


@pytest.mark.parametrize("text", LOOKALIKES)
def test_what_only_looks_like_a_place(text: str) -> None:
    found = ZHENGZHOU.find("", text, CUT(text))
    assert [item["path"] for item in found if item["path"].count("/") > 0] == []


@pytest.mark.parametrize("text", ONLY_NAMED)
def test_a_name_of_food_media_clubs_and_firms_elsewhere_is_no_place(text: str) -> None:
    assert ZHENGZHOU.find("", text, CUT(text)) == []


@pytest.mark.parametrize(("text", "name"), STILL_PLACES)
def test_what_merely_begins_alike_is_still_a_place(text: str, name: str) -> None:
    assert [item["name"] for item in ZHENGZHOU.find("", text, CUT(text))] == [name]


def test_every_listed_zone_lies_in_a_place_of_the_division_lists() -> None:
    """A wrong code would be passed over in silence."""
    zones = {code for code, _, _ in listed_zones()}
    assert len(zones) > 40
    assert [code for code in zones if code.removesuffix("00") not in NOWHERE.divisions] == []


def test_a_path_has_the_names_of_the_division_lists() -> None:
    """济源 has no counties: its streets bear the city's name in the list, and the path keeps them so."""
    names = {item.code: item.name for item in read_divisions(DEFAULT)}
    assert NOWHERE.path("419001102").split("/") == [names["41"], names["419001"], names["419001102"]]


def test_a_shared_name_is_resolved_by_the_offices_own_region() -> None:
    assert [item["code"] for item in HANGZHOU.find("", "西湖区停水")] == ["330106"]
    assert [item["code"] for item in ZHENGZHOU.find("", "金水停水")] == ["410105"]
    assert [item["code"] for item in HANGZHOU.find("", "金水停水")] == []
    assert [item["code"] for item in NOWHERE.find("", "西湖区停水")] == []


def test_a_place_named_later_explains_an_earlier_name() -> None:
    assert [item["code"] for item in NOWHERE.find("", "朝阳区积水严重,长春市尽快处理")] == ["220104"]


def test_several_places_are_all_named() -> None:
    found = ZHENGZHOU.find("", "金水区和中原区都停水了")
    assert [item["name"] for item in found] == ["金水区", "中原区"]


def test_every_division_finds_itself_by_its_path() -> None:
    """Every county and every hundredth street, written with its parents, is that place."""
    codes = [code for at, code in enumerate(NOWHERE.divisions) if len(code) == 6 or (len(code) == 9 and at % 100 == 0)]
    wrong = []
    for code in codes:
        path = NOWHERE.path(code)
        found = [item["path"] for item in NOWHERE.find("", path.replace("/", ""))]
        if found != [path] and NOWHERE.divisions[code].name.endswith(("区", "县", "市", "旗", "镇", "乡", "街道")):
            wrong.append((path, found))
    assert len(codes) > 3000
    assert len(wrong) <= len(codes) * 0.02, wrong[:20]


def test_a_damaged_list_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"x")
    with pytest.raises(DivisionsError, match=r"divisions\.tsv\.gz.*python -m nlp.divisions"):
        list(read_divisions(tmp_path))


def test_the_list_is_small_and_names_its_source() -> None:
    path = DEFAULT / FILE
    head = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()[:2]
    assert path.stat().st_size < 1_000_000
    assert all(line.startswith("#") for line in head)
    assert "snapshot" in head[1]


def test_the_list_is_what_the_program_makes(shared: Path, tmp_path: Path) -> None:
    count = write_divisions(shared / "data", tmp_path / FILE)
    assert count > 40_000
    assert (tmp_path / FILE).read_bytes() == (DEFAULT / FILE).read_bytes()


def test_made_addresses_are_read_as_they_were_made() -> None:
    """Against jionlp it is `huiying bench places`."""
    made = addresses({code: item.name for code, item in NOWHERE.divisions.items()}, 99, 1000)
    assert made == addresses({code: item.name for code, item in NOWHERE.divisions.items()}, 99, 1000)
    read = [(address, NOWHERE.find("", address.text)) for address in made]
    wrong = [(address.text, found) for address, found in read if [f["code"][:6] for f in found[:1]] != [address.code]]
    assert len(wrong) <= 5, wrong


def test_a_zone_is_named_in_its_own_city_only() -> None:
    assert [item["name"] for item in HANGZHOU.find("", "航空港区莲花街", CUT("航空港区莲花街"))] == []
    assert [item["name"] for item in HANGZHOU.find("", "高新区的路灯", CUT("高新区的路灯"))] == ["滨江区"]
    assert [item["code"] for item in HANGZHOU.find("", "郑州高新区", CUT("郑州高新区"))] == ["410172"]
    assert [item["code"] for item in NOWHERE.find("", "航空港区")] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("郑东新区龙湖附近停水", "410105"),
        ("杭州经开区的公交", "330114"),
        ("下沙开发区噪音", "330114"),
        ("武汉光谷的工地", "420111"),
        ("西安高新区某楼盘", "610113"),
        ("两江新区一小区", "500112"),
        ("雄安新区安置房", "130600"),
    ],
)
def test_zones_that_are_no_divisions_lie_in_their_county(text: str, code: str) -> None:
    assert [item["code"] for item in NOWHERE.find("", text, CUT(text))] == [code]


def test_every_listed_zone_lies_in_a_division_and_has_one_place() -> None:
    listed = list(listed_zones())
    assert len(listed) > 100
    assert {code.removesuffix("00") for code, _, _ in listed} <= set(NOWHERE.divisions)
    names = [name for _, name, local in listed if not local]
    assert len(names) == len(set(names))
