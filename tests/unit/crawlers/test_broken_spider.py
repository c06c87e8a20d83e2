"""A spider that cannot be read is named with its file and line, by the check and by the crawl, without a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from crawlers.settings import crawl_settings
from crawlers.source_folder import FOLDER, find_source, read_sources
from crawlers.worker import broken_spider

BROKEN = {
    "syntax": ("class Spider(:\n    pass\n", "line 1: invalid syntax: correct the spider"),
    "no class": ("x = 1\n", ": no class Spider: derive one from a class of crawlers.base"),
    "not text": ("x = '\0'\n", "correct the spider"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_check_names_file_and_line(name: str, tmp_path: Path) -> None:
    text, said = BROKEN[name]
    shutil.copytree(FOLDER / "gov_cn", tmp_path / "gov_cn")
    shutil.copytree(FOLDER / "news_cn", tmp_path / "news_cn")
    (tmp_path / "gov_cn" / "spider.py").write_text(text, encoding="utf-8")
    sources, mistakes = read_sources(tmp_path)
    assert list(sources) == ["news_cn"]
    (line,) = mistakes["gov_cn"]
    assert line.startswith("gov_cn/spider.py: ")
    assert said in line


def test_every_spider_shipped_passes_the_check() -> None:
    sources, mistakes = read_sources()
    assert len(sources) > 10
    assert mistakes == {}


def test_an_import_that_fails_names_the_line_of_the_spider(tmp_path: Path) -> None:
    file = tmp_path / "gov_cn" / "spider.py"
    file.parent.mkdir()
    file.write_text("import json\n\nimport no_such_library\n", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError) as raised:
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), {})
    error = broken_spider("gov_cn", raised.value)
    assert str(error) == (
        "gov_cn/spider.py: line 3: ModuleNotFoundError: No module named 'no_such_library': correct the spider"
    )


def test_a_crawl_of_the_open_network_is_set_up_without_a_word_of_old_settings() -> None:
    program = (
        "from crawlers.settings import crawl_settings\n"
        "from crawlers.source_folder import find_source\n"
        "from scrapy.core.downloader import Downloader\n"
        "from scrapy.utils.test import get_crawler\n"
        "made = Downloader(get_crawler(settings_dict=crawl_settings(find_source('gov_cn'), None)))\n"
        "print(made.settings.getfloat('DOWNLOAD_DELAY'))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False, timeout=120
    )
    assert (ran.stdout.strip(), ran.returncode) == ("3.0", 0), ran.stderr
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert crawl_settings(find_source("gov_cn"), None)["DOWNLOAD_DELAY_JITTER"] == 0
