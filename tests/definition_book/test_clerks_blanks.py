"""What a clerk's own blanks hold besides the plain: notes of several lines, cards of teachers, lists in cards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import yaml
from xlsxwriter import Workbook

from kbxt_merge import merging
from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions import drafting
from kbxt_merge.form_definitions.drafting import draft
from kbxt_merge.form_definitions.exporting import export, write_definitions
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.form_definitions.proving import faults_of
from kbxt_merge.model.bearer import Bearer, Whose
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.field import Field
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import Wording
from kbxt_merge.outputs.blanks.examples import example_row
from kbxt_merge.outputs.blanks.guide_sheet import what_to_type
from kbxt_merge.outputs.blanks.handout import write_blanks
from kbxt_merge.outputs.sheets.styles import Styles, look_of_total
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

_NOTES = "注：1.一人一卡；\n2.结束日期不得早于开始日期；\n\n3.上课形式填“面授”或者“线上”。"
_CARD = [
    ["清河县教师外出培训登记卡"],
    ["学校：                         填表日期：     年    月    日"],
    ["教师姓名", None, "性别", None, "职称", None],
    ["身份证号", None, "出生年月", None, "手机号码", None],
    ["培训项目名称", None, "开始日期", None, "结束日期", None],
    ["课程安排", "日期", "课程名称", "学时", "上课形式", None],
    [], [],
    [_NOTES],
]  # fmt: skip
_OVER = ("A1:F1", "A2:F2", "A6:A8", "E6:F6", "E7:F7", "E8:F8", "A9:F9")
_STATISTICS = [
    ["清河县图书馆情况统计表"],
    ["填报学校：              填表日期：    年   月   日"],
    ["年级", "在校生数", "藏书册数", "管理员"],
    ["一年级"], ["二年级"], ["合计"],
    ["注：1.合计为各年级之和；\n2.管理员填“专职”“兼职”“无”。"],
]  # fmt: skip


def _save(path: Path, rows: Sequence[Sequence[object]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The definition workbook of both blanks, as it is drafted."""
    folder = tmp_path_factory.mktemp("空表")
    blanks = [_save(folder / "卡.xlsx", _CARD, _OVER), _save(folder / "图书.xlsx", _STATISTICS, ("A7:D7",))]
    made = draft(blanks, folder / "表格")
    assert not made.left
    return folder / "表格" / BOOK


@pytest.fixture(scope="module")
def drafted(book: Path) -> Forms:
    """What that workbook says."""
    return forms_of(book)


def test_notes_in_one_cell_are_notes_a_line(drafted: Forms) -> None:
    card, _, books = drafted.forms
    assert card.notes == ("注：1.一人一卡；", "2.结束日期不得早于开始日期；", "3.上课形式填“面授”或者“线上”。")
    assert len(books.notes) == 2


def test_words_that_the_blank_does_not_number_are_typed_as_words(drafted: Forms) -> None:
    vocabulary = drafted.forms[2].by_name["管理员"].vocabulary
    assert vocabulary is not None
    assert vocabulary.values == ("专职", "兼职", "无")
    assert "2" not in vocabulary.variants


def test_a_card_of_teachers_is_of_grown_people(drafted: Forms) -> None:
    card = drafted.forms[0]
    assert (card.child_name, card.child_id, card.child_birth_date) == ("教师姓名", "身份证号", "出生年月")
    assert card.by_name["身份证号"].of is Whose.ADULT


def test_a_form_that_the_workbook_cannot_tell_leaves_the_others_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blanks = [_save(tmp_path / "卡.xlsx", _CARD, _OVER), _save(tmp_path / "图书.xlsx", _STATISTICS, ("A7:D7",))]

    def refusing(folder: Path, definitions: object) -> object:
        if any(name.startswith("图书馆") for name in definitions.trees):  # type: ignore[attr-defined]
            raise SchemaError("写不出来", "can't be told")
        return write_definitions(folder, definitions)  # type: ignore[arg-type]

    monkeypatch.setattr(drafting, "write_definitions", refusing)
    made = draft(blanks, tmp_path / "表格")
    assert [each.words.zh for each in made.left] == ["写不出来"]
    assert [each.label.zh for each in forms_of(tmp_path / "表格" / BOOK).handed_out] == ["教师外出培训登记卡"]


def _filled(forms: Forms, place: Path, values: Mapping[str, str], name: str = "卡.xlsx") -> Path:
    """Our own blank of the card, filled in: by the labels beside or above what is typed."""
    if not (place / "下发").exists():
        write_blanks(forms, place / "下发", roster=None, period=Period.parse("2024春"))
    book = openpyxl.load_workbook(next(each for each in (place / "下发").rglob("*.xlsx") if "卡" in each.name))
    sheet = book.worksheets[0]
    labels = {str(cell.value): cell for row in sheet.iter_rows(max_col=10) for cell in row if cell.value}
    unit = next(cell for label, cell in labels.items() if label.startswith("学校："))
    sheet.cell(unit.row, unit.column).value = "学校：清河小学"
    for label, text in values.items():
        cell, is_listed = labels[label], label in ("日期", "课程名称", "学时", "上课形式")
        column = cell.column if is_listed else cell.column + 1
        sheet.cell(cell.row + is_listed, column).value = text
    path = place / "收" / "清河小学" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


_TEACHER = {
    "教师姓名": "王丽",
    "身份证号": "360703197906152133",
    "开始日期": "2024-05-06",
    "日期": "2024-05-06",
    "课程名称": "课标解读",
    "学时": "4",
}


@pytest.mark.parametrize("worked_out", [False, True])
def test_the_self_check_of_a_list_in_a_card_is_no_column_of_it(
    worked_out: bool, drafted: Forms, book: Path, tmp_path: Path
) -> None:
    """openpyxl saves formulas without their results, LibreOffice with them."""
    path = _filled(drafted, tmp_path, _TEACHER)
    if worked_out:
        opened = openpyxl.load_workbook(path)
        sheet = opened.worksheets[0]
        check = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "自查")
        for row in sheet.iter_rows(min_row=check.row + 1, min_col=check.column + 1):
            for cell in row:
                if cell.data_type == "f":
                    cell.value = "FALSE"
        opened.save(path)
    settings = load_settings({"schemas": book, "period": "2024春", "jobs": 0}, {}, tmp_path)
    checked = merging.examine([path], settings, merging.Progress())
    listed = next(each.sheet for each in checked.district.returned if each.form.inside)
    assert (len(listed.rows), listed.unexpected, listed.left_out) == (1, (), ())
    assert "id-birthdate" not in set(checked.findings.frame["rule"])


_OF_PERSON = {"name": "教师姓名", "id": "身份证号"}
_SAME_PROJECT = ("王丽.xlsx", "赵刚.xlsx")


@pytest.mark.parametrize(
    ("known_by", "kept"),
    [
        ({"person": _OF_PERSON}, {"又一张.xlsx", "赵刚.xlsx"}),
        ({"person": _OF_PERSON, "record": "培训项目名称"}, {"又一张.xlsx", *_SAME_PROJECT}),
        ({"record": ["身份证号", "培训项目名称"]}, {"又一张.xlsx", *_SAME_PROJECT}),
        ({"record": "培训项目名称"}, {"又一张.xlsx", *_SAME_PROJECT}),
    ],
)
def test_a_card_replaces_only_one_that_agrees_in_all_it_is_known_by(
    known_by: Mapping[str, object], kept: set[str], book: Path, tmp_path: Path
) -> None:
    shutil.copytree(book.parent, tmp_path / "改", ignore=shutil.ignore_patterns("*.xlsx"))
    (path,) = (tmp_path / "改").glob("教师*.yaml")
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    left = ("person", "record", *(() if "person" in known_by else ("rules",)))
    tree = {key: each for key, each in tree.items() if key not in left}
    path.write_text(yaml.safe_dump({**tree, **known_by}, allow_unicode=True), encoding="utf-8")
    export(tmp_path / "本", tmp_path / "改")
    forms = forms_of(tmp_path / "本" / BOOK)
    assert forms.forms == forms_of(tmp_path / "改").forms
    first = {**_TEACHER, "培训项目名称": "新课标培训"}
    cards = {
        "王丽.xlsx": first,
        "又一张.xlsx": {**first, "培训项目名称": "班主任培训"},
        "赵刚.xlsx": {**first, "教师姓名": "赵刚", "身份证号": "360703198506152112"},
    }
    for at, (name, values) in enumerate(cards.items()):
        made = _filled(forms, tmp_path, values, name)
        os.utime(made, (1_717_000_000 + at, 1_717_000_000 + at))
    settings = load_settings({"schemas": tmp_path / "本" / BOOK, "period": "2024春", "jobs": 0}, {}, tmp_path)
    checked = merging.examine([tmp_path / "收"], settings, merging.Progress())
    counting = [each for each in checked.district.returned if each.standing is Standing.IN_FORCE]
    assert {each.file.path.rsplit("/", 1)[-1] for each in counting} == kept
    assert "duplicate-in-form" not in set(checked.findings.frame["rule"])


def test_of_two_cards_that_name_no_holder_the_later_counts(book: Path, tmp_path: Path) -> None:
    shutil.copytree(book.parent, tmp_path / "改", ignore=shutil.ignore_patterns("*.xlsx"))
    (path,) = (tmp_path / "改").glob("教师*.yaml")
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    tree = {key: each for key, each in tree.items() if key not in ("person", "rules")}
    path.write_text(yaml.safe_dump({**tree, "record": "培训项目名称"}, allow_unicode=True), encoding="utf-8")
    forms = forms_of(tmp_path / "改")
    for at, name in enumerate(("卡.xlsx", "又一张.xlsx")):
        made = _filled(forms, tmp_path, {"培训项目名称": "新课标培训", "开始日期": f"2024-05-0{at + 1}"}, name)
        os.utime(made, (1_717_000_000 + at, 1_717_000_000 + at))
    settings = load_settings({"schemas": tmp_path / "改", "period": "2024春", "jobs": 0}, {}, tmp_path)
    checked = merging.examine([tmp_path / "收"], settings, merging.Progress())
    standing = {
        each.file.path.rsplit("/", 1)[-1]: each.standing for each in checked.district.returned if not each.form.inside
    }
    assert standing == {"又一张.xlsx": Standing.IN_FORCE, "卡.xlsx": Standing.SUPERSEDED}


def test_the_example_of_a_birth_date_agrees_with_the_number(drafted: Forms) -> None:
    card = drafted.forms[0]
    assert "birthdate-id-mismatch" in [use.slug for use in card.rules]
    assert list(faults_of(drafted, card)) == []
    alone = replace(card, child_birth_date=None, child_id=None, child_name=None, record="教师姓名")
    assert example_row(alone, None, None)["出生年月"] == "1985年10月12日"


@pytest.mark.parametrize(
    ("type_", "places", "of_rate", "look"),
    [
        ("count", None, None, "total"),
        ("number", None, None, "total_amount"),
        ("number", 1, None, "total_1"),
        ("number", None, 2, "total_2"),
        ("number", 0, None, "total_0"),
    ],
)
def test_a_total_shows_the_decimals_of_its_field(
    type_: str, places: int | None, of_rate: int | None, look: str
) -> None:
    field = Field("生均册数", type_, "生均册数", Words("生均册数", "books each"), places=places)
    assert look_of_total(field, of_rate) == look
    formats = Styles(Workbook(BytesIO()))
    assert formats.look(look).num_format == {"total_1": "0.0", "total_2": "0.00", "total_amount": "General"}.get(
        look, "0"
    )


def test_what_notes_of_a_card_say_of_days_and_of_its_list(drafted: Forms) -> None:
    card, listed, _ = drafted.forms
    assert [dict(use.roles) for use in card.rules if use.slug == "date-order"] == [{"after": "开始日期"}]
    vocabulary = listed.by_name["上课形式"].vocabulary
    assert vocabulary is not None
    assert vocabulary.values == ("面授", "线上")


_AID = [
    ["清河县营养餐受助学生花名册"],
    ["填报单位：              填报时间：    年  月  日"],
    ["序号", "学生姓名", "身份证号码", "是否享受", "补助标准", "就餐天数", "补助金额", "未享受原因"],
    ["甲", "乙", "丙", "丁", 1, 2, 3, "戊"],
    ["1"], ["2"], ["3"],
    ["说明：1.就餐天数不得超过110天，补助标准不得低于4元，补助金额不得超过5万元；\n2.第3列=第1列×第2列；3.未享受的须注明原因。"],
]  # fmt: skip


def test_numbers_of_notes_are_bounds_and_columns_may_be_counted(tmp_path: Path) -> None:
    draft([_save(tmp_path / "餐.xlsx", _AID, ("A8:H8",))], tmp_path / "表格")
    (form,) = forms_of(tmp_path / "表格" / BOOK).forms
    bounds = {each.name: (each.least, each.most) for each in form.fields if each.least or each.most}
    assert bounds == {"就餐天数": (None, 110), "补助标准": (4, None)}
    products = [(use.at, dict(use.roles)) for use in form.rules if use.slug == "product"]
    assert products == [("补助金额", {"of": ("补助标准", "就餐天数")})]
    assert form.by_name["未享受原因"].required_when == {"是否享受": ("否",)}


def test_the_guide_tells_the_list_of_a_card_and_what_is_set(drafted: Forms, tmp_path: Path) -> None:
    hours = replace(drafted.forms[1].by_name["学时"], least=1.0, most=8.0)
    assert what_to_type(hours, "zh").endswith("，不小于 1，不大于 8")
    paths = write_blanks(drafted, tmp_path, roster=None, period=None)
    guide = openpyxl.load_workbook(next(each for each in paths if "卡" in each.name))["填表说明"]
    assert "上课形式" in {cell.value for row in guide.iter_rows(max_col=1) for cell in row}


def test_the_paper_to_look_at_is_the_persons_own(drafted: Forms, book: Path, tmp_path: Path) -> None:
    path = _filled(drafted, tmp_path, {**_TEACHER, "身份证号": "360703197906152134"})
    settings = load_settings({"schemas": book, "period": "2024春", "jobs": 0}, {}, tmp_path)
    frame = merging.examine([path], settings, merging.Progress()).findings.frame
    (told,) = Wording(CATALOGUE, drafted, "zh").sentences(frame[frame["rule"] == "id-checksum"])
    assert "请对照身份证核对" in told


@pytest.mark.parametrize("title", ["学校食堂从业人员健康证登记表", "校车司机健康证台账"])
def test_a_list_that_begins_with_names_is_of_people_whatever_its_title_names_besides(
    tmp_path: Path, title: str
) -> None:
    """A canteen and a bus are things; those who work there are grown people."""
    rows = [[title], ["学校：      填表日期：  年  月  日"], ["序号", "姓名", "性别", "身份证号", "健康证号"], [1], [2]]
    made = draft([_save(tmp_path / "空表.xlsx", rows, ("A1:E1", "A2:E2"))], tmp_path / "表格")
    assert not made.left
    (form,) = forms_of(tmp_path / "表格" / BOOK).forms
    assert (form.bearer, form.by_name[form.child_id or ""].of) == (Bearer.PERSON, Whose.ADULT)
    assert "sex-id-mismatch" in {use.slug for use in form.rules}


def test_numbers_of_others_than_children_are_anyones_also_where_nobody_is_named(tmp_path: Path) -> None:
    """The clerk chose 其他人员, and left the name as what a record is known by."""
    rows = [["校车司机台账"], ["学校：      填表日期：  年  月  日"], ["序号", "姓名", "身份证号"], [1], [2]]
    draft([_save(tmp_path / "空表.xlsx", rows, ("A1:C1", "A2:C2"))], tmp_path / "表格")
    book = openpyxl.load_workbook(tmp_path / "表格" / BOOK)
    sheet = next(each for each in book if each.title == "校车司机台账")
    cells = {cell.value: cell for row in sheet for cell in row}
    for label, header, value in (
        ("说的是本人的", "姓名", "凭它认"),
        ("说的是本人的", "身份证号", None),
        ("是谁的", "身份证号", None),
    ):
        line = next(row for row in range(cells["表头"].row + 1, sheet.max_row + 1)
                    if sheet.cell(row, cells["表头"].column).value == header)  # fmt: skip
        sheet.cell(line, cells[label].column).value = value
    rules = book["表间核对"]
    rules.delete_rows(3, rules.max_row)
    book.save(tmp_path / "表格" / BOOK)
    (form,) = forms_of(tmp_path / "表格" / BOOK).forms
    assert (form.child_id, form.by_name["身份证号"].of) == (None, Whose.ANYONE)
