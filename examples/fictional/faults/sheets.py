"""Faults of sheets: hidden, unsigned, undated, of another period, with other columns than the form's."""

from __future__ import annotations

import datetime as dt
from functools import partial

from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.official import CARD_LABELS, DEFERRED, LISTS, OTHER, RELIEF
from fictional.returns import File, PlainSheet, School, Sheet
from fictional.school_years import age_on

LIST_FORMS = ("1-2", "2", "3", "4")
ALL_FORMS = ("1-1", *LIST_FORMS, "5")
UNKNOWN_SCHOOL = "赣县区月亮湾希望学校"


def hide(plot: Plot, form: str, what: str) -> None:
    sheet = plot.sheet(form)
    sheet.hidden = what
    if what == "sheet":
        note = PlainSheet("说明", [])
        plot.district.file_of(sheet).sheets.append(note)
    plot.expect_in("hidden-data", sheet, f"records in a hidden {what}")


def unsigned(plot: Plot, form: str) -> None:
    """No school in the unit line; the file's name says whose it is."""
    sheet = plot.sheet(form)
    sheet.unit = "________" if form == "3" else ""
    sheet.layout.unit = "line"
    plot.expect_in("school-missing", sheet, "the unit line names no school")


def stranger(plot: Plot, form: str, slug: str, unit: str) -> None:
    """A list of a school that nobody knows, or that nobody is named on, with a child of its own."""
    child = plot.community.child(plot.school, RELIEF if form == "2" else OTHER)
    rows = {
        "1-2": lambda: plot.fill.dropout_row(child, DEFERRED),
        "2": lambda: plot.fill.persuasion_row(child, returned=True),
        "3": lambda: plot.fill.disability_row(child, "是"),
    }
    sheet = Sheet(form, plot.school, [rows[form]()], f"附件{form}", unit)
    if form == "2":
        sheet.fill_date = "2021年3月"
    sheet.school = School("", unit, unit, "", (), "", "", "")
    plot.bring(File(f"收到的表{form}.xlsx", [sheet]))
    plot.expect_in(slug, sheet, f"the unit line says {unit!r}")


def signed_by_another(plot: Plot, form: str) -> None:
    """The file is named after another school than the one that signs."""
    sheet = plot.sheet(form)
    plot.alone(sheet, f"{plot.other.name}附件{form}（补）.xlsx")
    plot.expect_in("school-conflict", sheet, f"signed by {plot.school.name}, in a file named after {plot.other.name}")


def undated(plot: Plot, form: str) -> None:
    sheet = plot.sheet(form)
    sheet.fill_date = None
    plot.expect_in("fill-date-missing", sheet, "no date")


def other_period(plot: Plot, form: str) -> None:
    """Dated half a year before the period; the ages are those of that day."""
    sheet = plot.sheet(form)
    sheet.fill_date = "2020年9月" if form == "2" else "2020年9月25日"
    sheet.dated = dt.date(2020, 9, 30) if form == "2" else dt.date(2020, 9, 25)
    for record in sheet.records:
        if record.child and "age" in record.meant:
            record.put(age=age_on(record.child.birth, sheet.dated))
        if form == "2":
            back = "2020年9月" if record.meant["return_date"] else None
            record.put(dropout_date="2020年5月", return_date=back)
    plot.expect_in("period-mismatch", sheet, "dated September 2020")


def other_title(plot: Plot, form: str) -> None:
    """The title names a year that is not the period's."""
    sheet = plot.sheet(form)
    sheet.layout.title = LISTS[form].title.replace("2021", "2019")
    plot.expect_in("period-mismatch", sheet, "the title says 2019")


def without_column(plot: Plot, form: str, field: str) -> None:
    sheet = plot.sheet(form)
    sheet.dropped.add(field)
    plot.expect_in("column-missing", sheet, f"the column {field} is not there")


def with_column(plot: Plot, form: str) -> None:
    sheet = plot.sheet(form)
    sheet.unexpected = ("班主任", tuple("赖老师" for _ in sheet.records))
    sheet.layout.empty_column = ""
    plot.expect_in("column-unexpected", sheet, "a column that the form does not have", field="班主任")


MISSING_COLUMNS = {
    form: [column.name for column in listed.columns if column.name not in ("seq", listed.key)]
    for form, listed in LISTS.items()
} | {
    "5": [
        name for name in CARD_LABELS if name in ("ethnicity", "family", "sex", "birth_date", "roll_number", "id_number")
    ]
}

SHEET_FAULTS: dict[FaultKey, Fault] = {
    **{
        FaultKey("hidden-data", form, what): partial(hide, form=form, what=what)
        for form in LIST_FORMS
        for what in ("sheet", "row", "column")
    },
    **{FaultKey("hidden-data", form, "sheet"): partial(hide, form=form, what="sheet") for form in ("1-1", "5")},
    **{FaultKey("school-missing", form): partial(unsigned, form=form) for form in LIST_FORMS},
    **{
        FaultKey("school-missing", form, "anywhere"): partial(stranger, form=form, slug="school-missing", unit="")
        for form in ("1-2", "2", "3")
    },
    **{
        FaultKey("school-unknown", form): partial(stranger, form=form, slug="school-unknown", unit=UNKNOWN_SCHOOL)
        for form in ("1-2", "2", "3")
    },
    **{FaultKey("school-conflict", form): partial(signed_by_another, form=form) for form in ("1-1", *LIST_FORMS)},
    **{FaultKey("fill-date-missing", form): partial(undated, form=form) for form in ALL_FORMS},
    **{FaultKey("period-mismatch", form): partial(other_period, form=form) for form in ALL_FORMS},
    **{FaultKey("period-mismatch", form, "title"): partial(other_title, form=form) for form in ("1-1", "2")},
    **{
        FaultKey("column-missing", form, field): partial(without_column, form=form, field=field)
        for form, fields in MISSING_COLUMNS.items()
        for field in fields
    },
    **{FaultKey("column-unexpected", form): partial(with_column, form=form) for form in ("1-1", *LIST_FORMS)},
}
