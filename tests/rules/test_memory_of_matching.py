"""What the rules hold of each child while they compare two forms of a district: numbers, and no texts of their own."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np

from kbxt_merge.model.child import Children
from kbxt_merge.model.id_number import check_character
from kbxt_merge.rules.children.matching import match

RECORDS = 20_000


def children(first: int) -> Children:
    """Children of two hundred schools, one a row, each with a name and a sound number."""
    serials = [f"3607{at // 1000:02}20080521{at % 1000:03}" for at in range(first, first + RECORDS)]
    schools, numbers, names, sexes = (np.empty(RECORDS, dtype=object) for _ in range(4))
    schools[:] = [f"第{at // 100}小学" for at in range(RECORDS)]
    numbers[:] = [serial + check_character(serial) for serial in serials]
    names[:] = [f"赖{chr(0x4E00 + at)}" for at in range(RECORDS)]
    sexes[:] = ""
    sound = np.ones(RECORDS, dtype=bool)
    return Children(schools, numbers, sound, names, sexes, np.full(RECORDS, np.nan), np.full(RECORDS, "NaT", "M8[D]"))


def bytes_a_record(work: Callable[[], object]) -> float:
    """The most that was held at once while this went on."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / RECORDS
    finally:
        tracemalloc.stop()


def test_two_forms_are_compared_within_a_few_numbers_a_record() -> None:
    mine, theirs = children(0), children(RECORDS // 2)
    assert bytes_a_record(lambda: match(mine, theirs, anywhere=True)) < 350


def test_to_count_each_child_once_takes_less_than_one_text_a_record() -> None:
    everybody = children(0)
    assert bytes_a_record(lambda: everybody.first_of_each) < 120
