"""The roster as it is edited at the desk: what changes is written, all else in the file stays, mistakes are told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from kbxt_merge.errors import RosterError
from kbxt_merge.intake.assembly.roster import read_roster
from kbxt_merge.roster_file import ChangedError, Done, Edited, read_for_editing, save
from kbxt_merge.settings import Settings

MEILIN, MAODIAN, CHUTAN = "赣县区梅林小学", "赣县区茅店小学", "赣县区储潭小学"
NEW = "赣县区江口小学"
Cells = dict[tuple[str, str], object]


def workbook(folder: Path) -> Path:
    """A title over the header, two schools with one contact, a column of the bureau's own, a second sheet."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "2021 年名册"
    for row in (
        ["赣县区学校名册"],
        ["序号", "学校名称", "联系人", "电话", "邮箱", "口令", "片区"],
        [1, MEILIN, "钟老师", 13800138001, "a@school.example", "tianshu27", "东片"],
        [2, MAODIAN, None, None, "b@school.example", "0012", "西片"],
        [3, CHUTAN, "王老师", "0797-4422333", "c@school.example", "q7w8", "西片"],
    ):
        page.append(row)
    page.merge_cells("C3:C4")
    page["G3"].comment = Comment("东片由李股长联系", "局里")
    page.column_dimensions["B"].width = 31
    book.create_sheet("说明")["B2"] = "=SUM(1,2)"
    book.save(folder / "学校名册.xlsx")
    return folder / "学校名册.xlsx"


def table(folder: Path, encoding: str) -> Path:
    path = folder / "学校名册.csv"
    text = (
        "学校标识码,学校名称,学段,邮箱,备注\r\n"
        f'0136,{MEILIN},小学,a@school.example,"山里,远"\r\n2,{MAODIAN},小学,b@school.example,\r\n'
    )
    path.write_bytes(text.encode(encoding))
    return path


def inbox(folder: Path) -> Path:
    return folder / "收件夹"


def edited(folder: Path, changes: dict[str, dict[str, str]], leaves: frozenset[str] = frozenset()) -> Done:
    """Save these over what stands there now: by the name of a school, or as a new one."""
    roster = read_for_editing(inbox(folder), Settings())
    keys = {line["name"]: key for key, line in roster.lines.items()}
    lines = {
        keys.get(name, name): {**roster.lines.get(keys.get(name, ""), {}), **each} for name, each in changes.items()
    }
    gone = frozenset(keys[name] for name in leaves)
    return save(roster.digest, Edited(lines, gone), inbox(folder), Settings(), folder / "旧")


def cells(path: Path) -> Cells:
    book = openpyxl.load_workbook(path)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_only_what_changed_is_another(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    before = cells(path)
    done = edited(
        tmp_path, {MAODIAN: {"contact": "李老师", "email": "li@school.example"}, CHUTAN: {"password": "=1+1"}}
    )
    assert (done.changed, done.came, done.left, done.faults) == (3, 0, 0, ())
    after, page = cells(path), "2021 年名册"
    assert {key: after.get(key) for key in after.keys() | before.keys() if after.get(key) != before.get(key)} == {
        (page, "C4"): "李老师",
        (page, "E4"): "li@school.example",
        (page, "F5"): "=1+1",
    }
    book = openpyxl.load_workbook(path)
    assert book[page]["F5"].data_type == "s"
    assert book[page]["G3"].comment.text == "东片由李股长联系"
    assert book[page].column_dimensions["B"].width == 31
    (old,) = (tmp_path / "旧").iterdir()
    assert cells(old) == before


def test_a_school_is_added_renamed_and_leaves(tmp_path: Path) -> None:
    """A renamed one keeps its old name as an alias; who reads rosters reads it so."""
    path = workbook(tmp_path)
    changes = {
        MEILIN: {"name": "赣县区梅林中心小学"},
        "new0": {"name": NEW, "email": "n@school.example", "phone": "13700137003"},
    }
    done = edited(tmp_path, changes, frozenset({CHUTAN}))
    assert (done.changed, done.came, done.left) == (2, 1, 1)
    roster = read_roster(path, ("赣县区",))
    assert [(each.name, each.aliases, each.contact, each.phone) for each in roster.schools] == [
        ("赣县区梅林中心小学", (MEILIN,), "钟老师", "13800138001"),
        (MAODIAN, (), "钟老师", ""),
        (NEW, (), "", "13700137003"),
    ]
    assert cells(path)["说明", "B2"] == "=SUM(1,2)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_stays_as_it_was_encoded(tmp_path: Path, encoding: str) -> None:
    path = table(tmp_path, encoding)
    edited(tmp_path, {MAODIAN: {"stage": "完全小学"}, "new0": {"name": NEW, "contact": "赖老师"}})
    assert path.read_bytes().decode(encoding) == (
        "学校标识码,学校名称,学段,邮箱,备注,联系人\r\n"
        f'0136,{MEILIN},小学,a@school.example,"山里,远"\r\n2,{MAODIAN},完全小学,b@school.example,\r\n'
        f",{NEW},,,,赖老师\r\n"
    )


def test_mistakes_are_told_by_cell_and_nothing_is_written(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    before = path.read_bytes()
    done = edited(
        tmp_path,
        {MAODIAN: {"name": MEILIN}, CHUTAN: {"email": "mei lin@school.example"}, "new0": {"contact": "无名"}},
    )
    assert [(each.line, each.column) for each in done.faults] == [("new0", "name"), ("3", "name"), ("4", "email")]
    assert path.read_bytes() == before
    assert not (tmp_path / "旧").exists()


def test_a_roster_that_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    shown = read_for_editing(inbox(tmp_path), Settings())
    edited(tmp_path, {MEILIN: {"contact": "别人"}})
    with pytest.raises(ChangedError):
        save(shown.digest, Edited(shown.lines), inbox(tmp_path), Settings(), tmp_path / "旧")
    assert cells(path)["2021 年名册", "C3"] == "别人"


def test_a_roster_of_which_something_would_be_lost_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/media/image1.png", b"x")
    before = path.read_bytes()
    with pytest.raises(RosterError):
        edited(tmp_path, {MEILIN: {"contact": "别人"}})
    assert path.read_bytes() == before
    assert list(tmp_path.glob("~$*")) == []


def test_where_there_is_none_one_is_made(tmp_path: Path) -> None:
    done = edited(tmp_path, {"new0": {"name": NEW, "password": "0012"}, "new1": {"name": " "}})
    assert done.came == 1
    assert [(each.name, each.password) for each in read_roster(tmp_path / "学校名册.xlsx", ()).schools] == [
        (NEW, "0012")
    ]
    assert not (tmp_path / "旧").exists()


def test_nothing_typed_is_nothing_written(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    before = path.read_bytes()
    shown = read_for_editing(inbox(tmp_path), Settings())
    assert save(shown.digest, Edited(shown.lines), inbox(tmp_path), Settings(), tmp_path / "旧") == Done()
    assert path.read_bytes() == before
