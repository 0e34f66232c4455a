"""A sheet of nothing but texts and numbers is taken in one pass; what is not so is left to other readers."""

from __future__ import annotations

import pytest
from made_workbooks import sheet_xml

from kbxt_merge.intake.formats.plain_sheet import formats_of_numbers, plain_sheet, plain_texts

HEADER = '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>'
STYLES = b'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
NUMBERS = formats_of_numbers(STYLES)


def rows_of(below: str, around: str = "") -> list[list[object]] | None:
    found = plain_sheet(sheet_xml(HEADER + below, around).encode(), ["姓名", "年龄"], NUMBERS)
    if found is None:
        return None
    cells, facts = found
    assert (cells.top, cells.left, facts.values) == (1, 1, sum(len(row) - row.count(None) for row in cells.rows))
    return [list(row) for row in cells.rows[1:]]


@pytest.mark.parametrize(
    ("below", "rows"),
    [
        ("", []),
        ('<row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3"><v>12</v></c></row>', [["年龄", 12.0]]),
        ('<row r="3"><c r="C3" s="0" t="n"><v>-1.5E2</v></c></row>', [[None, -150.0]]),
        ('<row r="3"/><row r="4" spans="2:3"><c r="A4" s="1"/><c r="B4"><v>7</v></c></row>', [[None] * 2, [7.0, None]]),
        ('<row r="3"><c r="B3" s="1"/></row>', []),
    ],
)
def test_a_plain_sheet_is_taken_with_its_places(below: str, rows: list[list[object]]) -> None:
    assert rows_of(below) == rows


@pytest.mark.parametrize(
    "below",
    [
        pytest.param('<row r="3"><c r="B3" s="1"><v>44000</v></c></row>', id="a day"),
        pytest.param('<row r="3"><c r="B3"><f>C3</f><v>1</v></c></row>', id="a formula"),
        pytest.param('<row r="3"><c r="B3" t="b"><v>1</v></c></row>', id="true"),
        pytest.param('<row r="3"><c r="B3" t="s"><v>2</v></c></row>', id="a text that is not there"),
        pytest.param('<row r="3"><c r="B3" s="2"><v>1</v></c></row>', id="a format that is not there"),
        pytest.param('<row r="3"><c r="B3"><v> 1</v></c></row>', id="a space in a number"),
        pytest.param('<row r="3"><c r="C3"><v>1</v></c><c r="B3"><v>1</v></c></row>', id="columns out of order"),
        pytest.param('<row r="1"><c r="B1"><v>1</v></c></row>', id="rows out of order"),
        pytest.param('<row r="3"><c r="B3"><v>1</v></c>x</row>', id="a letter between the tags"),
        pytest.param('<row r="3"><!-- --><c r="B3"><v>1</v></c></row>', id="a comment"),
        pytest.param('<row r="3" hidden=\'1\'><c r="B3"><v>1</v></c></row>', id="single quotes"),
        pytest.param('<row r="900000"><c r="ZZ900000"><v>1</v></c></row>', id="a cell far away"),
    ],
)
def test_what_is_not_plain_is_left_to_others(below: str) -> None:
    assert rows_of(below) is None


def test_texts_are_plain_where_each_is_one_text_and_no_program_differs_on_it() -> None:
    def texts(inside: str) -> list[str] | None:
        return plain_texts(f'<sst xmlns="x" count="1">{inside}</sst>'.encode())

    assert texts(
        '<si><t>王&lt;小&amp;amp;</t><phoneticPr fontId="1"/></si><si><t xml:space="preserve"> 明</t></si>'
    ) == [
        "王<小&amp;",
        " 明",
    ]
    for other in (
        "<t> 王</t>",
        "<t>王 </t>",
        "<t/>",
        "<r><t>王</t></r>",
        "<t>王</t><rPh><t>w</t></rPh>",
        "<t>_x000D_</t>",
    ):
        assert texts(f"<si>{other}</si>") is None
