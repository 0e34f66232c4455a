"""YAML → 表格定义.xlsx → YAML says the same, for the shipped six and nine forms of other kinds; or it is refused."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import yaml
from click.testing import CliRunner

from kbxt_merge.cli import main
from kbxt_merge.errors import OutputError, SchemaError
from kbxt_merge.form_definitions.exporting import export
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.form import Form
from kbxt_merge.rules.catalogue import CATALOGUE

OTHERS = Path(__file__).parent.parent / "forms_of_others"
NINE = sorted(each.name for each in OTHERS.iterdir() if (each / "definition").is_dir())
LISTED = "01-left-behind-list"


def definition_of(name: str) -> Path | None:
    return OTHERS / name / "definition" if name else None


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By definition the folder that it was exported into; the six have no name."""
    base = tmp_path_factory.mktemp("exported")
    folders = {name: base / (name or "six") for name in ("", *NINE)}
    for name, folder in folders.items():
        export(folder, definition_of(name))
    return folders


@pytest.mark.parametrize("name", ["", *NINE])
def test_workbook_and_yaml_say_what_was_exported(name: str, exported: dict[str, Path]) -> None:
    forms = load_forms(CATALOGUE, definition_of(name))
    assert forms_of(exported[name] / BOOK) == forms
    again = exported[name].with_name(f"{exported[name].name}-yaml")
    shutil.copytree(exported[name], again, ignore=shutil.ignore_patterns("*.xlsx"))
    assert load_forms(CATALOGUE, again) == forms


@pytest.mark.parametrize("name", ["", "06-school-bus"])
def test_a_workbook_exported_again_is_the_same_workbook(name: str, exported: dict[str, Path], tmp_path: Path) -> None:
    export(tmp_path / "again", exported[name] / BOOK)
    assert (tmp_path / "again" / BOOK).read_bytes() == (exported[name] / BOOK).read_bytes()


def test_what_a_cell_can_t_hold_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "definition"
    shutil.copytree(OTHERS / LISTED / "definition", folder)
    path = folder / "留守儿童花名册.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"2. 监护类型填序号即可。"', '"2. 监护类型填序号即可。\\n\\n另起一行"'), encoding="utf-8"
    )
    with pytest.raises(SchemaError, match=r"notes"):
        export(tmp_path / "out", folder)
    assert not (tmp_path / "out").exists()


def test_all_that_is_said_of_the_bureau_is_in_the_workbook(tmp_path: Path) -> None:
    folder = tmp_path / "definition"
    shutil.copytree(OTHERS / LISTED / "definition", folder)
    bureau = {"bureau": "云岭县教育局", "full_name": "云岭县教育体育局", "city": "清江市", "county": "云岭县"}
    told = {**bureau, "returns": {"zh": "留守儿童报表", "en": "lists"}, "forms": ["留守儿童花名册"]}
    (folder / "bureau.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    export(tmp_path / "out", folder)
    forms = forms_of(tmp_path / "out" / BOOK)
    assert forms == load_forms(CATALOGUE, folder)
    assert (forms.stamped_by, forms.returns.zh) == ("云岭县教育体育局", "留守儿童报表")


def test_other_definitions_are_not_overwritten(exported: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(exported[LISTED], folder)
    with pytest.raises(OutputError):
        export(folder, None)
    assert {each.name for each in folder.iterdir()} == {each.name for each in exported[LISTED].iterdir()}


def test_the_command_writes_both_and_every_command_takes_the_workbook(tmp_path: Path) -> None:
    run = CliRunner()
    wrote = run.invoke(main, ["forms", "--export", "--to", str(tmp_path / "我的表格")])
    assert wrote.exit_code == 0, wrote.output
    shown = run.invoke(main, ["forms", "--schemas", str(tmp_path / "我的表格" / BOOK)])
    assert shown.output == run.invoke(main, ["forms"]).output
    nowhere = run.invoke(main, ["forms", "--export"])
    assert nowhere.exit_code == 2
    assert "--to" in nowhere.output


class Edited:
    """A workbook that a clerk changes in place."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.path = folder / BOOK
        self._book = openpyxl.load_workbook(source / BOOK)

    def set(self, sheet: str, header: str, row_of: str, text: str | None) -> str:
        """Write into the row that holds `row_of`, below this header; its address is returned."""
        page = self._book[sheet]
        row = next(cell.row for line in page.iter_rows() for cell in line[2:] if cell.value == row_of)
        column = next(cell.column for line in page.iter_rows() for cell in line if cell.value == header)
        page.cell(row, column).value = text
        return str(page.cell(row, column).coordinate)

    def beside(self, sheet: str, label: str, text: str) -> str:
        """Write right of a label of the head; its address is returned."""
        page = self._book[sheet]
        place = next(cell for line in page.iter_rows() for cell in line if cell.value == label)
        cell = page.cell(place.row, place.column + 2)
        cell.value = text
        return str(cell.coordinate)

    def form(self) -> Form:
        self._book.save(self.path)
        return forms_of(self.path).forms[0]

    def faults(self) -> str:
        self._book.save(self.path)
        with pytest.raises(SchemaError) as raised:
            forms_of(self.path)
        return raised.value.words.zh


SHEET = "农村留守儿童花名册"


@pytest.fixture
def edited(exported: dict[str, Path], tmp_path: Path) -> Edited:
    return Edited(exported[LISTED], tmp_path)


def test_a_field_whose_header_is_changed_stays_the_same_field(edited: Edited) -> None:
    edited.set(SHEET, "表头", "与学生关系", "与该生的关系")
    field = edited.form().by_name["与学生关系"]
    assert field.header == "与该生的关系"


def test_a_form_whose_number_is_changed_was_the_old_one(edited: Edited) -> None:
    edited.beside(SHEET, "表号", "z1")
    form = edited.form()
    assert (form.slug, form.was) == ("z1", ("y1",))


def test_a_word_that_is_changed_is_read_as_the_new_one(edited: Edited) -> None:
    edited.set("词表", "词", "孤儿", "孤儿或弃婴")
    vocabulary = edited.form().by_name["监护类型"].vocabulary
    assert vocabulary is not None
    assert vocabulary.values[2] == "孤儿或弃婴"
    assert vocabulary.variants["孤儿"] == "孤儿或弃婴"


def test_a_word_that_is_emptied_is_asked_for(edited: Edited) -> None:
    cell = edited.set("词表", "词", "孤儿", None)
    assert f"工作表“词表” {cell}：" in edited.faults()


def test_a_row_that_is_added_is_a_field_named_by_its_header(edited: Edited) -> None:
    page = edited._book[SHEET]
    columns = {cell.value: cell.column for line in page.iter_rows() for cell in line}
    last = page.max_row + 1
    page.cell(last, columns["表头"]).value = "宗教信仰"
    page.cell(last, columns["填什么"]).value = "文字"
    assert edited.form().fields[-1].name == "宗教信仰"


def test_mistakes_are_told_all_at_once_by_cell_and_marked_in_a_copy(edited: Edited) -> None:
    cells = [
        (SHEET, edited.set(SHEET, "填什么", "班级", "文子")),
        (SHEET, edited.set(SHEET, "必填", "与学生关系", "监护类型 孤儿")),
        (SHEET, edited.beside(SHEET, "表样", "名册单")),
        ("表间核对", edited.set("表间核对", "内容1", "年级与年龄相差较大", "身份证")),
        ("表间核对", edited.set("表间核对", "核对什么", "两所学校登记同一人", "两校登记同一人")),
    ]
    told = edited.faults()
    lines = [line for line in told.splitlines() if "工作表" in line]
    assert len(lines) == len(cells)
    for sheet, cell in cells:
        assert any(f"工作表“{sheet}” {cell}：" in line for line in lines), (sheet, cell, told)
    assert "人数" in lines[1]
    assert not any("：" in line and "text" in line.split("：", 1)[1] for line in lines)
    copy = openpyxl.load_workbook(edited.path.with_name("表格定义（有错处）.xlsx"))
    for sheet, cell in cells:
        assert copy[sheet][cell].comment is not None, (sheet, cell)
        assert copy[sheet][cell].fill.fgColor.rgb == "FFF8CBC6"
    marked = sum(cell.comment is not None for page in copy for line in page.iter_rows() for cell in line)
    assert marked == len(cells)


@pytest.mark.parametrize(("label", "text", "told"), [("表号", "y1", "表号与"), ("简称", SHEET, "简称与")])
def test_two_sheets_of_one_number_or_label_are_told(label: str, text: str, told: str, edited: Edited) -> None:
    """A sheet that was copied to make another form: neither of the two may go missing."""
    copied = edited._book.copy_worksheet(edited._book[SHEET])
    copied.title = "再一张"
    for each in ("表号", "简称", "文件名"):
        edited.beside("再一张", each, text if each == label else {"表号": "y9", "简称": "再一张", "文件名": "再"}[each])
    lines = [line for line in edited.faults().splitlines() if "工作表“再一张”" in line]
    assert any(f"{told}" in line and f"工作表“{SHEET}”" in line for line in lines), lines


def test_a_header_that_is_missing_is_told_by_the_columns_own_name(edited: Edited) -> None:
    edited.set(SHEET, "填什么", "班级", None)
    told = edited.faults()
    assert "“填什么”" in told


def test_other_settings_that_are_at_odds_are_told(exported: dict[str, Path], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported[""] / BOOK)
    assert "其他设置" not in book.sheetnames
    page = book.create_sheet("其他设置")
    page.append(["文件", "项目", "内容"])
    page.append(["relations.yaml", "home_taught / form / 再", "乙"])
    page.append(["没有", "甲", "乙"])
    book.save(tmp_path / BOOK)
    with pytest.raises(SchemaError) as raised:
        forms_of(tmp_path / BOOK)
    told = raised.value.words.zh
    assert "其他设置” B2：" in told
    assert "没有用到这个文件" in told


def test_what_a_field_is_the_sum_of_stands_in_its_own_row(exported: dict[str, Path], tmp_path: Path) -> None:
    statistics = Edited(exported["03-left-behind-statistics"], tmp_path)
    name = statistics._book.sheetnames[1]
    form = load_forms(CATALOGUE, definition_of("03-left-behind-statistics")).forms[0]
    page = statistics._book[name]
    columns = {cell.value: cell.column for line in page.iter_rows() for cell in line}
    row = next(cell.row for line in page.iter_rows() for cell in line if cell.value == form.by_name["总数"].header)
    assert page.cell(row, columns["等于各栏之和"]).value.startswith("父母双方外出小计、一方外出一方无监护能力小计；")
    assert not any(cell.value == "合计与分项不符" for line in statistics._book["表间核对"].iter_rows() for cell in line)
    page.cell(row, columns["不大于"]).value = "双方外出+没有这栏"
    told = statistics.faults()
    assert f"工作表“{name}” {page.cell(row, columns['不大于']).coordinate}：" in told
    assert len(told.splitlines()) == 3


def test_a_rule_of_sums_says_one_of_three_things(edited: Edited) -> None:
    row = edited._book["表间核对"].max_row + 1
    for column, text in zip("BCD", (SHEET, "合计与分项不符", "序号"), strict=True):
        edited._book["表间核对"][f"{column}{row}"].value = text
    told = edited.faults()
    assert f"“表间核对” C{row}：" in told
    assert "“等于各栏之和”、“不小于”、“不大于”" in told


def test_mistakes_of_an_old_workbook_are_marked_in_a_copy(edited: Edited, tmp_path: Path) -> None:
    cell = edited.set(SHEET, "填什么", "班级", "文子")
    edited.faults()
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xls"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(edited.path)], check=True, capture_output=True)
    old = edited.path.with_suffix(".xls")
    edited.path.with_name("表格定义（有错处）.xlsx").unlink()
    with pytest.raises(SchemaError, match="有错处"):
        forms_of(old)
    marked = openpyxl.load_workbook(edited.path.with_name("表格定义（有错处）.xlsx"))[SHEET][cell]
    assert (marked.value, marked.fill.fgColor.rgb) == ("文子", "FFF8CBC6")
    assert marked.comment is not None


def test_what_is_no_workbook_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / BOOK
    path.write_text("表头", encoding="utf-8")
    with pytest.raises(SchemaError, match="kbxt forms --export"):
        forms_of(path)


def test_what_forms_are_to_each_other_stands_in_a_sheet_of_its_own(exported: dict[str, Path], tmp_path: Path) -> None:
    six = Edited(exported[""], tmp_path)
    page = six._book["各表关系"]
    rows = [[cell.value for cell in line][:4] for line in page.iter_rows(min_row=5)]
    assert ["登记卡", "辍学学生登记表", "是否已开展劝返一栏", "是否已开展劝返工作"] in rows
    added = [
        ("下期不再带出的记录", "残疾儿童就学台账", "填了哪一栏就算完", "备注"),
        ("登记卡", "辍学学生登记表", "说了什么", "甲"),
    ]
    closing, faulty = (page.max_row + at for at in (1, 2))
    for column, text in enumerate(added[0], 1):
        page.cell(closing, column).value = text
    six._book.save(six.path)
    forms = forms_of(six.path)
    assert forms.relations.closings["3"].filled == "remark"
    assert replace(forms.relations, closings={}) == load_forms(CATALOGUE).relations
    for column, text in enumerate(added[1], 1):
        page.cell(faulty, column).value = text
    assert f"工作表“各表关系” C{faulty}：" in six.faults()
