"""Seals: once a day the ends of all chains are signed into a file outside the store, so that what is changed, taken out
or cut off later is seen, even by somebody who can write the store and compute its hashes anew.

A seal is a JSON file ``seals/TIME.json``: ``at``, ``chains`` (how many), ``root`` (Merkle, over all of them), ``heads``
(name → [entries, hash] of those that changed since the seal before), ``gone`` (names that housekeeping took away),
``previous`` (SHA-256 of the seal before), ``signature`` (Ed25519 over the rest).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casework.domain import audit
from casework.domain.merkle import Head, root
from casework.domain.times import parse_time, store_time
from casework.ports import AuditEntry, CaseFilter, Store
from pipeline.errors import FOUND, CallError
from pipeline.files import whole
from pipeline.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG = "log"
"""Name of the chain of the log of acts; the others are named by their case."""
Fault = dict[str, str]


@dataclass(slots=True)
class Sealed:
    """What all seals so far say: the head of every chain, and what is wrong with the seals themselves."""

    heads: dict[str, Head] = field(default_factory=dict)
    last: str = ""
    at: datetime | None = None
    number: int = 0
    faults: list[Fault] = field(default_factory=list)


def folder_of(settings: Settings) -> Path:
    """Where the seals lie: HUIYING_SEALS, best on another machine or a medium that is written once."""
    return Path(os.environ.get("HUIYING_SEALS") or settings.var / "seals")


def key_of(settings: Settings) -> Ed25519PrivateKey:
    """The signing key: the file HUIYING_SEAL_KEY, else ``var/seal.key``, made once; its public half beside it.

    Raises CallError where the file holds no key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = Path(os.environ.get("HUIYING_SEAL_KEY") or settings.var / "seal.key")
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(base64.b64encode(made.private_bytes_raw()) + b"\n")
    try:
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=False))
    except (OSError, ValueError) as error:
        raise CallError(
            f"{path}: holds no seal key ({error}); put the right file back, or name it in HUIYING_SEAL_KEY"
        ) from None
    public = path.with_suffix(".pub")
    if not public.exists():
        public.write_bytes(base64.b64encode(key.public_key().public_bytes_raw()) + b"\n")
    return key


def public_key(settings: Settings) -> Ed25519PublicKey | None:
    """The key that seals are checked with: the file HUIYING_SEAL_PUBLIC, else beside the signing key; None: none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    private = Path(os.environ.get("HUIYING_SEAL_KEY") or settings.var / "seal.key")
    path = Path(os.environ.get("HUIYING_SEAL_PUBLIC") or private.with_suffix(".pub"))
    if not path.exists():
        return None
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(path.read_bytes(), validate=False))
    except (OSError, ValueError) as error:
        raise CallError(
            f"{path}: holds no public key ({error}); put the right file back, or name it in HUIYING_SEAL_PUBLIC"
        ) from None


def seal(store: Store, settings: Settings, now: datetime) -> dict[str, Any]:
    """Write the seal of now: ``{"file", "chains", "changed", "gone", "root"}``.

    Raises CallError (exit 1) where the store does not agree with the seals before: a fault is not sealed over.
    """
    folder, key = folder_of(settings), key_of(settings)
    sealed = read(folder, key.public_key())
    present = heads(store)
    faults = [*sealed.faults, *differences(store, sealed, present)]
    if faults:
        first = faults[0]
        raise CallError(f"not sealed: {first['where']}: {first['why']}; see: huiying audit verify", FOUND)
    changed = {name: head for name, head in present.items() if sealed.heads.get(name) != head}
    body: dict[str, Any] = {
        "at": store_time(now),
        "number": sealed.number + 1,
        "chains": len(present),
        "root": root(present),
        "heads": {name: list(head) for name, head in sorted(changed.items())},
        "gone": sorted(set(sealed.heads) - set(present)),
        "previous": sealed.last,
    }
    signature = base64.b64encode(key.sign(_canonical(body))).decode()
    file = folder / f"{sealed.number + 1:06d}-{now:%Y%m%dT%H%M%SZ}.json"
    with whole(file) as written:
        written.write(json.dumps({**body, "signature": signature}, ensure_ascii=False, indent=1).encode())
    counts = {"chains": len(present), "changed": len(changed), "gone": len(body["gone"])}
    return {"file": str(file), **counts, "root": body["root"]}


def verify(store: Store, settings: Settings) -> dict[str, Any]:
    """``{"seals", "last", "broken"}``: what the seals say against the store; no seal at all breaks nothing."""
    folder = folder_of(settings)
    sealed = read(folder, public_key(settings))
    broken = [*sealed.faults, *differences(store, sealed, heads(store))]
    return {"seals": sealed.number, "last": store_time(sealed.at) if sealed.at else None, "broken": broken}


def heads(store: Store) -> dict[str, Head]:
    """The present end of every chain."""
    found = {case.id: Head(case.version, case.history[-1].hash) for case in store.list_cases(CaseFilter())}
    count, last = 0, audit.START
    for entry in store.audit_entries():
        count, last = count + 1, entry.hash
    return {**found, LOG: Head(count, last)}


def read(folder: Path, key: Ed25519PublicKey | None) -> Sealed:
    """All seals of a folder in their order; what is wrong with one is a fault, and the rest is read on."""
    sealed = Sealed()
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        raw = path.read_bytes()
        why = _take(sealed, raw, key)
        if why:
            sealed.faults.append({"where": f"seal {path.name}", "why": why})
        sealed.last = hashlib.sha256(raw).hexdigest()
    return sealed


def _take(sealed: Sealed, raw: bytes, key: Ed25519PublicKey | None) -> str:
    """Add one seal to what is known; why it is not right, or empty."""
    try:
        body: dict[str, Any] = json.loads(raw)
        signature = base64.b64decode(body.pop("signature"))
        given = {name: Head(int(count), str(hash_)) for name, (count, hash_) in body["heads"].items()}
        number, at, gone = int(body["number"]), parse_time(body["at"]), list(body["gone"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return f"cannot be read ({type(error).__name__}); put the file back from a copy"
    for name in gone:
        sealed.heads.pop(name, None)
    sealed.heads.update(given)
    expected, sealed.number, sealed.at = sealed.number + 1, number, at
    if not _signed(key, signature, body):
        return "its signature does not fit: it was changed, or signed with another key"
    if number != expected or body["previous"] != sealed.last:
        return (
            f"does not follow from the one before (number {number}, expected {expected}): one was taken away or changed"
        )
    return "" if root(sealed.heads) == body["root"] else "its root does not fit the heads it names"


def _signed(key: Ed25519PublicKey | None, signature: bytes, body: Mapping[str, Any]) -> bool:
    from cryptography.exceptions import InvalidSignature

    if key is None:
        return False
    try:
        key.verify(signature, _canonical(body))
    except InvalidSignature:
        return False
    return True


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def differences(store: Store, sealed: Sealed, present: Mapping[str, Head]) -> Iterator[Fault]:
    """Where the store, whose chains end at ``present``, is not what was sealed: a chain is gone, shorter, or another up
    to the sealed entry. Only what does not end where it was sealed is read again."""
    if sealed.at is None:
        return
    moved = [name for name, head in sealed.heads.items() if name in present and present[name] != head]
    entries = list(store.audit_entries()) if LOG in moved else []
    if LOG in moved:
        yield from _compare(LOG, sealed.heads[LOG], [entry.hash for entry in entries])
    for name, case in sorted(store.get_cases([name for name in moved if name != LOG]).items()):
        yield from _compare(name, sealed.heads[name], [entry.hash for entry in case.history])
    missing = sorted(set(sealed.heads) - set(present))
    allowed = sum(_taken(entry) for entry in entries if entry.at >= sealed.at)
    if len(missing) > allowed:
        why = f"was sealed, is gone, and housekeeping took away {allowed} of {len(missing)} that are"
        yield from ({"where": name, "why": why} for name in missing)


def _taken(entry: AuditEntry) -> int:
    """How many cases a housekeeping took away."""
    given = entry.detail.get("cases", "0") if entry.what == "kept_house" else "0"
    return int(given) if given.isdecimal() else 0


def _compare(name: str, head: Head, hashes: Sequence[str]) -> Iterator[Fault]:
    if len(hashes) < head.entries:
        cut = head.entries - len(hashes)
        why = f"{head.entries} entries were sealed, {len(hashes)} are there: the last {cut} are missing"
        yield {"where": f"{name} entry {len(hashes)}", "why": why}
    elif head.entries and hashes[head.entries - 1] != head.hash:
        yield {
            "where": f"{name} up to entry {head.entries - 1}",
            "why": "is not what was sealed: changed, removed, inserted or reordered",
        }
