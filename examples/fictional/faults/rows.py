"""Faults within a row: what it says of a child does not go together, or its counts do not add up."""

from __future__ import annotations

import datetime as dt
from functools import partial

from fictional.cells import Cell
from fictional.faults.cells import RETURNED, somebody
from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.official import OTHER
from fictional.people import Child
from fictional.returns import Record
from fictional.school_years import GRADES, age_on


def other_sex(plot: Plot, form: str) -> None:
    record = somebody(plot, form, "sex")
    record.put(sex="女" if record.meant["sex"] == "男" else "男")
    plot.expect("sex-id-mismatch", record, "sex", "sex differs from the ID number's")


def other_age(plot: Plot, form: str, years: int) -> None:
    record = somebody(plot, form, "age")
    age = record.meant["age"]
    assert isinstance(age, int)
    record.put(age=age + years)
    plot.expect("age-id-mismatch", record, "age", f"the age is {years} more than the ID number's")


def other_birth_date(plot: Plot) -> None:
    record = plot.choose("5")
    assert record.child
    record.put(birth_date=record.child.birth + dt.timedelta(days=40))
    plot.expect("birthdate-id-mismatch", record, "birth_date", "the birth date differs from the ID number's")


def other_roll_number(plot: Plot) -> None:
    record = plot.choose("5")
    assert record.child
    record.put(roll_number=f"G{plot.community.numbers.new(record.child.birth, record.child.sex)}")
    plot.expect("roll-number-id-mismatch", record, "roll_number", "the roll number holds another ID number")


def reborn(plot: Plot, child: Child, birth: dt.date) -> None:
    """Gives a child another birth date, in every form that has the child."""
    child.birth = birth
    child.id_number = plot.community.numbers.new(birth, child.sex)
    for form in ("1-2", "2", "3", "4", "5"):
        for record in (row for row in plot.records(form) if row.child is child):
            dated = plot.sheet_of(record).dated
            changes: dict[str, Cell] = {
                "id_number": child.id_number,
                "age": age_on(birth, dated),
                "birth_date": birth,
                "roll_number": f"G{child.id_number}",
            }
            record.put(**{field: value for field, value in changes.items() if field in record.meant})


def out_of_range(plot: Plot, form: str, birth: dt.date) -> None:
    """A child too old or too young; its card and its row in 1-2 both say so, and its rows in forms 3 and 4."""
    dropout = form in ("1-2", "5")
    record = (
        plot.choose("1-2", {"person_category": OTHER, "registration_type": "失学辍学"})
        if dropout
        else somebody(plot, form, "id_number")
    )
    assert record.child
    reborn(plot, record.child, birth)
    for other in ("1-2", "3", "4", "5"):
        for same in (row for row in plot.records(other) if row.child is record.child):
            plot.expect("age-out-of-range", same, "id_number", f"born on {birth}: not of compulsory age")
            if other == "3":
                same.put(grade=GRADES[0])


def out_of_range_in_persuasion(plot: Plot, age: int) -> None:
    """Form 2 knows a child's age only."""
    record = plot.choose("2", {"return_date": RETURNED})
    record.put(age=age)
    plot.expect("age-out-of-range", record, "age", f"{age} years old: not of compulsory age")


def far_grade(plot: Plot) -> None:
    record = somebody(plot, "3", "grade")
    assert record.child
    far = 8 if record.child.grade <= 5 else 0
    record.put(grade=GRADES[far])
    plot.expect(
        "grade-age-mismatch", record, "grade", f"{GRADES[far]}, where the age says {GRADES[record.child.grade - 1]}"
    )


def returned_before(plot: Plot) -> None:
    record = plot.choose("2", {"return_date": RETURNED})
    record.put(dropout_date="2020年11月", return_date="2020年9月")
    plot.expect("date-order", record, "return_date", "returned before dropping out")


def unexplained(plot: Plot) -> None:
    record: Record = plot.choose("3", {"enrolment": "否", "remark": "重度残疾，已办理延缓入学手续"})
    record.put(remark=None)
    plot.expect("out-of-school-unexplained", record, "enrolment", "out of school, without a remark, and not in 1-2")


def sum_off(plot: Plot, at: str, changes: dict[str, int]) -> None:
    """Changes counts so that one sum of the form no longer holds, and every other and every list still does."""
    for field, change in changes.items():
        record = plot.count(change, field)
    plot.expect("count-sum", record, at, f"{at} does not add up")


def home_taught_sum_off(plot: Plot) -> None:
    """One more in form 4 than form 3 has as taught at home: the child is there as in school."""
    row = plot.choose("3", {"enrolment": "是"})
    assert row.child
    plot.add(plot.fill.home_taught_row(row.child, f"重度{row.meant['disability']}"))
    record = plot.count(1, "home_taught", "absent")
    plot.count(-1, "returned")
    plot.expect("count-sum", record, "home_taught", "home_taught differs from disabled_home_taught")


def part_above_whole(plot: Plot, whole: str, part: str) -> None:
    """The parts exceed their whole: a part is raised to it, or, where lists are held against the parts, it is 0."""
    statistics = plot.records("1-1")[0]
    statistics.put(**({part: statistics.meant[whole]} if part else {whole: 0}))
    plot.expect("count-sum", statistics, whole, f"the parts of {whole} exceed it")


TOO_OLD = dt.date(2003, 5, 20)
TOO_YOUNG = dt.date(2015, 6, 20)

ROW_FAULTS: dict[FaultKey, Fault] = {
    **{FaultKey("sex-id-mismatch", form): partial(other_sex, form=form) for form in "345"},
    **{FaultKey("age-id-mismatch", form): partial(other_age, form=form, years=4) for form in "345"},
    **{FaultKey("age-id-mismatch", form, "off by one"): partial(other_age, form=form, years=1) for form in "345"},
    FaultKey("birthdate-id-mismatch", "5"): other_birth_date,
    FaultKey("roll-number-id-mismatch", "5"): other_roll_number,
    **{
        FaultKey("age-out-of-range", form, "too old"): partial(out_of_range, form=form, birth=TOO_OLD)
        for form in ("1-2", "5")
    },
    **{
        FaultKey("age-out-of-range", form, "too young"): partial(out_of_range, form=form, birth=TOO_YOUNG)
        for form in ("1-2", "3", "4", "5")
    },
    FaultKey("age-out-of-range", "2", "too old"): partial(out_of_range_in_persuasion, age=18),
    FaultKey("age-out-of-range", "2", "too young"): partial(out_of_range_in_persuasion, age=4),
    FaultKey("grade-age-mismatch", "3"): far_grade,
    FaultKey("date-order", "2"): returned_before,
    FaultKey("out-of-school-unexplained", "3"): unexplained,
    FaultKey("count-sum", "1-1", "due"): partial(sum_off, at="due", changes={"returned": 1}),
    FaultKey("count-sum", "1-1", "absent"): partial(sum_off, at="absent", changes={"other_absent": 1}),
    FaultKey("count-sum", "1-1", "disabled"): partial(sum_off, at="disabled", changes={"disabled": 1}),
    FaultKey("count-sum", "1-1", "home_taught"): home_taught_sum_off,
    FaultKey("count-sum", "1-1", "due parts"): partial(part_above_whole, whole="due", part="due_relief"),
    FaultKey("count-sum", "1-1", "brought_back parts"): partial(part_above_whole, whole="brought_back", part=""),
}
