"""Rules of the architecture that no linter holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("casework", "crawlers", "nlp", "alerting", "pipeline", "dags", "dashboards")


def _modules(*packages: str) -> list[Path]:
    found = sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))
    assert found
    return found


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def test_domain_uses_the_standard_library_alone() -> None:
    import sys

    for path in _modules("casework/domain"):
        foreign = _imports(path) - set(sys.stdlib_module_names) - {"casework"}
        assert foreign == set(), path


def test_each_heavy_library_has_one_home() -> None:
    homes = {
        "scrapy": "crawlers",
        "jieba": "nlp",
        "rjieba": "nlp",
        "sklearn": "nlp",
        "requests": "alerting",
        "smtplib": "alerting",
        "elasticsearch": "casework/stores",
        "sqlite3": "casework/stores",
        "airflow": "dags",
        "fastapi": "dashboards",
        "docx": "pipeline/papers",
    }
    # The figures compare our load with the bare client, so they import it; nothing else may.
    excused = {"pipeline/bench"}
    seen = set()
    for path in _modules(*CODE):
        place = path.relative_to(ROOT).as_posix()
        for library in _imports(path) & homes.keys():
            seen.add(library)
            at_home = place.startswith(homes[library] + "/")
            assert at_home or any(place.startswith(folder) for folder in excused), f"{place} imports {library}"
    assert seen


def test_only_serving_names_the_pages() -> None:
    """The command line starts the pages by name: the single upward reference."""
    upward = [
        path.relative_to(ROOT).as_posix()
        for path in _modules("casework", "crawlers", "nlp", "alerting", "pipeline")
        if re.search(r"\b(dashboards|dags)\b[.:]", path.read_text(encoding="utf-8"))
    ]
    assert upward == ["pipeline/serving.py"]


def test_top_level_folders_are_the_agreed_ones() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests"} == set(CODE)
    assert not [path for path in (ROOT / "config").rglob("*.py")]


def test_airflow_file_never_lies_at_the_root() -> None:
    """Airflow puts ``{AIRFLOW_HOME}/config`` on sys.path: the root must not look like one."""
    assert not (ROOT / "airflow.cfg").exists()
