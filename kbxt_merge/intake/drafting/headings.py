"""What a blank prints round its table: attachment, title, the line of the unit, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbxt_merge.intake.drafting.page import Box, Page
from kbxt_merge.model.definition_book.form_layout import UNIT_LABELS, UNIT_LINE
from kbxt_merge.model.measures import A_MEASURE
from kbxt_merge.model.text import plain

_ATTACHMENT = re.compile(r"附\s*[件表]\s*[0-9一二三四五六七八九十]*(?:\s*[-—–之]\s*[0-9]+)*\s*[:：]?")
_UNIT_WORDS = (
    "填报单位", "填报学校", "填表单位", "学校（机构）名称", "单位（学校）名称", "学校名称",
    "学校[\u4e00-\u9fff]{2,4}名称", "单位名称",
    "报送单位", "上报单位", "所在学校", "学校", "单位", "School Name", "School",
)  # fmt: skip
_LATIN = r"(?:[A-Za-z][A-Za-z '’]*)?"
"""What stands beside a Chinese label in a blank of two languages."""
_UNIT = re.compile(rf"({'|'.join(_UNIT_WORDS)})\s*{_LATIN}(?:[（(][^）)]*[）)])?\s*[:：][ _　]*")
_MEASURE = re.compile(rf"(?:{A_MEASURE}|％)(?=[、，,/／()（）时米\s]|$)")
"""What is counted, behind 单位：, is no unit's name."""
_MEASURED = re.compile(rf"(?<![\u4e00-\u9fff])单位\s*[:：]\s*{_MEASURE.pattern}")
_STAMP_ALONE = re.compile(rf"({'|'.join(_UNIT_WORDS)})\s*[（(](?:盖章|公章|签章)[）)]\s*[:：]?[ _　]*")
_DAY = re.compile(r"[ _　0-9]*年[ _　0-9]*月(?:[ _　0-9]*日)?")
_DAY_LABEL = re.compile(r"((?:填[报表写]|采集|报送|统计|上报)?(?:日期|时间)|Date)\s*[:：][ _　]*$")
_VALUE = r"\s*[:：][ _　]*[^\s:：]*?(?=\s|$)"
_PLACES = (
    (re.compile(rf"(设区市|地级市){_VALUE}"), "{city}"),
    (re.compile(rf"(县\s*[（(]市、区[）)]|县区){_VALUE}"), "{county}"),
)
"""The words before the places of a card, and what is filled in behind them."""
_NOTE_WORDS = (
    r"(?:填[表报写]?|有关|指标)?(?:说\s*明|要求|须知|解释)|注意(?:事项)?|备\s*注|注|符号|图例"
    r"|(?:勾稽|钩稽|逻辑|审核|平衡|校验)关系"
)
_BEGINS_NOTES = re.compile(rf"\s*(?:{_NOTE_WORDS})\s*[:：]")
_NUMBERED = re.compile(r"\s*(?:[0-9]{1,2}\s*[.、．]|[（(][0-9]{1,2}[）)]|[①-⑳])")
_NOTE = re.compile(rf"{_NUMBERED.pattern}|\s*(?:{_NOTE_WORDS})(?:\s*[:：.、．0-9①（(]|\s*$)")
_PEOPLE = re.compile(
    r"(?:填表人|审核人|负责人|校长|联系人|制表人|检查人员?|园长|经办人|盘点人|管理员)\s*(?:签[字名章])?\s*(?:[（(][^）)]*[）)])?\s*[:：]"
)
_TWO_LANGUAGES = re.compile(r"(.*[\u4e00-\u9fff）)])\s*[/／]?\s*[A-Za-z][A-Za-z .'’&/()-]*", re.DOTALL)
_YEARS = re.compile(r"20[0-9]{2}\s*(?:年度?)?\s*[-—–~～至]+\s*20[0-9]{2}\s*年")
"""A span of years, which is no period."""
_YEAR = re.compile(r"(?:20[0-9]{2}|20[_＿ 　×]+|[_＿ 　×xX]{2,}|二〇[〇一二三四五六七八九]{2})\s*年")
_TERM = re.compile(r"(?:春[（(]秋[）)]|秋[（(]春[）)]|春秋|[春秋]|[_＿ 　]{2,})(?=季)")
_QUARTER = re.compile(r"第\s*(?:[一二三四1-4]|[_＿ 　×]{1,})\s*季度")
_COUNTY = re.compile(r"^([\u4e00-\u9fff]{1,4}?(?:县区|县|区|市))")
_SHORTEST_TITLE, _SHORTEST_NOTE = 4, 8
_OF_OFFICE = re.compile(r"\s*(?:表号|制定机关|制表机关|批准机关|批准文号|文号|有效期至|密级)\s*[:：]")
"""What an office prints over a title."""
_LONGEST_UNIT_LINE = 60


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands above a table, notes included, and the first row below it; `unit` is the unit's line as printed."""

    attachment: str = ""
    title: str = ""
    unit: str = ""
    below: int = 0
    notes: Sequence[str] = ()


def headings_of(page: Page) -> Headings:
    """Read the lines above the table: those of few boxes, up to the first row of many."""
    attachment = title = unit = ""
    notes: list[str] = []
    below = len(page.rows)
    for row, boxes in enumerate(page.rows):
        if not boxes:
            continue
        line = "    ".join(each.text for each in boxes)
        if (is_unit_line(line) and len(boxes) <= _FEW + 2 and not _is_header(page, boxes)) or _is_heading(page, row):
            unit = unit or line
        elif len(boxes) > _FEW or _is_header(page, boxes):
            below = row
            break
        elif _ATTACHMENT.fullmatch(line.strip()) and not attachment:
            attachment = line.strip(" :：")
        elif is_note(line) and len(line) > _SHORTEST_NOTE:
            notes += lines_of(line)
        elif not title and len(line) >= _SHORTEST_TITLE and not _OF_OFFICE.match(line):
            title = line
    return Headings(attachment, title, unit, below, notes)


_FEW = 2
"""So many texts in a row are no header yet."""


def _is_heading(page: Page, row: int) -> bool:
    """Tell a line of words with colons above a header, which has none: 学校食堂名称：, 年度：2024."""
    below = next((boxes for boxes in page.rows[row + 1 :] if boxes), ())
    is_said = all(re.search(r"[:：]", each.text) for each in page.rows[row])
    return is_said and len(below) > _FEW and not any(re.search(r"[:：]\s*$", each.text) for each in below)


def _is_header(page: Page, boxes: Sequence[Box]) -> bool:
    """Tell a row of a table with few texts: they have no colon and do not span the page."""
    if any(re.search(r"[:：]", each.text) for each in boxes):
        return False
    return len(boxes) >= 2 and all(each.width < page.width / 2 or each.bottom > each.top for each in boxes)


def lines_of(text: str) -> list[str]:
    """The lines of a cell in which several notes are typed, one below the other."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_unit_line(line: str) -> bool:
    """Tell the line that names unit and day."""
    is_day = _DAY.search(line) and len(line) < _LONGEST_UNIT_LINE and ":" in line.replace("：", ":")
    return bool(_UNIT.search(line) or _STAMP_ALONE.search(line) or is_day)


def is_note(text: str) -> bool:
    """Tell a note below a table."""
    return _NOTE.match(text) is not None


def begins_notes(text: str) -> bool:
    """Tell the words over notes: 填表说明：, 注：."""
    return _BEGINS_NOTES.match(text) is not None


def numbers_note(text: str) -> bool:
    """Tell a line that begins as a numbered note does, or a numbered row: `1. …`, `（2）…`."""
    return _NUMBERED.match(text) is not None


def signs(text: str) -> bool:
    """Tell a line in which people sign."""
    return _PEOPLE.search(text) is not None


def is_dated_by_month(line: str) -> bool:
    """Tell a line whose date has no day: `统计月份：    年    月`."""
    found = _DAY.search(line)
    return found is not None and not found[0].endswith("日")


def unit_line(line: str) -> tuple[str, list[str]]:
    """The printed line with its places, and the words that may stand before the school."""
    named = (each for each in _UNIT.finditer(line) if not _MEASURE.match(line, each.end()))
    found = next(named, None) or _STAMP_ALONE.search(line)
    labels = [plain(found[1]) if "（" in found[1] else found[1]] if found else []
    if found and (foreign := re.match(r"\s*([A-Za-z][A-Za-z '’]*)", found[0][len(found[1]) :])):
        labels.insert(0, f"{found[1]}{foreign[1].replace(' ', '')}")
    if found:
        stamp = re.match(r"\s*[（(](?:盖章|公章|签章)[）)]", line[found.end() :])
        text = found[0].rstrip(" _　")
        text += "" if text.endswith((":", "：")) else "："
        printed = f"{line[: found.start()]}{text}{{school}}{stamp[0].strip() if stamp else ''}    "
        line = printed + line[found.end() + (stamp.end() if stamp else 0) :].lstrip(" _　")
    for pattern, place in _PLACES:
        line = pattern.sub(rf"\1：{place} ", line, count=1)
    line = _DAY.sub("{date}", line, count=1)
    if "{date}" not in line:
        line = _DAY_LABEL.sub(lambda each: f"{each[1]}：{{date}}", line)
    line = line.replace("{school}{date}", "{school}    {date}")
    others = UNIT_LABELS if not _MEASURED.search(line) else UNIT_LABELS[:-1]
    labels += [each for each in others if each not in labels]
    return line.strip() or UNIT_LINE, labels


def in_chinese(header: str) -> str:
    """A header without what says the same in English behind it; one of one language as it is.

    >>> in_chinese("出生日期\\nDate of Birth"), in_chinese("A类人数"), in_chinese("E-mail")
    ('出生日期', 'A类人数', 'E-mail')
    """
    found = _TWO_LANGUAGES.fullmatch(header.strip())
    return found[1].strip() if found else header


def title_with_places(title: str) -> str:
    """A title with the places of its period left open.

    >>> title_with_places("云岭县2021年秋季学期汇总表"), title_with_places("2021年10月月报表")
    ('云岭县{year}年{term}季学期汇总表', '{year}年{month}月月报表')
    """
    title = re.sub(r"[{}]", "", title)
    if not _YEARS.search(title):
        title = _YEAR.sub("{year}年", title, count=1)
    title = re.sub(r"(?<![0-9])20[0-9]{2}(?=学年)", "{year}", title, count=1)
    title = _TERM.sub("{term}", title, count=1)
    if "{year}" in title:
        title = re.sub(r"(?<=\}年)\s*(?:[0-9]{1,2}|[_＿ 　×]+)\s*月", "{month}月", title, count=1)
        title = re.sub(r"(?<=[（(])\s*(?:[0-9]{1,2}|[_＿ 　×]+)\s*月(?=份?[）)])", "{month}月", title, count=1)
    return _QUARTER.sub("第{quarter}季度", title, count=1)


def county_of(title: str) -> str:
    """The county that a title begins with; blank where it names none."""
    found = _COUNTY.match(title)
    return found[1] if found else ""
