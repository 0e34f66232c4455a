"""Texts that are alike have one number, whatever columns they stand in; others have two; a blank has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbxt_merge.model.child import child_keys
from kbxt_merge.model.district import Texts
from kbxt_merge.model.keys import all_of, firsts, is_among, keys_of, look_up, of_several, shared

TEXTS = st.text(st.sampled_from("赖钟a\0\n "), max_size=3)


def column(*texts: str) -> Texts:
    made: Texts = np.empty(len(texts), dtype=object)
    made[:] = texts
    return made


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_two_records_have_one_number_where_they_say_the_same_in_each_column(rows: list[tuple[str, str]]) -> None:
    keys = keys_of(*(column(*each) for each in zip(*rows, strict=True))).tolist()
    assert [keys.index(each) for each in keys] == [rows.index(each) for each in rows]


@pytest.mark.parametrize(
    ("child", "other"), [(("一校", "赖小满"), ("一校赖", "小满")), (("", "赖小满"), ("一校", "赖小满"))]
)
def test_where_a_school_ends_and_a_name_begins_is_no_matter_of_chance(
    child: tuple[str, str], other: tuple[str, str]
) -> None:
    schools, names = (column(*each) for each in zip(child, other, strict=True))
    mine, theirs = child_keys(names, schools).tolist()
    assert mine != theirs


def test_who_is_known_by_nothing_has_no_key_and_is_nobodys_partner() -> None:
    schools, names = column("一校", "一校", "一校"), column("", "赖小满", "")
    keys = child_keys(names, schools)
    assert (keys == 0).tolist() == [True, False, True]
    assert shared(keys).tolist() == [False, False, False]
    assert look_up(keys, keys, np.arange(3)).tolist() == [-1, 1, -1]
    assert (all_of(keys_of(names), keys_of(column("", "", "甲"))) == 0).all()


def test_the_first_of_the_positions_that_are_asked_for_is_found() -> None:
    keys = keys_of(column("甲", "乙", "甲", "丙"))
    assert look_up(keys, keys, np.array([2, 1, 0])).tolist() == [2, 1, 2, -1]
    assert look_up(keys, keys, np.array([], dtype=np.intp)).tolist() == [-1, -1, -1, -1]
    assert shared(keys).tolist() == [True, False, True, False]
    assert firsts(keys).tolist() == [True, True, False, True]
    assert is_among(keys, keys[1:3]).tolist() == [True, True, True, False]


@given(st.lists(st.tuples(st.sampled_from(["", "甲", "乙", "丙"]), st.sampled_from(["", "一", "二"])), max_size=12))
@example([("甲", ""), ("甲", "一"), ("甲", "一"), ("乙", "一"), ("乙", "二")])
def test_what_stands_beside_several_is_told_once_and_blanks_are_none(pairs: list[tuple[str, str]]) -> None:
    keys, others = (keys_of(column(*(each[at] for each in pairs))) for at in (0, 1))
    half = len(pairs) // 2
    beside: dict[str, set[str]] = {}
    for key, other in pairs:
        beside.setdefault(key, set()).update({other} - {""})
    several = [key for key, each in beside.items() if key and len(each) > 1]
    found = of_several([keys[:half], keys[half:]], [others[:half], others[half:]])
    assert sorted(found.tolist()) == sorted(keys_of(column(*several)).tolist())


@pytest.mark.parametrize("most", [1, 3])
def test_very_many_are_compared_some_at_a_time_to_the_same_end(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = column(*"甲乙丙丁甲乙戊", "", "己", "")
    keys, others, at = keys_of(texts), keys_of(column(*"丁丙辛丁", "")), np.array([4, 3, 1, 0])

    def told() -> list[list[Any]]:
        found = (
            shared(keys),
            firsts(keys),
            is_among(keys, others),
            look_up(keys, others, at),
            look_up(keys, keys, at[:0]),
        )
        return [each.tolist() for each in found]

    whole = told()
    monkeypatch.setattr("kbxt_merge.model.compact.records.MOST_WHOLE", most)
    assert told() == whole
    assert whole[3] == [-1, -1, 1, 3, -1, -1, -1, -1, -1, -1]
