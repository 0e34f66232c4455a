"""Blanks handed out, filled in and saved by each office program's formats, merge without an error or a warning."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import openpyxl
import pytest
from fictional.district import clean_district
from fictional.returns import District, Record
from fictional.roster import write_roster
from filled_blanks import fill, recalculated

from kbxt_merge.intake.assembly.roster import read_roster
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.merging import Progress, examine
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.blanks import write_blanks
from kbxt_merge.outputs.blanks.blank_book import sheet_name
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

FORMS = load_forms(CATALOGUE)
SCHOOLS = int(os.environ.get("KBXT_ROUND_TRIP_SCHOOLS", "2"))
WAYS = (("xlsx", False, False), ("xlsx", True, True), ("xls", True, False), ("ods", True, True))
"""In what format a school saves its forms, whether an office program does it, and whether they come in one workbook."""
AS_TYPED = (("xlsx", False, False),)

Way = tuple[str, bool, bool]
Slip = tuple[str, int, str, object, set[str]]
"""A form, the row and the field that a slip is made in, what is typed, and the rules that must find it."""
SLIPS: Sequence[Slip] = (
    ("3", 0, "sex", "女男", {"sex-invalid"}),
    ("3", 1, "phone", "1380013", {"phone-invalid"}),
    ("1-2", 0, "registration_type", None, {"required-missing"}),
    ("4", 0, "age", 29, {"age-id-mismatch"}),
    ("2", 0, "dropout_date", "2021.13", {"date-invalid"}),
    ("5", 0, "birth_date", "2001年1月1日", {"birthdate-id-mismatch"}),
    ("1-1", 0, "other_absent", "若干", {"count-invalid"}),
    ("3", 2, "id_number", "12345", {"id-length"}),
)


@pytest.fixture(scope="module")
def district() -> District:
    return clean_district(SCHOOLS, Random(40))


def test_filled_blanks_merge_without_error_or_warning(district: District, tmp_path: Path) -> None:
    checked = _merged(district, tmp_path, WAYS, {})
    frame = checked.findings.frame
    serious = frame[frame["severity"] != "info"]
    assert serious[["file", "sheet", "cell", "rule", "value"]].values.tolist() == []
    for form, records in checked.district.records.items():
        assert len(records) == sum(len(_rows(district, school, form)) for school in district.sheets)
    assert {each.sheet.marks["kbxt_period"] for each in checked.district.returned if each.sheet.marks} == {"2021春"}


def test_planted_slips_are_found_and_nothing_else(district: District, tmp_path: Path) -> None:
    slips = {school: SLIPS[number::SCHOOLS] for number, school in enumerate(district.sheets)}
    frame = _merged(district, tmp_path, AS_TYPED, slips).findings.frame
    serious = frame[frame["severity"] != "info"]
    for school, planted in slips.items():
        here = serious[serious["school"] == school]
        found = set(here[["form", "field", "rule"]].itertuples(index=False, name=None))
        assert found == {(form, field, rule) for form, _, field, _, rules in planted for rule in rules}


def _merged(district: District, folder: Path, ways: Sequence[Way], slips: Mapping[str, Sequence[Slip]]) -> Checked:
    write_roster(folder / "roster.xlsx", district.schools)
    roster = read_roster(folder / "roster.xlsx", (FORMS.city, FORMS.county))
    period = Period.parse("2021春")
    write_blanks(FORMS, folder / "single", roster=roster, period=period)
    write_blanks(FORMS, folder / "bundled", roster=roster, period=period, bundle=True)
    waiting: dict[str, list[Path]] = {}
    for number, school in enumerate(district.sheets):
        kind, by_office, in_one = ways[number % len(ways)]
        filled = _filled(district, school, folder, in_one, by_office, slips.get(school, ()))
        target = folder / "inbox" / school
        target.mkdir(parents=True)
        for path in filled:
            if by_office:
                waiting.setdefault(kind, []).append(path)
            else:
                path.rename(target / path.name)
    for kind, paths in waiting.items():
        for source, saved in zip(paths, recalculated(paths, folder / kind, kind), strict=True):
            saved.rename(folder / "inbox" / source.stem.partition(" ")[0] / saved.name)
    options = {
        "roster": str(folder / "roster.xlsx"),
        "period": "2021春",
        "as_of": "2021-03-12",
        "limits_seconds": 120.0,  # a machine that runs all tests at once is slow, and that is not the question here
    }
    settings = load_settings(options, {}, folder)
    return examine([folder / "inbox"], settings, Progress())


def _filled(
    district: District, school: str, folder: Path, in_one: bool, keep_sums: bool, slips: Sequence[Slip]
) -> Iterator[Path]:
    """The school's blanks, filled in and saved beside each other."""
    blanks = (
        [folder / "bundled" / f"{school} 控辍保学报表.xlsx"]
        if in_one
        else sorted((folder / "single" / school).iterdir())
    )
    done = folder / "filled"
    done.mkdir(exist_ok=True)
    for blank in blanks:
        book = openpyxl.load_workbook(blank)
        for form in FORMS.forms:
            if sheet_name(form) in book.sheetnames:
                rows = [dict(record.typed) for record in _rows(district, school, form.slug)]
                for slug, row, field, typed, _ in slips:
                    if slug == form.slug:
                        rows[row][field] = typed
                date = "2021年3月" if form.unit_line.by_month else "2021年3月12日"
                fill(book, book[sheet_name(form)], form, rows, date, keep_sums=keep_sums)
        path = done / f"{school} {blank.stem.removeprefix(school).strip()}.xlsx"
        book.save(path)
        yield path


def _rows(district: District, school: str, form: str) -> list[Record]:
    return [record for sheet in district.sheets[school][form] for record in sheet.records]
