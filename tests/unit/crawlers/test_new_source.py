"""``huiying source new`` and ``source try``: what is proposed, what is written, what is refused."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.adding.article import likeness, propose_article
from crawlers.adding.forms import propose
from crawlers.adding.listing import propose_list
from crawlers.adding.new import SiteError, new_source
from crawlers.adding.proposal import ListProposal
from crawlers.adding.trial import try_source
from crawlers.adding.writing import NewSource, write_source
from crawlers.errors import CollectError, SourceMistakes
from crawlers.extract import extract_page
from crawlers.page_quality import address_of, gold_pages
from crawlers.page_rules import site_of
from crawlers.replica import Fault, Replica, serve_replica
from crawlers.replica.server import serve_sites
from crawlers.replica.sites.county import ROBOTS, CountySite
from crawlers.source_blanks import WHAT
from crawlers.source_folder import load_sources
from crawlers.text import clean, parse_page

LIST = "http://www.qingshi.example/xwzx/bdxw/"


@pytest.fixture
def county() -> Iterator[Replica]:
    with serve_sites([CountySite()], robots=ROBOTS) as replica:
        yield replica


def _filled(folder: Path) -> None:
    file = folder / "qingshi" / "source.yml"
    value = yaml.safe_load(file.read_text(encoding="utf-8"))
    value["contact"] = "xinwen@office.example"
    value["assessment"] = {"by": "甲", "date": "2026-11-24", "effect": "每日 30 次", "personal_data": "无"}
    file.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def test_new_writes_rules_that_were_tried_and_leaves_to_people_what_only_they_know(
    county: Replica, places: tuple[Path, Path], now: datetime
) -> None:
    made = new_source("qingshi", LIST, now, county.base_url, None, *places)
    assert [path for _, _, path, _ in county.asked] == [
        "/robots.txt",
        "/xwzx/bdxw/",
        "/xwzx/content/202611/show_88213.shtml",
    ]
    assert made.blanks == tuple(WHAT)
    value = yaml.safe_load((places[0] / "qingshi" / "source.yml").read_text(encoding="utf-8"))
    assert value["native_id"] == r"/show_(\d+)\.shtml"
    assert value["list"] == {"entry": "table.infolist tr", "date": "td.rq"}
    assert value["paging"] == {"by": "link", "css": 'a:contains("下一页")'}
    assert value["article"] == {"body": ["#zhengwen"], "date": ["span.sj"], "source": ["span.ly"], "author": ["div.bj"]}
    assert (value["enabled"], value["delay_seconds"]) == (False, 3)
    with pytest.raises(SourceMistakes) as caught:
        load_sources(places[0])
    assert [line.split(": ")[1] for line in caught.value.mistakes] == list(WHAT)
    _filled(places[0])
    assert load_sources(places[0])["qingshi"].contact == "xinwen@office.example"


def test_the_recording_holds_the_bytes_as_they_came_and_no_more_than_was_fetched(
    county: Replica, places: tuple[Path, Path], now: datetime
) -> None:
    new_source("qingshi", LIST, now, county.base_url, "https://www.office.example/", *places)
    case = places[1] / "qingshi" / "list_and_article"
    recording = json.loads((case / "exchanges.json").read_text(encoding="utf-8"))
    assert [row["url"] for row in recording["exchanges"]] == [LIST, f"{LIST[:-5]}content/202611/show_88213.shtml"]
    assert "供水管网" in (case / "article.html").read_bytes().decode("gb18030")
    assert recording["overrides"]["walk"] == {"usual": 1, "most": 1}
    _filled(places[0])
    load_sources(places[0], {"qingshi": recording["overrides"]})
    again = new_source("qingshi_2", LIST, now, county.base_url, None, *places)
    assert again.beside == ("qingshi",)


def test_nothing_is_overwritten_and_half_of_it_never_stays(
    county: Replica, places: tuple[Path, Path], now: datetime
) -> None:
    new_source("qingshi", LIST, now, county.base_url, None, *places)
    before = {path: path.read_bytes() for folder in places for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(CollectError, match="is there already"):
        new_source("qingshi", LIST, now, county.base_url, None, *places)
    shutil.rmtree(places[0] / "qingshi")
    with pytest.raises(CollectError, match=r"recorded/qingshi: is there already"):
        new_source("qingshi", LIST, now, county.base_url, None, *places)
    assert {path: path.read_bytes() for path in places[1].rglob("*") if path.is_file()} == {
        path: body for path, body in before.items() if places[1] in path.parents
    }
    places[0].rmdir()
    places[0].write_text("in the way", encoding="utf-8")
    with pytest.raises(CollectError, match="make the folder writable"):
        new_source("other", LIST, now, county.base_url, None, *places)
    assert [path.name for path in places[1].iterdir()] == ["qingshi"]


REFUSED: dict[str, tuple[dict[str, Any], list[Fault], str]] = {
    "robots": ({"robots": "User-agent: *\nDisallow: /xwzx/\n"}, [], r"robots.txt of www.qingshi.example forbids"),
    "no list": ({}, [Fault("status", 404, path="/nowhere")], "no list of articles on the page"),
    "432": ({}, [Fault("status", 432)], "HTTP 432"),
    "log in": ({}, [Fault("redirect")], "redirected to a log-in page"),
    "article gone": ({}, [Fault("status", 404, path="/show_")], "HTTP 404"),
    "cut": ({}, [Fault("cut")], "broken answer"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_site_that_gives_no_list_is_named_with_its_reason_and_nothing_is_written(
    name: str, places: tuple[Path, Path], now: datetime
) -> None:
    options, faults, reason = REFUSED[name]
    url = LIST.replace("bdxw/", "content/202611/show_88213.shtml") if name == "no list" else LIST
    with serve_sites([CountySite()], faults=faults, **{"robots": ROBOTS, **options}) as replica:
        with pytest.raises(SiteError, match=reason):
            new_source("qingshi", url, now, replica.base_url, None, *places)
        assert len(replica.asked) <= 5
    assert [path for folder in places for path in folder.iterdir()] == []


@pytest.mark.parametrize(
    ("name", "url", "contact", "message"),
    [
        ("Qing-shi", LIST, None, "no name of a source"),
        ("qingshi", "www.qingshi.example/xwzx/", None, "--url: found"),
        ("qingshi", "file:///etc/passwd", None, "--url: found"),
        ("qingshi", "http://127.0.0.1/list/", None, "--url: found"),
        ("qingshi", LIST, "nobody", "--contact: found 'nobody'"),
        ("qingshi", LIST, None, "--contact: none: give the office's own"),
        ("qingshi", LIST, "a@b.example", "--contact: found 'a@b.example'"),
    ],
)
def test_a_wrong_call_says_which_option_and_asks_nobody(
    name: str, url: str, contact: str | None, message: str, places: tuple[Path, Path], now: datetime
) -> None:
    with pytest.raises(CollectError, match=message) as caught:
        new_source(name, url, now, None, contact, *places)
    assert not isinstance(caught.value, SiteError)


def test_try_shows_ten_items_as_a_run_takes_them_and_keeps_nothing(
    tmp_path: Path, now: datetime, make_post: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    posts = [make_post("henan_gov", n, author="周示例") for n in range(25)]
    with serve_replica(posts, faults=[Fault("status", 404, path="/5000019.html")]) as replica:
        trial = try_source("henan_gov", now, replica.base_url)
        asked = len(replica.asked)
    assert (trial.state, trial.reason, len(trial.items)) == ("done", None, 10)
    assert trial.refused == ({"reason": "HTTP 404", "url": trial.refused[0]["url"]},)
    assert "5000019" in trial.refused[0]["url"]
    newest = sorted((post["published_at"] for post in posts if "5000019" not in post["native_id"]), reverse=True)
    assert [item.published_at for item in trial.items] == newest[:10]
    assert {(item.by, item.missing, item.origin) for item in trial.items} == {("rules", (), "本站")}
    assert asked <= 15, "robots.txt, two lists, eleven articles, one on its way"
    assert not list(tmp_path.iterdir())


def test_try_says_what_is_missing_and_why_it_stopped(
    tmp_path: Path, now: datetime, make_post: Callable[..., dict[str, Any]]
) -> None:
    with serve_replica([make_post("people_com_cn", n, native_id=f"c351638-{n}") for n in range(3)]) as replica:
        shown = try_source("people_com_cn", now, replica.base_url)
        replica.set_faults(Fault("status", 432, path="/n2/", after=1))
        stopped = try_source("people_com_cn", now, replica.base_url)
    with serve_replica([make_post("weibo", 1, author="示例发布", title=None)]) as replica:
        (post,) = try_source("weibo", now, replica.base_url).items
    assert (post.title, post.begins[:6], post.missing) == (None, "示例区青石路", ())
    assert len(shown.items) == 3
    assert json.loads(json.dumps(shown.to_json()))["items"][0]["missing"] == list(shown.items[0].missing)
    assert (stopped.state, stopped.reason, len(stopped.items)) == ("stopped", "no valid session (HTTP 432)", 1)
    with pytest.raises(CollectError, match="contact"):
        try_source("people_com_cn", now)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip))
def test_whatever_a_page_is_called_what_is_written_can_be_read(title: str, now: datetime, tmp_path: Path) -> None:
    found = propose_list(parse_page(ROWS), "http://www.a.gov.cn/list/", now)
    assert found is not None
    page = "<h1>标题</h1><div id='text'>" + "一段示例正文，说明情况。" * 9
    article = propose_article(page.encode(), None, None, "", now)
    shown = clean(title).replace("\n", " ") or "x"
    source = NewSource("a_gov", shown, "http://www.a.gov.cn/list/", ("www.a.gov.cn",), 3, None, found, article, "无")
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    write_source(source, folder, folder / "none", {}, now)
    value = yaml.safe_load((folder / "a_gov" / "source.yml").read_text(encoding="utf-8"))
    assert str(value["title"]) == shown.strip()
    for name in ("spider.py", "__init__.py"):
        compile((folder / "a_gov" / name).read_bytes(), name, "exec")


def _page(rows: str) -> Any:
    return parse_page(f'<html><body><div class="nav"><a href="/2026/">2026年专题</a></div>{rows}</body></html>')


ROWS = "".join(f"<li><a href='/c/{n}.html'>第{n}篇示例新闻的标题</a></li>" for n in range(100, 104))


def _propose(rows: str, now: datetime) -> ListProposal:
    found = propose_list(_page(rows), "http://www.a.gov.cn/list/", now)
    assert found is not None
    return found


def test_a_list_is_told_from_pictures_keywords_and_hot_lists(now: datetime) -> None:
    row = (
        '<div class="item"><a class="pic" href="/c/2026/{0}01.html"><img></a>'
        '<h3><a href="/c/2026/{0}01.html">第{0}篇关于供水供暖的答复与说明</a></h3>'
        '<div class="kw"><a href="/kw/{0}00.html">供水</a></div><em class="when">2026-11-{0}</em></div>'
    )
    rows = "".join(row.format(n) for n in range(10, 20))
    hot = "".join(f'<p class="hot"><a href="/c/2026/{n}01.html">第{n}篇</a></p>' for n in range(30, 36))
    found = _propose(f'<div class="side">{hot}</div><div class="main">{rows}</div>', now)
    assert found.rules == {"entry": "div.item", "link": "h3 a", "date": "em"}
    assert (len(found.links), found.dated, found.agreement) == (10, 10, 1.0)
    assert found.links[0].text == "第10篇关于供水供暖的答复与说明"


def test_a_page_without_a_list_gives_none(now: datetime) -> None:
    assert propose_list(_page('<a href="/a/2026001.html">仅有一篇文章的页面</a>'), "http://www.a.gov.cn/", now) is None
    assert propose_list(parse_page(""), "http://www.a.gov.cn/", now) is None


@pytest.mark.shared
def test_rules_proposed_on_one_real_page_read_the_site_s_others(shared: Path, now: datetime) -> None:
    """As for a site that nobody knows: without the rules of its own that ``page_rules`` has (measurements.md)."""
    sites: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in gold_pages(shared / "pages"):
        sites[entry["site"]].append(entry)
    first, others, ruled = [], [], 0
    for entries in sites.values():
        without = site_of(address_of(entries[0]))
        pages = [(shared / "pages" / entry["file"]).read_bytes() for entry in entries]
        found = propose_article(pages[0], None, None, entries[0]["title"] or "", now, without)
        ruled += bool(found.rules.body)
        first.append(likeness(found.found.text, entries[0]["body"]))
        for entry, page in zip(entries[1:], pages[1:], strict=True):
            text = extract_page(page, None, None, found.rules, now, without).text
            others.append(likeness(text, entry["body"]))
    assert len(first) >= 25
    assert len(others) >= 25
    assert ruled >= 0.9 * len(first)
    assert sum(first) / len(first) >= 0.985
    assert min(first) >= 0.95
    assert sum(others) / len(others) >= 0.96


# Number of entries and their element, counted by hand on the page.
REAL_LISTS = {
    "GeneralNewsExtractor__test_list_page_163_1.html": (27, "div.data_row.news_article"),
    "GeneralNewsExtractor__test_list_page_163_2.html": (52, "div.data_row.news_article"),
    "GeneralNewsExtractor__test_list_page_netease_forum_1.html": (37, "#threadlisttableid tbody"),
    "GerapyAutoExtractor__samples_list_dfa66_announcement.html": (10, "ul.glist.fxq li"),
    "GerapyAutoExtractor__samples_list_netease_rolling_news.html": (40, "ul.list_txt li"),
    "GerapyAutoExtractor__samples_list_rtfund_xxpl.html": (15, "#expertList1 li"),
    "GerapyAutoExtractor__samples_list_tencent_important_news.html": (8, "div.channel_mod li.item.cf"),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL_LISTS)
def test_on_real_lists_the_list_is_found(name: str, shared: Path, now: datetime) -> None:
    body = (shared / "pages" / "lists" / name).read_bytes()
    hosts = {"netease_forum": "n.netease.com", "dfa66": "www.dfa66.com", "rtfund": "trade.rtfund.com"}
    host = next((host for part, host in {**hosts, "tencent": "new.qq.com"}.items() if part in name), "news.163.com")
    found = propose(body, None, f"https://{host}/list/index.html", now)
    assert found is not None
    assert (len(found.links), found.rules["entry"]) == REAL_LISTS[name]
    assert found.dated == len(found.links)
