"""A workbook written once, and stamped for each school: only the parts that name the school are written anew."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from xlsxwriter.workbook import Workbook

from kbxt_merge.model.carry_over import Row, Rows
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.own_workbook import GUIDE_SHEET, Mark
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.blanks.blank_book import CODE, SCHOOL, BlankBook, sheet_name, write_marks
from kbxt_merge.outputs.blanks.card_sheet import CardSheet
from kbxt_merge.outputs.blanks.growing_sheet import GrowingSheet
from kbxt_merge.outputs.blanks.guide_sheet import GuideSheet
from kbxt_merge.outputs.blanks.option_sheet import OptionSheet, vocabularies_in
from kbxt_merge.outputs.blanks.table_sheet import TableSheet
from kbxt_merge.outputs.sheets.names import Names

_MADE = dt.datetime(2021, 1, 1)
"""The same in every blank, so that equal blanks are equal bytes."""
_MEMBER_DATE = (1980, 1, 1, 0, 0, 0)

_NO_RESULT = re.compile(r"<c ([^>]*)>(<f>[^<]*</f>)<v>0</v></c>")
_SPANS = re.compile(r' spans="[0-9:]+"')
"""Which columns a row fills: no program needs to be told."""
_EMPTY_RESULT = re.compile(r"<c ([^>]*)>(<f>[^<]*</f>)<v></v></c>")
_FORMULA = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*)><f>([^<]*)</f>')
_NOT_SHARED = re.compile(r"[{!]|(?<![$A-Za-z_])[A-Z]{1,3}\$?[0-9]|\$[A-Z]{1,3}[0-9]")
"""Constant arrays, cells of another sheet, and references that change from row to row."""


@dataclass(frozen=True)
class Master:
    """A workbook without the school's name: the zip of all that is alike, and the parts that are not."""

    alike: bytes
    parts: Mapping[str, str]

    @classmethod
    def of(
        cls,
        forms: Forms,
        chosen: Sequence[Form],
        roster: Roster | None,
        period: Period | None,
        language: Language,
        rows: Rows | None = None,
    ) -> Master:
        """Write the workbook of the chosen forms; `rows` are the records that they start with."""
        written = io.BytesIO()
        with Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"title": "、".join(form.called for form in chosen), "created": _MADE})
            sheets = _write(BlankBook(book, forms, roster, period, language, rows or {}), chosen)
            write_marks(book, sheets, period)
            if rows:
                book.set_custom_property(Mark.CARRIED, "1", "text")
        return cls._split(written)

    @classmethod
    def _split(cls, written: io.BytesIO) -> Master:
        alike, parts = io.BytesIO(), {}
        with (
            zipfile.ZipFile(written) as book,
            zipfile.ZipFile(alike, "w", zipfile.ZIP_DEFLATED) as kept,
        ):
            for member in book.namelist():
                text = book.read(member).decode("utf-8")
                if member.startswith("xl/worksheets/"):
                    text = _SPANS.sub("", _with_shared_formulas(_with_honest_results(text)))
                if SCHOOL in text or CODE in text:
                    parts[member] = text
                else:
                    kept.writestr(_member(member), text, compresslevel=9)
        return cls(alike.getvalue(), parts)

    def stamped(self, school: str, code: str) -> bytes:
        """The workbook of one school."""
        book = io.BytesIO(self.alike)
        with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
            for member, text in self.parts.items():
                named = text.replace(SCHOOL, escape(school, quote=False)).replace(CODE, escape(code, quote=False))
                archive.writestr(_member(member), named)
        return book.getvalue()


def _write(blank: BlankBook, chosen: Sequence[Form]) -> list[tuple[Form, str]]:
    """Write the sheets of these forms, the guide and the lists behind; each form with its sheet's name is returned."""
    names = Names()
    places = [(form, row, names.sheet(name)) for form in chosen for row, name in _sheets_of(form, blank.rows)]
    sheets = [(form, row, blank.book.add_worksheet(name, GrowingSheet)) for form, row, name in places]
    GuideSheet(blank, blank.book.add_worksheet(GUIDE_SHEET)).write(chosen)
    options = OptionSheet.on(blank.book)
    inside = [each for each in blank.forms.lists_inside.values() if any(each.inside == form.slug for form in chosen)]
    options.write_lists(vocabularies_in([*chosen, *inside]), blank.roster)
    for form, row, sheet in sheets:
        if form.shape is Shape.CARD:
            CardSheet(blank, sheet, form, row, blank.forms.lists_inside.get(form.slug)).write()
        else:
            TableSheet(blank, sheet, form).write(options)
    sheets[0][2].activate()
    return [(form, name) for form, _, name in places]


def _sheets_of(form: Form, rows: Rows) -> Iterator[tuple[Row, str]]:
    """The record and the name of each of a form's sheets: a card has one for every child, all else but one."""
    records = rows.get(form.slug, ()) if form.shape is Shape.CARD else ()
    if not records:
        yield {}, sheet_name(form)
    for number, row in enumerate(records, 1):
        yield row, f"{sheet_name(form)} {number} {row.get(form.record_field, '')}".rstrip()


def _with_honest_results(sheet: str) -> str:
    """Without the results that nobody computed, so that every program works them out; an empty text is a text."""
    return _EMPTY_RESULT.sub(r'<c \1 t="str">\2<v></v></c>', _NO_RESULT.sub(r"<c \1>\2</c>", sheet))


def _with_shared_formulas(sheet: str) -> str:
    """With formulas that say the same in every row of a column written once: the others refer to the first.

    Their rows must follow on each other, and they may hold neither relative references nor what Excel forbids there.
    """
    rows: dict[tuple[str, str], list[int]] = {}
    for letters, row, _, formula in _FORMULA.findall(sheet):
        if not _NOT_SHARED.search(formula):
            rows.setdefault((letters, formula), []).append(int(row))
    runs = {
        key: (number, each[0], f"{key[0]}{each[0]}:{key[0]}{each[-1]}")
        for number, (key, each) in enumerate(rows.items())
        if len(each) > 1 and each[-1] - each[0] == len(each) - 1
    }

    def written(found: re.Match[str]) -> str:
        letters, row, attributes, formula = found.groups()
        if (letters, formula) not in runs:
            return found[0]
        number, first, cells = runs[letters, formula]
        shared = f' ref="{cells}" si="{number}">{formula}</f>' if int(row) == first else f' si="{number}"/>'
        return f'<c r="{letters}{row}"{attributes}><f t="shared"{shared}'

    return _FORMULA.sub(written, sheet)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _MEMBER_DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
