"""What is packed is unpacked as it was, whatever stands in the cells; little stays unpacked."""

from __future__ import annotations

import datetime as dt
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.model import packed_cells
from kbxt_merge.model.form import Shape
from kbxt_merge.model.packed_cells import PackedCells, are_held, let_go_of_cells, let_go_of_unpacked, packed
from kbxt_merge.model.returns import Cell, ErrorValue, MissingResult, Sheet

DAY = dt.datetime(2021, 3, 20, 8, 30)
KINDS: list[Cell] = [
    "赖小满", "\ud800", "", 1, 1.0, True, -0.0, 1e300, 2**80, DAY, DAY.date(), DAY.time(), dt.timedelta(days=1),
    DAY.replace(tzinfo=dt.UTC), ErrorValue("#N/A"), MissingResult("B2"), None,
]  # fmt: skip
"""One of each kind that a cell may be."""


@pytest.fixture(autouse=True)
def recent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is unpacked at first, and ten records stay so."""
    monkeypatch.setattr(packed_cells, "MOST_RECORDS", 10)
    monkeypatch.setattr(packed_cells, "_RECENT", packed_cells._Recent())
    return


def told(cells: object) -> str:
    """Cells with their types: 1, 1.0 and True are equal."""
    return repr(cells)


def test_cells_of_every_kind_come_back_as_they_were() -> None:
    cells = {"name": KINDS, "remark": [None] * len(KINDS)}
    made = PackedCells.of(cells)
    assert told(dict(made)) == told(cells)
    assert made == cells
    assert told(dict(pickle.loads(pickle.dumps(made)))) == told(cells)


@given(st.dictionaries(st.text(max_size=3), st.lists(st.sampled_from(KINDS) | st.text() | st.floats(), max_size=20)))
def test_any_columns_come_back_as_they_were(cells: dict[str, list[Cell]]) -> None:
    made = PackedCells.of(cells)
    assert told(dict(made)) == told(cells)
    assert (list(made), len(made), made.get("no such field")) == (list(cells), len(cells), cells.get("no such field"))


def test_what_was_unpacked_last_is_not_unpacked_again_and_what_is_older_is_let_go() -> None:
    first, second, third = (PackedCells.of({"name": [f"第{number}个"] * 4}) for number in range(3))
    columns = [each["name"] for each in (first, second, first, third)]
    assert columns[0] is columns[2]
    assert second["name"] is columns[1]
    assert third["name"] is columns[3]
    assert first["name"] is not columns[0]


def test_nothing_stays_unpacked_when_it_is_let_go() -> None:
    cells = PackedCells.of({"name": ["赖小满"]})
    column = cells["name"]
    let_go_of_unpacked()
    assert cells["name"] == column
    assert cells["name"] is not column


def test_one_sheet_that_is_larger_stays_until_the_next_is_asked_for() -> None:
    large, small = PackedCells.of({"name": ["大"] * 11}), PackedCells.of({"name": ["小"]})
    column = large["name"]
    assert large["name"] is column
    assert small["name"] == ["小"]
    assert large["name"] is not column


def test_cells_that_would_do_something_do_nothing(tmp_path: Path) -> None:
    for evil in (Evil(tmp_path / "done"), {"name": [Evil(tmp_path / "done")]}):
        with pytest.raises(ValueError, match="no cells"):
            PackedCells(pickle.dumps(evil))["name"]
    assert not (tmp_path / "done").exists()


class Evil:
    """Makes a folder when it is unpickled as pickle does it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("rows", [[], [7], [7, 8, 9], [7, 9], [9, 8], [300, 301]])
def test_a_sheet_has_its_rows_and_cells_whether_they_follow_each_other_or_not(rows: list[int]) -> None:
    sheet = Sheet("台账", "3", "list", rows, {"name": 0}, {"name": list(map(str, rows))}, unit="赣县区田村学校")
    held = packed(sheet)
    assert list(held.rows) == rows
    assert (held.cells, held.unit) == (sheet.cells, sheet.unit)
    assert isinstance(held.cells, PackedCells)
    assert isinstance(sheet.cells, dict)


def test_who_asks_for_cells_that_were_let_go_is_told() -> None:
    """They must not look like a sheet on which nothing stands."""
    sheet = Sheet("表3", "3", Shape.LIST, [4], {"name": 0}, PackedCells.of({"name": ["赖小满"]}))
    assert are_held([sheet])
    let_go_of_cells(sheet)
    assert not are_held([sheet])
    for ask in (list, len, lambda cells: cells["name"], lambda cells: cells.get("name")):
        with pytest.raises(RuntimeError, match="let go"):
            ask(sheet.cells)
