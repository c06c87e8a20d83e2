"""``make calendar``: the working-day calendars of ``config/calendar/``, generated once and then the source of truth.

The days come from the package ``chinesecalendar``; the notices' numbers and dates are written here. A later correction
is made in the file, and a new year gets its notice here first: no file is made for a year without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pipeline.settings import ROOT

NOTICES = {
    2024: ("国办发明电〔2023〕7号", date(2023, 10, 25)),
    2025: ("国办发明电〔2024〕12号", date(2024, 11, 12)),
    2026: ("国办发明电〔2025〕7号", date(2025, 11, 4)),
}
"""Year → number and date of 国务院办公厅关于该年部分节假日安排的通知."""
CHECKED = dict.fromkeys(
    (2024, 2025, 2026),
    "核对：文号、日期、放假日与通知的公开全文相符；全年逐日与软件包 chinesecalendar 1.11、holidays 0.109 相符。",
)
"""Year → what its file was compared with, by a person; a new year gets its line when that was done."""
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


def days(year: int) -> Iterator[date]:
    """Every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def text(year: int) -> str:
    """The calendar file of ``year``."""
    import chinese_calendar

    notice, dated = NOTICES[year]
    off: dict[str, list[str]] = {}
    for day in days(year):
        is_off, name = chinese_calendar.get_holiday_detail(day)
        if is_off and name:
            off.setdefault(NAMES[name], []).append(day.isoformat())
    work = [day.isoformat() for day in days(year) if chinese_calendar.is_workday(day) and day.weekday() >= 5]
    lines = [
        f"# {year}年放假安排，依据国务院办公厅通知。",
        "# off 只列通知所列的放假日，其余周末照常休息；workdays 是调休上班的周末。",
        *([f"# {CHECKED[year]}"] if year in CHECKED else []),
        f"year: {year}",
        f"notice: {notice}",
        f"dated: {dated.isoformat()}",
        "off:",
        *(f"  {name}: [{', '.join(found)}]" for name, found in off.items()),
        f"workdays: [{', '.join(work)}]",
    ]
    return "\n".join(lines) + "\n"


def main(folder: Path = ROOT / "config" / "calendar") -> None:
    """Write the files of all years whose notice is known."""
    folder.mkdir(parents=True, exist_ok=True)
    for year in NOTICES:
        (folder / f"{year}.yml").write_text(text(year), encoding="utf-8")


if __name__ == "__main__":
    main()
