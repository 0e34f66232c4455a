"""OpenDocument spreadsheets: runs of equal cells, hidden things, and what calamine reads wrongly or refuses."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from made_workbooks import cells_of, ods, problem_of, workbook_of, zipped

from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import ErrorValue, Kind, MissingResult


def text(content: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{content}</text:p></table:table-cell>'


def typed(kind: str, value: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {value}{attributes}><text:p>?</text:p></table:table-cell>'


def sheet(rows: str, name: str = "附件3", before: str = "", style: str = "ta1") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{before}{rows}</table:table>'


def row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def cells_in(table: str) -> dict[tuple[int, int], object]:
    return dict(cells_of(workbook_of(ods(table), "附件3.ods")))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2021-03-01T10:00:00Z", dt.datetime(2021, 3, 1, 18)),
        ("2021-02-28T16:00:00Z", dt.date(2021, 3, 1)),
        ("2021-03-01T00:00:00+08:00", dt.date(2021, 3, 1)),
        ("0001-01-01T00:00:00+14:00", "?"),
    ],
)
def test_a_moment_of_any_zone_is_read_as_a_clock_in_china_shows_it(written: str, read: object) -> None:
    cells = cells_in(sheet(row(typed("date", f'office:date-value="{written}"'))))
    assert list(cells.values()) == [read]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("time", 'office:time-value="PT99999999999H"'),
        ("time", f'office:time-value="PT{"9" * 5000}S"'),
        ("time", f'office:time-value="P{"9" * 400}DT1.{"9" * 400}S"'),
        ("time", 'office:time-value="-P999999999DT24H"'),
        ("date", 'office:date-value="99999-12-31"'),
        ("date", 'office:date-value="2021-02-30T99:99:99"'),
        ("date", 'office:date-value="9999-12-31T23:59:59-12:00"'),
        ("float", 'office:value="1e999"'),
        ("float", f'office:value="{"9" * 5000}"'),
        ("percentage", 'office:value="-1e400"'),
        ("currency", 'office:value="nan"'),
        ("float", 'office:value="inf"'),
        ("boolean", f'office:boolean-value="{"1" * 5000}" table:number-columns-spanned="{"9" * 5000}"'),
    ],
)
def test_a_value_of_absurd_size_costs_its_own_cell(kind: str, value: str) -> None:
    cells = cells_in(sheet(row(text("张三") + typed(kind, value) + text("女"))))
    assert cells == {(0, 0): "张三", (0, 1): False if kind == "boolean" else "?", (0, 2): "女"}


def test_every_type_of_value_is_read() -> None:
    cells = (
        text("张三")
        + typed("float", 'office:value="12"')
        + typed("percentage", 'office:value="0.5"')
        + typed("date", 'office:date-value="2021-03-12"')
        + typed("date", 'office:date-value="2021-03-12T08:05:00"')
        + typed("time", 'office:time-value="PT08H05M00S"')
        + typed("time", 'office:time-value="PT26H00M00S"')
        + typed("boolean", 'office:boolean-value="true"')
        + text("#N/A", ' table:formula="of:=NA()" calcext:value-type="error"')
        + '<table:table-cell table:formula="of:=A1"/>'
        + '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
    )
    assert list(cells_in(sheet(row(cells))).values()) == [
        "张三",
        12.0,
        0.5,
        dt.date(2021, 3, 12),
        dt.datetime(2021, 3, 12, 8, 5),
        dt.time(8, 5),
        dt.timedelta(hours=26),
        True,
        ErrorValue("#N/A"),
        MissingResult("of:=A1"),
    ]


def test_runs_are_written_out_and_empty_ones_are_not() -> None:
    gap = '<table:table-cell table:number-columns-repeated="2"/>'
    rows = (
        row('<table:table-cell table:number-columns-repeated="16384"/>', ' table:number-rows-repeated="3"')
        + row(gap + text("是", ' table:number-columns-repeated="2"'), ' table:number-rows-repeated="2"')
        + row('<table:table-cell table:number-columns-repeated="16384"/>', ' table:number-rows-repeated="1048571"')
    )
    assert cells_in(sheet(rows)) == {(3, 2): "是", (3, 3): "是", (4, 2): "是", (4, 3): "是"}


def test_text_keeps_its_spaces_and_lines_and_nothing_else() -> None:
    content = (
        "<office:annotation><text:p>批注</text:p></office:annotation>"
        '<text:p>张<text:s text:c="2"/>三 <text:span>女</text:span></text:p><text:p>第二行</text:p>'
    )
    ruby = "<text:ruby><text:ruby-base>张</text:ruby-base><text:ruby-text>zhang</text:ruby-text></text:ruby>三"
    cell = f'<table:table-cell office:value-type="string">{content}</table:table-cell>'
    assert cells_in(sheet(row(cell + text(ruby)))) == {(0, 0): "张  三 女\n第二行", (0, 1): "张三"}


def test_a_pretty_printed_file_is_read_as_any_other() -> None:
    cell = '<table:table-cell office:value-type="string">\n   <text:p>\n     张三\n   </text:p>\n </table:table-cell>\n'
    assert cells_in("\n" + sheet("\n" + row("\n" + cell) + "\n")) == {(0, 0): "张三"}


def test_values_kept_of_another_file_are_no_sheet() -> None:
    cache = sheet(row(text("旧")), "'file:///a.xlsx'#$Sheet1", '<table:table-source table:mode="copy-results-only"/>')
    workbook = workbook_of(ods(sheet(row(text("新"))) + cache), "a.ods")
    assert [grid.sheet for grid in workbook.grids] == ["附件3"]


def test_what_is_hidden_and_merged_is_told() -> None:
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    span = ' table:number-columns-spanned="2" table:number-rows-spanned="1"'
    rows = row(text("标题", span) + "<table:covered-table-cell/>") + row(text("藏"), ' table:visibility="filter"')
    first, second = workbook_of(
        ods(sheet(rows, before=columns) + sheet(row(text("x")), "藏", style="ta2"), styles), "a.ods"
    ).grids
    assert (first.merged, first.hidden_rows, first.hidden_columns) == (((0, 0, 0, 1),), {1}, {1, 2})
    assert (first.hidden, second.hidden) == (False, True)


def test_a_run_that_fills_the_sheet_is_refused() -> None:
    rows = row(text("是", ' table:number-columns-repeated="16384"'), ' table:number-rows-repeated="1048576"')
    assert problem_of(ods(sheet(rows)), "a.ods") == ("file-unsafe", "too-many-cells")
    assert problem_of(ods(sheet(row(text("是") * 9))), "a.ods", Limits(cells=8)) == ("file-unsafe", "too-many-cells")


def test_entities_are_refused() -> None:
    declared = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert problem_of(ods(sheet(row(text("&x;"))), declared=declared), "a.ods") == ("file-unsafe", "entities")


def test_a_locked_file_is_recognised() -> None:
    locked = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<m:manifest xmlns:m='x'><m:encryption-data/></m:manifest>",
            "content.xml": b"\x01\x02\x03",
        }
    )
    assert problem_of(locked, "a.ods") == ("file-encrypted", "password")


def test_a_file_that_breaks_off_is_not_half_read() -> None:
    whole = ods(sheet(row(text("张三") * 50)))
    assert problem_of(whole[: len(whole) // 2], "a.ods")[0] == "file-unreadable"


def flat(table: str, properties: str = "") -> bytes:
    """The same content in one XML file (.fods)."""
    with zipfile.ZipFile(io.BytesIO(ods(table))) as archive:
        content = archive.read("content.xml").decode()
    opening = (
        ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
        f'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">{properties}<office:automatic-styles>'
    )
    whole = content.replace("document-content", "document")
    return whole.replace("><office:automatic-styles>", opening, 1).encode()


def test_a_flat_file_is_read_with_its_marks() -> None:
    mark = '<office:meta><meta:user-defined meta:name="kbxt_form">1-2</meta:user-defined></office:meta>'
    data = flat(sheet(row(text("姓名") + typed("float", 'office:value="12"'))), mark)
    assert kind_of(data, "附件3.fods") is Kind.FODS
    workbook = workbook_of(data, "附件3.fods")
    assert cells_of(workbook) == {(0, 0): "姓名", (0, 1): 12.0}
    assert (workbook.grids[0].sheet, workbook.marks) == ("附件3", {"kbxt_form": "1-2"})
    assert problem_of(data[:-20], "附件3.fods") == ("file-unreadable", "damaged")
