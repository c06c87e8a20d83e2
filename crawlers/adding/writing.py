"""The files of a new source: ``spider.py``, ``source.yml``, and the recording for the recorded-page tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from casework.domain.times import SHANGHAI
from crawlers.adding.article import ArticleProposal
from crawlers.adding.proposal import ListProposal
from crawlers.errors import CollectError
from crawlers.source_blanks import BLANK, fill_blanks
from crawlers.source_model import source_from

RECORDED = Path(__file__).resolve().parents[2] / "tests" / "recorded"
CASE = "list_and_article"
_BASES = {
    "article_list": ("article_list", "ArticleListSpider"),
    "feed": ("feed", "FeedSpider"),
    "sitemap": ("sitemap", "SitemapSpider"),
}
"""Module and class that read a shape."""
_SPIDER = '''"""{title}."""

from __future__ import annotations

from crawlers.base.{module} import {base}


class Spider({base}):
    """All in source.yml."""

    name = "{name}"
'''


@dataclass(frozen=True, slots=True)
class NewSource:
    """All that is known of a source that is to be written."""

    name: str
    title: str
    start: str
    hosts: tuple[str, ...]
    delay_seconds: float
    contact: str | None
    listing: ListProposal
    article: ArticleProposal
    robots: str
    """What robots.txt asks for, in words."""
    feeds: tuple[str, ...] = ()
    """Feeds that the list page names."""


def source_yml(source: NewSource, now: datetime) -> str:
    """The text of ``source.yml``: what was found, each with how it was found, and what a person must write."""
    found = source.listing
    lines = [
        f"# huiying source new 于 {now.astimezone(SHANGHAI):%Y-%m-%d} 生成。",
        f"# 标“{BLANK}”的由人填写，填完 huiying config check 才通过。",
        f"# 编码 {source.article.encoding}，自动识别，不必填写。",
        f"id: {source.name}",
        f"title: {_quoted(source.title)}  # 网站和栏目的名称，可改",
        "kind: news",
        f"shape: {found.shape}",
        f"hosts: [{', '.join(source.hosts)}]",
        "start:",
        f"  - {_quoted(source.start)}",
        "rhythm_minutes: 15",
        "enabled: false  # 试过、评估过之后改为 true",
        f"contact: {_quoted(source.contact or BLANK)}  # 本单位的邮箱或网址，会告诉对方网站",
        f"delay_seconds: {source.delay_seconds:g}  # {source.robots}",
    ]
    if found.native_id:
        lines.append(f"native_id: {_quoted(found.native_id)}  # 每篇一个，{len(found.links)} 篇互不相同")
    if found.rules:
        lines += ["list:", *_keys(found.rules)]
        lines[-1] += f"  # 本页 {len(found.links)} 篇，{found.dated} 篇旁边有日期"
    if found.paging:
        lines += ["paging:", *_keys(found.paging)]
    lines += _article_lines(source.article)
    lines += [
        "assessment:  # 网络数据安全管理条例 第十八条",
        f"  by: {BLANK}  # 评估人",
        f'  date: {BLANK}  # 评估日期，写作 "{now.astimezone(SHANGHAI):%Y-%m-%d}"',
        f"  effect: {BLANK}  # 每日请求次数、流量，为何不影响网站运行",
        f"  personal_data: {BLANK}  # 页面上有哪些个人信息，哪些不入库",
        "expected: {min: 1, max: 20000}",
        "walk: {usual: 1, most: 100, recheck_hours: 72}",
    ]
    return "\n".join(lines) + "\n"


def _article_lines(article: ArticleProposal) -> list[str]:
    rules = {name: value[0] for name, value in article.rules.model_dump().items() if value}
    if not rules:
        return []
    lines = ["article:"]
    for name, selector in rules.items():
        lines.append(f"  {name}: [{_quoted(selector)}]")
    return lines


def _keys(values: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, value in values.items():
        inner = value if isinstance(value, str) else {key: _quoted(str(held)) for key, held in value.items()}
        shown = (
            _quoted(inner) if isinstance(inner, str) else "{" + ", ".join(f"{k}: {v}" for k, v in inner.items()) + "}"
        )
        lines.append(f"  {name}: {shown}")
    return lines


def _quoted(value: str) -> str:
    if re.fullmatch(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff-]*", value) and value.lower() not in _WORDS:
        return value
    return "'" + value.replace("'", "''") + "'"


_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "null", "y", "n"])


def recording(source: NewSource, exchanges: list[dict[str, Any]], bodies: list[bytes]) -> dict[str, bytes]:
    """Files of the recording by name. The recorded walk is the one that was made: to one article."""
    article = f"^{re.escape(exchanges[-1]['url'])}$"
    rules = {**source.listing.rules, "article": article}
    if len(exchanges) > 2:
        rules["maps"] = f"^{re.escape(exchanges[1]['url'])}$"
    if source.listing.shape == "sitemap":
        # The day of the recording moves away; its entries stay.
        rules["newest_days"] = 36500
    ending = {"article_list": "json" if "json_rows" in rules else "html"}.get(source.listing.shape, "xml")
    names = [*(f"list_{place}.{ending}" for place in range(1, len(exchanges))), "article.html"]
    rows = [
        {"url": exchange["url"], "file": name, "content_type": exchange["content_type"]}
        for exchange, name in zip(exchanges, names, strict=True)
    ]
    value = {
        "overrides": {"list": rules, "walk": {"usual": 1, "most": len(exchanges) - 1}},
        "exchanges": [{key: held for key, held in row.items() if held} for row in rows],
    }
    files = {"exchanges.json": (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()}
    files |= dict(zip(names, bodies, strict=True))
    return {f"{CASE}/{name}": body for name, body in files.items()}


def spider_py(source: NewSource) -> str:
    """The text of ``spider.py``."""
    title = source.title.replace("\\", "").replace('"', "'")
    module, base = _BASES[source.listing.shape]
    return _SPIDER.format(title=title, name=source.name, module=module, base=base)


def write_source(
    source: NewSource, folder: Path, recorded: Path, files: Mapping[str, bytes], now: datetime
) -> list[Path]:
    """Write all files, or none. Answers their paths. Raises CollectError; nothing is ever overwritten."""
    title = source.title.replace("\\", "").replace('"', "'")
    code = {
        "__init__.py": f'"""{title}."""\n'.encode(),
        "spider.py": spider_py(source).encode(),
        "source.yml": source_yml(source, now).encode(),
    }
    _check_readable(code["source.yml"])
    target, case = folder / source.name, recorded / source.name
    free(source.name, folder, recorded)
    try:
        with _folder(case, files) if recorded.is_dir() else _nothing(), _folder(target, code):
            pass
    except OSError as error:
        raise CollectError(str(target), "", error.strerror or str(error), "make the folder writable") from None
    written = [target / name for name in code]
    return written + ([case / name for name in files] if recorded.is_dir() else [])


def _check_readable(text: bytes) -> None:
    """What is written must be read again once its blanks are filled. Raises CollectError."""
    try:
        source_from(fill_blanks(yaml.safe_load(text))[0])
    except (ValueError, yaml.YAMLError) as error:
        found = f"cannot be read again ({' '.join(str(error).split())[:200]})"
        raise CollectError(
            "source.yml", "", found, "nothing was written; add this source by hand, and report it"
        ) from None


def free(name: str, folder: Path, recorded: Path) -> None:
    """Raises CollectError where a source or a recording of that name is there."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", name):
        raise CollectError(name, "", "no name of a source", "write small letters, digits and _, a letter first")
    for place in (folder / name, recorded / name):
        if place.exists():
            raise CollectError(str(place), "", "is there already", "choose another name, or remove it first")


@contextmanager
def _folder(target: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Make the folder beside its place and give it its name in one step; gone again where what follows fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, body in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_bytes(body)
        made.chmod(0o755)
        os.rename(made, target)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise
    try:
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


@contextmanager
def _nothing() -> Iterator[None]:
    yield
