"""``huiying route test``: the examples of ``routing.yml`` run, and what can be said of the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from casework.config import build
from casework.config.checks import routing_classes
from casework.config.examples import DAY, routing_example
from casework.config.files import Files, read_files
from casework.domain.departments import answering
from casework.domain.office import Office
from casework.domain.routing import BASES, route
from casework.domain.rule_study import Finding, study, unrouted
from casework.domain.times import SHANGHAI

WRONG = ("contradicts", "shadowed", "never", "class", "district")
"""Findings after which the command ends with 1; the others are remarks."""
WORDS = {
    "contradicts": "互相矛盾",
    "shadowed": "被遮住",
    "never": "永不适用",
    "partly": "部分被遮住",
    "unproved": "没有样例",
    "class": "类别没有承办单位",
    "district": "区县没有承办单位",
}


def examine(folder: Path, office: Office, now: datetime) -> dict[str, Any]:
    """``{"examples", "failed": [text], "findings": [{"kind", "rule", "line", "by", "detail"}], "ok"}``.

    ``kind``: contradicts, shadowed, never, partly (remark), unproved (remark: no example reaches the rule), class,
    district. ``line`` is that of the rule in ``routing.yml``; null for a class or district.
    """
    day = now.astimezone(SHANGHAI).date()
    files = read_files(folder)
    assert files.routing is not None  # the office was read from the same folder
    failed, reached = [], set()
    for index, example in enumerate(files.routing.examples):
        wrong = list(routing_example(files, office, index, example))
        failed += [str(files.folder.with_line(mistake)) for mistake in wrong]
        reached.add(route(build.facts(example.facts, office.region), office.routing, example.on or DAY).rule)
    found = [*study(office.routing, day), *_unproved(office, reached), *_left_out(files, office, day)]
    rows = [{**asdict(one), "line": _line(files, one.rule)} for one in sorted(found, key=_place)]
    ok = not failed and not any(row["kind"] in WRONG for row in rows)
    return {"examples": len(files.routing.examples), "failed": failed, "findings": rows, "ok": ok}


def _place(finding: Finding) -> int:
    return list(WORDS).index(finding.kind)


def _unproved(office: Office, reached: set[str | None]) -> Iterator[Finding]:
    for rule in office.routing.ordered():
        if rule.id not in reached:
            yield Finding("unproved", rule.id, (), "没有一个样例由本条决定")


def _left_out(files: Files, office: Office, day: date) -> Iterator[Finding]:
    assert files.routing is not None  # see above
    by_hand = files.routing.by_hand
    for name, label in unrouted(office.routing, routing_classes(files), day):
        if label not in by_hand.get(name, ()):  # type: ignore[call-overload]
            detail = f"没有规则适用于“{label}”，会转值班台；有意由人工确定的，写进 by_hand"
            yield Finding("class", f"{name}:{label}", (), detail)
    for code, place in _districts(office):
        if not answering([code], office.routing.departments, day):
            yield Finding("district", code, (), f"{place}没有负责的单位，请在 departments.yml 写上它的区划代码")


def _districts(office: Office) -> list[tuple[str, str]]:
    """(code, name) of the districts and counties inside the office's region."""
    from nlp.divisions import read_divisions

    home = build.home(office.region)
    return [(one.code, one.name) for one in read_divisions() if len(one.code) == 6 and one.code.startswith(home)]


def _line(files: Files, rule: str) -> int | None:
    assert files.routing is not None  # see above
    for index, entry in enumerate(files.routing.rules):
        if entry.id == rule:
            return files.line("routing.yml", ("rules", index))
    return None


def told(found: dict[str, Any]) -> Iterator[str]:
    """The findings for people."""
    yield f"样例 {found['examples']} 个，不符 {len(found['failed'])} 处；规则先后：{' > '.join(BASES)}"
    yield from found["failed"]
    unproved = [row["rule"] for row in found["findings"] if row["kind"] == "unproved"]
    if unproved:
        yield f"提示：{len(unproved)} 条规则没有样例，请各补一个：{'、'.join(unproved)}"
    for row in found["findings"]:
        if row["kind"] == "unproved":
            continue
        where = f"routing.yml:{row['line']} " if row["line"] else ""
        mark = "" if row["kind"] in WRONG else "提示："
        yield f"{mark}{where}{row['rule']} {WORDS[row['kind']]}：{row['detail']}"
    yield "规则没有问题。" if found["ok"] else "请按以上各条修改 routing.yml 或 departments.yml。"
