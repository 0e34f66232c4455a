"""The registers' folder: every way in which offices export them, and what is told of a file that can't be used."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from sheets import FORMS, PERIOD, page, references

from kbxt_merge.errors import RegisterError
from kbxt_merge.intake.formats import long_tables
from kbxt_merge.intake.registers.folder import RegistersFolder, find_registers
from kbxt_merge.intake.registers.index_store import index_folder
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.reference import Reference, References
from kbxt_merge.model.returns import Grid, Workbook

FIRST, SECOND = "360704200805210315", "36072120121023086X"
HEADER = ("姓名", "身份证件号", "学校名称", "全国学籍号", "学生状态")
ROWS = [
    HEADER,
    ("赖小满", FIRST, "梅林小学", f"G{FIRST}", "在读"),
    ("谢霜降", SECOND, "茅店中学", f"G{SECOND}", "辍学"),
]
NUMBERS = [FIRST.encode(), SECOND.encode()]


def read(folder: Path, out: Path | None = None, jobs: int = 0) -> References:
    return RegistersFolder(folder, FORMS, Limits(), (), jobs, out).read(PERIOD)


def roll(made: References) -> Reference:
    assert [each.trouble for each in made.files] == [None] * len(made.files)
    return made.registers["学籍"]


def as_csv(rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]], path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_whatever_encoding(encoding: str, tmp_path: Path) -> None:
    rows = [HEADER, *([name, f"\t{number}", *rest] for name, number, *rest in ROWS[1:])]
    (tmp_path / "导出.csv").write_bytes(as_csv(rows, encoding))
    assert roll(read(tmp_path)).numbers.tolist() == NUMBERS


def test_numbers_and_names_are_cleaned_as_those_of_returns() -> None:
    table = page(
        "| 姓名 | 证件号码 | 学籍号 |\n"
        f"| 赖 小满 | '{FIRST}  | x |\n| 阿依古丽•买买提 | ‘{SECOND.lower()} | x |\n| 温小暑 | 360704********0315 | x |"
    )
    found = roll(references({"学籍.xlsx": table}))
    assert found.numbers.tolist() == [*NUMBERS, b""]
    assert found.column("name").at(np.arange(3)).tolist() == ["赖小满", "阿依古丽·买买提", "温小暑"]
    assert found.births.astype(str).tolist() == ["2008-05-21", "2012-10-23", "NaT"]


def test_a_table_is_found_wherever_it_stands_and_its_rows_are_pointed_at() -> None:
    below = page(
        "|  | 学籍信息表 | | |\n|  | 单位：某区教育局 | | |\n|  |  |  |  |\n"
        f"|  | 1.学生姓名（必填） | *身份证件号码 | 学籍状态 |\n|  | 赖小满 | '{FIRST} | 正常 |\n|  | 合计 | 1 | |"
    )
    found = roll(references({"导出.xlsx": replace(below, top=9, left=2)}))
    assert (len(found), found.places(np.array([0]))) == (1, ["比对库/导出.xlsx › Sheet1 › D14"])
    assert found.column("status").texts.tolist() == ["在读"]


def test_a_header_of_two_rows_knows_whose_number_is_whose() -> None:
    table = page(
        "| 监护人 | | 学生 | | 学籍号 |\n| 姓名 | 身份证号 | 姓名 | 身份证号 | |\n"
        f"| 赖大暑 | '{SECOND} | 赖小满 | '{FIRST} | 'x |"
    )
    assert roll(references({"学籍.xlsx": table})).numbers.tolist() == [FIRST.encode()]


def test_files_and_sheets_of_one_register_are_one_and_a_sheet_goes_on_without_its_header() -> None:
    first = page(f"| 姓名 | 身份证件号 | 学籍号 |\n| 赖小满 | '{FIRST} | 'x |", sheet="一")
    further = page(f"| 谢霜降 | '{SECOND} | 'x |", sheet="二")
    other = page(f"| 学籍号 | 身份证件号 | 姓名 |\n| 'x | '{FIRST} | 赖小满 |")
    found = roll(references({"小学.xlsx": Workbook([first, further]), "初中.xlsx": other}))
    assert found.numbers.tolist() == [*NUMBERS, FIRST.encode()]
    assert found.places(np.array([1, 2])) == ["比对库/小学.xlsx › 二 › A1", "比对库/初中.xlsx › Sheet1 › C2"]


def test_a_register_is_known_by_its_name_where_its_columns_do_not_tell() -> None:
    plain = page(f"| 姓名 | 身份证号 |\n| 赖小满 | '{FIRST} |")
    made = references({"脱贫户2021.xlsx": plain, "名单.xlsx": plain, "残疾人证与学籍.xlsx": plain})
    assert [(each.path, each.register, each.trouble) for each in made.files] == [
        ("比对库/脱贫户2021.xlsx", "脱贫户", None),
        ("比对库/名单.xlsx", "", "unknown"),
        ("比对库/残疾人证与学籍.xlsx", "", "unknown"),
    ]


def test_a_schools_return_and_a_timetable_are_no_registers() -> None:
    ledger = page(f"| 姓名 | 身份证号 | 残疾类别 | 就学情况 |\n| 赖小满 | '{FIRST} | 智力 | 是 |")
    made = references({"附件3.xlsx": ledger, "课程表.xlsx": page("| 星期一 | 星期二 |\n| 语文 | 数学 |")})
    assert [each.trouble for each in made.files] == ["unknown", "unknown"]
    assert made.registers == {}


def test_the_same_file_twice_is_used_once_and_leaves_the_register_whole() -> None:
    table = page(f"| 姓名 | 身份证件号 | 学籍号 |\n| 赖小满 | '{FIRST} | 'x |")
    made = references({"学籍.xlsx": table, "学籍（副本）.xlsx": table})
    assert [each.trouble for each in made.files] == [None, "copy"]
    assert made.registers["学籍"].whole


def test_rows_that_left_the_register_do_not_stand_on_it() -> None:
    table = page(f"| 姓名 | 身份证件号 | 学生状态 |\n| 赖小满 | '{FIRST} | 毕业 |\n| 谢霜降 | '{SECOND} | 在校 |")
    assert roll(references({"学籍.xlsx": table})).stands.tolist() == [False, True]


def test_a_large_workbook_is_read_row_by_row_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_xlsx([["学籍表"], [], *([None, *row] for row in ROWS)], tmp_path / "学籍.xlsx")
    small = roll(read(tmp_path))
    monkeypatch.setattr(long_tables, "LARGE", 0)
    large = roll(read(tmp_path))
    for name in ("numbers", "births"):
        assert getattr(small, name).tolist() == getattr(large, name).tolist()
    rows = np.arange(2)
    assert (
        small.places(rows) == large.places(rows) == [f"{tmp_path.name}/学籍.xlsx › Sheet › B{4 + row}" for row in rows]
    )


def test_what_was_read_is_kept_by_content_and_nothing_of_what_is_gone(tmp_path: Path) -> None:
    folder, out = tmp_path / "比对库", tmp_path / "结果"
    folder.mkdir()
    as_xlsx(ROWS, folder / "学籍.xlsx")
    first = roll(read(folder, out))
    kept = list(index_folder(out).iterdir())
    assert len(kept) == 1
    assert (index_folder(out).stat().st_mode & 0o777, kept[0].stat().st_mode & 0o777) == (0o700, 0o600)
    again = roll(read(folder, out))
    assert again.numbers.tolist() == first.numbers.tolist()
    assert again.column("name").texts.tolist() == first.column("name").texts.tolist()
    as_xlsx(ROWS[:2], folder / "学籍.xlsx")
    assert len(roll(read(folder, out))) == 1
    assert [path for path in index_folder(out).iterdir() if path in kept] == []
    next(index_folder(out).iterdir()).write_bytes(b"damaged")
    assert len(roll(read(folder, out))) == 1


def test_a_file_that_cannot_be_read_is_told_with_the_register_that_its_name_names(tmp_path: Path) -> None:
    (tmp_path / "残疾人证.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (tmp_path / "~$学籍.xlsx").write_bytes(b"lock")
    made = read(tmp_path, jobs=1)
    assert [(each.path, each.register, each.trouble) for each in made.files] == [
        (f"{tmp_path.name}/残疾人证.xlsx", "残疾人证", "unreadable")
    ]


def test_the_folder_is_taken_beside_the_inbox_and_a_missing_one_is_the_operators_fault(tmp_path: Path) -> None:
    assert find_registers(tmp_path / "收件夹") is None
    (tmp_path / "比对库").mkdir()
    assert find_registers(tmp_path / "收件夹") == tmp_path / "比对库"
    with pytest.raises(RegisterError, match="there is no folder"):
        read(tmp_path / "没有")


@pytest.mark.parametrize(
    ("name", "trouble"), [("学籍20201101", "old"), ("学籍20210105", None), ("2020年秋季学籍", None)]
)
def test_a_register_is_old_two_months_before_the_period(name: str, trouble: str | None) -> None:
    table: Grid = page(f"| 姓名 | 身份证件号 | 学籍号 |\n| 赖小满 | '{FIRST} | 'x |")
    [file] = references({f"{name}.xlsx": table}).files
    assert (file.trouble, file.says_day) == (trouble, True)


def test_a_day_of_export_goes_before_the_term_that_a_title_names() -> None:
    table = page(
        "| 2021年春季学期学生学籍信息 |  |  |\n| 导出日期：2021-03-05 |  |  |\n| 姓名 | 身份证件号 | 学籍号 |\n"
        f"| 赖小满 | '{FIRST} | x |"
    )
    [file] = references({"学籍.xlsx": table}).files
    assert (file.dated, file.says_day, file.trouble) == ("2021-03-05", True, None)


def test_an_archive_past_the_limits_is_told_by_its_limit(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "学籍.zip", "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}.csv", b"")
    limits = replace(Limits(), members=10)
    [file] = RegistersFolder(tmp_path, FORMS, limits, (), 0).read(PERIOD).files
    assert (file.register, file.trouble) == ("学籍", "unreadable")
    assert file.problem is not None
    assert (file.problem.slug, file.problem.facts["what"]) == ("file-unsafe", "whole-members")
