"""The hidden mark by which a returned blank is known: custom document properties, and a defined name with the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.workbook import Workbook

from kbxt_merge.model.form import Form
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.blanks.blank_book import CODE

MARK_NAME = "kbxt_mark"


def write_marks(book: Workbook, sheets: Sequence[tuple[Form, str]], period: Period | None) -> None:
    """Mark a workbook with its forms in sheet order, their versions, the school's code and the period.

    `sheets` are the forms with the names of their sheets, of which a form of cards may have several.

    A sheet carries its own form's mark besides, which goes with it when it is moved to another workbook.
    """
    forms = list({form.slug: form for form, _ in sheets}.values())
    for name, value in _marks(forms, period).items():
        book.set_custom_property(name, value, "text")
    book.define_name(MARK_NAME, _as_name(_marks(forms, period)))
    for form, name in sheets:
        book.define_name(f"'{name}'!{MARK_NAME}", _as_name(_marks([form], period)))


def _marks(forms: Sequence[Form], period: Period | None) -> Mapping[str, str]:
    return {
        "kbxt_form": ",".join(form.slug for form in forms),
        "kbxt_version": ",".join(form.version for form in forms),
        "kbxt_school_code": CODE,
        "kbxt_period": period.label if period else "",
    }


def _as_name(marks: Mapping[str, str]) -> str:
    return '="' + ";".join(f"{name}={value}" for name, value in marks.items()) + '"'
