"""Whose a returned sheet is: nobody named, a name that nobody knows, or two names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbxt_merge.model.district import District
from kbxt_merge.model.form import Shape
from kbxt_merge.model.returned_form import NamedBy, Returned
from kbxt_merge.model.returns import address
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster, School, name_of_school
from kbxt_merge.model.school_names import is_own
from kbxt_merge.model.text import Words
from kbxt_merge.rules.checks.file_finding import FileFinding, on_sheet


def school_of_sheet(returned: Returned, district: District) -> Iterator[FileFinding]:
    """Nobody named, a name nobody knows, or two names; a card has no unit line to name it.

    Where the bureau said whose it is, nobody is asked.
    """
    if returned.named_by is NamedBy.DECISION:
        return
    sheet, cell = returned.sheet, returned.sheet.unit_cell
    if not sheet.unit:
        is_card = returned.form.shape is Shape.CARD
        if returned.named_by is NamedBy.NOBODY:
            facts = _ON_CARD if is_card else _ON_LIST
            yield on_sheet(returned, "school-missing").telling(Severity.ERROR, **facts)
        elif not is_card and returned.named_by is not NamedBy.TITLE:
            taken = {**_ON_LIST, "how": _TAKEN[returned.named_by]}
            yield on_sheet(returned, "school-missing").telling(**taken)
        return
    if district.roster is None:
        return
    if returned.unit is None:
        yield _unknown(returned, cell, sheet.unit, district.roster)
    elif returned.path and not _agree(returned.path, returned.unit, district.roster):
        finding = on_sheet(returned, "school-conflict", cell, "school", sheet.unit)
        yield finding.telling(unit=returned.unit.name, path=returned.path.name)


def _agree(path: School, unit: School, roster: Roster) -> bool:
    """Tell whether path and unit line name one school, or a village school and its central school."""
    return path.name == unit.name or roster.belong_together(path, unit)


def schools_of_rows(returned: Returned, district: District) -> Iterator[FileFinding]:
    """The names that nobody knows among the rows of a statistics sheet; in a single row the unit line counts."""
    sheet, form, roster = returned.sheet, returned.form, district.roster
    if form.shape is not Shape.STATISTICS or roster is None or len(sheet.rows) < 2:
        return
    cells = sheet.cells.get(form.record_field, ())
    for row, cell in zip(sheet.rows, cells, strict=False):
        if not isinstance(cell, str):
            continue
        written = name_of_school(cell)
        if written and not is_own(written) and roster.find(written) is None:
            yield _unknown(returned, address(row, sheet.columns[form.record_field]), cell, roster)


def _unknown(returned: Returned, cell: str, name: str, roster: Roster) -> FileFinding:
    finding = on_sheet(returned, "school-unknown", cell, "school", name)
    nearest = roster.nearest(name)
    finding.suggestion = nearest.name if nearest else ""
    return finding.telling(name=name)


_ON_LIST: Mapping[str, Words] = {
    "what": Words("填报单位一行没有学校名称", "The unit line names no school"),
    "how": Words("文件名、文件夹名也没有", "and neither file nor folder names one"),
    "do": Words("请补填", "Fill it in"),
}
_ON_CARD: Mapping[str, Words] = {
    "what": Words("登记表上没有学校名称", "The card names no school"),
    "how": Words(
        "文件名、文件夹名也没有，各校名单中也没有这个人", "nor do file, folder or any school's list of children"
    ),
    "do": Words("请在文件名中写明学校后重新报送", "Return it with the school in the file's name"),
}
_TAKEN: Mapping[NamedBy, Words] = {
    NamedBy.PATH: Words("已按文件名或文件夹名归入该校", "the file's or folder's name was taken"),
    NamedBy.TAB: Words("已按工作表名归入该校", "the sheet's name was taken"),
    NamedBy.STAMP: Words("已按盖章处的校名归入该校", "the name at its stamp was taken"),
    NamedBy.BUNDLE: Words("已按同一工作簿的其他表归入该校", "the other sheets of the workbook name it"),
    NamedBy.MARK: Words("已按下发表格的标记归入该校", "the mark of the blank names it"),
    NamedBy.ROW: Words("已按表内“学校”一栏归入该校", "the rows of the sheet name it"),
    NamedBy.LIST: Words("已按其所在的名单归入该校", "the list that holds the child names it"),
}
