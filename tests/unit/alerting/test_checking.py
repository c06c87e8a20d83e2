"""Texts of an office: every kind is written with the longest values for every channel before anything goes out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from alerting.checking import LONGEST, check_templates, lengths, longest
from alerting.render import FOLDER, KEYS, kinds, render

ROOT = Path(__file__).parents[3]
PLAN = yaml.safe_load((ROOT / "config" / "channels.yml").read_text(encoding="utf-8"))
GOOD = """{% block subject %}{{ title }}{% endblock %}

{% block body %}
{{ title }}，{{ case_id }}
{{ link }}
{% endblock %}
{% block short %}{{ title }} {{ case_id }} {{ link }}{% endblock %}
"""


def check(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.txt.j2").write_text(text, encoding="utf-8")
    return [str(one) for one in check_templates(folder, PLAN, "config/templates")]


def test_the_texts_that_ship_fit_every_channel(tmp_path: Path) -> None:
    assert lengths(PLAN) == {"wecom_app": 600, "wecom_group": 600, "dingtalk_group": 4000, "feishu_group": 4000}
    assert check(tmp_path / "nowhere") == []
    for limit in lengths(PLAN).values():
        for one in kinds():
            subject, body = render(one, longest(), limit)
            assert len(body) <= limit
            assert len(subject) <= 60
            assert LONGEST["case_id"] in body


def test_an_office_may_write_its_own(tmp_path: Path) -> None:
    assert check(tmp_path, overdue=GOOD, urged=GOOD) == []
    facts = {"case_id": "case:1", "title": "路灯", "link": "http://127.0.0.1/1"}
    assert render("overdue", facts, None, tmp_path)[1] == "路灯，case:1\nhttp://127.0.0.1/1"
    assert render("urged", facts, None, tmp_path)[0] == "路灯"
    assert render("escalated", facts, None, tmp_path)[0] == "【升级】路灯", "the others keep the text that ships"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "overdue",
            GOOD.replace("{{ title }}，", "{{ title }}，{{ dedline }}"),
            "config/templates/overdue.txt.j2:4: unknown field 'dedline': ",
        ),
        ("overdue", GOOD.replace("{{ link }}\n", "{{ draft }}\n"), "overdue.txt.j2:5: unknown field 'draft': "),
        ("overdue", GOOD.replace("{{ link }}\n", "{{ pishi }}\n"), "overdue.txt.j2:5: unknown field 'pishi': "),
        ("overdue", GOOD.replace("{{ link }}\n", "{% if %}\n"), "overdue.txt.j2:5: cannot be read"),
        ("overdue", GOOD.replace("block short", "block brief"), "overdue.txt.j2:1: no block 'short'"),
        ("overdue", GOOD.replace("{{ link }}", ""), "overdue.txt.j2: number or link is missing"),
        ("overdu", GOOD, "config/templates/overdu.txt.j2: no notice has this text: did you mean overdue.txt.j2?"),
        (
            "overdue",
            GOOD.replace("{{ link }}{% endblock %}\n", "{{ link }}" + "固定的话" * 200 + "{% endblock %}\n").replace(
                "\n{{ link }}\n", "\n{{ link }}{{ reason }}\n"
            ),
            "characters are too few for the short; at least",
        ),
        ("overdue", GOOD.replace("{{ title }}，", "{{ title.__class__.__mro__ }}"), "cannot be written (SecurityError"),
    ],
)
def test_a_text_that_will_not_do_is_refused_with_its_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    found = check(tmp_path, **{name: text})
    assert len(found) == 1, found
    assert said in found[0]


def test_what_is_not_utf8_is_said(tmp_path: Path) -> None:
    (tmp_path / "overdue.txt.j2").write_bytes("逾期".encode("gb18030"))
    assert "overdue.txt.j2: not UTF-8: save it as UTF-8" in check(tmp_path)[0]


def test_no_text_may_carry_a_draft_or_a_leaders_word() -> None:
    assert not {"draft", "pishi", "note", "text", "author", "phone"} & KEYS
    for path in FOLDER.glob("*.j2"):
        assert "批示" not in path.read_text(encoding="utf-8")
