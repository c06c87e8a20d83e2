from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.errors import CollectError, SourceMistakes
from crawlers.run import check_allowed, collect
from crawlers.source_folder import FOLDER, find_source, load_sources
from crawlers.worker import spider_class

WAYS_TO_BE_WRONG: list[tuple[dict[str, Any], str]] = [
    ({"rythm": 5}, "henan_gov/source.yml: rythm: found 5: no such key; did you mean rhythm_minutes?"),
    ({"zzz": 5}, "henan_gov/source.yml: zzz: found 5: no such key here; take it out"),
    ({"assesment": {}}, "henan_gov/source.yml: assesment: found {}: no such key; did you mean assessment?"),
    ({"list": {"entri": "li"}}, "henan_gov/source.yml: list.entri: found 'li': no such key; did you mean entry?"),
    ({"list": {"json_rows": {"rows": "a", "url": "b", "dat": "c"}}}, "list.json_rows.dat: found 'c': no such key; did"),
    ({"contact": "待填写"}, "henan_gov/source.yml: contact: found 待填写: write the office's mail or web address"),
    ({"shape": "rss"}, "henan_gov/source.yml: : found"),
    ({"hosts": []}, "henan_gov/source.yml: hosts: found"),
    ({"hosts": ["127.0.0.1"]}, "no public host name"),
    ({"hosts": ["WWW.henan.gov.cn:80"]}, "no public host name"),
    ({"start": ["https://elsewhere.example/"]}, "its host is not in hosts"),
    ({"rhythm_minutes": 0}, "henan_gov/source.yml: rhythm_minutes: found 0"),
    ({"delay_seconds": 0}, "henan_gov/source.yml: delay_seconds: found 0"),
    ({"id": "other"}, "write the folder's name"),
    ({"native_id": r"\d+"}, "no group in it"),
    ({"list": {"leads_to": {"pattern": "ds", "url": "/ds_{}.json"}}}, "list.leads_to.pattern: found 'ds': no group"),
    ({"list": {"leads_to": {"pattern": "(ds)", "url": "/ds.json"}}}, "list.leads_to.url: found '/ds.json'"),
    ({"native_id": "("}, "not a regular expression"),
    ({"expected": {"min": 5, "max": 2}}, "min is above max"),
    ({"paging": {"by": "count"}}, "css belongs to"),
    ({"assessment": {"by": "甲"}}, "henan_gov/source.yml: assessment.date: found nothing: write this key"),
    ({"contact": "nobody"}, "henan_gov/source.yml: contact: found 'nobody'"),
    ({"needs_permission": True}, "enabled without permission"),
    ({"needs_permission": True, "permission": "同意"}, "permission has no number in it"),
]


def test_every_source_of_the_folder_is_right() -> None:
    sources = load_sources()
    assert len(sources) >= 6
    assert not sources["weibo"].enabled
    assert sources["weibo"].needs_permission
    for source in sources.values():
        assert spider_class(source).name == source.id
        assert spider_class(source).__module__ == f"crawlers.sources.{source.id}.spider"


def test_boards_below_need_a_dictionary_on_a_host_of_the_source() -> None:
    below = {"forums": [{"fid": 14, "name": "浙江", "with_children": True}]}
    with pytest.raises(SourceMistakes, match="with_children needs dictionaries"):
        load_sources(overrides={"people_board": below})
    elsewhere = {**below, "dictionaries": ["https://elsewhere.example/forum_data_1.jsonp"]}
    with pytest.raises(SourceMistakes, match="its host is not in hosts"):
        load_sources(overrides={"people_board": elsewhere})


@pytest.mark.parametrize(("change", "message"), WAYS_TO_BE_WRONG)
def test_a_mistake_says_file_path_found_and_what_to_write(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SourceMistakes) as caught:
        load_sources(overrides={"henan_gov": change})
    assert message in str(caught.value)


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    for name in ("gov_cn", "henan_gov", "weibo"):
        shutil.copytree(FOLDER / name, tmp_path / name)
    (tmp_path / "weibo" / "source.yml").write_text("id: [", encoding="utf-8")
    (tmp_path / "henan_gov" / "spider.py").unlink()
    value = yaml.safe_load((tmp_path / "gov_cn" / "source.yml").read_text(encoding="utf-8"))
    (tmp_path / "gov_cn" / "source.yml").write_text(yaml.safe_dump({**value, "kind": "blog", "x": 1}), encoding="utf-8")
    with pytest.raises(SourceMistakes) as caught:
        load_sources(tmp_path, {"nobody": {}})
    text = str(caught.value)
    assert len(caught.value.mistakes) == 5
    for part in ("gov_cn/source.yml: kind", "gov_cn/source.yml: x", "henan_gov/spider.py", "not readable as YAML"):
        assert part in text
    assert "sources.yml: nobody: no such source" in text


def test_an_unknown_source_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CollectError, match=r"write one of .*gov_cn, henan_fgw"):
        collect("nobody", tmp_path, tmp_path)


def test_the_open_network_wants_permission_and_a_real_contact(tmp_path: Path) -> None:
    weibo, board = find_source("weibo"), find_source("people_board")
    with pytest.raises(CollectError, match="permission"):
        check_allowed(weibo, None)
    with pytest.raises(CollectError, match="permission"):
        check_allowed(weibo, "https://m.weibo.cn")
    with pytest.raises(CollectError, match="contact"):
        check_allowed(board, None)
    with pytest.raises(CollectError, match="--base-url"):
        check_allowed(board, "127.0.0.1:80")
    for base_url in ("http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:80"):
        check_allowed(weibo, base_url)
    assert not list(tmp_path.iterdir())


def test_every_ready_source_is_asked_as_often_as_its_site_allows() -> None:
    """Every five minutes; every fifteen where robots.txt asks for a Crawl-delay or the file says why."""
    ready = [source for source in load_sources().values() if source.enabled]
    assert len(ready) >= 10
    for source in ready:
        slower = source.robots_delay_seconds is not None or source.rhythm_reason is not None
        assert source.rhythm_minutes <= (15 if slower else 5), source.id
    assert sum(source.rhythm_minutes <= 5 for source in ready) >= 8


def test_the_assessment_speaks_of_the_rhythm_that_is_kept() -> None:
    sources = load_sources()
    checked = [source for source in sources.values() if source.enabled]
    assert checked
    for source in checked:
        effect = source.assessment.effect
        assert f"每 {source.rhythm_minutes} 分钟" in effect, source.id
        told = [int(number) for number in re.findall(r"每日 (\d+) 次", effect)]
        lists = source.usual_requests() * 24 * 60 // source.rhythm_minutes
        # What the platform lets the office ask is counted by the platform, and maps are named by their index.
        if source.shape not in ("open_api", "sitemap"):
            assert told[0] in (lists, 2 * lists if source.id == "news_cn" else lists), (source.id, lists)
        deep = source.walk.deep
        if deep is not None:
            per_list = source.usual_requests() // source.walk.usual
            more = (deep.pages - source.walk.usual) * per_list * 24 * 60 // deep.minutes
            assert f"另加 {more} 次" in effect, source.id
