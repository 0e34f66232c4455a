"""The blanks that go out: the official layout, what their cells accept, and what they carry unseen."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kbxt_merge.errors import OutputError
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.form import Form, RuleUse, Shape
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.school import Roster, School
from kbxt_merge.outputs.blanks import write_blanks
from kbxt_merge.outputs.blanks.blank_book import sums_of
from kbxt_merge.rules.catalogue import CATALOGUE

pytestmark = pytest.mark.usefixtures("whole_blanks")

FORMS = load_forms(CATALOGUE)
SPRING = Period.parse("2021春")
SCHOOLS = (School("2136000001", "赣县区梅林中学"), School("2136000002", '田村"A&B"<小学>'))
ROSTER = Roster(SCHOOLS)
NEUTRAL = Path(__file__).parents[2] / "templates" / "blanks"
FUNCTIONS = (
    "ABS AND ASC CHAR CLEAN DATE DAY EXACT FIND IF INDEX INT ISERROR ISNUMBER LEFT LEN LOOKUP MAX MID MOD MONTH NOT OR "
    "RIGHT ROW SUBSTITUTE SUMPRODUCT TODAY UPPER YEAR"
)
"""All of them older than Excel 2007."""


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    write_blanks(FORMS, out, roster=ROSTER, period=SPRING)
    write_blanks(FORMS, out, roster=ROSTER, period=SPRING, bundle=True)
    return out


@pytest.fixture(scope="module")
def bundle(handed_out: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(handed_out / "赣县区梅林中学 控辍保学报表.xlsx")


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}


def formulas(path: Path) -> list[str]:
    found = (re.findall(r"<f(?: [^>/]*)?>(.*?)</f>", xml) for name, xml in parts(path).items() if "worksheets" in name)
    return [formula for sheet in found for formula in sheet]


def tables() -> list[Form]:
    return [form for form in FORMS.forms if form.shape is not Shape.CARD]


def sheet_of(book: openpyxl.Workbook, form: Form) -> Worksheet:
    return book[form.attachment.replace(" ", "")]


def one_line(text: object) -> str:
    return str(text).replace("\n", "")


def first_row(sheet: Worksheet) -> int:
    return next(cell.row for cell in sheet["A"] if cell.value == 1)


def test_each_school_gets_a_folder_of_every_form_and_a_bundle_holds_them_all(handed_out: Path) -> None:
    assert len(list((handed_out / "赣县区梅林中学").glob("附件*.xlsx"))) == len(FORMS.forms)
    assert (handed_out / "田村_A&B_小学_").is_dir()
    assert {path.name for path in handed_out.glob("*.xlsx")} == {
        "赣县区梅林中学 控辍保学报表.xlsx",
        "田村_A&B_小学_ 控辍保学报表.xlsx",
    }


def test_a_bundle_shows_the_forms_and_the_guide_and_hides_the_lists(bundle: openpyxl.Workbook) -> None:
    states = {sheet.title: sheet.sheet_state for sheet in bundle.worksheets}
    assert states.pop("选项") == "veryHidden"
    assert set(states) == {form.attachment.replace(" ", "") for form in FORMS.forms} | {"填表说明"}
    assert set(states.values()) == {"visible"}


@pytest.mark.parametrize("form", tables(), ids=lambda form: form.slug)
def test_a_table_stands_as_the_notice_prints_it(form: Form, bundle: openpyxl.Workbook) -> None:
    sheet = sheet_of(bundle, form)
    first = first_row(sheet)
    texts = [str(cell.value) for row in sheet.iter_rows(max_col=len(form.fields)) for cell in row if cell.value]
    assert texts[:2] == [form.attachment, form.title.format(year=2021, term="春")]
    columns = range(1, len(form.fields) + 1)
    header = [sheet.cell(first - 1, each).value or sheet.cell(first - 2, each).value for each in columns]
    assert [one_line(text) for text in header] == [one_line(each.header) for each in form.fields]
    assert {each.group for each in form.fields} - {""} <= set(texts)
    assert [sheet.cell(first + row, 1).value for row in range(form.printed_rows)] == [*range(1, form.printed_rows + 1)]
    assert set(form.notes) <= set(texts)
    unit = next(text for text in texts if "赣县区梅林中学" in text)
    assert unit.startswith(form.unit_line.labels[0])
    assert any(text.replace(" ", "").endswith("年月" if form.unit_line.by_month else "年月日") for text in texts)
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (9, 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area.split("$")[3] == openpyxl.utils.get_column_letter(len(form.fields))


def test_a_card_stands_on_one_upright_page_with_its_labels_in_order(bundle: openpyxl.Workbook) -> None:
    form = FORMS.by_slug["5"]
    sheet = sheet_of(bundle, form)
    labels = {each.header for each in form.fields}
    found = [cell.value for row in sheet.iter_rows(min_row=4, max_col=9) for cell in row if cell.value in labels]
    assert found == [each.header for each in form.fields]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight or 1) == ("portrait", 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet["A3"].value == f"设区市：{FORMS.city}"


@pytest.mark.parametrize("form", tables(), ids=lambda form: form.slug)
def test_codes_and_dates_are_text_and_every_list_reaches_300_rows(form: Form, bundle: openpyxl.Workbook) -> None:
    sheet = sheet_of(bundle, form)
    first = first_row(sheet)
    reach = 300 if form.shape is Shape.LIST else 10  # of the statistics a school fills but one row
    offered = {
        column: each.formula1
        for each in sheet.data_validations.dataValidation
        if each.type == "list"
        for part in each.sqref.ranges
        if part.max_row == first + reach - 1
        for column in range(part.min_col, part.max_col + 1)
    }
    for column, each in enumerate(form.fields, 1):
        if each.type in ("id_number", "roll_number", "phone", "date"):
            assert sheet.cell(first, column).number_format == "@"
        if each.vocabulary is not None:
            assert offered[column] == f"options_{each.vocabulary.name}"
        if each.type == "school":
            assert offered[column] == "options_schools"


def test_drop_downs_hold_the_vocabulary_and_the_roster(bundle: openpyxl.Workbook) -> None:
    def values(name: str) -> list[object]:
        sheet, cells = bundle.defined_names[name].attr_text.split("!")
        return [row[0].value for row in bundle[sheet][cells.replace("$", "")]]

    assert values("options_schools") == [school.name for school in SCHOOLS]
    for vocabulary in FORMS.vocabularies.values():
        assert values(f"options_{vocabulary.name}") == list(vocabulary.values)


def test_the_sums_of_the_statistics_are_formulas_in_open_cells(bundle: openpyxl.Workbook) -> None:
    form = FORMS.by_slug["1-1"]
    sheet = sheet_of(bundle, form)
    first = first_row(sheet)
    names = [each.name for each in form.fields]
    assert set(sums_of(form)) == {"due", "absent", "disabled", "home_taught"}
    for name, summed in sums_of(form).items():
        formula = str(sheet.cell(first, names.index(name) + 1).value)
        letters = [openpyxl.utils.get_column_letter(names.index(part) + 1) for part in summed]
        assert formula.endswith(f'"",{"+".join(f"{letter}{first}" for letter in letters)})')
    assert sheet.cell(first, names.index("school") + 1).value == "赣县区梅林中学"


def test_sums_that_would_lead_in_a_circle_are_left_out() -> None:
    form = FORMS.by_slug["1-1"]
    rules = (
        RuleUse("count-sum", "due", {"equals": ("returned", "absent")}),
        RuleUse("count-sum", "returned", {"equals": ("due", "absent")}),
    )
    assert dict(sums_of(replace(form, rules=rules))) == {"due": ("returned", "absent")}


def test_every_formula_is_one_that_excel_2007_wps_and_libreoffice_have(handed_out: Path) -> None:
    for path in (handed_out / "赣县区梅林中学").iterdir():
        for formula in set(formulas(path)):
            outside_texts = re.sub(r'"[^"]*"', '""', formula.replace("&quot;", '"'))
            assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", outside_texts)) <= set(FUNCTIONS.split())
            assert len(formula) < 8192
            assert "[" not in outside_texts  # no other workbook
        sheets = "".join(xml for name, xml in parts(path).items() if "worksheets" in name)
        assert 't="array"' not in sheets
        assert "sheetProtection" not in sheets
        for rule in re.findall(r"<formula(?:1|2)?>(.*?)</formula", sheets):
            assert len(rule) <= 255
            assert not set("{!") & set(re.sub(r'"[^"]*"', "", rule))  # neither constant arrays nor other sheets


def test_what_rows_share_holds_nothing_that_excel_forbids_there_and_is_written_once(handed_out: Path) -> None:
    for path in (handed_out / "赣县区梅林中学").iterdir():
        for name, xml in parts(path).items():
            shared = re.findall(r'<f t="shared" ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)" si="([0-9]+)">([^<]*)</f>', xml)
            numbers = [each[4] for each in shared]
            assert len(numbers) == len(set(numbers))
            for first, top, last, bottom, number, formula in shared:
                assert first == last
                assert not set("{!") & set(re.sub(r'"[^"]*"', "", formula.replace("&quot;", '"')))
                assert xml.count(f'<f t="shared" si="{number}"/>') == int(bottom) - int(top)
            assert len(xml) < 1_300_000, name  # of form 3 it was 8,200,000


def test_a_blank_carries_its_form_version_school_and_period(handed_out: Path) -> None:
    book = openpyxl.load_workbook(handed_out / "赣县区梅林中学" / "附件1-2 辍学学生登记汇总表.xlsx")
    carried = {each.name: each.value for each in book.custom_doc_props.props}
    assert carried == {
        "kbxt_form": "1-2",
        "kbxt_version": FORMS.by_slug["1-2"].version,
        "kbxt_school_code": "2136000001",
        "kbxt_period": "2021春",
    }
    wanted = '"' + ";".join(f"{name}={value}" for name, value in carried.items()) + '"'
    assert book.defined_names["kbxt_mark"].attr_text == wanted


def test_a_bundle_carries_all_its_forms_and_each_sheet_its_own(bundle: openpyxl.Workbook) -> None:
    carried = {each.name: each.value for each in bundle.custom_doc_props.props}
    assert carried["kbxt_form"] == ",".join(form.slug for form in FORMS.forms)
    assert carried["kbxt_version"] == ",".join(form.version for form in FORMS.forms)
    for form in FORMS.forms:
        assert f"kbxt_form={form.slug};" in sheet_of(bundle, form).defined_names["kbxt_mark"].attr_text


@pytest.mark.parametrize("form", tables(), ids=lambda form: form.slug)
def test_rows_grow_with_what_is_typed_and_no_other_does(form: Form, handed_out: Path) -> None:
    (path,) = (handed_out / "赣县区梅林中学").glob(f"附件{form.slug} *")
    rows = re.findall(r'<row r="(\d+)"([^>]*)>', parts(path)["xl/worksheets/sheet1.xml"])
    grow = {int(number) for number, attributes in rows if "customHeight" not in attributes}
    first = first_row(openpyxl.load_workbook(path).worksheets[0])
    end = first + form.printed_rows
    assert set(range(first, end)) <= grow
    assert not grow & {*range(1, first), end}


def read(paths: Path) -> list[Reading]:
    stage = ReadReturn(FORMS, Limits())
    return [stage(file) for file in walk(paths, Limits())]


def test_blanks_come_back_as_their_forms_without_a_record_or_a_strange_column(handed_out: Path) -> None:
    readings = read(handed_out / "赣县区梅林中学")
    sheets = {sheet.form: sheet for reading in readings for sheet in reading.sheets}
    assert set(sheets) == set(FORMS.by_slug)
    assert [reading.unrecognised for reading in readings] == [()] * len(readings)
    for form in tables():
        assert len(sheets[form.slug].rows) == (1 if form.shape is Shape.STATISTICS else 0)
        assert sheets[form.slug].unit == "赣县区梅林中学"
        assert (sheets[form.slug].missing, sheets[form.slug].unexpected) == ((), ())
        assert sheets[form.slug].date is None
    assert sheets["5"].rows == []


def test_names_with_marks_of_xml_are_put_in_as_they_are(handed_out: Path) -> None:
    (reading,) = [each for each in read(handed_out / "田村_A&B_小学_") if "附件1-2" in each.file.path]
    assert reading.sheets[0].unit == '田村"A&B"<小学>'
    assert reading.sheets[0].marks["kbxt_school_code"] == "2136000002"


def test_the_guide_names_every_column_and_value_and_shows_an_example(bundle: openpyxl.Workbook) -> None:
    guide = bundle["填表说明"]
    texts = [str(cell.value) for row in guide.iter_rows() for cell in row if cell.value]
    for form in FORMS.forms:
        assert {each.label.zh for each in form.fields if each.type != "sequence"} <= set(texts)
    for vocabulary in FORMS.vocabularies.values():
        assert any("、".join(vocabulary.values) in text for text in texts)
    assert "示例" in [cell.value for cell in guide["A"]]


def test_equal_blanks_are_equal_bytes(handed_out: Path, tmp_path: Path) -> None:
    again = write_blanks(FORMS, tmp_path, roster=ROSTER, period=SPRING)
    assert all(path.read_bytes() == (handed_out / path.relative_to(tmp_path)).read_bytes() for path in again)


def test_without_roster_and_period_one_neutral_set_leaves_them_open(tmp_path: Path) -> None:
    made = write_blanks(FORMS, tmp_path, roster=None, period=None)
    assert {path.parent for path in made} == {tmp_path}
    (reading,) = [each for each in read(tmp_path) if "附件1-1" in each.file.path]
    assert (reading.sheets[0].unit, reading.sheets[0].rows) == (None, [])
    assert "______年春" in reading.sheets[0].title


def test_the_committed_set_is_what_the_definitions_make(tmp_path: Path) -> None:
    """To make it again: kbxt blanks --out templates/blanks."""
    made = write_blanks(FORMS, tmp_path, roster=None, period=None)
    assert {path.name for path in NEUTRAL.glob("*.xlsx")} == {path.name for path in made}
    stale = [path.name for path in made if content(path) != content(NEUTRAL / path.name)]
    assert stale == []


def content(path: Path) -> dict[str, list[str]]:
    """What a blank says and does: texts, formulas, what its cells accept, how it prints; not how the writer puts it."""
    telling = (
        r"<t[ >].*?</t>|<f>.*?</f>|<formula\d?>.*?</formula\d?>|<sqref>.*?<|<mergeCell [^>]*>|<pageSetup [^>]*>"
        r"|<definedName .*?</definedName>|<vt:lpwstr>.*?<"
    )
    return {name: re.findall(telling, xml) for name, xml in parts(path).items() if not name.startswith("docProps/app")}


def test_a_folder_that_cannot_be_written_is_the_operators_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_blanks(FORMS, tmp_path / "file", roster=None, period=SPRING)


def test_another_form_and_vocabulary_need_no_python(tmp_path: Path) -> None:
    (tmp_path / "bureau.yaml").write_text("bureau: 某局\ncity: 某市\ncounty: 某县\nforms: [form-9]\n", encoding="utf-8")
    (tmp_path / "vocabularies.yaml").write_text(
        "sex: {label: {zh: 性别, en: sex}, rule: sex-invalid, values: {男: [], 女: []}}\n"
        "transport: {label: {zh: 交通, en: transport}, values: {步行: [走路], 校车: []}}\n",
        encoding="utf-8",
    )
    (tmp_path / "form-9.yaml").write_text(
        """
form: "9"
attachment: 附件 9
title: "某县{year}年上学交通表"
label: {zh: 上学交通表, en: way to school}
shape: list
version: "3"
unit_line: {labels: [学校], printed: "学校：{school}（盖章）  时间：{date}"}
child: {name: name}
fields:
  - {name: seq, type: sequence, header: 序号, label: {zh: 序号, en: number}}
  - {name: name, type: person_name, required: true, header: 姓名, label: {zh: 姓名, en: name}}
  - {name: way, type: transport, required: true, header: 交通方式, label: {zh: 交通方式, en: way}}
  - {name: since, type: date, header: 起始时间, label: {zh: 起始时间, en: since}}
printed_rows: 5
rules:
  - {rule: duplicate-in-form, at: name}
""",
        encoding="utf-8",
    )
    forms = load_forms(CATALOGUE, tmp_path)
    (made,) = write_blanks(forms, tmp_path / "out", roster=None, period=SPRING)
    sheet = openpyxl.load_workbook(made)["附件9"]
    assert [cell.value for cell in sheet[4]][:4] == ["序号", "姓名", "交通方式", "起始时间"]
    assert {each.formula1 for each in sheet.data_validations.dataValidation if each.type == "list"} == {
        "options_transport"
    }
    assert len(sheet.conditional_formatting) >= 3
