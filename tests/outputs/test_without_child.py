"""A child goes out of a past period's files; who bears a like name, or stood beside it, stays as he was."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kbxt_merge.model.traces import Traces
from kbxt_merge.outputs.past.without_child import Outcome, without_child

OURS, THEIRS = "360704200805210315", "360721200707070423"
SCHOOL, OTHER = "赣县区梅林小学", "赣县区茅店中学"
TRACES = Traces(
    frozenset({OURS}),
    frozenset({"王一"}),
    frozenset({SCHOOL}),
    frozenset({("梅小/附件2.xlsx", "表2", "C6"), ("梅小/附件5.xlsx", "卡", "C3")}),
)
GONE = "（已删除）"

Rows = list[list[object]]


def kept(folder: Path, name: str, **sheets: Rows) -> Path:
    folder.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def rows(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def taken_out(folder: Path, traces: Traces = TRACES) -> dict[str, Outcome]:
    return {path.name: outcome for path, outcome in without_child(folder, traces)}


def test_its_row_is_emptied_and_every_other_stays_as_it_was(tmp_path: Path) -> None:
    header = ["序号", "姓名", "身份证号码", "备注"]
    others: Rows = [
        [2, "王一", THEIRS, "同名的另一个学生"],
        [3, "王一平", None, "名字里有它"],
        [4, "李四", None, "与王一、张三同村"],
    ]
    path = kept(tmp_path / "p", "一.xlsx", 汇总=[header, [1, "王一", OURS.lower(), "住在某村"], *others])
    assert taken_out(tmp_path / "p") == {"一.xlsx": Outcome.REWRITTEN}
    assert rows(path, "汇总") == [
        header,
        [1, GONE, None, None],
        *(list(row) for row in others[:2]),
        [4, "李四", None, "与＊＊＊、张三同村"],
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert taken_out(tmp_path / "p") == {}


def test_a_form_without_numbers_is_told_by_the_line_that_its_source_says(tmp_path: Path) -> None:
    """Two of one name and school: the ledger knows which of them came from which cell."""
    path = kept(
        tmp_path / "p",
        "二.xlsx",
        汇总=[["序号", "学校", "姓名"], [1, SCHOOL, "王一"], [2, SCHOOL, "王一"]],
        来源=[
            ["序号", "学校", "文件", "工作表", "单元格"],
            [1, SCHOOL, "梅小/附件2.xlsx", "表2", "C5"],
            [2, SCHOOL, "梅小/附件2.xlsx", "表2", "C6"],
        ],
    )
    assert taken_out(tmp_path / "p") == {"二.xlsx": Outcome.REWRITTEN}
    assert rows(path, "汇总")[1:] == [[1, SCHOOL, "王一"], [2, GONE, None]]
    assert rows(path, "来源")[1:] == [[1, SCHOOL, "梅小/附件2.xlsx", "表2", "C5"], [2, GONE, None, None, None]]


def test_a_list_of_findings_loses_what_points_at_its_row_and_namesakes_of_other_schools_keep_theirs(
    tmp_path: Path,
) -> None:
    header = ["学校", "姓名", "问题", "文件", "工作表", "单元格"]
    theirs = [OTHER, "王一", "请核实", "茅中.xlsx", "表2", "C6"]
    path = kept(
        tmp_path / "p",
        "问题清单.xlsx",
        问题=[
            header,
            [SCHOOL, "", "填 360***", "梅小/附件2.xlsx", "表2", "F6"],
            [SCHOOL, "", "x", "梅小/附件2.xlsx", "表2", "F7"],
            theirs,
        ],
    )
    assert taken_out(tmp_path / "p") == {"问题清单.xlsx": Outcome.REWRITTEN}
    assert rows(path, "问题")[1:] == [[GONE] + [None] * 5, [SCHOOL, None, "x", "梅小/附件2.xlsx", "表2", "F7"], theirs]


def test_its_card_goes_and_a_workbook_of_no_other_card_with_it(tmp_path: Path) -> None:
    card: Rows = [["姓名", "王一"], ["身份证号码", OURS], ["家庭住址", "某村"]]
    path = kept(
        tmp_path / "p",
        "五.xlsx",
        索引=[["序号", "姓名"], [1, "王一"], [2, "李四"]],
        来源=[[1, SCHOOL, "梅小/附件5.xlsx", "卡", "C3"]],
        **{"1_王一": card, "2_李四": [["姓名", "李四"]]},
    )
    kept(tmp_path / "p", "梅小的卡.xlsx", **{"1_王一": card})
    assert taken_out(tmp_path / "p") == {"五.xlsx": Outcome.REWRITTEN, "梅小的卡.xlsx": Outcome.REMOVED}
    assert openpyxl.load_workbook(path).sheetnames == ["索引", "来源", "2 李四"]
    assert rows(path, "索引") == [["序号", "姓名"], [1, GONE], [2, "李四"]]


@pytest.mark.parametrize("was_asked_about", [False, True])
def test_a_report_that_shows_its_row_goes_and_what_nobody_can_read_is_named(
    tmp_path: Path, was_asked_about: bool
) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    for name, text in (("甲.html", "<p>王一</p>"), ("乙.html", "<p>李四</p>"), ("丙.pdf", "%PDF"), ("丁.csv", "李四")):
        (folder / name).write_text(text, encoding="utf-8")
    traces = Traces(TRACES.numbers, TRACES.names, TRACES.schools, TRACES.places, was_asked_about)
    gone = {"甲.html": Outcome.REMOVED, **({"乙.html": Outcome.REMOVED} if was_asked_about else {})}
    assert taken_out(folder, traces) == {**gone, "丙.pdf": Outcome.UNKNOWN}
    assert {path.name for path in folder.iterdir()} == {"甲.html", "乙.html", "丙.pdf", "丁.csv"} - gone.keys()


def test_a_name_of_one_character_is_looked_for_in_no_other_words(tmp_path: Path) -> None:
    path = kept(tmp_path / "p", "一.xlsx", 汇总=[[1, "王", OURS], [2, "王五", "王家村，王五的家"]])
    traces = Traces(TRACES.numbers, frozenset({"王"}), TRACES.schools, TRACES.places)
    assert taken_out(tmp_path / "p", traces) == {"一.xlsx": Outcome.REWRITTEN}
    assert rows(path, "汇总") == [[1, GONE, None], [2, "王五", "王家村，王五的家"]]


def test_a_workbook_that_does_not_open_goes_where_it_may_hold_the_child(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    for name in ("坏.xlsx", "坏.docx"):
        (folder / name).write_bytes(b"no zip")
    assert taken_out(folder) == {"坏.xlsx": Outcome.REMOVED, "坏.docx": Outcome.REMOVED}
