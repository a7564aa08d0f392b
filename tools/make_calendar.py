"""Write the working calendar from the `chinesecalendar` package: `python tools/make_calendar.py > src/shuniu/kernel/data/calendar.toml`.

The package knows the days; the numbers of the notices and the names in both languages are kept here.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from itertools import groupby

from chinese_calendar.constants import holidays, workdays

NOTICES = {
    2015: "国办发明电〔2014〕28号、国发明电〔2015〕1号",
    2016: "国办发明电〔2015〕18号",
    2017: "国办发明电〔2016〕17号",
    2018: "国办发明电〔2017〕12号",
    2019: "国办发明电〔2018〕15号、国办发明电〔2019〕3号",
    2020: "国办发明电〔2019〕16号、国办发明电〔2020〕1号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
NAMES = {
    "New Year's Day": ("元旦", "New Year's Day"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": ("中秋节", "Mid-Autumn Festival"),
    "National Day": ("国庆节", "National Day"),
    "Anti-Fascist 70th Day": ("抗战胜利70周年纪念日", "70th Anniversary of Victory"),
}
SHARED = {date(2020, 10, 1): "Mid-autumn Festival"}
"""A day on which two holidays fall; the package knows one of them."""
HEAD = """\
# Working calendar of China: days off and make-up working days as each year's notices of the State Council set them.
# Every day not named here is a working day from Monday to Friday and a day off at the weekend. A notice may reach back
# into the December before its year. Written by tools/make_calendar.py; further years: docs/rooms/kernel-clock.md.

# Office hours that clocks in working hours run on, unless a unit states its own.
[hours]
zone = "Asia/Shanghai"
shifts = [[09:00:00, 12:00:00], [13:30:00, 17:30:00]]
"""


def year_of_notice(day: date) -> int:
    """The last days of December that are given off or worked belong to the notice of the year that begins."""
    return day.year + (day.month == 12 and day.day > 25)


def blocks(days: list[date]) -> list[list[date]]:
    """Runs of days that follow one another."""
    runs = groupby(enumerate(sorted(days)), lambda pair: pair[1] - timedelta(days=pair[0]))
    return [[day for _, day in run] for _, run in runs]


def holiday_line(block: list[date]) -> str:
    named = dict.fromkeys(name for day in block for name in (holidays[day], SHARED.get(day)) if name)
    zh, en = "、".join(NAMES[name][0] for name in named), " and ".join(NAMES[name][1] for name in named)
    return f'  {{ zh = "{zh}", en = "{en}", from = {block[0]}, to = {block[-1]} }},'


def year_lines(year: int, source: str) -> list[str]:
    made_up = ", ".join(str(day) for day in sorted(workdays) if year_of_notice(day) == year)
    days_off = [day for day in holidays if year_of_notice(day) == year]
    return [
        "",
        "[[year]]",
        f"year = {year}",
        f'source = "{source}"',
        f"workdays = [{made_up}]",
        "holidays = [",
        *map(holiday_line, blocks(days_off)),
        "]",
    ]


if __name__ == "__main__":
    lines = [line for year, source in NOTICES.items() for line in year_lines(year, source)]
    sys.stdout.write(HEAD + "\n".join(lines) + "\n")
