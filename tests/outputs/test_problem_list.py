"""问题清单.xlsx: what is found in Chinese columns, in the order of the schools, with the way to the marked workbook."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from small_district import SmallDistrict

from kbxt_merge.model.round import Changes, Fixed
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import Facts
from kbxt_merge.outputs.data.finding_columns import FINDING_FILE_COLUMNS, finding_columns
from kbxt_merge.outputs.lists.problem_list import write_problems

MIDDLE, CENTRE, TOWN = "赣县区梅林中学", "赣县区茅店中心小学", "赣县区田村小学"
ID = "360721201110166400"


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    header = [cell.value for cell in sheet[3]]
    return [dict(zip(header, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]


@pytest.fixture
def small() -> SmallDistrict:
    small = SmallDistrict()
    small.take(MIDDLE, "1-2", [{"name": "王芳"}])
    small.find("1-2", 0, "name", "warning", school=TOWN, file="b.xlsx", sheet="表1", cell="B5")
    small.find("1-2", 0, "id_number", "info", school=MIDDLE, file="a.xlsx", sheet="O'表", cell="C6", value=ID)
    small.find("1-2", 0, "name", "error", school=MIDDLE, file="a.xlsx", sheet="O'表", cell="B5")
    small.find("1-2", -1, "", "error", school="", file="c.xlsx")
    return small


def test_the_list_has_every_finding_by_school_and_what_must_be_corrected_first(
    small: SmallDistrict, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(write_problems(small.all_findings(), small.district(), tmp_path))
    assert book.sheetnames == ["问题", "说明"]
    sheet = book["问题"]
    found = [(row["学校"], row["级别"], row["表"], row["栏目"], row["单元格"]) for row in rows(sheet)]
    assert found == [
        (MIDDLE, "必须修改", "附件 1-2", "姓名", "B5"),
        (TOWN, "请核实", "附件 1-2", "姓名", "B5"),
        ("未注明学校", "必须修改", "附件 1-2", None, None),
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C4", "A3:R6")
    [note] = rows(book["说明"])
    assert (note["学校"], note["单元格"], str(note["所填内容"])[:4]) == (MIDDLE, "C6", "360*")


def test_the_school_of_a_form_that_has_no_field_for_it_is_named_in_words(small: SmallDistrict, tmp_path: Path) -> None:
    small.find("1-2", -1, "school", "warning", school=TOWN, file="b.xlsx", sheet="表1", cell="A2")
    sheet = openpyxl.load_workbook(write_problems(small.all_findings(), small.district(), tmp_path))["问题"]
    assert [row["栏目"] for row in rows(sheet) if row["单元格"] == "A2"] == ["填报单位"]


def test_a_finding_leads_to_its_cell_in_the_marked_workbook(small: SmallDistrict, tmp_path: Path) -> None:
    marked = {"a.xlsx": f"../退回/{MIDDLE}/a.xlsx", "b.xlsx": f"../退回/{'长' * 300}/b.xlsx"}
    path = write_problems(small.all_findings(), small.district(), tmp_path, returned=marked)
    links = [row["退回的工作簿"] for sheet in openpyxl.load_workbook(path) for row in rows(sheet)]
    assert links == [
        f"=HYPERLINK(\"../退回/{MIDDLE}/a.xlsx#'O''表'!B5\",\"打开\")",
        None,
        None,
        f"=HYPERLINK(\"../退回/{MIDDLE}/a.xlsx#'O''表'!C6\",\"打开\")",
    ]


def test_the_life_of_findings_and_what_was_fixed_are_told(small: SmallDistrict, tmp_path: Path) -> None:
    lives = pd.DataFrame({"life": ["open", "new"], "first_seen": ["2021-03-01", "2021-03-20"]}, index=[0, 2])
    gone = Fixed(TOWN, "3", "age-invalid", "error", "d.xlsx", "表1", "E9", Words("年龄有误", "wrong age"))
    changes = Changes(2, lives, [gone])
    book = openpyxl.load_workbook(write_problems(small.all_findings(), small.district(), tmp_path, changes=changes))
    assert [(row["状态"], row["首次发现"]) for row in rows(book["问题"])] == [
        ("本轮新增", "2021-03-20"),
        ("尚未更正", "2021-03-01"),
        (None, None),
    ]
    assert [(row["学校"], row["问题"], row["单元格"]) for row in rows(book["已改正"])] == [(TOWN, "年龄有误", "E9")]


def test_more_findings_than_a_sheet_holds_stand_on_several(small: SmallDistrict, tmp_path: Path) -> None:
    path = write_problems(small.all_findings(), small.district(), tmp_path, rows_a_sheet=2)
    book = openpyxl.load_workbook(path)
    assert [len(rows(sheet)) for sheet in book] == [2, 1, 1]


def test_a_district_without_findings_has_its_header(tmp_path: Path) -> None:
    small = SmallDistrict()
    book = openpyxl.load_workbook(write_problems(small.all_findings(), small.district(), tmp_path))
    assert [cell.value for cell in book["问题"][3]][:2] == ["学校", "表"]
    assert book["问题"].max_row == 3


@pytest.mark.parametrize(
    ("value", "expected", "difference"),
    [("12", "15", "-3"), ("2.5", "2", "0.5"), ("男", "女", ""), ("十", "9", ""), ("12", "", "")],
)
def test_what_a_rule_expects_and_how_far_off_a_number_is_stand_in_columns(
    value: str, expected: str, difference: str
) -> None:
    small = SmallDistrict()
    small.find("1-1", -1, "due", "error", value=value)
    small.findings[0]["facts"] = Facts.of(zh="", en="", expected=expected)
    found = small.all_findings()
    told = finding_columns(found, small.forms)
    assert tuple(told) == tuple(name for name in told if name in FINDING_FILE_COLUMNS)
    assert (told["expected"], told["difference"], told["life"]) == ([expected], [difference], [""])


def test_an_expected_number_of_a_person_is_masked() -> None:
    small = SmallDistrict()
    small.find("1-2", -1, "id_number", "error", value="360721")
    small.findings[0]["facts"] = Facts.of(zh="", en="", expected=ID)
    [told] = finding_columns(small.all_findings(), small.forms)["expected"]
    assert told.startswith("360*")
    assert sum(map(str.isdigit, told)) == 3
