"""A district of a few returned workbooks and what was found in them, and workbooks of every writer to mark."""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pandas as pd
import xlsxwriter
from lxml import etree
from marked_returns import SEAL, write_returned
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.finding import FINDING_COLUMNS, Findings
from kbxt_merge.model.form import Form, Shape, UnitLine
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.privacy import Name
from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.returns import Grid, Kind, Problem, Reading, Sheet, SourceFile
from kbxt_merge.model.rule import RuleCard, RuleExample, Scope, Severity
from kbxt_merge.model.text import Language, Words
from kbxt_merge.model.wording import Facts
from kbxt_merge.outputs.blanks import write_blanks
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.marks import take_off
from kbxt_merge.outputs.returned.package import Package
from kbxt_merge.outputs.returned.styles import Styles
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks
from kbxt_merge.rules.catalogue import CATALOGUE as RULES

LIST = Form(
    slug="1-2",
    attachment="附件 1-2",
    title="登记汇总表",
    label=Words("登记汇总表", "register"),
    shape=Shape.LIST,
    version="1",
    unit_line=UnitLine(("填报单位",), "填报单位：{school}"),
    fields=(
        Field("name", "person_name", "姓名", Words("姓名", "name"), required=True),
        Field("id_number", "id_number", "身份证号码", Words("身份证号码", "ID number"), required=True),
        Field("grade", "grade", "年级", Words("年级", "grade")),
    ),
    child_name="name",
    child_id="id_number",
)
FORMS = Forms((LIST,), {}, bureau="某区教育局")

Found = tuple[str, str, str, str]
"""Of a finding: sheet, cell, rule, severity."""


def rule(slug: str, severity: Severity) -> RuleCard:
    said = Words(f"{slug}@{{cell}}中文", f"{slug}@{{cell}} English")
    return RuleCard(slug, severity, Scope.CELL, Words(slug, slug), said, Words("", ""))


CATALOGUE: Mapping[str, RuleCard] = {
    "id-checksum": rule("id-checksum", Severity.ERROR),
    "required-missing": rule("required-missing", Severity.ERROR),
    "grade-age-mismatch": rule("grade-age-mismatch", Severity.WARNING),
    "value-normalised": rule("value-normalised", Severity.INFO),
    "file-superseded": rule("file-superseded", Severity.INFO),
    "file-unreadable": rule("file-unreadable", Severity.ERROR),
}


def findings(file: str, school: str, found: Sequence[Found], **columns: str) -> pd.DataFrame:
    """A findings frame of one file; the messages name rule and cell, so that a test can find them again."""
    rows = [
        dict.fromkeys(FINDING_COLUMNS, "")
        | {
            "file": file, "sheet": sheet, "cell": cell, "form": "1-2", "school": school, "field": "id_number",
            "rule": slug, "severity": severity, "value": "360721200901011234",
            "facts": Facts.of(cell=Name(cell)), "suggestion": "改为甲", "record": -1,
        }
        | columns
        for sheet, cell, slug, severity in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def returned_file(path: str, kind: Kind, schools: Mapping[str, str], problem: Problem | None = None) -> Reading:
    """A file read; `schools` leads from its sheets to the schools they name."""
    file = SourceFile(path, f"/inbox/{path}", 1, 0.0)
    sheets = [Sheet(name, "1-2", "list", [], {}, {}, unit=school) for name, school in schools.items()]
    return Reading(file, kind, "0" * 64, sheets, problem=problem)


def district(readings: Sequence[Reading]) -> District:
    returned = [
        Returned(reading.file, sheet, LIST, school=sheet.unit or "") for reading in readings for sheet in reading.sheets
    ]
    return District(FORMS, None, Period(2021, "春"), dt.date(2021, 3, 20), list(readings), returned, {}, {})


def mark(
    content: bytes,
    found: Sequence[Found],
    folder: Path,
    *,
    path: str = "一中/名单.xlsx",
    kind: Kind = Kind.XLSX,
    grids: Sequence[Grid] = (),
    examples: Mapping[str, RuleExample] = MappingProxyType({}),
    language: Language = "zh",
) -> bytes:
    """The workbook as it goes back to 一中."""
    reading = returned_file(path, kind, {grid.sheet: "一中" for grid in grids} or {"Sheet1": "一中"})
    found_here = Findings(findings(path, "一中", found), catalogue=CATALOGUE)
    returned = ReturnedWorkbooks(district([reading]), found_here, CATALOGUE, SEAL, language, examples=examples)
    written = write_returned(returned, folder, lambda _: content, lambda _: grids)
    assert len(written) == 1
    return written[0].read_bytes()


def unmarked(content: bytes) -> bytes:
    """The workbook without the marks of the round before."""
    book = Book(Package(content))
    styles = Styles(book)
    take_off(book, styles)
    styles.finish()
    return book.package.save()


# --- what a workbook is, apart from our marks -------------------------------------------------------------------------


def essence(content: bytes) -> dict[str, object]:
    """All parts of a workbook, in a form that is equal exactly where nothing of the school's differs.

    Parts that marking may rewrite are compared as canonical XML, with each cell's format number replaced by the format
    itself; relations and content types as sets; every other part byte by byte.
    """
    package = Package(content)
    book = Book(package)
    styles = package.related(book.part, "styles")
    sheets = {each.part for each in book.sheets()}
    found: dict[str, object] = {}
    for name in package.names():
        if name in sheets:
            package.bring_back(name)
            found[name] = _sheet(package, book, name, styles)
        elif name.endswith(".rels"):
            found[name] = {
                (each.get("Id"), each.get("Type"), each.get("Target"), each.get("TargetMode"))
                for each in package.tree(name)
            }
        elif name == "[Content_Types].xml":
            # the type of .vml parts may stay behind without such a part
            types = (each for each in package.tree(name) if each.get("Extension") != "vml")
            found[name] = {tuple(sorted(each.attrib.items())) for each in types}
        elif name == book.part:
            found[name] = re.sub(rb' (activeTab|firstSheet)="\d+"', b"", _canonical(package.tree(name)))
        elif name == styles:
            found[name] = _canonical_without_formats(package.tree(name))
        elif "/comments" in name or "Comments" in name:
            found[name] = _comments(package.tree(name))
        else:
            found[name] = package.part(name)
    return found


def _canonical(tree: etree._Element) -> bytes:
    return etree.tostring(tree, method="c14n")


def _canonical_without_formats(tree: etree._Element) -> bytes:
    """The styles without the lists that only grow: what they hold is compared at the cells that use it."""
    rest = copy.deepcopy(tree)
    for each in list(rest):
        if etree.QName(each).localname in {"fills", "cellXfs", "fonts", "borders"}:
            rest.remove(each)
    return _canonical(rest)


def _sheet(package: Package, book: Book, name: str, styles: str | None) -> bytes:
    tree = copy.deepcopy(package.tree(name))
    formats = _formats(package.tree(styles), book) if styles else []
    for each in list(tree.iter(book.tag("c"), book.tag("row"), book.tag("col"))):
        attribute = "style" if each.tag == book.tag("col") else "s"
        number = each.attrib.pop(attribute, None)
        if number is not None and formats[int(number)] != formats[0]:
            each.set(attribute, formats[int(number)])
        if each.tag == book.tag("c") and not len(each) and "s" not in each.attrib:
            each.getparent().remove(each)  # an empty cell without a format is no cell
    for view in tree.iter(book.tag("sheetView")):
        view.attrib.pop("tabSelected", None)
    return _canonical(tree)


def _formats(styles: etree._Element, book: Book) -> list[str]:
    lists = {name: list(styles.iterfind(f"{book.tag(name)}/*")) for name in ("fonts", "fills", "borders", "cellXfs")}
    return [_format(xf, lists) for xf in lists["cellXfs"]]


def _format(xf: etree._Element, lists: Mapping[str, list[etree._Element]]) -> str:
    places = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
    parts = {name: _alone(lists[where][int(xf.get(name, "0"))]) for name, where in places.items()}
    others = {key: value for key, value in xf.attrib.items() if key not in places and key != "applyFill"}
    return repr((parts, sorted(others.items()), [_alone(each) for each in xf]))


def _alone(element: etree._Element) -> str:
    alone = copy.deepcopy(element)
    alone.tail = None
    return etree.tostring(alone, method="c14n", exclusive=True).decode()


def _comments(tree: etree._Element) -> list[tuple[str, str]]:
    return sorted(
        (str(each.get("ref")), "".join(t.text or "" for t in each.iter("{*}t"))) for each in tree.iter("{*}comment")
    )


# --- workbooks of every writer ----------------------------------------------------------------------------------------

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ffa2a7d2c40000000049454e44ae426082"
)


def by_openpyxl() -> bytes:
    """Comments, a chart, a picture, conditional formats, a drop-down, names, print set-up, a filled and merged cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for row, (name, number) in enumerate((("姓名", "人数"), ("张三", 3), ("李四", 5), ("王五", 2)), 1):
        sheet.cell(row, 1, name).border = Border(left=Side("thin"))
        sheet.cell(row, 2, number)
    sheet["A2"].fill = PatternFill("solid", fgColor="FF92D050")
    sheet["A2"].font = Font(bold=True, color="FF112233")
    sheet["A2"].comment = Comment("家长已联系", "李老师")
    sheet["B4"].comment = Comment("待核实", "李老师")
    sheet.merge_cells("D1:E2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    sheet.add_chart(chart, "G2")
    sheet.conditional_formatting.add("B2:B4", ColorScaleRule("min", None, "FFFF0000", "max", None, "FF00FF00"))
    choice = DataValidation(type="list", formula1='"男,女"')
    sheet.add_data_validation(choice)
    choice.add("C2:C9")
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:E9"
    sheet.oddFooter.center.text = "第 &P 页"
    sheet.row_dimensions[3].hidden = True
    second = book.create_sheet("第二张 表")
    second["B2"] = "=Sheet1!B2"
    book.defined_names["人数"] = DefinedName("人数", attr_text="Sheet1!$B$2:$B$4")
    second.defined_names["本表"] = DefinedName("本表", attr_text="'第二张 表'!$B$2")
    book.active = 1
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(macros: bool = False) -> bytes:
    """What openpyxl would lose: x14 data bars, sparklines, x14 validations, header pictures, buttons, text boxes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        other = book.add_worksheet("词表")
        other.write_column(0, 0, ["男", "女"])
        bold = book.add_format({"bold": True, "bg_color": "#FFFF00", "border": 1})
        hatched = book.add_format({"pattern": 4, "fg_color": "#FF0000", "bg_color": "#00FF00"})
        sheet.write_row(0, 0, ["姓名", "性别", "人数"], bold)
        sheet.write(1, 0, "张三", hatched)
        sheet.write_rich_string(2, 0, "李", bold, "四", " 转")
        sheet.write_column(1, 2, [1, 5, 3])
        sheet.conditional_format("C2:C4", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
        sheet.conditional_format("C2:C4", {"type": "icon_set", "icon_style": "3_arrows"})
        sheet.add_sparkline("D2", {"range": "Sheet1!C2:C4"})
        sheet.data_validation("B2:B9", {"validate": "list", "source": "=词表!$A$1:$A$2"})
        sheet.write_comment("C2", "原有批注", {"author": "王老师", "visible": True})
        sheet.insert_image("F2", "dot.png", {"image_data": io.BytesIO(PNG)})
        sheet.insert_textbox("F8", "请用黑色签字笔")
        sheet.insert_button("F12", {"caption": "汇总"})
        sheet.insert_checkbox("E3", True)
        sheet.set_header("&C&G", {"image_center": "dot.png", "image_data_center": io.BytesIO(PNG)})
        sheet.add_table("H2:I4", {"columns": [{"header": "甲"}, {"header": "乙"}]})
        sheet.set_row(5, None, bold)
        sheet.set_column("K:K", 20, bold)
        sheet.protect("", {"format_cells": True})
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.freeze_panes(1, 0)
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=Sheet1!$C$2:$C$4"})
        sheet.insert_chart("F16", chart)
        book.add_chartsheet("图").set_chart(_line(book))
        book.define_name("性别", "=词表!$A$1:$A$2")
        book.define_name("词表!本表", "=词表!$A$1")
        if macros:
            book.add_vba_project(io.BytesIO(b"macro bytes"), True)
            book.set_vba_name("ThisWorkbook")
    return out.getvalue()


def _line(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Sheet1!$C$2:$C$4"})
    return chart


def converted(content: bytes, folder: Path, target: str, suffix: str = "xlsx") -> bytes:
    """What LibreOffice makes of a workbook; fails where LibreOffice can't open it."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / f"source.{suffix}"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(folder / "out"), str(source)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    made = folder / "out" / f"source.{target.partition(':')[0]}"
    assert made.exists(), done.stderr
    return made.read_bytes()


def by_us(folder: Path) -> bytes:
    """The blank of form 1-2 that a bureau hands out, its first sheet called Sheet1."""
    write_blanks(load_forms(RULES), folder, roster=None, period=Period(2021, "春"))
    blank = next(each for each in sorted(folder.rglob("*.xlsx")) if "1-2" in each.name)
    package = Package(blank.read_bytes())
    first = next(package.edit("xl/workbook.xml").iter("{*}sheet"))
    first.set("name", "Sheet1")
    return package.save()


_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def strict(content: bytes) -> bytes:
    """The workbook in the strict dialect of the format."""
    package = Package(content)
    for name in package.names():
        part = package.part(name)
        for transitional, own in _STRICT.items():
            part = part.replace(transitional, own)
        package.put(name, part)
    return package.save()


def threaded(content: bytes) -> bytes:
    """The workbook with a thread at A2, as Excel 365 keeps it beside the comment that older programs show."""
    package = Package(content)
    name = "xl/threadedComments/threadedComment1.xml"
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = f'<ThreadedComments xmlns="{space}"><threadedComment ref="A2" id="{{1}}"><text>?</text></threadedComment>'
    package.add(name, f"{thread}</ThreadedComments>".encode(), "application/vnd.ms-excel.threadedcomments+xml")
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    package.relate("xl/worksheets/sheet1.xml", kind, name)
    return package.save()
