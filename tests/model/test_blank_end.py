"""Which rows at the end of a worksheet's XML may be left out of sight: those alone in which nothing stands."""

from __future__ import annotations

import pytest

from kbxt_merge.model.blank_end import blank_end

FILLED = '<row r="4"><c r="A4"><v>1</v></c></row>'
SILENT = '<f t="shared" si="0"/><v></v>'


def sheet(rows: str) -> bytes:
    return f"<worksheet><sheetData>{rows}</sheetData><mergeCells/></worksheet>".encode()


def blank(row: int, attributes: str = "", result: str = SILENT) -> str:
    cell = f'<c r="N{row}" s="4" t="str">{result}</c>'
    return f'<row r="{row}" ht="21"{attributes}><c r="M{row}" s="12"/>{cell}</row>'


def left_out(rows: str) -> str:
    xml = sheet(rows)
    begin, end = blank_end(xml)
    return xml[begin:end].decode()


@pytest.mark.parametrize(
    "rows",
    [
        blank(5),
        "".join(map(blank, range(5, 400))),
        "".join(map(blank, (5, 6, 9, 99, 100))),
        blank(5, result="<f>N4&amp;N3</f><v/>"),
        blank(5, ' hidden="false" customHeight="1"') + blank(6, result="<f>1&gt;2</f><v></v>") + blank(7),
    ],
)
def test_rows_of_formats_and_formulas_without_a_text_are_left_out(rows: str) -> None:
    assert left_out(FILLED + rows) == rows


@pytest.mark.parametrize(
    "row",
    [
        blank(6).replace("<v></v>", "<v>✓</v>"),
        blank(6).replace("<v></v>", ""),
        blank(6).replace(' t="str"', ""),
        blank(6).replace('s="12"/>', 's="12"><v>3</v></c>'),
        blank(6).replace('s="12"/>', 't="inlineStr"><is><t>李</t></is></c>'),
        blank(6).replace("N6", "N7"),
        blank(6).replace("<f", "<!-- --><f"),
        blank(6, ' hidden="1"'),
        blank(6, ' hidden="true"'),
        blank(6, " hidden='1'"),
        blank(6, '\nhidden = "1"'),
        blank(6).replace('ht="21"', 'ht="0"'),
    ],
)
def test_a_row_that_holds_or_hides_anything_ends_them(row: str) -> None:
    assert left_out(FILLED + blank(5) + row + blank(7)) == blank(7)
    assert left_out(FILLED + blank(5) + row) == ""


def test_rows_that_stand_above_others_or_are_all_that_there_is_stay() -> None:
    assert left_out(FILLED + blank(3) + blank(4)) == ""
    assert left_out(blank(5) + blank(6)) == ""
    assert left_out(f'<!-- <row r="4"/> -->{blank(5)}') == ""
    assert left_out("") == ""
    assert blank_end(b"") == (0, 0)


def test_no_row_is_left_out_of_a_comment() -> None:
    """It would be put in among the cells when the sheet is written."""
    xml = sheet(FILLED) + b"<!--" + sheet(FILLED + blank(5)) + b"-->"
    begin, end = blank_end(xml)
    assert begin == end
