"""``huiying import``: an export of a hotline or a board, through its map, into the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.services.collect import LoadCounts, load
from pipeline.files import dump
from pipeline.jobs import teller_of_cases
from pipeline.progress import Bar
from pipeline.quarantine import quarantine_of
from pipeline.wiring import Context


def import_export(context: Context, file: Path, map_: Path, now: datetime) -> dict[str, Any]:
    """Rows become post lines and are loaded; refused rows are quarantined with the row's number and reason."""
    from crawlers.importing import Meter, Quarantined, import_file

    counts = LoadCounts()
    with quarantine_of(context, file, now) as quarantine, Bar(f"导入 {file.name}") as bar:
        meter = Meter(lambda: bar.moved(meter.done, meter.total))

        def good() -> Iterator[tuple[int, bytes]]:
            for number, row in enumerate(import_file(file, map_, now, meter), start=1):
                if isinstance(row, Quarantined):
                    quarantine.add(row.line, row.reason, dump(row.raw))
                    counts.quarantined += 1
                else:
                    yield number, dump(row)

        load(good(), context.store, now, quarantine.add, counts, teller_of_cases(context, now))
    context.store.refresh()
    return counts.to_json()
