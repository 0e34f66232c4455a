"""Equal texts of several sheets become one object, and no cell becomes another."""

import pickle

from kbxt_merge.intake.assembly.stack import SAMPLE, Stack
from kbxt_merge.model.returns import Cell, ErrorValue

CELLS: list[Cell] = ["送教上门", None, 1.0, True, 1, ErrorValue("#N/A"), "送教上门", "是"]


def copy(cells: list[Cell]) -> list[Cell]:
    """Cells as they come out of another sheet: no text of it is one that is there already."""
    copied: list[Cell] = pickle.loads(pickle.dumps(cells))
    return copied


def test_texts_of_two_sheets_are_one_object_and_all_else_stays_as_it_is() -> None:
    stack = Stack()
    stack.add(copy(CELLS))
    stack.add(copy(CELLS))
    column = stack.column().tolist()
    assert column == [*CELLS, *CELLS]
    assert list(map(type, column)) == list(map(type, [*CELLS, *CELLS]))
    assert column[0] is column[6] is column[8]


def test_a_column_whose_texts_hardly_come_twice_is_left_alone_from_then_on() -> None:
    stack, many = Stack(), [f"第{number}号" for number in range(SAMPLE + 1)]
    stack.add(list[Cell](many))
    stack.add(copy(["第0号", None]))
    column = stack.column().tolist()
    assert column == [*many, "第0号", None]
    assert column[-2] is not column[0]


def test_texts_that_come_again_are_shared_however_many_there_are() -> None:
    stack = Stack()
    for _ in range(3):
        stack.add([f"第{number}号" for number in range(SAMPLE // 2)])
    many: list[Cell] = [f"第{number // 3}号" for number in range(9 * SAMPLE)]
    stack.add(copy(many))
    assert len(set(map(id, stack.column()))) == 3 * SAMPLE
