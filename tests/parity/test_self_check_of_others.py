"""The self-check in the blanks of forms of other kinds says what the rules find in their returns."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from filled_blanks import FilledBlank, recalculated, said_by_cards, said_by_table

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.merging import Progress, examine
from kbxt_merge.model.district import Records
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

OTHERS = Path(__file__).parent.parent / "forms_of_others"
NAMES = ("02-aid-list", "05-canteen", "06-school-bus", "07-teachers", "10-suspected")
DATE = "2021年9月10日"


def test_the_self_check_says_what_the_rules_find(tmp_path: Path) -> None:
    """One call of the office program for all of them: each school's rows typed into the form's blank."""
    wanted: list[tuple[Path, Form, set[tuple[int, str]]]] = []
    for name in NAMES:
        folder = OTHERS / name
        given = {"schemas": folder / "definition", "roster": folder / "学校名册.xlsx", "jobs": 0}
        settings = load_settings({**given, "period": "2021秋", "as_of": "2021-09-15"}, {}, tmp_path)
        checked = examine([folder / "inbox"], settings, Progress())
        forms = load_forms(CATALOGUE, folder / "definition")
        form = forms.handed_out[0]
        records = checked.district.records[form.slug]
        for school in sorted(set(records.school.tolist())):
            rows = [row for row in range(len(records)) if records.school[row] == school]
            path = tmp_path / f"{name} {school}.xlsx"
            FilledBlank(forms, form, [typed(records, row) for row in rows], DATE).save(path)
            wanted.append((path, form, faults(checked.findings, form, rows)))
    listed = with_list(next(path for path, form, _ in wanted if form.slug == "y6"))
    *made, of_list = recalculated([*(path for path, _, _ in wanted), listed], tmp_path / "out")
    assert len(wanted) == 9
    assert said_by_list(of_list) == ["✓", "年级班级：未填；监护人电话：不是有效的手机或座机号码", "✓", "", ""]
    for (path, form, expected), worked_out in zip(wanted, made, strict=True):
        said, _ = said_by_cards(worked_out) if form.shape is Shape.CARD else said_by_table(worked_out, form)
        first = min((int(row) for row, *_ in said if row.isdecimal()), default=0)
        cells = {(int(row) - first if row.isdecimal() else 0, label) for row, label, _ in said}
        least = min((row for row, _ in expected), default=0)
        assert cells == {(row - least, label) for row, label in expected}, path.name


def with_list(card: Path) -> Path:
    """A copy of a card with three pupils on its list, the second of them faulty."""
    book = openpyxl.load_workbook(card)
    sheet = book.worksheets[0]
    pupils = ((1, "温志兰", "三年级", "圩镇", "13807970001"), (2, "曹金志", None, "桥头", "1380797"))
    for row, cells in enumerate((*pupils, (3, "阿依古丽·艾山", "四（1）班", None, "0797-6123456")), 13):
        for column, text in enumerate(cells, 1):
            sheet.cell(row, column).value = text
    book.save(card.with_name("list.xlsx"))
    return card.with_name("list.xlsx")


def said_by_list(path: Path) -> list[str]:
    """What the self-check says of each row of the list; the line over it counts the faulty one."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    column = next(cell.column for cell in sheet[12] if cell.value == CHECK_HEADER)
    assert str(sheet.cell(1, column).value).startswith("自查：要改的有 ")
    return [str(sheet.cell(row, column).value or "").removesuffix("；") for row in range(13, 18)]


def typed(records: Records, row: int) -> dict[str, object]:
    cells = {name: records.typed[name][row] for name in records.form.by_name}
    return {name: cell for name, cell in cells.items() if cell is not None}


def faults(findings: Findings, form: Form, rows: list[int]) -> set[tuple[int, str]]:
    """The row among the school's own, and the field's label, of each fault."""
    frame = findings.frame
    mine = frame[(frame["form"] == form.slug) & (frame["severity"] != "info") & frame["record"].isin(rows)]
    pairs = zip(mine["record"], mine["field"], strict=True)
    return {(rows.index(record), form.by_name[field].label.zh) for record, field in pairs}
