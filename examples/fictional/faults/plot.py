"""Where a fault is put, and how what it must be found as is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from fictional.cells import Cell
from fictional.filling import Filler
from fictional.people import Child
from fictional.returns import District, Expected, File, PlainSheet, Record, School, Sheet
from fictional.schools import Community


class FaultKey(NamedTuple):
    """A rule, the form the fault is put into (blank: none), and which way of breaking it."""

    slug: str
    form: str = ""
    case: str = ""


@dataclass(slots=True)
class Plot:
    """One school of a district to put a fault into, and another for faults that take two.

    A child is used once only, so that faults put into one school keep out of each other's way.
    """

    district: District
    school: School
    other: School
    dice: Random

    @property
    def fill(self) -> Filler:
        """Fills in rows for further children of the school."""
        return Filler(self.school, self.community)

    @property
    def community(self) -> Community:
        """Invents further children, none of whom the district has yet."""
        community = Community(self.dice)
        for sheets in self.district.sheets.values():
            for sheet in (sheet for form in sheets.values() for sheet in form):
                community.names.given |= {str(record.meant.get("name")) for record in sheet.records}
                community.numbers.given |= {str(record.meant.get("id_number")) for record in sheet.records}
        return community

    def sheet(self, form: str) -> Sheet:
        """The school's sheet of a form; of the cards, the first."""
        return self.district.sheet(self.school, form)

    def records(self, form: str) -> list[Record]:
        """The school's records of a form."""
        return [record for sheet in self.district.sheets[self.school.name][form] for record in sheet.records]

    def choose(self, form: str, *wheres: Mapping[str, Cell]) -> Record:
        """A record of a child that no fault has used yet, as the first of the conditions asks that one meets."""
        for where in wheres or ({},):
            for record in self.records(form):
                fits = all(record.meant[field] == value for field, value in where.items())
                if fits and record.child and record.child.name not in self.district.used:
                    self.use(record.child)
                    return record
        raise LookupError(f"{self.school.name} has no unused record in form {form} with {wheres}")

    def use(self, child: Child) -> None:
        """Keeps other faults away from the child."""
        self.district.used.add(child.name)

    def counterpart(self, record: Record, form: str) -> Record:
        """The same child's record in another form."""
        return next(other for other in self.records(form) if other.child is record.child)

    def sheet_of(self, record: Record) -> Sheet:
        """The sheet that a record stands on, in whichever school."""
        sheets = (sheet for school in self.district.sheets.values() for form in school.values() for sheet in form)
        return next(sheet for sheet in sheets if record in sheet.records)

    def remove(self, record: Record) -> None:
        """Takes a row out of its list, or a card out of its file."""
        sheet = self.sheet_of(record)
        if record.form == "5":
            self.district.file_of(sheet).sheets.remove(sheet)
            self.district.sheets[sheet.school.name]["5"].remove(sheet)
        else:
            sheet.records.remove(record)

    def add(self, record: Record, school: School | None = None) -> Record:
        """Puts a row at the end of a list, or a card behind the others."""
        school = school or self.school
        if record.child:
            self.use(record.child)
        sheets = self.district.sheets[school.name][record.form]
        if record.form != "5":
            sheets[0].records.append(record)
            return record
        last = sheets[-1]
        name = f"{record.typed['name']}{len(sheets) + 1}"
        card = Sheet("5", school, [record], name, last.unit, last.fill_date, last.dated)
        self.district.file_of(last).sheets.append(card)
        sheets.append(card)
        return record

    def count(self, change: int, *fields: str, school: School | None = None) -> Record:
        """Changes counts of the statistics, so that they go with a list again, or no longer."""
        record = self.district.sheet(school or self.school, "1-1").records[0]
        for field in fields:
            value = record.meant[field]
            assert isinstance(value, int)
            record.put(**{field: value + change})
        return record

    def bring(self, file: File) -> File:
        """Puts another file into the inbox, under a name of its own."""
        taken = {other.path for other in self.district.files}
        stem, _, extension = file.path.rpartition(".")
        for number in range(2, 100):
            if file.path not in taken:
                break
            file.path = f"{stem}{number}.{extension}"
        self.district.files.append(file)
        return file

    def alone(self, sheet: Sheet, path: str) -> File:
        """Returns a sheet in a file of its own."""
        file = self.district.file_of(sheet)
        file.sheets.remove(sheet)
        if not file.sheets:
            self.district.files.remove(file)
        return self.bring(File(path, [sheet]))

    def keep_formulas(self, record: Record) -> None:
        """Returns the record in an .xlsx: a conversion would work its formulas out."""
        file = self.district.file_of(self.sheet_of(record))
        file.path, file.suffix = f"{file.path.rpartition('.')[0]}.xlsx", ""

    def expect(self, rule: str, record: Record, field: str, note: str) -> None:
        """A merge must find this at a record's field."""
        sheet = self.sheet_of(record)
        self.district.expected.append(Expected(rule, note, self.district.file_of(sheet), sheet, record, field))

    def expect_in(self, rule: str, sheet: Sheet | PlainSheet, note: str, field: str = "", cell: str = "*") -> None:
        """A merge must find this on a sheet: at a header, or at any cell."""
        self.district.expected.append(
            Expected(rule, note, self.district.file_of(sheet), sheet, field=field, cell="" if field else cell)
        )

    def expect_of(self, rule: str, file: File | None, note: str) -> None:
        """A merge must find this of a file, or of the district."""
        self.district.expected.append(Expected(rule, note, file))


Fault = Callable[[Plot], None]
