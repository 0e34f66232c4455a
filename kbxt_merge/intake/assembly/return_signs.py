"""What the outside of a return tells of it: which part of a list it is, when it came, that it corrects another."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from pathlib import PurePosixPath

from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.inbox import OF_A_MAIL
from kbxt_merge.model.period import Period
from kbxt_merge.model.period_names import month_named, span_named
from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.text import plain

_QUARTER_OF_AN_HOUR = 900.0
_PART = re.compile(
    r"[一二三四五六七八九1-9]年级|[初高][一二三]|[一二三四五六七八九][(班]|[(0-9一二三四五六七八九十]班|(?:小学|初中|高中)[部段]|幼儿"
    r"|续|补[充报]|增[补加报]|新增|追加|第[一二三四五1-9](?:部分|页|批)|之[一二三四五]|part|村|教学点|校区"
    r"|[男女]生|在校|送教|随班|未入学|[县省区]外|[外本]县|建档立?卡|住[校宿]|寄宿|走读|后补|另报|[\u4e00-\u9fff]老师",
    re.IGNORECASE,
)
_PART_NUMBER = re.compile(
    r"(?:^|[^0-9])[-_(+.]?[0-9]{1,2}(?:/[0-9]{1,2})?[)页]?$|[(-][上中下一二三四五][)]?$",
    re.IGNORECASE,
)
_PART_BEHIND = re.compile(
    r"(?<![\u4e00-\u9fff])(?:小学|初中|高中)|[高低中]年级|特教|本部|分校|漏|^[-_]?[A-Z甲乙丙上中下前后一二三四五]$",
    re.IGNORECASE,
)
"""What says part behind the form's number only: before it, it may be of the school's name."""

_CORRECTED = re.compile(r"更[正改新]|改|修[订正]|订正|补正|重[报填]|最[终新]|终稿|定稿|正确|新版|[(-]新|核实后")
_SUM = re.compile(r"汇总|总表|合计|全[校部镇]|总$|副本|备份|copy|\([0-9]\)$", re.IGNORECASE)

_TERM_ALONE = re.compile(r"(?P<term>[春秋])季?(?:学期)?|第?(?P<half>[一二])学期")
_HALVES = {"一": "秋", "二": "春"}
_BEFORE = re.compile(r"上个?学期|上期|去年(?:秋季?(?:学期)?)?")
"""A tab of the term before a spring term: before an autumn term, 上学期 may be the autumn's own name."""


def arrival(returned: Returned) -> float:
    """When a return came, in seconds since 1970: by its mail, else by its file's time."""
    for part in returned.file.path.split("/"):
        if OF_A_MAIL.fullmatch(part):
            with suppress(ValueError):  # no day, or no time of one
                return seconds_of(dt.datetime.strptime(part, "%Y-%m-%d %H%M%S"))
    return returned.file.modified


def is_correction(returned: Returned) -> bool:
    """Tell whether the path or the tab says that this is a corrected edition."""
    return _CORRECTED.search(plain(f"{returned.file.path}/{returned.sheet.sheet}")) is not None


def is_sum(returned: Returned) -> bool:
    """Tell whether the tab says that the sheet holds the others again: 汇总, 副本."""
    return _SUM.search(plain(returned.sheet.sheet)) is not None


def came_together(one: Returned, other: Returned) -> bool:
    """Tell whether two returns came in one mail, folder or archive, or within a quarter of an hour."""
    folder = PurePosixPath(one.file.path).parent
    same_folder = folder != PurePosixPath() and folder == PurePosixPath(other.file.path).parent
    return same_folder or abs(arrival(one) - arrival(other)) <= _QUARTER_OF_AN_HOUR


def says_part(returned: Returned) -> bool:
    """Tell whether the file's name or its folder's says which part of a list it holds: 七年级, 补充, 4-2.

    A word of the form's own title, or of the school's name, says nothing.
    """
    path, slug = PurePosixPath(returned.file.path), re.escape(plain(returned.form.slug))
    name, folder = plain(path.stem), plain(path.parent.name)
    number = re.search(rf"(?:附件|附表|表){slug}(?![0-9])|^{slug}(?![0-9])", name)
    before, behind = (name[: number.start()], name[number.end() :]) if number else (name, "")
    if any(_PART_NUMBER.search(each) for each in (before, behind)) or _PART_BEHIND.search(behind):
        return True
    own = plain(returned.form.title + returned.school)
    return any(word not in own for each in (before, behind, folder) for word in _PART.findall(each))


def is_of_period(returned: Returned, period: Period) -> bool:
    """Tell whether a return can be of the period: by a tab that names a term, else by its date where that lies inside,
    else by tab, title and name.
    """
    date, tab = returned.sheet.date, plain(returned.sheet.sheet)
    of_tab = _is_term(tab, period)
    if of_tab is not None:
        return of_tab
    if date and period.meets((date.first, date.last)):
        return True
    texts = (returned.sheet.title, PurePosixPath(returned.file.path).stem)
    spans = (span_named(tab), *(span_named(text, years=False) for text in texts))
    named = next(filter(None, spans), None)  # a year alone may be left over from the blank of the year before
    if named:
        return period.meets(named)
    return date is None or period.is_near(date.first, date.last)


def _is_term(tab: str, period: Period) -> bool | None:
    """Whether a tab names the period's term, with its year or without; None where it names none."""
    if not period.term:
        return None
    if named := span_named(tab, years=False):
        return period.meets(named)
    if found := _TERM_ALONE.fullmatch(tab):
        return found["term"] == period.term or _HALVES.get(found["half"]) == period.term
    return False if period.term == "春" and _BEFORE.fullmatch(tab) else None


def is_undated(returned: Returned) -> bool:
    """Tell whether neither date nor title says of which day or period a return is."""
    return returned.sheet.date is None and span_named(returned.sheet.title) is None


def month_of(returned: Returned, period: Period) -> tuple[int, int] | None:
    """Year and month of a sheet in a workbook that is kept all term; None where neither tab nor date tells it."""
    date, month = returned.sheet.date, month_named(returned.sheet.sheet)
    if date and month in (None, date.last.month):
        return date.last.year, date.last.month
    if month is None:
        return None
    ends_next_year = period.last.year > period.year and month <= period.last.month
    return period.year + ends_next_year, month
