"""Faults between rows, forms and schools: lists, cards and statistics that do not agree."""

from __future__ import annotations

from functools import partial

from fictional.faults.cells import RETURNED
from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.filling import Filler
from fictional.official import DROPOUT, OTHER, RELIEF
from fictional.returns import Record


def copy_of(record: Record) -> Record:
    """The same record once more."""
    return Record(record.form, dict(record.meant), record.child, dict(record.typed))


def twice_in_form(plot: Plot, form: str) -> None:
    """The same child twice in one list, or with two cards; the statistics count it once and still agree."""
    where = {"1-2": {"person_category": OTHER}, "2": {"return_date": RETURNED}, "3": {"enrolment": "是"}}.get(form, {})
    first = plot.choose(form, where)
    second = plot.add(copy_of(first))
    for record in (first, second):
        plot.expect("duplicate-in-form", record, "name" if form == "2" else "id_number", "the child stands here twice")


def in_two_schools(plot: Plot, form: str) -> None:
    """Another school lists the same child, in every form that belongs together, and counts it."""
    there = Filler(plot.other, plot.community)
    if form in ("1-2", "5"):
        first = plot.choose("1-2", {"person_category": OTHER, "registration_type": DROPOUT})
        assert first.child
        pairs = [
            (first, there.dropout_row(first.child, DROPOUT)),
            (plot.counterpart(first, "5"), there.card(first.child)),
        ]
        plot.count(1, "dropout", "absent", school=plot.other)
        plot.count(-1, "returned", school=plot.other)
    else:
        enrolment = "是" if form == "3" else "送教上门"
        first = plot.choose("3", {"enrolment": enrolment})
        assert first.child
        pairs = [(first, there.disability_row(first.child, enrolment))]
        plot.count(1, "disabled", "disabled_in_school" if form == "3" else "disabled_home_taught", school=plot.other)
        if form == "4":
            pairs.append((plot.counterpart(first, "4"), there.home_taught_row(first.child, "重度残疾")))
            plot.count(1, "home_taught", "absent", school=plot.other)
            plot.count(-1, "returned", school=plot.other)
    for here, other in pairs:
        plot.add(other, plot.other)
        for record in (here, other):
            plot.expect("duplicate-across-schools", record, "id_number", "two schools list the same ID number")


PARTNERS = {"1-2": "5", "5": "1-2", "3": "4", "4": "3"}


def pair(plot: Plot, form: str) -> tuple[Record, Record]:
    """A child's records in a form and in the form that goes with it."""
    record = plot.choose("1-2", {"person_category": OTHER}) if form in ("1-2", "5") else plot.choose("4")
    record = record if record.form == form else plot.counterpart(record, form)
    return record, plot.counterpart(record, PARTNERS[form])


def other_name(plot: Plot, form: str) -> None:
    """One ID number under two names."""
    record, partner = pair(plot, form)
    record.put(name=plot.community.names.new())
    for each in (record, partner):
        plot.expect("id-name-conflict", each, "name", "one ID number, two names")


def other_number(plot: Plot, form: str) -> None:
    """One child of a school under two valid ID numbers."""
    record, partner = pair(plot, form)
    assert record.child
    number = plot.community.numbers.new(record.child.birth, record.child.sex, str(record.meant["id_number"])[:6])
    record.put(id_number=number)
    if form == "5":
        record.put(roll_number=f"G{number}")
    for each in (record, partner):
        plot.expect("id-conflict", each, "id_number", "one child, two valid ID numbers")


def counts_off(plot: Plot, changes: dict[str, int], at: tuple[str, ...]) -> None:
    """Counts that add up within the form, and do not agree with the lists."""
    for field, change in changes.items():
        record = plot.count(change, field)
    for field in at:
        plot.expect("count-list-mismatch", record, field, f"{field} differs from the list")


COUNTS_OFF: dict[str, tuple[dict[str, int], tuple[str, ...]]] = {
    "dropout": ({"dropout": 1, "absent": 1, "returned": -1}, ("dropout",)),
    "dropout_relief": ({"dropout_relief": 1}, ("dropout_relief",)),
    "dropout_urban": ({"dropout_urban": 1}, ("dropout_urban",)),
    "deferred": ({"deferred": 1, "absent": 1, "returned": -1}, ("deferred",)),
    "deferred_relief": ({"deferred_relief": -1}, ("deferred_relief",)),
    "deferred_urban": ({"deferred_urban": 1}, ("deferred_urban",)),
    "brought_back_relief": ({"brought_back_relief": 1, "brought_back": 1}, ("brought_back_relief",)),
    "brought_back_urban": ({"brought_back_urban": 1, "brought_back": 1}, ("brought_back_urban",)),
    "disabled": ({"disabled": 1, "disabled_in_school": 1}, ("disabled", "disabled_in_school")),
    "disabled_out": ({"disabled_in_school": -1, "disabled_out": 1}, ("disabled_in_school", "disabled_out")),
    "home_taught": (
        {"home_taught": 1, "disabled_home_taught": 1, "disabled_in_school": -1, "absent": 1, "returned": -1},
        ("home_taught", "disabled_home_taught", "disabled_in_school"),
    ),
}


def no_card(plot: Plot) -> None:
    record = plot.choose("1-2", {"person_category": OTHER})
    plot.remove(plot.counterpart(record, "5"))
    plot.expect("card-missing", record, "name", "listed in 1-2, and no card came")


def stray_card(plot: Plot) -> None:
    card = plot.add(plot.fill.card(plot.community.child(plot.school)))
    plot.expect("card-orphan", card, "name", "a card of a child that is not in 1-2")


def no_persuasion(plot: Plot) -> None:
    record = plot.choose("1-2", {"person_category": RELIEF, "registration_type": DROPOUT})
    plot.remove(plot.counterpart(record, "2"))
    plot.expect("persuasion-record-missing", record, "name", "a dropout of a relief household without a row in form 2")


def not_in_dropouts(plot: Plot) -> None:
    row = plot.add(plot.fill.persuasion_row(plot.community.child(plot.school, RELIEF), returned=False))
    plot.expect("not-in-dropout-list", row, "name", "not back at school, and not in 1-2")


def back_and_listed(plot: Plot) -> None:
    record = plot.choose("2", {"return_date": None, "person_category": RELIEF})
    record.put(return_school=plot.school.name, return_date=RETURNED, class_name="七年级1班")
    plot.count(1, "brought_back", "brought_back_relief")
    plot.expect("returned-but-listed", record, "return_date", "back at school, and still in 1-2 as 失学辍学")


def not_in_ledger(plot: Plot) -> None:
    """Form 3 has another child taught at home than form 4; the counts agree."""
    row = plot.choose("4")
    old = plot.counterpart(row, "3")
    records = plot.sheet("3").records
    other = plot.fill.disability_row(plot.community.child(plot.school), "送教上门")
    records[records.index(old)] = other
    plot.expect("not-in-disability-ledger", row, "name", "taught at home, and not in form 3")
    plot.expect("home-teaching-differs", other, "enrolment", "taught at home by form 3, and not in form 4")


def at_school_in_form_3(plot: Plot) -> None:
    """Form 4 teaches a child at home that form 3 has at school; the statistics go with form 4."""
    row = plot.choose("4")
    plot.counterpart(row, "3").put(enrolment="否", remark="因病")
    plot.expect("home-teaching-differs", row, "name", "taught at home by form 4, out of school by form 3")
    for field in ("disabled_out", "disabled_home_taught"):
        plot.expect("count-list-mismatch", plot.count(0, field), field, f"{field} differs from the list")


def another_guardian(plot: Plot) -> None:
    """Forms 3 and 4 name two guardians."""
    row = plot.choose("4")
    row.put(guardian=plot.community.names.new())
    plot.expect("same-child-differs", row, "guardian", "another guardian than form 3 names")


def persuasion_untold(plot: Plot, field: str) -> None:
    """A card says that persuasion has begun, and not what came of it."""
    card = plot.choose("5", {"persuaded": "是"})
    card.put(**{field: None})
    plot.expect("persuasion-incomplete", card, field, f"persuasion has begun, and {field} is blank")


BETWEEN_FAULTS: dict[FaultKey, Fault] = {
    **{FaultKey("duplicate-in-form", form): partial(twice_in_form, form=form) for form in ("1-2", "2", "3", "4", "5")},
    **{
        FaultKey("duplicate-across-schools", form): partial(in_two_schools, form=form)
        for form in ("1-2", "3", "4", "5")
    },
    **{FaultKey("id-name-conflict", form): partial(other_name, form=form) for form in PARTNERS},
    **{FaultKey("id-conflict", form): partial(other_number, form=form) for form in PARTNERS},
    **{
        FaultKey("count-list-mismatch", "1-1", case): partial(counts_off, changes=changes, at=at)
        for case, (changes, at) in COUNTS_OFF.items()
    },
    FaultKey("card-missing", "1-2"): no_card,
    FaultKey("card-orphan", "5"): stray_card,
    FaultKey("persuasion-record-missing", "1-2"): no_persuasion,
    FaultKey("not-in-dropout-list", "2"): not_in_dropouts,
    FaultKey("returned-but-listed", "2"): back_and_listed,
    FaultKey("not-in-disability-ledger", "4"): not_in_ledger,
    FaultKey("home-teaching-differs", "4"): at_school_in_form_3,
    FaultKey("same-child-differs", "4"): another_guardian,
    FaultKey("persuasion-incomplete", "5", "count"): partial(persuasion_untold, field="persuasion_count"),
}
