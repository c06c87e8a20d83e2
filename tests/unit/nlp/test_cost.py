"""Heavy libraries stay out of the way of assessing: sizes and imports, no timings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_SCRIPT = """
import sys
from nlp.assessor import Assessor
list(Assessor().assess([{"id": "a:1", "kind": "message", "text": "路灯坏了"}]))
print(",".join(name for name in ("sklearn", "jieba", "rensa", "scipy.optimize") if name in sys.modules))
"""


def test_assessing_imports_neither_scikit_learn_nor_jieba() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == ""


def test_no_model_file_is_over_five_megabytes() -> None:
    files = [path for path in (ROOT / "nlp").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 40
    assert [path for path in files if path.stat().st_size > 5 * 1024 * 1024] == []
