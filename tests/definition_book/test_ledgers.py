"""A ledger in which nothing tells one record from another, its month printed in the unit line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from kbxt_merge import merging
from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions.exporting import export
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.form_definitions.proving import faults_of
from kbxt_merge.intake.definitions.loader import DefinitionError, load_forms
from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.wording import Wording
from kbxt_merge.outputs.blanks.handout import write_blanks
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

PURCHASES = """
form: "8"
title: 食材采购台账
label: 食材采购台账
shape: list
version: "1"
unit_line: {labels: [学校], printed: "学校：{school}    {year}年{month}月"}
record: ""
fields:
  - {type: 序号, header: 序号}
  - {type: 文字, header: 备注}
  - {type: 日期, header: 采购日期, required: true}
  - {type: 姓名, header: 验收人}
  - {type: 编码, kind: 统一社会信用代码, header: 供货商代码}
  - {type: 编码, mask: "##@@??????????????", header: 卡号}
"""


@pytest.fixture
def purchases(tmp_path: Path) -> Forms:
    folder = tmp_path / "表格"
    folder.mkdir()
    (folder / "bureau.yaml").write_text(
        "bureau: 甲县教育局\ncity: 甲市\ncounty: 甲县\nforms: [台账]\n", encoding="utf-8"
    )
    (folder / "台账.yaml").write_text(PURCHASES, encoding="utf-8")
    return load_forms(CATALOGUE, folder)


def test_a_ledger_without_a_key_is_proven_and_prints_its_month(purchases: Forms, tmp_path: Path) -> None:
    (form,) = purchases.forms
    assert (form.bearer, form.record) == (Bearer.THING, "采购日期")
    assert [fault.zh for fault in faults_of(purchases, form)] == []
    monthly = replace(form, title="{year}年{month}月台账")
    assert monthly.titled_over(Period.parse("2024Q2")) == "2024年4—6月台账"
    (path,) = write_blanks(purchases, tmp_path / "下发", roster=None, period=Period.parse("2024-05"))
    texts = {cell.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row}
    assert "2024年5月" in texts


@pytest.mark.parametrize("known_by", ["", "凭它认"])
def test_in_the_workbook_things_need_no_key_and_people_are_asked_for_in_their_column(
    known_by: str, tmp_path: Path, purchases: Forms
) -> None:
    export(tmp_path / "本", tmp_path / "表格")
    path = tmp_path / "本" / BOOK
    assert forms_of(path).forms == purchases.forms
    book = openpyxl.load_workbook(path)
    sheet = book["食材采购台账"]
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "登记的是")
    sheet.cell(place.row, place.column + 2).value = "学生"
    row, remark = (
        next(row for row in sheet.iter_rows() if each in [cell.value for cell in row]) for each in ("验收人", "备注")
    )
    part = next(cell for line in sheet.iter_rows() for cell in line if cell.value == "说的是本人的")
    column = part.column_letter
    sheet.cell(remark[0].row, part.column).value = known_by or None
    book.save(path)
    with pytest.raises(SchemaError) as raised:
        forms_of(path)
    (told,) = [line for line in raised.value.words.zh.splitlines() if "工作表" in line]
    assert f"工作表“食材采购台账” {column}{row[0].row}：" in told


def test_a_shape_that_is_none_is_told_once(tmp_path: Path, purchases: Forms) -> None:
    export(tmp_path / "本", tmp_path / "表格")
    book = openpyxl.load_workbook(tmp_path / "本" / BOOK)
    sheet = book["食材采购台账"]
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "表样")
    value = sheet.cell(place.row, place.column + 2)
    value.value = "什么表"
    book.save(tmp_path / "本" / BOOK)
    with pytest.raises(SchemaError) as raised:
        forms_of(tmp_path / "本" / BOOK)
    told = [line for line in raised.value.words.zh.splitlines() if f" {value.coordinate}：" in line]
    assert len(told) == 1


def examined(forms: Forms, place: Path, **cells: str) -> Checked:
    """A return of one purchase in which these cells are filled in."""
    return came(forms, place, {"一校.xlsx": [cells]})


def came(forms: Forms, place: Path, files: Mapping[str, Sequence[Mapping[str, str]]]) -> Checked:
    """Returns of one school, each with these rows filled in."""
    (path,) = write_blanks(forms, place / "下发", roster=None, period=Period.parse("2024-05"))
    for name, rows in files.items():
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        named = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        next(cell for cell in named if cell.value.startswith("学校：")).value = "学校：清河小学"
        columns = {cell.value: cell for cell in named if cell.value in forms.forms[0].by_name}
        for at, cells in enumerate(rows, 1):
            for header, text in cells.items():
                sheet.cell(columns[header].row + at, columns[header].column).value = text
        (place / "收").mkdir(exist_ok=True)
        book.save(place / "收" / name)
    options = {"schemas": place / "表格", "period": "2024-05", "jobs": 0}
    return merging.examine([place / "收"], load_settings(options, {}, place), merging.Progress())


_OF_A_DAY = [{"采购日期": "2024-05-07", "备注": each} for each in ("米", "面", "油")]
_OF_OTHERS = [{"采购日期": f"2024-05-{day:02}", "备注": "菜"} for day in range(8, 14)]


@pytest.mark.parametrize(
    ("known_by", "later", "remarks"),
    [
        ('""', {"采购日期": "2024-05-07", "备注": "盐"}, "米面油菜菜菜菜菜菜盐"),
        ('""', {"采购日期": "2024/5/7", "备注": "油"}, "米面菜菜菜菜菜菜油"),  # said anew, and no second purchase
        ("[采购日期, 备注]", {"采购日期": "2024年5月7日", "备注": "油"}, "米面菜菜菜菜菜菜油"),
        ("[采购日期, 备注]", {"采购日期": "2024-05-07", "备注": "盐"}, "米面油菜菜菜菜菜菜盐"),
    ],
)
def test_what_is_added_replaces_only_the_line_that_it_says_anew(
    known_by: str, later: Mapping[str, str], remarks: str, purchases: Forms, tmp_path: Path
) -> None:
    definition = tmp_path / "表格" / "台账.yaml"
    definition.write_text(PURCHASES.replace('record: ""', f"record: {known_by}"), encoding="utf-8")
    forms = load_forms(CATALOGUE, tmp_path / "表格")
    checked = came(forms, tmp_path, {"清河小学.xlsx": [*_OF_A_DAY, *_OF_OTHERS], "清河小学补报.xlsx": [later]})
    assert "".join(checked.district.records["8"].shown["备注"]) == remarks


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ([*_OF_A_DAY[:2], {"采购日期": "2024/5/7", "备注": "酱油"}, *_OF_OTHERS], ()),  # corrected, not left out
        ([*_OF_A_DAY[:2], *_OF_OTHERS], ("2024-05-07",)),
        ([*_OF_A_DAY, *_OF_OTHERS[1:]], ("2024-05-08",)),
    ],
)
def test_a_ledger_sent_anew_leaves_behind_what_it_has_fewer_lines_of(
    later: Sequence[Mapping[str, str]], left: Sequence[str], purchases: Forms, tmp_path: Path
) -> None:
    checked = came(purchases, tmp_path, {"清河小学.xlsx": [*_OF_A_DAY, *_OF_OTHERS], "清河小学更正.xlsx": later})
    first, second = sorted(checked.district.returned, key=lambda each: each.standing is Standing.IN_FORCE)
    assert (first.standing, first.left_behind) == (Standing.SUPERSEDED, left)
    assert (second.standing, len(second.sheet.rows)) == (Standing.IN_FORCE, len(later))


def test_a_field_that_no_form_has_is_told_once_where_several_tell_records_apart(
    purchases: Forms, tmp_path: Path
) -> None:
    definition = tmp_path / "表格" / "台账.yaml"
    definition.write_text(PURCHASES.replace('record: ""', "record: [品名, 备注]"), encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_forms(CATALOGUE, tmp_path / "表格")
    assert [each.path for each in raised.value.faults] == ["record[1]"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5月7日", "2024-05-07"),
        ("五月7号", "2024-05-07"),
        ("5/31", "2024-05-31"),
        ("4月30日", None),  # of another month: of which year nobody knows
        ("2月30日", None),
    ],
)
def test_a_day_without_a_year_is_of_the_forms_own_month(
    typed: str, read: str | None, purchases: Forms, tmp_path: Path
) -> None:
    checked = examined(purchases, tmp_path, 采购日期=typed)
    frame = checked.findings.frame
    rules = set(frame[frame["field"] == "采购日期"]["rule"])
    assert rules == ({"value-normalised"} if read else rules - {"value-normalised"})
    assert checked.district.records["8"].shown["采购日期"].tolist() == [read or typed]


def test_a_firms_code_is_told_whole_and_no_half_of_a_masked_one(purchases: Forms, tmp_path: Path) -> None:
    code, card = "91350100m000100y43", "12ab3456ma35abcd0f"
    checked = examined(purchases, tmp_path, 采购日期="2024-05-07", 供货商代码=code, 卡号=card)
    frame = checked.findings.frame
    frame = frame[frame["field"].isin(["供货商代码", "卡号"])]
    of_firm, of_card = Wording(CATALOGUE, purchases, "zh").sentences(frame)
    assert code in of_firm
    assert code.upper() in of_firm
    assert "12" in of_card
    assert "3456" not in of_card
    assert "35" not in of_card
    assert "0F" not in of_card.upper()


def test_the_self_check_of_a_blank_that_nobody_worked_out_is_no_row(purchases: Forms, tmp_path: Path) -> None:
    """openpyxl saves formulas without their results, as collecting tools do."""
    checked = examined(purchases, tmp_path, 采购日期="2024-05-07")
    (sheet,) = [each.sheet for each in checked.district.returned]
    assert (len(sheet.rows), {each.reason for each in sheet.left_out}) == (1, {Reason.SIGNATURE})
