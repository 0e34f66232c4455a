"""The roster: where its header stands, what its cells mean, and what it may not say."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest

from kbxt_merge.errors import RosterError
from kbxt_merge.intake.assembly.roster import find_roster, read_roster
from kbxt_merge.model.school import School

PLACES = ("赣州市", "赣县区")
HEADER = ("学校标识码", "学校名称", "别名", "学段", "联系人", "联系电话", "邮箱", "口令")


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_cell_merged_over_several_schools_is_said_of_each_of_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "名册.xlsx",
        ("学校标识码", "学校名称", "学段", "邮箱"),
        ("2136000001", "梅林中心小学", "小学", "a@example.test"),
        ("2136000002", "桃江村小学"),
        ("2136000003", "王母渡中学", "初中"),
    )
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    for cells in ("C2:C3", "D2:D4", "A2:A3"):
        book.active.merge_cells(cells)
    book.save(path)
    assert [(each.code, each.stage, each.email) for each in read_roster(path, PLACES).schools] == [
        ("2136000001", "小学", "a@example.test"),
        ("", "小学", "a@example.test"),
        ("2136000003", "初中", "a@example.test"),
    ]


def test_a_school_is_read_with_all_that_the_roster_says_of_it(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "名册.xlsx",
        HEADER,
        (
            "2136000001",
            "赣县区梅林中心小学",
            "梅林中心小学、梅林小学",
            "小学",
            "范老师",
            "13900000001",
            "a@example.test",
            "0042",
        ),
    )
    assert read_roster(path, PLACES).schools == (
        School(
            code="2136000001",
            name="赣县区梅林中心小学",
            aliases=("梅林中心小学", "梅林小学"),
            stage="小学",
            contact="范老师",
            phone="13900000001",
            email="a@example.test",
            password="0042",
        ),
    )


def test_a_village_school_s_central_school_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "名册.xlsx", ("学校名称", "中心校"), ("桃源小学", "茅店中心小学"), ("茅店中心小学",))
    assert [each.centre for each in read_roster(path, PLACES).schools] == ["茅店中心小学", ""]


def test_the_header_may_stand_lower_with_columns_in_any_order_and_numbers_as_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "名册.xlsx",
        ("赣县区学校名册",),
        (),
        (None, "序号", "学校\n名称（全称）", "联系电话", "学校标识码"),
        (None, 1, " 梅林 中学", 13900000001, 3136000002),
        (None, None, None, None, None),
        (None, 2, "茅店中学", 7975550123.0, None),
        (None, None, "合计", None, None),
        (None, "注：本册以学籍系统为准", None, None, None),
    )
    roster = read_roster(path, PLACES)
    assert [(school.code, school.name, school.phone) for school in roster.schools] == [
        ("3136000002", "梅林中学", "13900000001"),
        ("", "茅店中学", "7975550123"),
    ]
    assert roster.find("赣县区茅店中学") is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_roster_is_read_in_each_encoding_that_office_programs_write(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "学校名册.csv"
    path.write_text(
        "学校标识码,学校名称,别名\n3136000002,梅林中学,梅中；林中;梅林中\n0136000003,茅店中学,\n", encoding=encoding
    )
    assert [(school.code, school.name, school.aliases) for school in read_roster(path, PLACES).schools] == [
        ("3136000002", "梅林中学", ("梅中", "林中", "梅林中")),
        ("0136000003", "茅店中学", ()),
    ]


FAULTS = {
    "no column of names": ([("学校标识码", "校名"), ("3136000002", "梅林中学")], "学校名称"),
    "no school": ([HEADER], "学校名称"),
    "a name twice": ([HEADER, ("1", "梅林中学"), ("2", "梅林中学")], "B2 和 B3"),
    "an alias of two schools": ([HEADER, ("1", "梅林中学", "一中"), ("2", "茅店中学", "县中、一中")], "B2 和 B3"),
    "an alias that is another's name": ([HEADER, ("1", "梅林中学", "茅店中学"), ("2", "茅店中学")], "B2 和 B3"),
    "one return folder for two": ([HEADER, ("1", "梅林中学/分校"), ("2", "梅林中学_分校")], "B2"),
    "a code without a name": ([HEADER, ("1", "梅林中学"), ("2136000001", None, "一中")], "B3"),
}


@pytest.mark.parametrize(("rows", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_what_a_roster_may_not_say_is_told_with_its_cells(
    tmp_path: Path, rows: list[tuple[object, ...]], named: str
) -> None:
    path = workbook(tmp_path / "名册.xlsx", *rows)
    with pytest.raises(RosterError) as caught:
        read_roster(path, PLACES)
    assert str(path) in caught.value.sentence("en")
    assert named in caught.value.sentence("zh")


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"PK\x03\x04 cut off", b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_roster_that_is_no_workbook_is_an_operator_s_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(content)
    with pytest.raises(RosterError):
        read_roster(path, PLACES)


def test_a_control_character_in_a_roster_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes("学校标识码,学校名称\n1,梅林小学\n2,茅店\x01小学\n".encode())
    with pytest.raises(RosterError, match=r"line 3 of the roster .*名册\.csv has a control character \(U\+0001\)"):
        read_roster(path, PLACES)
    path.write_bytes("学校标识码,学校名称\n1,梅林小学\n2,茅店小学\n".encode())
    assert [each.name for each in read_roster(path, PLACES).schools] == ["梅林小学", "茅店小学"]


@pytest.mark.parametrize("kind", ["a device", "a pipe"])
def test_a_roster_that_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = Path("/dev/zero") if kind == "a device" else tmp_path / "名册.csv"
    if kind == "a pipe":
        os.mkfifo(path)
    with pytest.raises(RosterError, match="is no regular file"):
        read_roster(path, PLACES)


def test_a_roster_that_is_not_there_is_an_operator_s_fault(tmp_path: Path) -> None:
    with pytest.raises(RosterError):
        read_roster(tmp_path / "名册.xlsx", PLACES)


def test_the_roster_beside_the_inbox_is_found_and_the_workbook_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "收件"
    inbox.mkdir()
    monkeypatch.chdir(inbox)
    assert find_roster(inbox) is None
    (tmp_path / "学校名册.csv").touch()
    assert find_roster(Path()) == tmp_path / "学校名册.csv"
    (tmp_path / "学校名册.xlsx").touch()
    assert find_roster(inbox) == tmp_path / "学校名册.xlsx"
