"""The notice's own aims: what is added up, and what is said of whom."""

from __future__ import annotations

from cast import listed, statistics
from sheets import MIDDLE, PRIMARY, district

from kbxt_merge.model.aims import Aim, Aims, Rate
from kbxt_merge.rules.aims import aims
from kbxt_merge.rules.run import check


def counted(due: str, back: str, school: str) -> object:
    return statistics(f"| 应返校学生数 | {due} |\n| 已返校学生数 | {back} |", school=school)


def worked_out(files: dict[str, object]) -> Aims:
    made = district(files)
    check(made)
    found = aims(made)
    assert found
    return found


def test_a_school_that_tells_only_who_is_back_is_in_neither_sum() -> None:
    """Else more would be back than were due."""
    found = worked_out({"梅小.xlsx": counted("100", "100", PRIMARY), "茅中.xlsx": counted("若干", "50", MIDDLE)})
    assert (found.totals[Aim.DUE], found.totals[Aim.BACK], found.rates.get(Rate.BACK)) == (100, 100, 1.0)
    assert found.without_rate == 1
    assert found.schools.loc[MIDDLE, Aim.BACK.value] == 50
    assert found.stages[Aim.BACK.value].sum() == 100


def test_without_anybody_due_there_is_no_rate() -> None:
    found = worked_out({"梅小.xlsx": counted("0", "0", PRIMARY)})
    assert (found.totals[Aim.DUE], found.rates.get(Rate.BACK), found.without_rate) == (0, None, 0)


def test_a_child_of_a_relief_household_that_dropped_out_is_left_and_counted_once() -> None:
    row = "| 赖小满 | 360704200805210315 | 建档立卡脱贫户 | 失学辍学 |"
    files = {
        "梅小.xlsx": listed(
            "1-2", f"| 姓名 | 身份证号码 | 人员类别 | 登记类型 |\n{row}\n{row}\n| 温小暑 | | 其他 | 失学辍学 |"
        )
    }
    found = worked_out(files)
    assert found.left == ((PRIMARY, "赖小满"),)
    assert (found.totals[Aim.DROPOUTS], found.totals[Aim.CLEARED]) == (2, 1)
