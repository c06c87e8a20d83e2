"""What is wrong with a source is said with its place and what to do, and the run's other sources go on."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawlers.errors import SourceMistakes
from crawlers.replica import Fault, serve_replica
from crawlers.replica.server import serve_sites
from crawlers.replica.site import NOT_FOUND, Answer, Ask
from crawlers.replica.sites import make_sites
from crawlers.run import CollectResult, collect
from crawlers.source_folder import FOLDER, find_source, read_sources, switched_off, to_collect

Make = Callable[..., dict[str, Any]]
LISTS = ("/yaowen/index.htm", "/lianbo/bumen/index.htm")
ARTICLE = "/yaowen/liebiao/202611/content_7000001.htm"
PAGE = f'<div class="news_box"><div class="list"><ul><li><a href="{ARTICLE}">一条示例新闻</a></li></ul></div></div>'
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
JSON_LIST = b'{"rows": [{"url": "/1.html"}]}'


class Pages:
    """A site of fixed answers."""

    source = "gov_cn"
    hosts: tuple[str, ...] = ("www.gov.cn",)

    def __init__(self, lists: Answer, article: Answer = NOT_FOUND) -> None:
        self._answers = {**dict.fromkeys(LISTS, lists), ARTICLE: article}

    def answer(self, ask: Ask) -> Answer:
        return self._answers.get(ask.path, NOT_FOUND)


def _away(host: str) -> Answer:
    return Answer(b"", status=302, headers={"Location": f"https://{host}/other.html"})


def _collect(
    site: Pages, folder: Path, now: datetime, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[CollectResult, list[str]]:
    with serve_sites([site]) as replica:
        result = collect("gov_cn", folder, folder / "state", replica.base_url, now=now, overrides=overrides)
    refused = [json.loads(line) for file in folder.glob("*.quarantine.jsonl") for line in file.open(encoding="utf-8")]
    return result, [row["reason"] for row in refused]


LIST_OF = Answer(f"<html><body>{PAGE}</body></html>".encode())
ENTRY = {"gov_cn": {"list": {"entry": ".nowhere li"}}}
NO_LINK = {"gov_cn": {"list": {"entry": ".news_box li", "link": "a.title"}}}
STOPS: dict[str, tuple[Pages, dict[str, Any] | None, tuple[str, ...]]] = {
    "entry finds nothing": (
        Pages(LIST_OF),
        ENTRY,
        ("list.entry '.nowhere li' in gov_cn/source.yml finds 0 elements", "huiying source try gov_cn", LISTS[1]),
    ),
    "link finds nothing": (
        Pages(LIST_OF),
        NO_LINK,
        ("list.entry '.news_box li' in gov_cn/source.yml finds 1 elements", "list.link 'a.title'"),
    ),
    "list leads away": (
        Pages(_away("elsewhere.example")),
        None,
        (
            "https://www.gov.cn/yaowen/index.htm leads to https://elsewhere.example/",
            "not in hosts of gov_cn/source.yml",
        ),
    ),
    "list is a picture": (Pages(Answer(PICTURE)), None, ("the answer is a picture, not a page",)),
    "list is JSON": (
        Pages(Answer(JSON_LIST)),
        None,
        ("the answer is JSON, not a page; write list.json_rows in gov_cn/",),
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_a_list_that_gives_nothing_says_which_rule_or_address_and_what_to_do(
    name: str, tmp_path: Path, now: datetime
) -> None:
    site, overrides, parts = STOPS[name]
    result, _ = _collect(site, tmp_path, now, overrides)
    assert (result.state, result.new) == ("stopped", 0)
    for part in parts:
        assert part in str(result.reason)


EMPTY = Answer(b"<html><body><div id='UCAP-CONTENT'></div></body></html>")
REFUSALS: dict[str, tuple[Answer, str]] = {
    "no text": (EMPTY, "article.body '#UCAP-CONTENT', '.pages_content' in gov_cn/source.yml finds none either"),
    "a PDF": (Answer(b"%PDF-1.7\n" + bytes(range(128, 256)) * 20, "text/html"), "the answer is a PDF file, not a page"),
    "leads away": (_away("elsewhere.example"), "leads to https://elsewhere.example/other.html"),
    "cut": (Answer(b"", status=500), "HTTP 500"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_an_article_that_gives_nothing_is_put_aside_with_its_reason(name: str, tmp_path: Path, now: datetime) -> None:
    article, reason = REFUSALS[name]
    result, reasons = _collect(Pages(LIST_OF, article), tmp_path, now)
    assert (result.state, result.new, result.quarantined, len(reasons)) == ("done", 0, 1, 1)
    assert reason in reasons[0]


def test_an_answer_of_another_type_than_it_says_is_read_by_its_bytes(tmp_path: Path, now: datetime) -> None:
    text = "示例部门十一月二十日发布通知，要求各地做好冬季供暖保障工作，及时回应群众反映的问题。" * 2
    page = f"<html><body><h1>示例通知</h1><div id='UCAP-CONTENT'><p>2026-11-20 10:00 {text}</p></div></body></html>"
    article = Answer(page.encode(), "image/png")
    result, reasons = _collect(Pages(Answer(LIST_OF.body, "application/octet-stream"), article), tmp_path, now)
    assert (result.state, result.new, reasons) == ("done", 1, [])


def test_a_site_that_is_not_there_is_said_in_words(tmp_path: Path, now: datetime) -> None:
    real = {"gov_cn": {"contact": "xinwen@office.invalid"}}
    refused = collect("gov_cn", tmp_path, tmp_path / "state", "http://127.0.0.1:9", now=now)
    unknown = collect("gov_cn", tmp_path, tmp_path / "state", "http://no-host.invalid", now=now, overrides=real)
    assert (refused.state, unknown.state) == ("stopped", "stopped")
    assert "https://www.gov.cn cannot be had: not reachable: connection refused" in str(refused.reason)
    assert "not reachable: no such host; check its spelling" in str(unknown.reason)


def _certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "site.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return file


def test_a_certificate_that_nobody_vouches_for_closes_the_site(
    tmp_path: Path, now: datetime, make_post: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    with serve_sites(make_sites([make_post("gov_cn", 1)]), tls=tls) as replica:
        assert replica.base_url.startswith("https://")
        closed = collect("gov_cn", tmp_path / "1", tmp_path / "1", replica.base_url, now=now)
        assert replica.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        trusted = collect("gov_cn", tmp_path / "2", tmp_path / "2", replica.base_url, now=now)
    assert (closed.state, closed.new) == ("stopped", 0)
    assert "https://www.gov.cn cannot be had: not reachable: its certificate is not valid" in str(closed.reason)
    assert (trusted.state, trusted.new) == ("done", 1)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with a typo in what it changes of one source."""
    folder = tmp_path / "office"
    folder.mkdir()
    root = FOLDER.parents[1] / "config"
    for path in root.rglob("*"):
        target = folder / path.relative_to(root)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.write_bytes(path.read_bytes())
    wrong = {"sources": {"gov_cn": {"walk": {"usal": 1}}}}
    (folder / "sources.yml").write_text(yaml.safe_dump(wrong), encoding="utf-8")
    return folder


def test_a_typo_in_one_source_leaves_the_others_of_the_run_alone(
    office: Path, tmp_path: Path, now: datetime, make_post: Make
) -> None:
    posts = [make_post("henan_gov", n) for n in range(3)]
    command = [sys.executable, "-P", "-m", "pipeline.cli", "collect", "gov_cn", "henan_gov", "--json"]
    with serve_replica(posts, faults=[Fault("status", 404, path="/mtsj/")]) as replica:
        command += ["--base-url", replica.base_url, "--config", str(office), "--store", f"sqlite:///{tmp_path}/h.db"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER.parents[1], check=False)
    assert done.returncode == 3, done.stderr
    found = json.loads(done.stdout)["stages"]["collect"]
    assert (found["henan_gov"]["state"], found["henan_gov"]["new"]) == ("done", 3)
    assert found["gov_cn"]["state"] == "failed"
    assert found["gov_cn"]["reason"] == "gov_cn/source.yml: walk.usal: found 1: no such key; did you mean usual?"
    assert "Traceback" not in done.stderr


def test_a_run_says_the_mistakes_of_sources_that_are_switched_on() -> None:
    typo = {"walk": {"usal": 1}}
    overrides = {"gov_cn": typo, "news_pages": typo, "nobody": {"enabled": True}}
    sources, mistakes = read_sources(overrides=overrides)
    assert sorted(mistakes) == ["gov_cn", "news_pages", "nobody"]
    assert "henan_gov" in sources
    asked = to_collect(overrides)
    assert {"gov_cn", "henan_gov", "nobody"} <= set(asked)
    assert "news_pages" not in asked
    assert switched_off("news_pages", overrides=overrides)
    assert not switched_off("nobody", overrides=overrides)
    assert find_source("henan_gov", overrides).id == "henan_gov"
    with pytest.raises(SourceMistakes, match="did you mean usual"):
        find_source("gov_cn", overrides)
    with pytest.raises(SourceMistakes, match="not a CSS selector"):
        find_source("gov_cn", {"gov_cn": {"list": {"entry": "li["}}})
