"""What goes out for the nine forms: their blanks, and the district's workbooks."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from test_forms_of_others import HERE, NAMES, examined, raised

from kbxt_merge import merging
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.model.wording import Wording
from kbxt_merge.outputs.blanks import write_blanks
from kbxt_merge.outputs.blanks.examples import example_row
from kbxt_merge.outputs.blanks.guide_texts import how_to_fill
from kbxt_merge.outputs.blanks.master import Master
from kbxt_merge.outputs.data.reference_pages import forms_page
from kbxt_merge.outputs.summary.write import write_summaries
from kbxt_merge.post import sending
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

DAY = "2021年9月10日"
SCHOOL = "云岭县王母渡小学"


@cache
def definition(name: str) -> Forms:
    return load_forms(CATALOGUE, HERE / name / "definition")


@cache
def blank(name: str) -> bytes:
    """The blank of one of the nine, as the school is handed it."""
    forms = definition(name)
    made = Master.of(forms, [forms.handed_out[0]], roster=None, period=Period.parse("2021秋"), language="zh")
    return made.stamped(SCHOOL, "2136072101")


def read_back(book: bytes, name: str, place: Path) -> Checked:
    """What a blank that a school sent back makes."""
    (place / "inbox").mkdir()
    (place / "inbox" / f"{SCHOOL}.xlsx").write_bytes(book)
    return examined(place / "inbox", HERE / name / "definition", HERE / name / "学校名册.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_the_blank_is_read_back_as_its_form_with_every_field_and_no_record(name: str, tmp_path: Path) -> None:
    forms = definition(name)
    checked = read_back(blank(name), name, tmp_path)
    sheets = [each.sheet for each in checked.district.returned]
    assert [each.form for each in sheets] == [form.slug for form in forms.forms]
    for sheet, form in zip(sheets, forms.forms, strict=True):
        own_school = form.shape is Shape.STATISTICS  # stands in the first row
        assert (sheet.missing, sheet.unexpected, len(sheet.rows)) == ((), (), own_school)
        assert set(sheet.columns) == set(form.by_name)
        assert sheet.unit == SCHOOL
    assert {rule for _, _, rule in raised(checked)} <= {"required-missing"}


@pytest.mark.parametrize("name", NAMES)
def test_the_blank_filled_with_its_example_is_clean(name: str, tmp_path: Path) -> None:
    forms = definition(name)
    form = forms.handed_out[0]
    book = openpyxl.load_workbook(BytesIO(blank(name)))
    sheet = book.worksheets[0]
    fill_date(sheet)
    example = {each.name: each for each in form.fields}
    row = example_row(form, Period.parse("2021秋"), None)
    values = {each: "" if row[each] == "……" and example[each].type != "text" else row[each] for each in row}
    {Shape.CARD: fill_card, Shape.ROWS: fill_rows}.get(form.shape, fill_row)(sheet, form, values)
    filled = BytesIO()
    book.save(filled)
    checked = read_back(filled.getvalue(), name, tmp_path)
    assert len(checked.district.records[form.slug]) == (len(form.row_labels) or 1)
    assert raised(checked) == []


def fill_date(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    cell = next(each for each in sheet[3] if "年    月" in str(each.value))
    cell.value = str(cell.value).replace("      年    月    日", DAY)


def fill_row(sheet: openpyxl.worksheet.worksheet.Worksheet, form: Form, values: Mapping[str, str]) -> None:
    first = next(cell.row for cell in sheet["A"] if cell.value == 1)
    for column, each in enumerate(form.fields, 1):
        if each.type not in ("sequence", "school") or not sheet.cell(first, column).value:
            sheet.cell(first, column).value = SCHOOL if each.type == "school" else values[each.name] or None
        elif each.type == "sequence":
            sheet.cell(first, column).value = 1


def fill_rows(sheet: openpyxl.worksheet.worksheet.Worksheet, form: Form, values: Mapping[str, str]) -> None:
    """Nothing but zeros: they add up."""
    for cell in sheet["A"]:
        if cell.value in form.row_labels:
            for column, each in enumerate(form.fields, 1):
                if each.type == "count":
                    sheet.cell(cell.row, column).value = 0


def fill_card(sheet: openpyxl.worksheet.worksheet.Worksheet, form: Form, values: Mapping[str, str]) -> None:
    for line in sheet.iter_rows(min_row=4, max_row=9):
        for cell in line:
            name = next((each.name for each in form.fields if each.header == cell.value), None)
            if name is not None:
                sheet.cell(cell.row, cell.column + 1).value = values[name]


def test_a_matrix_is_summed_over_the_schools_row_by_row(tmp_path: Path) -> None:
    name = "04-matrix"
    checked = examined(HERE / name / "inbox", HERE / name / "definition", HERE / name / "学校名册.xlsx")
    (path,) = write_summaries(checked.district, checked.findings, tmp_path)
    book = openpyxl.load_workbook(path, data_only=True)
    rows = {row[0].value: [cell.value for cell in row[1:9]] for row in book["汇总"].iter_rows(min_row=6, max_row=17)}
    assert rows["总计"] == ["01", 277 + 312, 57 + 42, 40 + 51, 45 + 47, 40 + 58, 43 + 61, 52 + 52]
    assert rows["7岁"] == ["04", 23 + 29, 6 + 3, 3 + 9, 1 + 0, 7 + 9, 0 + 2, 6 + 6]
    assert book["分校"].max_row == 1 + 24


def test_the_list_inside_a_card_is_merged_with_what_its_card_is_known_by(tmp_path: Path) -> None:
    name = "06-school-bus"
    checked = examined(HERE / name / "inbox", HERE / name / "definition", HERE / name / "学校名册.xlsx")
    listed = checked.district.records["y6-1"]
    assert listed.shown["学生姓名"].tolist() == ["温志兰", "曹金志", "钟小华"]
    assert listed.shown["校车牌号"].tolist() == ["赣B12345", "赣B12345", "赣B1234"]
    assert listed.school.tolist() == ["云岭县江口中学", "云岭县江口中学", "云岭县王母渡小学"]
    paths = write_summaries(checked.district, checked.findings, tmp_path)
    assert [path.stem for path in paths] == ["附件6 云岭县校车及驾驶员信息登记表", "附件6 乘车学生名单"]


def test_decimals_are_summed_and_rates_are_not(tmp_path: Path) -> None:
    name = "05-canteen"
    checked = examined(HERE / name / "inbox", HERE / name / "definition", HERE / name / "学校名册.xlsx")
    (path,) = write_summaries(checked.district, checked.findings, tmp_path)
    sheet = openpyxl.load_workbook(path, data_only=True)["汇总"]
    total = next(row for row in sheet.iter_rows() if any(cell.value == "合计" for cell in row))
    assert total[11].value == 12.5


def test_a_list_inside_a_card_has_no_blank_of_its_own(tmp_path: Path) -> None:
    written = write_blanks(definition("06-school-bus"), tmp_path, roster=None, period=None)
    assert [path.name for path in written] == ["附件6 校车登记表.xlsx"]


NOT_SAID = re.compile(r"附件\s*[0-9]|[各按原同]一?附件|控辍保学|赣县|学生|该生|儿童|孩子|辍学")
"""What only some definitions speak of."""
OF_OTHERS = re.compile(r"<t>附件 7</t>|<t[^>]*>[男女](?:孩子?|童|学生|生|子)</t>")
"""What the school itself typed into what is returned, and what schools write for a sex, which the reader knows."""


@pytest.fixture(scope="module")
def sent_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that goes out for a form of teachers that bears no number: report, returned workbooks, blanks, mails."""
    place = tmp_path_factory.mktemp("teachers")
    folder = HERE / "07-teachers"
    shutil.copytree(folder / "inbox", place / "inbox")
    shutil.copy(folder / "学校名册.xlsx", place)
    shutil.copytree(folder / "definition", place / "own")
    form = place / "own" / "教职工.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("attachment: 附件 7\n", ""), encoding="utf-8")
    add_faults(place / "inbox" / "云岭县江口中学.xlsx")
    options = {"schemas": place / "own", "period": "2021秋", "as_of": "2021-09-15"}
    merging.merge(place / "inbox", place / "out", load_settings(options, {}, place))
    forms = load_forms(CATALOGUE, place / "own")
    write_blanks(forms, place / "blanks", roster=None, period=None, bundle=True)
    write_blanks(forms, place / "blanks", roster=None, period=None)
    own = load_settings({"period": "2021秋"}, {}, place)  # `kbxt send` need not be told the definitions again
    list(sending.write(sending.prepare(place / "out", own, plain=True), lambda made: None))
    return place


def add_faults(path: Path) -> None:
    """Give general rules something to say: a row twice, a number of another's, a column too many, an unsure row."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for column in range(1, 18):
        sheet.cell(8, column).value = sheet.cell(5, column).value
    sheet["R4"], sheet["R5"], sheet["B9"], sheet["E9"] = "工号", "7", "待核实", "36072119750304"
    sheet["D4"] = None
    book.create_sheet("其他")["A1"] = "说明"
    book["其他"].append(["甲", "乙"])
    book.save(path)


def texts_of(path: Path) -> Iterator[str]:
    """All that a file says to whoever opens it."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            for member in book.namelist():
                if member.endswith((".xml", ".rels")):
                    yield book.read(member).decode("utf-8")
    elif path.suffix == ".eml":
        message = message_from_bytes(path.read_bytes(), policy=default)
        yield f"{message['Subject']} {message['From']}"
        for part in message.walk():
            if part.get_content_maintype() == "text" and not part.is_attachment():
                yield part.get_content()
    elif path.suffix in (".html", ".csv", ".json"):
        yield path.read_text(encoding="utf-8-sig")


def test_nothing_that_goes_out_speaks_of_what_the_definition_does_not(sent_out: Path) -> None:
    files = [path for each in ("out", "blanks") for path in sorted((sent_out / each).rglob("*")) if path.is_file()]
    assert {path.suffix for path in files} >= {".html", ".xlsx", ".eml", ".csv", ".json"}
    said = [
        (path.relative_to(sent_out).as_posix(), text[max(found.start() - 30, 0) : found.end() + 30])
        for path in files
        for text in (path.name, *texts_of(path))
        for found in NOT_SAID.finditer(OF_OTHERS.sub("", text))
    ]
    assert said == []


@pytest.mark.parametrize("name", [*NAMES, ""])
def test_a_guide_speaks_of_what_its_forms_have(name: str) -> None:
    forms = definition(name).handed_out if name else load_forms(CATALOGUE).handed_out
    said = "".join(how_to_fill(forms, "zh"))
    types = {field.type for form in forms for field in form.fields}
    lists = [form for form in forms if form.shape is Shape.LIST]
    assert ("一人一行" in said) == any(form.bearer is not Bearer.THING for form in lists)
    assert ("一项一行" in said) == (bool(lists) and all(form.bearer is Bearer.THING for form in lists))
    assert ("印好的各行" in said) == any(form.shape is Shape.ROWS for form in forms)
    for type_, word in (("roll_number", "学籍号"), ("id_number", "身份证号码"), ("age", "年龄"), ("phone", "电话")):
        assert (word in said) == (type_ in types)


def test_where_no_date_is_printed_none_is_spoken_of(tmp_path: Path) -> None:
    shutil.copytree(HERE / "07-teachers" / "definition", tmp_path / "own")
    path = tmp_path / "own" / "教职工.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("   采集日期：{date}", ""), encoding="utf-8")
    forms = load_forms(CATALOGUE, tmp_path / "own")
    assert "年月日" not in "".join(how_to_fill(forms.handed_out, "zh"))
    (made,) = write_blanks(forms, tmp_path / "blanks", roster=None, period=None)
    assert not any("填表的年月日" in text or "采集日期" in text for text in texts_of(made))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    book = openpyxl.load_workbook(HERE / "07-teachers" / "inbox" / "云岭县江口中学.xlsx")
    sheet = book.worksheets[0]
    sheet["A3"] = "学校：云岭县江口中学"
    sheet.cell(5, next(cell.column for cell in sheet[4] if cell.value == "参加工作年月")).value = "2031年5月"
    book.save(inbox / "云岭县江口中学.xlsx")
    frame = examined(inbox, tmp_path / "own", HERE / "07-teachers" / "学校名册.xlsx").findings.frame
    assert "fill-date-missing" not in set(frame["rule"])
    (told,) = Wording(CATALOGUE, forms, "zh").sentences(frame[frame["rule"] == "date-future"])
    assert "核对基准日" in told


def test_mails_are_signed_by_the_bureau_that_merged(sent_out: Path) -> None:
    mails = sorted((sent_out / "out" / "发件").rglob("*.eml"))
    assert len(mails) == 3
    for path in mails:
        message = message_from_bytes(path.read_bytes(), policy=default)
        assert "云岭县教育体育局" in str(message["From"])
        text = message.get_body(("plain",)).get_content()
        assert text.rstrip().endswith("云岭县教育体育局")
        assert "2021 年秋季学期报表" in text


def test_the_reference_page_tells_kinds_bounds_and_conditions() -> None:
    page = forms_page(definition("02-aid-list"), "zh")
    assert "| `家庭人口数` | 家庭信息 › 家庭人口数 | `count` 1–20 | 是 |" in page
    assert "| `补助标准` | 补助发放 › 补助标准（元） | `number` 元 | 是 |" in page
    assert "| `认定原因说明` | 认定原因说明（困难类型为其他的必填） | `text` | 当 困难类型 = 其他 |" in page
    assert "| `双方外出` | 农村留守儿童总数 › 父母双方外出 › 小计 |" in forms_page(
        definition("03-left-behind-statistics"), "zh"
    )
