"""Equal texts become one object, and no cell becomes another."""

import pickle

from kbxt_merge.intake.reading import cache
from kbxt_merge.intake.reading.cache import SharedTexts
from kbxt_merge.model.returns import Cell, Kind, Reading, Sheet, SourceFile

CELLS: list[Cell] = ["送教上门", None, 1.0, True, 1, "送教上门", "是"]


def reading(cells: list[Cell]) -> Reading:
    """A reading as it comes from another process: no text of it is one that is there already."""
    sheet = Sheet("台账", "3", "list", list(range(len(cells))), {"enrolment": 0}, {"enrolment": cells})
    made = Reading(SourceFile("一.xlsx", "/inbox/一.xlsx", 1, 0.0), Kind.XLSX, "", [sheet])
    copied: Reading = pickle.loads(pickle.dumps(made))
    return copied


def test_texts_of_two_readings_are_one_object_and_all_else_stays_as_it_is() -> None:
    texts, readings = SharedTexts(), [reading(CELLS), reading(CELLS)]
    for each in readings:
        texts.share(each)
    one, other = (each.sheets[0].cells["enrolment"] for each in readings)
    assert one == other == CELLS
    assert list(map(type, one)) == list(map(type, CELLS))
    assert one[0] is other[0] is other[5]


def test_where_too_many_are_known_others_stay_apart() -> None:
    texts = SharedTexts()
    for first in range(0, cache.MOST_TEXTS, 100):
        texts.share(reading([f"第{number}号" for number in range(first, first + 100)]))
    readings = [reading(["多出来的"]), reading(["多出来的"])]
    for each in readings:
        texts.share(each)
    one, other = (each.sheets[0].cells["enrolment"][0] for each in readings)
    assert one == other
    assert one is not other


def test_a_long_column_whose_cells_hardly_come_twice_is_left_alone() -> None:
    cells: list[Cell] = [f"第{number}号" for number in range(cache.SAMPLE)]
    texts, readings = SharedTexts(), [reading(cells), reading(cells)]
    for each in readings:
        texts.share(each)
    one, other = (each.sheets[0].cells["enrolment"] for each in readings)
    assert one == other == cells
    assert one[0] is not other[0]
