"""Who is the same child: by a sound ID number where both sides have one, else by school and name; and who can't be."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from cast import CAST, listed
from hypothesis import given
from hypothesis import strategies as st
from sheets import district

from kbxt_merge.model.child import Child, Children
from kbxt_merge.model.id_number import check_character

SMALL, NAMESAKE = CAST["赖小满"].id_number, CAST["钟立秋"].id_number
SWAPPED = "360704200805120315"
"""The first number, two of its digits swapped."""


def on(day: int, last: int | None = None) -> tuple[dt.date, dt.date]:
    return dt.date(2008, 1, day), dt.date(2008, 1, last or day)


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        (Child(), Child(SMALL, "男", on(1)), True),
        (Child(SMALL), Child(SWAPPED), True),
        (Child(SMALL), Child(NAMESAKE), False),
        (Child(SMALL, "男"), Child(SWAPPED, "女"), True),
        (Child(SMALL, "男"), Child("3607042008", "女"), False),
        (Child(sex="男", born=on(1, 9)), Child(sex="男", born=on(9, 20)), True),
        (Child(sex="男", born=on(1, 9)), Child(sex="男", born=on(10, 20)), False),
    ],
)
def test_of_one_name_are_namesakes_whose_numbers_sexes_or_ages_say_so(one: Child, other: Child, may_be: bool) -> None:
    assert (one.may_be(other), other.may_be(one)) == (may_be, may_be)


def persons(text: str, slug: str, **options: str) -> list[int]:
    """For each row of a form the first row of the same child."""
    children = Children.of(district({"附件.xlsx": listed(slug, text, **options)}).records[slug])
    found = children.persons.tolist()
    assert np.flatnonzero(children.first_of_each).tolist() == sorted({found.index(each) for each in found})
    return [found.index(each) for each in found]


def test_a_number_that_cant_be_a_pupils_makes_no_child() -> None:
    rows = persons(
        """
        | 姓名   | 身份证号码          |
        | 赖小满 | 360704200805210315  |
        | 温小暑 | 360704200805210315  |
        | 钟立秋 | 360704200805210316  |
        | 刘白露 | 360704200805210316  |
        | 曾谷雨 | 3.6070420080521e17  |
        | 谢霜降 | 3.6070420080521e17  |
        """,
        "1-2",
    )
    assert rows == [0, 0, 2, 3, 4, 5]


def test_a_number_of_an_unknown_region_is_a_childs_and_one_born_after_the_forms_date_is_not() -> None:
    unknown = "99970420080521031" + check_character("99970420080521031")
    unborn = "36070420220521031" + check_character("36070420220521031")
    rows = persons(
        f"""
        | 姓名   | 身份证号码 |
        | 赖小满 | {unknown}  |
        | 温小暑 | {unknown}  |
        | 钟立秋 | {unborn}   |
        | 刘白露 | {unborn}   |
        """,
        "1-2",
    )
    assert rows == [0, 0, 2, 3]


def test_a_row_without_a_number_goes_with_the_one_of_its_name_that_may_be_its_own() -> None:
    rows = persons(
        """
        | 姓名   | 身份证号           | 性别 | 年龄 |
        | 赖小满 | 360704201108070534 | 男   | 9    |
        | 赖小满 |                    | 男   | 12   |
        | 赖小满 | 360704200805210315 | 男   | 12   |
        | 赖小满 |                    | 女   | 12   |
        | 赖小满 |                    | 女   | 12   |
        |        |                    | 女   | 12   |
        |        |                    | 女   | 12   |
        """,
        "3",
    )
    assert rows == [0, 1, 1, 3, 3, 5, 6]


ROWS = st.lists(
    st.tuples(st.sampled_from(["一校", "二校"]), st.sampled_from(["", "赖小满", "温小暑"]),
              st.sampled_from(["", SMALL, NAMESAKE]), st.sampled_from(["", "男", "女"]),
              st.sampled_from([np.nan, 9.0, 12.0])),
    max_size=12,
)  # fmt: skip


@given(ROWS)
def test_one_number_is_one_child_and_no_child_has_two_sexes_or_ages_under_a_name(
    rows: list[tuple[str, str, str, str, float]],
) -> None:
    schools, names, numbers, sexes = (np.array([row[at] for row in rows], dtype=object) for at in range(4))
    children = Children(
        schools=schools,
        numbers=numbers,
        sound=numbers != "",
        names=names,
        sexes=sexes,
        ages=np.array([row[4] for row in rows]),
        days=np.full(len(rows), np.datetime64("2021-03-12")),
    )
    found = children.persons
    for row, person in enumerate(found):
        for other in np.flatnonzero(found == person).tolist():
            if children.by_name[row] == children.by_name[other] != 0:
                assert numbers[row] == numbers[other] or children.child(row).may_be(children.child(other))
            else:
                assert row == other or numbers[person]
        if numbers[row]:
            assert (found[numbers == numbers[row]] == person).all()
