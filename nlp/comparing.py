"""A newly trained model held against the one in force before anything is written: gain and loss by class.

Both sides are the figures of cross-validation that the cards keep, so no model is judged on rows that it has seen.
Where the rows are not the same files (``same_rows``), figures differ by a point for that alone: SLACK is allowed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.learning import SLACK
from nlp.linear import MODELS, ModelError, read_card
from nlp.train import Progress, train

NOISE = 0.05
"""Points by which the figure of the same rows differs from one machine to another (order of sums)."""
JUDGE = ("macro_f1", "auc", "pair_f1")
"""The figure of a head that decides; the first that it has."""


def train_against(
    task: str,
    data_path: Path,
    out_dir: Path,
    models: Path = MODELS,
    even_if_worse: bool = False,
    say: Progress = lambda _: None,
) -> dict[str, Any]:
    """Train ``task`` beside ``out_dir``; put there what is no worse than the model in ``models``. The card, with
    ``comparison`` (see ``compare``) and ``accepted``.

    DataError: unknown task or missing data.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".train-", dir=out_dir) as name:
        trial = Path(name)
        for known in (path for path in out_dir.iterdir() if path.is_dir() and not path.name.startswith(".")):
            if known.name == task:
                shutil.copytree(known, trial / task)
            else:
                (trial / known.name).symlink_to(known.resolve())
        card = train(task, data_path, trial, say=say)
        comparison = compare(card, _in_force(models, task))
        accepted = not comparison["worse"] or even_if_worse
        if accepted:
            (out_dir / task).mkdir(exist_ok=True)
            for file in sorted((trial / task).iterdir()):
                file.replace(out_dir / task / file.name)
    return {**card, "comparison": comparison, "accepted": accepted}


def _in_force(models: Path, task: str) -> Mapping[str, Any] | None:
    try:
        return read_card(models, task)
    except ModelError:
        return None


def compare(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> dict[str, Any]:
    """{"against": version or None, "heads": head → {"same_rows", "metric", "before", "after", "gain", "classes"},
    "worse": names of the heads that lost}. A head without figures on either side is compared with None."""
    heads: dict[str, Any] = {}
    before: Mapping[str, Any] = {} if old is None else old.get("heads", {})
    for name, entry in new.get("heads", {}).items():
        heads[name] = _head(entry, before.get(name, {}))
    worse = [name for name, found in heads.items() if found["gain"] is not None and found["gain"] < -found["slack"]]
    return {"against": None if old is None else old.get("version"), "heads": heads, "worse": worse}


def _head(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    after, before = new.get("scores") or {}, old.get("scores") or {}
    metric = next((name for name in JUDGE if name in after), None)
    values = (before.get(metric), after.get(metric))
    same = new.get("data") == old.get("data")
    classes = {label: _gain(_f1(old, label), _f1(new, label)) for label in new.get("classes", {})}
    for label, found in classes.items():
        found["rows"] = new["classes"][label]["rows"]
    return {
        "same_rows": same,
        "slack": NOISE if same else SLACK,
        "metric": metric,
        **_gain(*values),
        "classes": classes,
    }


def _f1(entry: Mapping[str, Any], label: str) -> float | None:
    found = (entry.get("classes") or {}).get(label)
    return None if found is None else float(found["f1"])


def _gain(before: float | None, after: float | None) -> dict[str, Any]:
    gain = None if before is None or after is None else round(after - before, 2)
    return {"before": before, "after": after, "gain": gain}
