"""The two offices that ship with the project: what their folders say, and that it is what the rules want."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casework.config.folder import find_file
from casework.config.load import ConfigError, check_office, load_office
from casework.domain.matching import Facts
from casework.domain.office import Office
from casework.domain.routing import route

ROOT = Path(__file__).resolve().parents[3]
CONFIG = ROOT / "config"
OFFICES = (CONFIG, *sorted(path.parent for path in (CONFIG / "examples").glob("*/office.yml")))
AT = datetime(2026, 6, 1, tzinfo=UTC)
MESSAGE_DUTIES = {"petition_receipt", "petition_finish", "case_sign", "message_answer", "case_finish"}
EMERGENCY_DUTIES = {"authoritative_info_major", "press_conference_major"}


@pytest.fixture(scope="module")
def zhengzhou() -> Office:
    return load_office(CONFIG)


@pytest.fixture(scope="module")
def hangzhou() -> Office:
    return load_office(CONFIG / "examples" / "hangzhou")


@pytest.mark.parametrize("folder", OFFICES, ids=lambda path: path.name)
def test_an_office_that_ships_has_no_mistake_and_its_examples_come_true(folder: Path) -> None:
    assert [str(mistake) for mistake in check_office(folder, date(2026, 6, 1), {})] == []


def test_both_offices_are_found() -> None:
    assert [path.name for path in OFFICES] == ["config", "hangzhou"]


def test_the_default_office(zhengzhou: Office) -> None:
    assert (zhengzhou.id, zhengzhou.region, zhengzhou.name) == ("zhengzhou", "410100", "郑州市人民政府新闻办公室")
    assert (zhengzhou.default_desk, zhengzhou.review_desk) == ("duty_desk", "news_office")
    districts = {unit.regions[0] for unit in zhengzhou.routing.departments.values() if unit.regions}
    assert len(districts) == 15
    assert len(zhengzhou.routing.departments) - len(districts) >= 25
    assert all(code.startswith("41") for code in districts)
    assert set(zhengzhou.ladders) >= {"default", "clock"}
    assert len(zhengzhou.dispositions) == 6
    assert set(zhengzhou.roles) == {"admin", "office", "department", "spokesperson", "leader", "principal"}
    assert {"郑州市教育局", "教育局", "金水区政府"} <= set(zhengzhou.user_words)
    assert zhengzhou.link_base == "http://127.0.0.1:8600"


def test_everybody_who_may_be_told_has_an_address(zhengzhou: Office) -> None:
    assert zhengzhou.routing.departments
    for unit in zhengzhou.routing.departments.values():
        assert unit.contacts is not None
        assert set(unit.contacts) == {"contact", "head", "leader", "principal"}
        for name, mail, phone in unit.contacts.values():
            assert name
            assert mail is not None
            assert mail.endswith(".example")
            assert phone is None
    assert zhengzhou.routing.departments["fire"].contacts["contact"][0] == "消防救援支队指挥中心"  # type: ignore[index]


def test_the_ladders_warn_before_the_end_and_climb_after_it(zhengzhou: Office) -> None:
    for name in ("default", "clock"):
        steps = {step.id: step for step in zhengzhou.ladders[name].steps}
        assert [step.kind for step in steps.values()] == ["reminded", "reminded", "overdue", "escalated", "escalated"]
        assert steps["due"].after == 0
        assert "principal" in steps["circulated"].to
    assert zhengzhou.ladders["clock"].steps[0] == zhengzhou.ladders["default"].steps[0]
    assert zhengzhou.ladders["clock"].steps[1] != zhengzhou.ladders["default"].steps[1]


def duties(office: Office, **known: object) -> set[str]:
    facts = Facts(**{"source": "board", **known})  # type: ignore[arg-type]
    return {rule.id for rule in office.frozen_rules(facts, AT)}


def test_a_message_brings_the_duties_of_a_petition_and_the_offices_own(zhengzhou: Office) -> None:
    found = duties(zhengzhou, kind="message", petition_kind="申诉求决")
    assert found >= MESSAGE_DUTIES
    assert not found & (EMERGENCY_DUTIES | {"hot_issue", "opinion_other"})
    assert duties(zhengzhou, kind="hotline", petition_kind="申诉求决") >= MESSAGE_DUTIES


def test_an_opinion_brings_the_duty_to_respond(zhengzhou: Office) -> None:
    for kind in ("news", "weibo"):
        found = duties(zhengzhou, kind=kind)
        assert found >= {"hot_issue", "opinion_other"}
        assert not found & (EMERGENCY_DUTIES | {"petition_receipt", "petition_finish", "message_answer"})


@pytest.mark.parametrize("level", ["major", "extraordinary"])
def test_a_major_emergency_brings_the_conference_and_the_reports(zhengzhou: Office, level: str) -> None:
    found = duties(zhengzhou, kind="weibo", severity=level, category="事故灾难")
    assert found >= EMERGENCY_DUTIES | {"report_phone_major", "report_paper_major"}
    assert not duties(zhengzhou, kind="weibo", severity="serious") & EMERGENCY_DUTIES


def test_rules_on_request_bind_nobody_by_themselves(zhengzhou: Office) -> None:
    known = {rule.id: rule for rule in zhengzhou.deadline_rules}
    assert known["disclosure_request"].optional
    assert known["petition_return"].id not in duties(zhengzhou, kind="weibo")
    for kind in ("message", "hotline", "news", "weibo"):
        assert "disclosure_request" not in duties(zhengzhou, kind=kind, severity="major")


def test_a_rule_is_frozen_only_from_its_first_value_on(zhengzhou: Office) -> None:
    before = zhengzhou.frozen_rules(Facts("message", "board"), datetime(1999, 1, 1, tzinfo=UTC))
    assert before == []
    frozen = {rule.id: rule for rule in zhengzhou.frozen_rules(Facts("message", "board", petition_kind="申诉求决"), AT)}
    assert frozen["petition_receipt"].amount == 15
    assert frozen["petition_receipt"].ladder == zhengzhou.ladders[frozen["petition_receipt"].ladder.id]


def test_the_second_office_has_its_own_departments_and_not_the_rules_of_henan(hangzhou: Office) -> None:
    assert (hangzhou.id, hangzhou.region) == ("hangzhou", "330100")
    districts = {unit.regions[0] for unit in hangzhou.routing.departments.values() if unit.regions}
    assert len(districts) == 13
    assert all(code.startswith("3301") for code in districts)
    ids = {rule.id for rule in hangzhou.deadline_rules}
    assert "hot_issue" not in ids
    assert ids >= {"opinion_other", "petition_receipt", "petition_finish"}
    for rule in hangzhou.deadline_rules:
        assert not any("豫" in value.reference or "河南" in value.reference for value in rule.values), rule.id
    assert duties(hangzhou, kind="message", petition_kind="申诉求决") >= MESSAGE_DUTIES
    assert hangzhou.worktime.years


def test_a_shared_file_speaks_of_each_offices_own_place(zhengzhou: Office, hangzhou: Office) -> None:
    here = Facts("weibo", "weibo", severity="ordinary", regions=("410105",))
    assert zhengzhou.decide(here).then == "open"
    assert hangzhou.decide(here).then == "none"
    assert route(here, hangzhou.routing, date(2026, 1, 5)).department == "emergency"


def test_the_digest_follows_every_file(tmp_path: Path, zhengzhou: Office) -> None:
    shutil.copytree(CONFIG, tmp_path / "config")
    assert load_office(tmp_path / "config").digest == zhengzhou.digest
    rhythm = tmp_path / "config" / "sources.yml"
    rhythm.write_text("sources: {henan_gov: {rhythm_minutes: 60}}\n", encoding="utf-8")
    changed = load_office(tmp_path / "config")
    assert changed.digest != zhengzhou.digest
    assert changed.sources == {"henan_gov": {"rhythm_minutes": 60}}


def test_a_file_that_stands_in_both_folders_is_the_offices_own() -> None:
    folder = CONFIG / "examples" / "hangzhou"
    assert find_file(folder, "routing.yml") == folder.resolve() / "routing.yml"
    assert find_file(folder, "opening.yml") == CONFIG.resolve() / "opening.yml"
    assert find_file(folder, "nothing.yml") is None


def test_calendars_that_end_soon_are_said_and_no_sooner(zhengzhou: Office) -> None:
    last = max(zhengzhou.worktime.years)
    assert check_office(CONFIG, date(last, 12, 1), {}) == []
    warned = check_office(CONFIG, date(last, 12, 2), {})
    assert [mistake.severity for mistake in warned] == ["warning"]
    assert f"calendar/{last + 1}.yml" in str(warned[0])


def test_a_folder_that_is_no_office_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.yml").write_text("a: 1\n", encoding="utf-8")
    for folder, found in ((tmp_path, "missing"), (tmp_path / "nowhere", "no such folder")):
        told = check_office(folder, date(2026, 6, 1), {})
        assert [mistake.found for mistake in told] == [found]
        with pytest.raises(ConfigError, match=found):
            load_office(folder)
