"""A sheet of nothing but texts and numbers is taken in one pass; what is not so is left to other readers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from growth import is_a_square
from made_workbooks import sheet_xml

from kbxt_merge.intake.formats.plain_sheet import plain_sheet
from kbxt_merge.intake.formats.plain_texts import PlainTexts, formats_of_numbers
from kbxt_merge.model.returns import ErrorValue

HEADER = '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>'
STYLES = b'<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
NUMBERS = formats_of_numbers(STYLES)
TEXTS = PlainTexts('<sst xmlns="x"><si><t>姓名</t></si><si><t>年龄</t></si></sst>'.encode())


def rows_of(below: str, around: str = "") -> list[list[object]] | None:
    found = plain_sheet(sheet_xml(HEADER + below, around).encode(), TEXTS, NUMBERS)
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
        ('<row r="3"><c r="B3"><f>C3</f><v>1</v></c></row>', [[1.0, None]]),
        ('<row r="3"><c r="C3" t="str"><f t="shared" si="1"/><v>✓&amp;&#10;王</v></c></row>', [[None, "✓&\n王"]]),
        ('<row r="3"><c r="B3" t="b"><f>A1&lt;2</f><v>0</v></c></row>', [[False, None]]),
        ('<row r="3"><c r="C3" t="str"><f>B3</f><v></v></c></row>', []),
    ],
)
def test_a_plain_sheet_is_taken_with_its_places(below: str, rows: list[list[object]]) -> None:
    assert rows_of(below) == rows


def test_a_sheet_reaches_to_what_shows_nothing_and_an_error_is_told_besides() -> None:
    below = '<row r="3"><c r="A3" t="str"><f>B3</f><v></v></c><c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    found = plain_sheet(sheet_xml(HEADER + below).encode(), TEXTS, NUMBERS)
    assert found is not None
    cells, facts = found
    assert (cells.top, cells.left, cells.rows) == (1, 0, [[None, "姓名", "年龄", None, None]])
    assert facts.special == {(2, 4): ErrorValue("#DIV/0!")}


@pytest.mark.parametrize(
    "below",
    [
        pytest.param('<row r="3"><c r="B3" s="1"><v>44000</v></c></row>', id="a day"),
        pytest.param('<row r="3"><c r="B3" s="1"><f>C3</f><v>44000</v></c></row>', id="a day that a formula gives"),
        pytest.param('<row r="3"><c r="B3"><f>C3</f></c></row>', id="a formula without a result"),
        pytest.param('<row r="3"><c r="B3"><f>C3</f><v></v></c></row>', id="a formula without a number"),
        pytest.param('<row r="3"><c r="B3"><f>C3&D3</f><v>1</v></c></row>', id="a formula that is no XML"),
        pytest.param('<row r="3"><f>C3</f><c r="B3"><v>1</v></c></row>', id="a formula in no cell"),
        pytest.param('<row r="3"><c r="B3" t="str"><f>C3</f><v> 王</v></c></row>', id="a space in a result"),
        pytest.param('<row r="3"><c r="B3" t="str"><f>C3</f><v>王&#10;</v></c></row>', id="a break behind a result"),
        pytest.param('<row r="3"><c r="B3" t="e"><f>C3</f><v>#DU!</v></c></row>', id="an error nobody knows"),
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
        shared = PlainTexts(f'<sst xmlns="x" count="1">{inside}</sst>'.encode())
        try:
            known = shared.at({b"0"})
        except LookupError:
            return None
        return [known[b"%d" % at] for at in range(len(known))]

    assert texts(
        '<si><t>王&lt;小&amp;amp;</t><phoneticPr fontId="1"/></si><si><t xml:space="preserve"> 明</t></si>'
    ) == [
        "王<小&amp;",
        " 明",
    ]
    assert texts(
        '<si><r><t>王</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 8&#10;</t></r></si><si><t></t></si>'
    ) == [
        "王 8\n",
        "",
    ]
    for other in (
        "<t> 王</t>",
        "<t>王 </t>",
        "<t>王&#10;</t>",
        "<t>&#10;王</t>",
        "<r><t>王&#10;</t></r><r><t>明</t></r>",
        "<t/>",
        "<r><t>王 </t></r><r><t>明</t></r>",
        "<r><rPr><t>王</t></rPr><t>明</t></r>",
        "<t>王</t><rPh><t>w</t></rPh>",
        "<t>_x000D_</t>",
    ):
        assert texts(f"<si>{other}</si>") is None


@pytest.mark.parametrize("bare", ["<xf/>", "<xf></xf>", '<xf\nnumFmtId="0"/>', '<xf\tnumFmtId="0"></xf>'])
def test_a_format_counts_however_it_is_written(bare: str) -> None:
    styles = f'<cellXfs>{bare}<xf numFmtId="14"/><xf numFmtId="1"/></cellXfs>'.encode()
    assert formats_of_numbers(styles) - {b"", b"0"} == {b"2"}


def test_of_a_blank_only_texts_that_are_asked_for_need_be_plain() -> None:
    shared = '<sst xmlns="x"><si><t>王</t></si><si><t/></si><si><t>明</t></si></sst>'.encode()
    assert PlainTexts(shared, of_blank=True).at({b"0", b"2"}) == {b"0": "王", b"2": "明"}
    for asked in ({b"1"}, {b"3"}):
        with pytest.raises(LookupError):
            PlainTexts(shared, of_blank=True).at(asked)
    with pytest.raises(LookupError):
        PlainTexts(shared).at({b"0"})
    with pytest.raises(LookupError):
        PlainTexts(shared.replace(b"<si><t/></si>", b"<si/>"), of_blank=True).at({b"1"})


@pytest.mark.parametrize("of_blank", [False, True])
def test_to_look_up_twice_as_many_texts_costs_no_more_than_twice_as_much(of_blank: bool) -> None:
    assert not is_a_square(looked_up(20_000, of_blank), looked_up(80_000, of_blank))


def looked_up(count: int, of_blank: bool) -> Callable[[], None]:
    """Look up so many texts, fifty at a time, as the slices of a large sheet do."""
    written = b"</si><si>".join(b"<t>%d</t>" % number for number in range(count))
    return partial(_look_up, b'<sst xmlns="x"><si>%s</si></sst>' % written, count, of_blank)


def _look_up(strings: bytes, count: int, of_blank: bool) -> None:
    texts = PlainTexts(strings, of_blank)
    for first in range(0, count, 50):
        numbers = {b"%d" % number for number in range(first, first + 50)}
        assert {texts.at(numbers)[number] for number in numbers} == {number.decode() for number in numbers}
