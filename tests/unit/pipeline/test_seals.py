"""Seals: what is changed, taken out or cut off after one is seen, also by who computes all hashes anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from casework.domain import audit
from casework.domain.merkle import Head, root
from casework.records import AuditEntry
from pipeline import seals
from pipeline.audit import verify
from pipeline.errors import CallError
from pipeline.settings import ROOT, Settings, settings
from pipeline.wiring import Context
from tests.unit.dashboards.making import NOW, make_case


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """A store with two cases and three entries of the log; its working folder is the test's own."""
    made = settings(f"sqlite:////{str(tmp_path / 'huiying.db').lstrip('/')}", ROOT / "config")
    joined = Context(replace(made, var=tmp_path / "var"))
    joined.store.create_cases([make_case(joined, number) for number in (1, 2)])
    for number in range(3):
        joined.store.append_audit(AuditEntry(NOW, "zhang", "viewed", f"case:{number}"))
    yield joined
    joined.close()


def _file(context: Context) -> sqlite3.Connection:
    return sqlite3.connect(context.settings.store.removeprefix("sqlite:///"))


def _faults(context: Context) -> list[str]:
    return [f"{one['where']}: {one['why']}" for one in verify(context.store, context.settings)["broken"]]


def test_what_grew_since_is_no_fault_and_each_seal_follows_the_one_before(context: Context) -> None:
    assert verify(context.store, context.settings)["seals"] == 0
    first = seals.seal(context.store, context.settings, NOW)
    assert (first["chains"], first["changed"], first["gone"]) == (3, 3, 0)
    context.store.append_audit(AuditEntry(NOW, "zhang", "viewed", "case:9"))
    second = seals.seal(context.store, context.settings, NOW + timedelta(days=1))
    assert (second["chains"], second["changed"]) == (3, 1)
    found = verify(context.store, context.settings)
    assert (found["ok"], found["seals"]) == (True, 2)
    # The log of acts has four entries, each case two: opened and assigned.
    assert found["entries"] == 8


def test_a_tail_that_was_cut_off_is_missing(context: Context) -> None:
    seals.seal(context.store, context.settings, NOW)
    with _file(context) as file:
        file.execute("delete from audit where n=2")
    assert verify(context.store)["ok"], "the chain alone does not see it"
    assert _faults(context) == ["log entry 2: 3 entries were sealed, 2 are there: the last 1 are missing"]
    with pytest.raises(CallError, match="not sealed: log entry 2"):
        seals.seal(context.store, context.settings, NOW + timedelta(days=1))


@pytest.mark.parametrize("what", ["changed", "removed", "reordered", "inserted"])
def test_a_log_written_anew_with_right_hashes_is_seen(context: Context, what: str) -> None:
    seals.seal(context.store, context.settings, NOW)
    entries = list(context.store.audit_entries())
    if what == "changed":
        entries[0] = replace(entries[0], by="li")
    elif what == "removed":
        entries = [entries[0], entries[2], replace(entries[2], thing="case:8")]
    elif what == "reordered":
        entries = [entries[1], entries[0], entries[2]]
    else:
        entries.insert(1, replace(entries[0], thing="case:7"))
    previous = audit.START
    with _file(context) as file:
        file.execute("delete from audit")
        for number, entry in enumerate(entries):
            previous = audit.digest(previous, entry.body())
            doc = {**entry.body(), "hash": previous}
            file.execute("insert into audit values(?,?)", (number, orjson.dumps(doc).decode()))
    assert verify(context.store)["ok"], "the chain alone does not see it"
    assert _faults(context) == ["log up to entry 2: is not what was sealed: changed, removed, inserted or reordered"]


def test_a_case_that_is_gone_is_named_unless_housekeeping_took_it(context: Context) -> None:
    seals.seal(context.store, context.settings, NOW)
    context.store.delete_cases(["case:board:1"])
    [fault] = _faults(context)
    assert fault.startswith("case:board:1: was sealed, is gone")
    context.store.append_audit(AuditEntry(NOW, "huiying", "kept_house", "store", {"cases": "1"}))
    assert _faults(context) == []
    assert seals.seal(context.store, context.settings, NOW + timedelta(days=1))["gone"] == 1
    assert _faults(context) == []


def test_seals_themselves_are_held_to_their_signature_and_order(context: Context) -> None:
    for day in range(3):
        context.store.append_audit(AuditEntry(NOW, "zhang", "viewed", f"case:{day}"))
        seals.seal(context.store, context.settings, NOW + timedelta(days=day))
    files = sorted(seals.folder_of(context.settings).glob("*.json"))
    assert len(files) == 3
    kept = files[1].read_bytes()
    body = json.loads(kept)
    body["heads"]["log"][0] = 1
    files[1].write_text(json.dumps(body), encoding="utf-8")
    assert any("its signature does not fit" in one for one in _faults(context))
    files[1].write_text("{", encoding="utf-8")
    assert any("cannot be read" in one for one in _faults(context))
    files[1].unlink()
    assert any("does not follow from the one before" in one for one in _faults(context))
    files[1].write_bytes(kept)
    assert _faults(context) == []
    (Path(context.settings.var) / "seal.pub").unlink()
    assert len(_faults(context)) == 3, "without the public key no seal is believed"


def test_a_key_that_is_none_is_named(context: Context) -> None:
    var = Path(context.settings.var)
    var.mkdir(exist_ok=True)
    (var / "seal.key").write_text("nothing", encoding="utf-8")
    with pytest.raises(CallError, match="holds no seal key"):
        seals.key_of(Settings(context.settings.store, context.settings.config, var))


def test_the_key_is_its_owner_s_alone(context: Context) -> None:
    seals.key_of(context.settings)
    assert (Path(context.settings.var) / "seal.key").stat().st_mode & 0o777 == 0o600


def test_the_root_stands_for_every_head() -> None:
    heads = {f"case:{number}": Head(number, f"{number:064d}") for number in range(7)}
    known = root(heads)
    assert root(dict(reversed(heads.items()))) == known
    for name in heads:
        assert root({**heads, name: Head(heads[name].entries + 1, heads[name].hash)}) != known
        assert root({other: head for other, head in heads.items() if other != name}) != known
    assert root({}) != root({"case:0": Head(0, "")})
