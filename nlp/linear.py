"""Linear heads: how weights are kept on disk and how all heads are applied to a batch at once.

A head's file holds, per view, an int8 matrix (columns × labels) with one scale a label, a bias, and the numbers
that make its scores probabilities. Writing the same arrays twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.features import COLUMNS, VERSION, Features, Idf

Floats = NDArray[np.float32]
MODELS = Path(__file__).parent / "models"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ModelError(RuntimeError):
    """A model file is missing, damaged or made for something else; the message names it and what to run."""

    def __init__(self, path: Path, task: str, found: str) -> None:
        self.path, self.task = path, task
        super().__init__(f"{path}: {found}; run: huiying train {task} --data PATH --out {path.parent.parent}")


@dataclass(frozen=True, slots=True)
class Head:
    """A trained head. ``weights``: view → (columns of the view, k) int8, ``scales``: view → (k,), the weight being
    their product; ``bias``, ``offsets``, ``shift``: (k,).

    The decision of a label is weights · x + bias. The label is that of the greatest decision + offset (offsets are
    tuned for macro-F1). Its probability is softmax(slope × decision + shift) over the labels (Platt's scaling; two
    labels give a logistic curve).
    """

    task: str
    name: str
    version: str
    labels: tuple[str, ...]
    weights: Mapping[str, NDArray[np.int8]]
    scales: Mapping[str, Floats]
    bias: Floats
    offsets: Floats
    slope: float
    shift: Floats
    abstain: tuple[float, ...] = ()
    """Scores below which a label is unsure (nlp.calibration.abstain); empty: never."""

    def dense(self, view: str) -> Floats:
        """(columns of the view, k) float32 weights of ``view``; zeros for a view the head lacks."""
        if view not in self.weights:
            return np.zeros((COLUMNS[view], len(self.labels)), dtype=np.float32)
        values: Floats = self.weights[view] * self.scales[view]
        return values

    def probabilities(self, decisions: Floats) -> Floats:
        """(n, k) decisions → (n, k) probabilities; rows sum to 1."""
        return softmax(self.slope * decisions + self.shift)

    def choose(self, decisions: Floats) -> NDArray[np.int64]:
        """(n, k) decisions → index of the label of each row."""
        chosen: NDArray[np.int64] = np.argmax(decisions + self.offsets, axis=1)
        return chosen


def softmax(values: Floats) -> Floats:
    """Row-wise softmax."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


class Bank:
    """All heads side by side: one product a view gives the decisions of every head. ``cards``: task → its card."""

    def __init__(self, heads: Iterable[Head], cards: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.cards: Mapping[str, Mapping[str, Any]] = cards or {}
        self.heads = {(head.task, head.name): head for head in heads}
        self._place: dict[tuple[str, str], dict[str, slice]] = {key: {} for key in self.heads}
        self.matrices: dict[str, Floats] = {}
        for view in sorted({view for head in self.heads.values() for view in head.weights}):
            users = [(key, head) for key, head in self.heads.items() if view in head.weights]
            matrix = np.empty((COLUMNS[view], sum(len(head.labels) for _, head in users)), dtype=np.float32)
            start = 0
            for key, head in users:
                place = slice(start, start + len(head.labels))
                np.multiply(head.weights[view], head.scales[view], out=matrix[:, place])
                self._place[key][view] = place
                start = place.stop
            self.matrices[view] = matrix
        self.heads = {key: replace(head, weights={}, scales={}) for key, head in self.heads.items()}

    @property
    def views(self) -> tuple[str, ...]:
        """Views that any head needs."""
        return tuple(self.matrices)

    def decisions(self, features: Features) -> dict[tuple[str, str], Floats]:
        """(task, head) → (n, k) decisions."""
        products = {view: np.asarray(features.views[view] @ matrix) for view, matrix in self.matrices.items()}
        out = {}
        for key, head in self.heads.items():
            total = np.tile(head.bias, (len(features), 1))
            for view, place in self._place[key].items():
                total += products[view][:, place]
            out[key] = total
        return out

    def column(self, key: tuple[str, str], view: str) -> Floats:
        """(columns, k) weights of a head in a view: a slice of the common matrix, not a copy."""
        return self.matrices[view][:, self._place[key][view]]


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an .npz of ``arrays`` whose bytes depend on the arrays alone (fixed times, sorted names)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())


def quantise(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """(columns, k) weights → int8 and one scale a label. Outliers are kept: clipping them costs more than the steps."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32) / np.float32(127)
    return np.rint(weights / scale).astype(np.int8), scale


def save_head(folder: Path, head: Head) -> Path:
    """Write ``folder/<name>.npz``; its path."""
    arrays: dict[str, NDArray[Any]] = {
        "bias": head.bias.astype(np.float32),
        "offsets": head.offsets.astype(np.float32),
        "shift": head.shift.astype(np.float32),
        "slope": np.array([head.slope], dtype=np.float32),
    }
    for view, weights in head.weights.items():
        arrays[f"{view}.weights"], arrays[f"{view}.scale"] = weights, head.scales[view]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{head.name}.npz"
    write_arrays(path, arrays)
    return path


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_card(folder: Path, task: str) -> dict[str, Any]:
    """The card of a task's models. ModelError where it is missing or not JSON."""
    path = folder / task / "card.json"
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(path, task, "the model card is missing") from None
    except (OSError, ValueError) as error:
        raise ModelError(path, task, f"the model card cannot be read ({error})") from None
    return card


def _check(path: Path, task: str, card: Mapping[str, Any], name: str, segmenter: str) -> Mapping[str, Any]:
    entry = card.get("heads", {}).get(name)
    if not isinstance(entry, Mapping):
        raise ModelError(path, task, "the model card does not name this file")
    for key, wanted in (("features", VERSION), ("segmenter", segmenter)):
        if card.get(key) != wanted:
            raise ModelError(path, task, f"made for {key} {card.get(key)!r}, this program has {wanted!r}")
    if not path.is_file():
        raise ModelError(path, task, "the model file is missing")
    if sha256(path) != entry.get("sha256"):
        raise ModelError(path, task, "the model file is damaged: its SHA-256 is not the one of its card")
    return entry


def load_head(folder: Path, task: str, name: str, segmenter: str) -> Head:
    """Read ``folder/<task>/<name>.npz``, checked against its card. ModelError names what is wrong."""
    card = read_card(folder, task)
    path = folder / task / f"{name}.npz"
    entry = _check(path, task, card, name, segmenter)
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        views = sorted(key.split(".")[0] for key in arrays if key.endswith(".weights"))
        head = Head(
            task=task,
            name=name,
            version=str(card["version"]),
            labels=tuple(entry["labels"]),
            weights={view: arrays[f"{view}.weights"] for view in views},
            scales={view: arrays[f"{view}.scale"] for view in views},
            bias=arrays["bias"],
            offsets=arrays["offsets"],
            slope=float(arrays["slope"][0]),
            shift=arrays["shift"],
            abstain=tuple(entry.get("abstain", ())),
        )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(path, task, f"the model file cannot be read ({error})") from None
    _check_shapes(path, head)
    return head


def _check_shapes(path: Path, head: Head) -> None:
    for view, weights in head.weights.items():
        wanted = (COLUMNS.get(view), len(head.labels))
        if weights.shape != wanted:
            raise ModelError(path, head.task, f"view {view} has shape {weights.shape}, wanted {wanted}")


def load_idf(folder: Path) -> Idf:
    """The idf table that all stored models share."""
    path = folder / "features" / "idf.npz"
    card = read_card(folder, "features")
    if not path.is_file():
        raise ModelError(path, "features", "the idf table is missing")
    if sha256(path) != card.get("sha256"):
        raise ModelError(path, "features", "the idf table is damaged: its SHA-256 is not the one of its card")
    with np.load(path, allow_pickle=False) as stored:
        return Idf(stored["char"].astype(np.float32), stored["word"].astype(np.float32))


def labels_of(heads: Sequence[Head]) -> tuple[str, ...]:
    """All labels of ``heads``, in order, each once."""
    return tuple(dict.fromkeys(label for head in heads for label in head.labels))
