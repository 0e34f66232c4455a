"""Faults of a single cell: blanks, spreadsheet errors, values of no vocabulary, numbers and dates that cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from fictional.cells import Cell, Formula
from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.id_numbers import UNKNOWN_REGION, with_check
from fictional.official import OTHER, required_fields
from fictional.returns import Record

RETURNED = "2021年3月"


HARMLESS: dict[str, tuple[dict[str, Cell], ...]] = {
    "1-2": ({"person_category": OTHER}, {}),
    "2": ({"return_date": RETURNED}, {}),
    "3": ({"enrolment": "是"},),
}
"""Whom a fault may befall, those first that the rarer faults have no use for."""


def somebody(plot: Plot, form: str, field: str) -> Record:
    """A record whose field can go wrong without anything else going wrong with it.

    A name in 1-2 is what form 2 is matched by, and a row of form 2 without a date of return must be found in 1-2:
    so names go wrong with children that are in one of the two only.
    """
    if form == "1-1":
        return plot.records("1-1")[0]
    if form == "1-2" and field == "name":
        return plot.choose("1-2", {"person_category": OTHER})
    if form == "2" and field in ("name", "return_date"):
        return plot.choose("2", {"return_date": RETURNED})
    return plot.choose(form, *HARMLESS.get(form, ()))


def type_in(plot: Plot, slug: str, form: str, field: str, value: Cell) -> None:
    """Types a bad value into one cell."""
    record = somebody(plot, form, field)
    record.typed[field] = value
    if isinstance(value, Formula):
        plot.keep_formulas(record)
    shown = "blank" if value is None else value.formula if isinstance(value, Formula) else repr(value)
    plot.expect(slug, record, field, f"{field} is {shown}")


PHONES = {"3": ("phone",), "4": ("phone",), "5": ("guardian1_phone", "persuading_phone")}
EVERY_NAME = {
    "1-2": ("name",),
    "2": ("name",),
    "3": ("name", "guardian"),
    "4": ("name", "guardian"),
    "5": ("name", "guardian1"),
}
COUNTED = tuple(field for field in required_fields("1-1"))

BAD_VALUES: tuple[tuple[str, dict[str, tuple[str, ...]], dict[str, Cell]], ...] = (
    ("required-missing", {form: required_fields(form) for form in ("1-1", "1-2", "2", "3", "4", "5")}, {"": None}),
    (
        "error-value",
        {
            "1-1": ("due",),
            "1-2": ("roll_school",),
            "2": ("class_name",),
            "3": ("grade",),
            "4": ("remark",),
            "5": ("age",),
        },
        {"": Formula("=NA()", "#N/A"), "reference": Formula("=#REF!", "#REF!")},
    ),
    (
        "formula-without-value",
        {"1-1": ("due",), "1-2": ("roll_school",), "2": ("age",), "3": ("age",), "4": ("reason",), "5": ("age",)},
        {"": Formula("=1+1")},
    ),
    (
        "name-invalid",
        EVERY_NAME,
        {"": "张3", "somebody": "李某", "to be settled": "待定", "none": "无", "one character": "王", "mixed": "赵Lei"},
    ),
    ("sex-invalid", dict.fromkeys("2345", ("sex",)), {"": "未知", "zero": 0}),
    ("age-invalid", dict.fromkeys("2345", ("age",)), {"": 45, "words": "十几岁", "fraction": 12.5, "negative": -1}),
    ("person-category-invalid", dict.fromkeys(("1-2", "2", "4"), ("person_category",)), {"": "低保户"}),
    ("registration-type-invalid", {"1-2": ("registration_type",)}, {"": "转学"}),
    ("disability-invalid", {"3": ("disability",)}, {"": "身体不好"}),
    ("grade-invalid", {"3": ("grade",)}, {"": "幼儿园大班", "tenth": 10}),
    ("enrolment-invalid", {"3": ("enrolment",)}, {"": "不详"}),
    ("ethnicity-invalid", {"5": ("ethnicity",)}, {"": "华夏族"}),
    ("yes-no-invalid", {"5": ("persuaded",)}, {"": "不清楚"}),
    ("phone-invalid", PHONES, {"": "1380013", "second of two": "13900004321、1390000", "words": "无手机"}),
    ("roll-number-invalid", {"5": ("roll_number",)}, {"": "20210312", "letter": "H360721201101010013"}),
    ("count-invalid", {"1-1": COUNTED, "5": ("persuasion_count",)}, {"": "三人", "negative": -2, "fraction": 2.5}),
    (
        "date-invalid",
        {"2": ("dropout_date", "return_date"), "5": ("birth_date",)},
        {"": "去年", "no such day": "2021.2.30"},
    ),
    ("date-ambiguous", {"2": ("dropout_date",)}, {"": 2020.1}),
    (
        "date-future",
        {"2": ("dropout_date", "return_date"), "5": ("birth_date",)},
        {"": "2021年9月1日", "date cell": dt.date(2021, 9, 1)},
    ),
    (
        "school-not-in-roster",
        {"1-2": ("roll_school",), "2": ("former_school",), "4": ("teaching_school",)},
        {"": "赣县区月亮湾学校"},
    ),
)


def _tables() -> Iterator[tuple[FaultKey, Fault]]:
    for slug, forms, values in BAD_VALUES:
        for form, fields in forms.items():
            for field in fields:
                for label, value in values.items():
                    case = label if len(fields) == 1 else f"{field} {label}".strip()
                    yield FaultKey(slug, form, case), partial(type_in, slug=slug, form=form, field=field, value=value)


# --- ID numbers


def _lost(number: str) -> Cell:
    return float(number[:15] + "000")


def _letter(number: str) -> Cell:
    return f"{number[:9]}O{number[10:]}"


def _other_check(number: str) -> Cell:
    return number[:17] + ("0" if number[17] != "0" else "1")


def _born(day: str) -> Callable[[str], Cell]:
    return lambda number: with_check(number[:6] + day + number[14:17])


ID_DAMAGES: tuple[tuple[str, str, Callable[[str], Cell]], ...] = (
    ("id-precision-lost", "", _lost),
    ("id-obsolete-15", "", lambda number: number[:6] + number[8:17]),
    ("id-length", "", lambda number: number[:17]),
    ("id-length", "nineteen", lambda number: number[:10] + number[9:]),
    ("id-characters", "", _letter),
    ("id-characters", "hidden digits", lambda number: f"{number[:6]}********{number[14:]}"),
    ("id-birthdate", "no such day", _born("20110230")),
    ("id-birthdate", "future", _born("20310512")),
    ("id-birthdate", "before 1990", _born("19850512")),
    ("id-checksum", "", _other_check),
)


def damage_id(plot: Plot, slug: str, form: str, damage: Callable[[str], Cell]) -> None:
    """Types a damaged ID number; the child is known by school and name from then on."""
    record = somebody(plot, form, "id_number")
    record.typed["id_number"] = damage(str(record.meant["id_number"]))
    plot.expect(slug, record, "id_number", f"the ID number is damaged ({slug.removeprefix('id-')})")


def unknown_region(plot: Plot, form: str) -> None:
    """Gives a child a number of a region that never was, in every form that has the child."""
    record = somebody(plot, form, "id_number")
    number = with_check(UNKNOWN_REGION + str(record.meant["id_number"])[6:17])
    for other in ("1-2", "3", "4", "5"):
        for same in (row for row in plot.records(other) if row.child is record.child):
            same.put(id_number=number)
            if other == "5":
                same.put(roll_number=f"G{number}")
            plot.expect("id-region", same, "id_number", f"no region has the code {UNKNOWN_REGION}")


def normalised(plot: Plot, form: str, field: str, value: Cell) -> None:
    """A variant: read, and noted."""
    record = plot.choose(form, {"registration_type": "缓学休学"})
    record.typed[field] = value
    plot.expect("value-normalised", record, field, f"{field} is {value!r}, a variant")


CELL_FAULTS: dict[FaultKey, Fault] = {
    **dict(_tables()),
    **{
        FaultKey(slug, form, case): partial(damage_id, slug=slug, form=form, damage=damage)
        for slug, case, damage in ID_DAMAGES
        for form in ("1-2", "3", "4", "5")
    },
    **{FaultKey("id-region", form): partial(unknown_region, form=form) for form in ("1-2", "3", "4", "5")},
    FaultKey("value-normalised", "1-2"): partial(normalised, form="1-2", field="registration_type", value="休学"),
}
