"""催报名单.xlsx: who owes what, whom to call, and when the school was last written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kbxt_merge.model.china_time import in_china
from kbxt_merge.model.district import District
from kbxt_merge.model.out_folder import REMINDER_LIST
from kbxt_merge.model.owed import Owed
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.lists.list_sheet import ListColumn, ListSheet
from kbxt_merge.outputs.sheets.bulk_sheet import Cell
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.workbook import open_book

_TITLE = Words("{period}催报名单", "Who owes what, {period}")
_NOTE = Words(
    "{bureau}　{day}　共 {count} 所学校；无须报的表不列入。",
    "{bureau}, {day}: {count} schools. What need not be returned is not listed.",
)
_SHEET = Words("催报", "To be reminded")
_ALL = Words("全部未报", "everything")
_COLUMNS = (
    ListColumn(Words("学校", "school"), 26.0),
    ListColumn(Words("学段", "stage"), 10.0),
    ListColumn(Words("未报", "not returned"), 22.0),
    ListColumn(Words("待更正（处）", "to correct"), 10.0, "number"),
    ListColumn(Words("待核实（处）", "to verify"), 10.0, "number"),
    ListColumn(Words("缺盖章扫描件", "no stamped scan"), 22.0),
    ListColumn(Words("只有网盘链接（封）", "cloud link only"), 14.0, "number"),
    ListColumn(Words("联系人", "contact"), 10.0),
    ListColumn(Words("联系电话", "telephone"), 15.0),
    ListColumn(Words("上次去信", "last mail"), 17.0),
    ListColumn(Words("催办记录", "what was said"), 20.0, "long_text"),
)


def write_reminders(owed: Sequence[Owed], district: District, folder: Path, language: Language = "zh") -> Path:
    """Write the list into a folder; its path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REMINDER_LIST
    comma = "、" if language == "zh" else ", "
    cells: list[Sequence[Cell]] = [
        [each.school for each in owed],
        [each.stage for each in owed],
        [_ALL.of(language) if each.nothing_came else comma.join(each.forms) for each in owed],
        [each.corrections or "" for each in owed],
        [each.answers or "" for each in owed],
        [comma.join(each.scans) for each in owed],
        [each.links or "" for each in owed],
        [each.contact for each in owed],
        [each.phone for each in owed],
        [f"{in_china(each.last_mail):%Y-%m-%d %H:%M}" if each.last_mail else "" for each in owed],
        [""] * len(owed),
    ]
    period = district.period.words.of(language)
    facts = {"bureau": district.forms.bureau, "day": district.as_of, "count": len(owed)}
    with open_book(path, district.as_of, len(owed)) as book:
        sheet = ListSheet(book, Styles(book), Names(), language)
        title = _TITLE.of(language).format(period=period)
        sheet.write(_SHEET, title, _NOTE.of(language).format(**facts), _COLUMNS, cells, frozen=1)
    return path
