"""Blanks that nobody has defined: a draft finds their fields and types, and reads returns as a definition does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from kbxt_merge import merging
from kbxt_merge.cli import main
from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions.drafting import draft
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import bare_header
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

ROOT = Path(__file__).parent.parent
OTHERS = ROOT / "forms_of_others"
SIX = ROOT.parent / "templates" / "blanks"
NINE = sorted(each.name for each in OTHERS.iterdir() if (each / "definition").is_dir())

Key = tuple[tuple[str, ...], str]


def key_of(field: Field) -> Key:
    return tuple(map(bare_header, field.groups)), bare_header(field.header)


def kind_of(field: Field) -> object:
    return frozenset(field.vocabulary.values) if field.vocabulary else field.type


def by_key(form: Form) -> Mapping[Key, list[object]]:
    found: dict[Key, list[object]] = {}
    for field in form.printed_fields:
        found.setdefault(key_of(field), []).append(kind_of(field))
    return found


def score(finished: Forms, drafted: Forms) -> tuple[int, int, int, int]:
    """Fields of the finished definition, how many the draft has, with the same type; and those it has besides."""
    total = found = right = besides = 0
    for form in finished.forms:
        wanted = by_key(form)
        made = max((by_key(each) for each in drafted.forms), key=lambda each: len(each.keys() & wanted.keys()))
        for key, kinds in wanted.items():
            total += len(kinds)
            found += min(len(kinds), len(made.get(key, ())))
            right += sum(one == other for one, other in zip(kinds, made.get(key, ()), strict=False))
        besides += sum(len(kinds) for key, kinds in made.items() if key not in wanted)
    return total, found, right, besides


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    base = tmp_path_factory.mktemp("drafts")
    for name in NINE:
        draft(sorted((OTHERS / name / "blank").iterdir()), base / name)
    return {name: base / name for name in NINE}


def test_the_nine_blanks_give_their_fields_and_types(drafts: Mapping[str, Path]) -> None:
    counts = [
        score(load_forms(CATALOGUE, OTHERS / name / "definition"), forms_of(drafts[name] / BOOK)) for name in NINE
    ]
    total, found, right, besides = (sum(column) for column in zip(*counts, strict=True))
    assert (total, found, right, besides) == (147, 147, 147, 0)


SHAPES = {
    "01-left-behind-list": Shape.LIST,
    "03-left-behind-statistics": Shape.STATISTICS,
    "04-matrix": Shape.ROWS,
    "05-canteen": Shape.STATISTICS,
    "06-school-bus": Shape.CARD,
    "09-monthly": Shape.STATISTICS,
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_shape_is_made_out(name: str, drafts: Mapping[str, Path]) -> None:
    assert forms_of(drafts[name]).forms[0].shape is SHAPES[name]


def raised(name: str, schemas: Path) -> set[tuple[str, str, str]]:
    folder = OTHERS / name
    options = {"schemas": schemas, "roster": folder / "学校名册.xlsx", "as_of": "2021-09-15", "jobs": 0}
    settings = load_settings({**options, "period": "2021秋"}, {}, folder)
    frame = merging.examine([folder / "inbox"], settings, merging.Progress()).findings.frame
    asked = frame[(frame["severity"] != "info") & (frame["file"] != "")]
    return set(asked[["file", "cell", "rule"]].itertuples(index=False, name=None))


BY_THE_CLERK: Mapping[str, tuple[int, int]] = {
    "01-left-behind-list": (0, 1),  # 一方外出 is a word for 一方外出另一方无监护能力
    "02-aid-list": (3, 0),  # amount = standard × months; one card for two children
    "06-school-bus": (1, 0),  # the licence's number is the ID number
    "10-suspected": (1, 0),  # who returned has a day of return
}
"""How many findings of the finished definition the draft lacks, and has besides: what only a clerk can know."""


@pytest.mark.parametrize("name", NINE)
def test_a_draft_reads_the_returns_as_the_finished_definition_does(name: str, drafts: Mapping[str, Path]) -> None:
    finished, drafted = raised(name, OTHERS / name / "definition"), raised(name, drafts[name] / BOOK)
    lacking, besides = BY_THE_CLERK.get(name, (0, 0))
    assert len(finished - drafted) == lacking, finished - drafted
    assert len(drafted - finished) == besides, drafted - finished


def test_our_own_blanks_give_back_the_six(tmp_path: Path) -> None:
    made = draft(sorted(SIX.iterdir()), tmp_path / "six")
    assert [(form.slug, form.shape) for form in made.forms.forms] == [
        (form.slug, form.shape) for form in load_forms(CATALOGUE).forms
    ]
    total, found, right, besides = score(load_forms(CATALOGUE), made.forms)
    assert (total, found, besides) == (91, 91, 0)
    assert right >= 90
    assert made.left == []


def test_a_guess_is_yellow_and_says_why(drafts: Mapping[str, Path]) -> None:
    sheet = openpyxl.load_workbook(drafts["01-left-behind-list"] / BOOK).worksheets[1]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "填什么" for cell in row))
    columns = {cell.value: cell.column for cell in header}
    rows = {sheet.cell(row, columns["表头"]).value: row for row in range(header[0].row + 1, sheet.max_row + 1)}
    typed = sheet.cell(rows["是否寄宿"], columns["填什么"])
    assert (typed.value, typed.fill.fgColor.rgb) == ("是否", "FFFFF3B8")
    assert "下拉" in sheet.cell(rows["是否寄宿"], columns["为什么这样猜"]).value
    assert sheet.cell(rows["是否寄宿"], columns["表头"]).fill.fgColor.rgb != "FFFFF3B8"


def lines_of(path: Path, rows: Iterable[Iterable[object]], merged: Iterable[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


QUARTER = (
    ["附件2"],
    ["云岭县2021年第二季度控辍保学复核表"],
    ["填报单位（盖章）：            填报时间：   年  月  日"],
    ["序号", "学校名称", "在校生数", None, None, "辍学学生", None, "辍学率（%）", "填表人", "备注"],
    [None, None, "合计", "其中：女生", "其中：住校生", "总数", "已劝返", None, None, None],
    [1],
    [2],
    ["注：已劝返≤总数。"],
)
QUARTER_MERGED = ("A2:J2", "A3:J3", "C4:E4", "F4:G4", "A4:A5", "B4:B5", "H4:H5", "I4:I5", "J4:J5", "A8:J8")


def test_sums_of_groups_and_notes_become_rules_and_the_quarter_a_place(tmp_path: Path) -> None:
    form = draft([lines_of(tmp_path / "空表.xlsx", QUARTER, QUARTER_MERGED)], tmp_path / "d").forms.forms[0]
    assert form.title == "云岭县{year}年第{quarter}季度控辍保学复核表"
    assert [each.type for each in form.fields] == [
        "sequence", "school", "count", "count", "count", "count", "count", "number", "person_name", "text",
    ]  # fmt: skip
    sums = [(use.at, dict(use.roles)) for use in form.rules if use.slug == "count-sum"]
    assert sums == [
        ("合计", {"at_least": ("女生",)}),
        ("合计", {"at_least": ("住校生",)}),
        ("总数", {"at_least": ("已劝返",)}),
    ]


@pytest.mark.parametrize(
    ("day", "records"), [("2021年6月20日", 1), ("2021年7月5日", 1), ("2021年3月28日", 0), ("2021年8月1日", 0)]
)
def test_a_quarter_is_merged_of_what_is_dated_in_it(day: str, records: int, tmp_path: Path) -> None:
    draft([lines_of(tmp_path / "空表.xlsx", QUARTER, QUARTER_MERGED)], tmp_path / "d")
    rows = [list(row) for row in QUARTER]
    rows[1:3] = [["云岭县控辍保学复核表"], [f"填报单位（盖章）：第一小学    填报时间：{day}"]]
    rows[5] = [1, "第一小学", 300, 140, 20, 2, 1, 0.33, "刘长福", None]
    (tmp_path / "收件夹").mkdir()
    lines_of(tmp_path / "收件夹" / "第一小学.xlsx", rows, QUARTER_MERGED)
    given = {"schemas": tmp_path / "d" / BOOK, "period": "2021Q2", "as_of": "2021-07-06", "jobs": 0}
    checked = merging.examine([tmp_path / "收件夹"], load_settings(given, {}, tmp_path), merging.Progress())
    (form,) = checked.district.forms.forms
    assert form.titled(checked.district.period) == "云岭县2021年第二季度控辍保学复核表"
    assert len(checked.district.records[form.slug]) == records


def test_an_old_workbook_and_a_word_file_are_drafted_as_well(tmp_path: Path) -> None:
    source = lines_of(tmp_path / "空表.xlsx", QUARTER, QUARTER_MERGED)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xls"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], check=True, capture_output=True)
    document = docx.Document()
    document.add_paragraph("附件3")
    document.add_paragraph("云岭县2021年适龄儿童少年台账")
    document.add_paragraph("填报单位（盖章）：            填报时间：   年  月  日")
    table = document.add_table(rows=4, cols=6)
    for at, text in enumerate(["序号", "姓名", "性别", "身份证号", "就读情况", ""]):
        table.cell(0, at).text = text
    table.cell(0, 4).merge(table.cell(0, 5))
    for at, text in enumerate(["就读学校", "是否随迁（是/否）"], start=4):
        table.cell(1, at).text = text
    for at in range(4):
        table.cell(0, at).merge(table.cell(1, at))
    document.save(str(tmp_path / "名单.docx"))
    made = draft([tmp_path / "空表.xls", tmp_path / "名单.docx"], tmp_path / "d")
    first, second = made.forms.forms
    assert [each.type for each in first.fields][2:5] == ["count", "count", "count"]
    assert [(each.groups, each.header, each.type) for each in second.fields] == [
        ((), "序号", "sequence"),
        ((), "姓名", "person_name"),
        ((), "性别", "sex"),
        ((), "身份证号", "id_number"),
        (("就读情况",), "就读学校", "school"),
        (("就读情况",), "是否随迁（是/否）", "是否"),
    ]


def test_what_is_no_blank_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    lines_of(tmp_path / "通知.xlsx", [["关于报送有关情况的通知"], ["请各校按时报送。"]])
    with pytest.raises(SchemaError, match="Sheet"):
        draft([tmp_path / "通知.xlsx"], tmp_path / "d")
    assert not (tmp_path / "d").exists()


def test_a_title_with_a_slash_names_a_file_all_the_same(tmp_path: Path) -> None:
    rows = [
        ["云岭县2021/2022学年学生/家长名册"],
        ["学校：          日期：   年  月  日"],
        ["序号", "姓名", "性别", "备注"],
        [1],
    ]
    made = draft([lines_of(tmp_path / "空表.xlsx", rows, ["A1:D1", "A2:D2"])], tmp_path / "d")
    assert [each.type for each in made.forms.forms[0].fields] == ["sequence", "person_name", "sex", "text"]
    assert {each.parent for each in made.files} == {tmp_path / "d"}


def test_a_blank_that_no_definition_can_say_is_told_without_our_own_paths(tmp_path: Path) -> None:
    rows = [["云岭县校车登记卡"], ["学校：          日期：   年  月  日"], ["姓名", None, "电话", None, "电话", None]]
    rows.append(["性别", None, "年龄", None, "住址", None])
    path = lines_of(tmp_path / "空表.xlsx", rows, ["A1:F1", "A2:F2"])
    with pytest.raises(SchemaError, match="电话") as raised:
        draft([path], tmp_path / "d")
    assert "两个“电话”" in raised.value.words.zh
    assert "tmp" not in raised.value.words.zh


def test_the_command_drafts_several_blanks_at_once(tmp_path: Path) -> None:
    blanks = [str(next((OTHERS / name / "blank").iterdir())) for name in ("01-left-behind-list", "09-monthly")]
    told = CliRunner().invoke(main, ["forms", "--draft", *blanks, "--to", str(tmp_path / "我的表格")])
    assert told.exit_code == 0, told.output
    assert "14 栏" in told.output
    assert BOOK in told.output
    assert [form.slug for form in forms_of(tmp_path / "我的表格" / BOOK).forms] == ["1", "9"]
    assert CliRunner().invoke(main, ["forms", "--draft", "--to", str(tmp_path / "x")]).exit_code == 2
