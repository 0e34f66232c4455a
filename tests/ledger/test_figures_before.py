"""The last period's figures, taken from the ledger: what the next report calls 上期 is what the last one said."""

from __future__ import annotations

from pathlib import Path

import pytest
from bureau_rounds import SCHOOLS, Bureau, Returns, counted, id_number, listed, reading

from kbxt_merge.model.aims import Aim, Aims, Rate
from kbxt_merge.model.district import District
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report.business import AimsPart
from kbxt_merge.rules.aims import aims

A, B, C = SCHOOLS
DISABLED = {"name": "邱大寒", "id_number": id_number(9), "enrolment": "否"}
SPRING: dict[str, Returns] = {
    A: {
        "1-1": [counted(A, due=100, returned=98, absent=2, dropout=1, deferred=1, brought_back=3)],
        "1-2": [listed("赖小满", id_number(1)), listed("温小暑", id_number(2), registration="缓学休学", school=A)],
    },
    B: {"1-1": [{**counted(B, due=50), "returned": "若干"}], "1-2": [listed("钟立秋", id_number(3), school=B)]},
    C: {"1-2": [], "3": [DISABLED, {**DISABLED, "name": "邱小雪", "id_number": id_number(10), "enrolment": "是"}]},
}
"""B tells only those due, and C lists nobody."""


def worked_out(district: District) -> Aims:
    found = aims(district)
    assert found
    return found


def after(out: Path, spring: dict[str, Returns]) -> tuple[Aims, Aims]:
    """The figures of the spring, and those of the autumn, in which one school told one thing."""
    bureau = Bureau(out)
    first = bureau.merge("2021春", [reading(name, rows, "2021-03-10") for name, rows in spring.items()])
    autumn = [reading(A, {"1-1": [counted(A, due=10, returned=10)]}, "2021-09-10")]
    return worked_out(first.district), worked_out(bureau.merge("2021秋", autumn, "2021-09-12T09:00:00+08:00").district)


def test_they_are_what_the_last_period_said_of_itself(tmp_path: Path) -> None:
    spring, autumn = after(tmp_path / "out", SPRING)
    assert autumn.totals_before == {
        Aim.DUE: 100,
        Aim.BACK: 98,
        Aim.DROPOUTS: 2,
        Aim.CLEARED: 0,
        Aim.DEFERRED: 1,
        Aim.BROUGHT_BACK: 3,
        Aim.DISABLED: 2,
        Aim.DISABLED_IN_SCHOOL: 1,
    }
    assert autumn.rates_before == pytest.approx({Rate.BACK: 98 / 100, Rate.BROUGHT_BACK: 3 / (3 + 2)})
    assert (autumn.totals_before, autumn.rates_before) == (spring.totals, spring.rates)


@pytest.mark.parametrize(("language", "change"), [("zh", "+2.00 个百分点"), ("en", "+2.00 points")])
def test_the_report_tells_by_how_many_points_a_share_moved(tmp_path: Path, language: Language, change: str) -> None:
    _, autumn = after(tmp_path / "out", SPRING)
    shown = {each.title: (each.shown, each.change) for each in AimsPart(autumn, language).figures}
    assert shown[Rate.BACK.words.of(language)] == ("100%", change)
    assert shown[Aim.DUE.words.of(language)] == ("10", "-90")


def test_a_figure_in_which_an_error_was_left_is_counted_no_more_than_then(tmp_path: Path) -> None:
    wrong = counted(A, due=100, returned=98, absent=1, other_absent=1, brought_back=1)
    spring, autumn = after(tmp_path / "out", {A: {"1-1": [wrong]}, B: {"1-1": [counted(B, due=5, returned=5)]}})
    assert spring.totals[Aim.DUE] == 5
    assert (autumn.totals_before, autumn.rates_before) == (spring.totals, spring.rates)


def test_lists_without_a_child_say_that_there_was_none_and_what_never_came_says_nothing(tmp_path: Path) -> None:
    _, autumn = after(tmp_path / "out", {A: {"1-2": []}, B: {"1-2": []}})
    assert autumn.totals_before == {Aim.DROPOUTS: 0, Aim.CLEARED: 0, Aim.DEFERRED: 0}
    assert autumn.rates_before == {}


def test_without_an_earlier_period_there_are_none(tmp_path: Path) -> None:
    first = Bureau(tmp_path / "out").merge("2021春", [reading(A, SPRING[A], "2021-03-10")])
    told = worked_out(first.district)
    assert told.before is None
    assert (told.totals_before, told.rates_before) == ({}, {})
