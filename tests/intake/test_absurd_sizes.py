"""A row of a hundred thousand cells, a cell of a million characters: no harm to the rows beside it, and no time."""

from __future__ import annotations

import pytest
from growth import cost
from sheets import FORMS
from typed_cells import TYPES, field

from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.intake.values.columns import read_column
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, Grid, Kind, Reading, SourceFile, Workbook

READ = ReadReturn(FORMS, Limits())
FORM = READ.forms.by_slug["3"]
TITLE: list[Cell] = [FORM.title]
UNIT: list[Cell] = ["学校名称：赣县区甲小学（盖章） 2021年3月10日"]
HEADER: list[Cell] = [each.header for each in FORM.fields]
CHILD: list[Cell] = [{"id_number": "360704200905150018", "sex": "男"}.get(each.name) for each in FORM.fields]
SIZE = 400_000
SECONDS = 8
"""Of these sizes all that is linear takes a second or two, and what is quadratic an hour."""

LONG = {
    "brackets": "（" * SIZE,
    "labels": "学校名称：" * (SIZE // 5),
    "days": "2021年3月" * (SIZE // 7),
    "numerals": "一" * SIZE,
    "spaces": "x" + " " * SIZE + "x",
    "pairs": "1-" * (SIZE // 2),
}


def read(*rows: list[Cell]) -> Reading:
    return READ.reading_of(SourceFile("甲.csv", "/甲.csv", 0, 0.0), Kind.CSV, "", Workbook([Grid("CSV", list(rows))]))


def numbers_read(reading: Reading) -> list[Cell]:
    return [cell for sheet in reading.sheets for cell in sheet.cells["id_number"]]


@pytest.mark.parametrize(
    "wide", [["姓名"] * (SIZE // 4), [f"第{at}列" for at in range(SIZE // 4)]], ids=["alike", "other"]
)
@pytest.mark.parametrize("place", ["above", "header", "record", "below"])
def test_a_row_of_more_cells_than_a_spreadsheet_has_costs_only_itself(place: str, wide: list[Cell]) -> None:
    rows = [TITLE, UNIT, [*HEADER, *wide] if place == "header" else HEADER, CHILD]
    rows[2:2] = [wide] if place == "above" else []
    rows += {"record": [[*CHILD, *wide]], "below": [wide]}.get(place, [])
    found: list[Reading] = []
    assert cost(lambda: found.append(read(*rows))) < SECONDS
    assert numbers_read(found[0]) == ["360704200905150018"] * (2 if place == "record" else 1)


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_text_of_the_size_of_a_book_costs_only_itself(text: str) -> None:
    odd = {field.name: text for field in FORM.fields if field.name not in ("id_number", "sex")}
    child: list[Cell] = [odd.get(field.name, cell) for field, cell in zip(FORM.fields, CHILD, strict=True)]
    rows = [[text], TITLE, [*UNIT, text], [*HEADER, text], CHILD, child, [text]]
    found: list[Reading] = []
    assert cost(lambda: found.append(read(*rows))) < SECONDS
    assert "360704200905150018" in numbers_read(found[0])


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_text_of_the_size_of_a_book_is_no_value_of_any_type(text: str) -> None:
    """And it is read where the whole district is, not in its file's own process."""
    assert cost(lambda: [read_column([text, "x"], field(each)) for each in TYPES]) < SECONDS
