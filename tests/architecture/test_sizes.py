"""Files stay under 300 lines and functions under 40: what grows without limit is always the orchestrator."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("casework", "crawlers", "nlp", "alerting", "pipeline", "dags", "dashboards", "tests")
FILE, FUNCTION = 300, 40


def _files() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its decorators and its docstring, which is as long as it must be."""
    body = node.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        if len(body) == 1:
            return 0
        return (node.end_lineno or 0) - (first.end_lineno or 0)
    return (node.end_lineno or 0) - node.lineno


def test_files_are_short() -> None:
    files = _files()
    assert len(files) > 100
    long = [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in files]
    assert [f"{path.relative_to(ROOT)}: {count}" for path, count in long if count > FILE] == []


def test_functions_are_short() -> None:
    found, long = 0, []
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += 1
                if _lines(node) > FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {_lines(node)}")
    assert found > 500
    assert long == []


def test_no_tracked_file_is_large() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    files = [ROOT / name for name in listed.split("\0") if name]
    assert len(files) > 100
    assert [str(path.relative_to(ROOT)) for path in files if path.exists() and path.stat().st_size > 5_000_000] == []
