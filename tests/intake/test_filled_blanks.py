"""A blank comes back as it is filled in, whatever program saved it: no row is lost for what is not looked at."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType

import pytest
from made_workbooks import ods, sheet_xml, text_cell, workbook_of, xlsx_parts, zipped
from sheets import FORMS
from test_open_document import row, sheet, text

from kbxt_merge.intake.formats import calamine_reader, ods_filled, ooxml, ooxml_filled, xls
from kbxt_merge.intake.formats.zip_safety import inflated
from kbxt_merge.model.blank_end import blank_end
from kbxt_merge.model.own_workbook import OPTION_SHEET
from kbxt_merge.model.returns import Grid
from kbxt_merge.outputs.blanks import table_sheet
from kbxt_merge.outputs.blanks.master import Master

PRINTED, CHECKED = 3, 30
"""Rows of the blanks here; in those handed out it is 30 and 300."""
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
TABS = {
    BOOK: ("</sheets>", '<sheet name="附件3 (2)" sheetId="9" r:id="r9"/></sheets>'),
    "xl/_rels/workbook.xml.rels": (
        "</Relationships>",
        '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet9.xml"/></Relationships>',
    ),
    "[Content_Types].xml": (
        "</Types>",
        '<Override PartName="/xl/worksheets/sheet9.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.worksheet+xml"/></Types>',
    ),
}
"""What leads to one more sheet, behind the hidden one."""

FIRST = 5
TYPED: Mapping[str, Mapping[int, str]] = {
    "printed": {FIRST: "赖小满", FIRST + PRINTED - 1: "温小暑"},
    "below": {FIRST: "赖小满", FIRST + PRINTED + 1: "温小暑", FIRST + 20: "钟小寒"},
    "beyond": {FIRST: "赖小满", FIRST + CHECKED - 1: "温小暑", FIRST + CHECKED + 9: "钟小寒"},
}
"""By the file's name: which names stand in which rows."""


def typed(xml: str, rows: Mapping[int, str]) -> str:
    """The sheet with a name in column B of each of these rows."""
    for at, name in rows.items():
        cell = f'<c r="B{at}" t="inlineStr"><is><t>{name}</t></is></c>'
        if f'<row r="{at}"' not in xml:
            xml = xml.replace("</sheetData>", f'<row r="{at}">{cell}</row></sheetData>')
        elif f'<c r="B{at}"' in xml:
            xml = re.sub(rf'<c r="B{at}"[^<>]*/>', cell, xml)
        else:
            xml = re.sub(rf'(<row r="{at}"[^<>]*>)', rf"\1{cell}", xml)
    return xml


def variants(blank: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The parts of blanks that were filled in and changed as schools do, by their names."""
    filled = {name: {**blank, SHEET: typed(blank[SHEET], rows)} for name, rows in TYPED.items()}
    base = filled["printed"]
    added = {name: base[name].replace(*change) for name, change in TABS.items()}
    copied = typed(blank[SHEET].replace(' tabSelected="1"', ""), {FIRST: "钟小寒"})
    book = base[BOOK]
    return filled | {
        "copied": {**base, **added, "xl/worksheets/sheet9.xml": copied},
        "renamed": {**base, BOOK: book.replace(f'name="{OPTION_SHEET}"', 'name="清单"').replace("选项!", "清单!")},
        "shown": {**base, BOOK: book.replace(' state="veryHidden"', "")},
        "first": {**base, BOOK: re.sub(r"<sheets>(.*)(<sheet [^>]*/>)</sheets>", r"<sheets>\2\1</sheets>", book)},
    }


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], bytes]:
    """A blank by what was done to it, as it is filled in (.xlsx) or as LibreOffice saves it (.lo.xlsx, .ods, .xls)."""
    folder = tmp_path_factory.mktemp("filled")
    form = replace(FORMS.by_slug["3"], printed_rows=PRINTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_sheet, "FILLED_ROWS", CHECKED)
        blank = Master.of(FORMS, [form], None, None, "zh").stamped("赣县区梅林小学", "2136000001")
    with zipfile.ZipFile(io.BytesIO(blank)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    for name, changed in variants(parts).items():
        (folder / f"{name}.xlsx").write_bytes(zipped(changed))
    files = sorted(map(str, folder.iterdir()))
    for kind in ("xlsx", "ods", "xls"):
        command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", str(folder / kind), *files], check=True, capture_output=True, timeout=120)
    return lambda name, kind: (
        folder / (f"{name}.xlsx" if kind == "xlsx" else f"{kind.removeprefix('lo.')}/{name}.{kind.removeprefix('lo.')}")
    ).read_bytes()


KINDS = ("xlsx", "lo.xlsx", "ods", "xls")


def read(data: bytes, kind: str) -> dict[str, Grid]:
    return {grid.sheet: grid for grid in workbook_of(data, f"附件3.{kind}").grids}


def names_in(grid: Grid) -> dict[int, object]:
    """What stands in column B below the header, by the sheet's rows."""
    at_column = ((grid.top + at + 1, cells[1 - grid.left :][:1]) for at, cells in enumerate(grid.rows))
    return {at: cell[0] for at, cell in at_column if at >= FIRST and cell and cell[0] is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_read_wherever_it_was_typed(saved: Callable[[str, str], bytes], kind: str) -> None:
    for name, rows in TYPED.items():
        assert names_in(read(saved(name, kind), kind)["附件3"]) == rows, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_behind_the_hidden_one_is_read(saved: Callable[[str, str], bytes], kind: str) -> None:
    found = read(saved("copied", kind), kind)
    assert {sheet: names_in(grid) for sheet, grid in found.items()} == {
        "附件3": TYPED["printed"],
        "附件3 (2)": {FIRST: "钟小寒"},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_hidden_sheet_may_be_shown_or_moved_and_is_read_under_another_name(
    saved: Callable[[str, str], bytes], kind: str
) -> None:
    for name, sheets in {"shown": {"附件3"}, "first": {"附件3"}, "renamed": {"附件3", "清单"}}.items():
        found = read(saved(name, kind), kind)
        assert found.keys() == sheets, name
        assert names_in(found["附件3"]) == TYPED["printed"], name


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_looked_at_would_have_said_nothing(
    saved: Callable[[str, str], bytes], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = {name: read(saved(name, kind), kind) for name in TYPED}
    monkeypatch.setattr(ooxml_filled, "blank_end", lambda xml: (len(xml), len(xml)))
    monkeypatch.setattr(ods_filled, "_blank_end", lambda xml, start, end: end)
    monkeypatch.setattr(xls, "LONG_RUN", 1 << 20)
    for name, grids in short.items():
        assert {sheet: cells(grid) for sheet, grid in read(saved(name, kind), kind).items()} == {
            sheet: cells(grid) for sheet, grid in grids.items()
        }


def cells(grid: Grid) -> object:
    filled = {
        (grid.top + row, grid.left + at): cell
        for row, cells in enumerate(grid.rows)
        for at, cell in enumerate(cells)
        if cell is not None
    }
    return filled, grid.merged, grid.hidden, grid.hidden_columns, grid.beside


def test_nine_tenths_of_an_open_document_are_not_even_inflated(
    saved: Callable[[str, str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a sheet that stands behind they are."""
    sizes: list[int] = []

    def counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, step: int) -> object:
        for piece in inflated(archive, entry, step):
            sizes.append(len(piece))
            yield piece

    monkeypatch.setattr(ods_filled, "inflated", counted)
    data = saved("printed", "ods")
    whole = zipfile.ZipFile(io.BytesIO(data)).getinfo("content.xml").file_size
    read(data, "ods")
    assert sum(sizes) < whole / 3


META = (
    '<office:document-meta xmlns:office="o" xmlns:meta="m"><office:meta><meta:generator>{}</meta:generator>'
    '<meta:document-statistic meta:table-count="{}"/><meta:user-defined meta:name="kbxt_form">3</meta:user-defined>'
    "</office:meta></office:document-meta>"
)
ENDS_BADLY = sheet("<no table at all", OPTION_SHEET)


def open_document(generator: str, count: int, table: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(ods(table))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    return zipped({**parts, "meta.xml": META.format(generator, count)})


@pytest.mark.parametrize(
    ("generator", "count", "behind", "read"),
    [
        ("LibreOffice/7.4", 2, "", ["附件3"]),
        ("LibreOffice/7.4", 3, sheet(row(text("李四")), "附件4"), ["附件3", "附件4"]),
        ("WPS/11", 2, sheet(row(text("李四")), "附件4"), ["附件3", "附件4"]),
        ("LibreOffice/7.4", 1, sheet(row(text("李四")), "附件4"), ["附件3", "附件4"]),
    ],
)
def test_a_sheet_behind_is_lost_under_no_count_of_them(
    generator: str, count: int, behind: str, read: list[str]
) -> None:
    table = sheet(row(text("张三"))) + sheet(row(text("甲")), OPTION_SHEET) + behind
    assert [grid.sheet for grid in workbook_of(open_document(generator, count, table), "附件3.ods").grids] == read


@pytest.mark.parametrize(
    ("kind", "room", "reader", "most"),
    [("xlsx", calamine_reader, "opened", 40), ("lo.xlsx", calamine_reader, "opened", 40), ("xls", xls, "_parsed", 30)],
)
def test_a_reader_goes_over_what_is_filled_in(
    saved: Callable[[str, str], bytes],
    kind: str,
    room: ModuleType,
    reader: str,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So many thousand bytes at most, without those of the hidden sheet, which has a hundred and more."""
    sizes: list[int] = []
    real = getattr(room, reader)

    def counted(data: bytes, *others: object) -> object:
        sizes.append(len(data))
        return real(data, *others)

    monkeypatch.setattr(room, reader, counted)
    monkeypatch.setattr(ooxml, "plain_sheet", lambda *asked: None)
    read(saved("printed", kind), kind)
    assert [size < most * 1000 for size in sizes] == [True]


def test_a_blank_is_taken_in_one_pass_as_by_the_reader_that_this_spares(
    saved: Callable[[str, str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (*TYPED, "copied", "first")
    monkeypatch.setattr(calamine_reader, "opened", lambda data: pytest.fail("by calamine"))
    in_one_pass = [read(saved(name, "lo.xlsx"), "xlsx") for name in names]
    monkeypatch.undo()
    monkeypatch.setattr(ooxml, "plain_sheet", lambda *asked: None)
    assert in_one_pass == [read(saved(name, "lo.xlsx"), "xlsx") for name in names]


def test_the_same_rows_are_cut_for_reading_and_for_marking(saved: Callable[[str, str], bytes]) -> None:
    for kind in ("xlsx", "lo.xlsx"):
        with zipfile.ZipFile(io.BytesIO(saved("printed", kind))) as book:
            begin, end = blank_end(book.read(SHEET))
        assert 0 < begin < end


SAYS_NOTHING = '<row r="3"><c r="A3" t="str"><f>A2</f><v></v></c></row>'
LOOKS = '<conditionalFormatting sqref="A2"><cfRule type="expression" priority="1"/></conditionalFormatting>'
MERGED = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
MARKS = '<definedNames><definedName name="kbxt_mark">"kbxt_form=3"</definedName></definedNames></workbook>'


def marked_blank(after: str) -> bytes:
    """A blank with a row that says nothing yet at its end, and this behind its cells."""
    filled = f'<row r="1">{text_cell("A1", "附件3")}</row><row r="2">{text_cell("A2", "赖小满")}</row>'
    parts = xlsx_parts({"附件3": sheet_xml(filled + SAYS_NOTHING, after)})
    return zipped({**parts, BOOK: str(parts[BOOK]).replace("</workbook>", MARKS)})


@pytest.mark.parametrize(
    "after",
    [
        MERGED + LOOKS,
        f'<conditionalFormatting sqref="A1"/>{MERGED}{LOOKS}',
        f"<conditionalFormattings>{MERGED}</conditionalFormattings>{LOOKS}",
        f"<!-- <conditionalFormatting> -->{MERGED}{LOOKS}<!-- -->",
        f"{MERGED}<!-- <conditionalFormatting> -->{LOOKS}",
    ],
)
def test_looks_are_cut_out_whole_or_left(after: str) -> None:
    (grid,) = workbook_of(marked_blank(after), "附件3.xlsx").grids
    assert (grid.rows, grid.merged) == ([["附件3"], ["赖小满"]], ((0, 0, 0, 1),))


def test_a_comment_in_an_open_document_takes_no_rows_with_it() -> None:
    rows = f"<!-- <calcext:conditional-formats> -->{row(text('赖小满'))}<!-- -->{row(text('温小暑'))}"
    looks = "<calcext:conditional-formats></calcext:conditional-formats>"
    table = sheet(rows + looks) + sheet(row(text("甲")), OPTION_SHEET)
    (grid,) = workbook_of(ods(table), "附件3.ods").grids
    assert grid.rows == [["赖小满"], ["温小暑"]]
