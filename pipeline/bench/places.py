"""Places on made addresses against jionlp's ``parse_location``: agreement, and speed."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.bench import Row, row
from pipeline.errors import CallError

ABOUT = "places: agreement with jionlp's parse_location on 2,000 made addresses, at least 98 %, at 50 times its speed"
NUMBER = 2000
SEED = 20261124
ROUNDS = 3
_PEER = "jionlp parse_location"


def measure(store: str | None) -> list[Row]:
    """Three rows: agreement with the peer, share of addresses read right, ratio of CPU seconds."""
    from nlp.proofs._addresses import addresses
    from nlp.regions import RegionFinder

    parse = _peer()
    finder = RegionFinder()
    names = {code: item.name for code, item in finder.divisions.items()}
    made = addresses(names, SEED, NUMBER)
    texts = [address.text for address in made]
    theirs, slow = _timed(parse, texts, 1)
    ours, fast = _timed(lambda text: finder.find("", text), texts, ROUNDS)
    same = sum(_agree(_ours(found, names), place) for found, place in zip(ours, theirs, strict=True))
    right = sum(_county(found) == address.code for found, address in zip(ours, made, strict=True))
    known = sum(
        _same_county(names[address.code], place["county"] or "") for address, place in zip(made, theirs, strict=True)
    )
    detail = (
        f"{NUMBER} addresses, seed {SEED}: {100 * right / NUMBER:.2f} % right here, {100 * known / NUMBER:.2f} % "
        f"there; {fast:.3f} and {slow:.2f} CPU s"
    )
    return [
        row("places_agreement", 100 * same / NUMBER, "%", _PEER, 98, True, detail),
        row("places_right", 100 * right / NUMBER, "%", "the division each address was made from", 98, True, detail),
        row("places_speed", slow / fast, "times", _PEER, 50, True, detail),
    ]


def _peer() -> Callable[[str], Mapping[str, Any]]:
    """parse_location, its dictionary loaded. It greets on standard output when it is imported."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import jionlp
    except ImportError:
        raise CallError("places needs jionlp, the peer it is measured against: make peers", code=3) from None
    parse: Callable[[str], Mapping[str, Any]] = jionlp.parse_location
    parse("河南省郑州市金水区")
    return parse


def _timed(read: Callable[[str], Any], texts: list[str], rounds: int) -> tuple[list[Any], float]:
    """(what was read, CPU seconds of the quickest round)."""
    best = float("inf")
    found: list[Any] = []
    for _ in range(rounds):
        started = time.process_time()
        found = [read(text) for text in texts]
        best = min(best, time.process_time() - started)
    return found, best


def _county(found: list[dict[str, Any]]) -> str:
    return str(found[0]["code"])[:6] if found else ""


def _ours(found: list[dict[str, Any]], names: Mapping[str, str]) -> tuple[str, str, str]:
    """(province, city, county) by name; empty where there is none."""
    code = _county(found)
    province, city = names.get(code[:2], ""), names.get(code[:4], "")
    return province, city, names.get(code, "") if code[4:] != "00" else ""


def _agree(ours: tuple[str, str, str], place: Mapping[str, Any]) -> bool:
    """The same province and county, and the same city where both name one.

    The peer calls the city of a municipality by its name and has none for counties under a province; a zone
    (郑州经济技术开发区) it calls by its kind (经济技术开发区): either is the same place.
    """
    province, city, county = ours
    theirs = {name: place[name] or "" for name in ("province", "city", "county")}
    same_city = not city or not theirs["city"] or city == theirs["city"]
    return province == theirs["province"] and same_city and _same_county(county, theirs["county"])


def _same_county(county: str, theirs: str) -> bool:
    return county == theirs or ("开发区" in theirs and county.endswith(theirs))
