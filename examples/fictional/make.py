"""Makes a fictional district on disk: inbox, roster, and what a merge must find there."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from random import Random

from fictional.district import clean_district
from fictional.faults import FAULTS, INFOS, FaultKey, Plot
from fictional.packing import pack_plainly, pack_variously
from fictional.returns import District, School, Truth
from fictional.roster import write_roster
from fictional.variants import vary
from fictional.workbooks import write_files


def build(schools: int, seed: int, variants: bool, zero_reports: bool = False) -> District:
    """A clean district in memory, packed into files."""
    dice = Random(seed)
    district = clean_district(schools, dice, zero_reports)
    if variants:
        vary(district, dice)
        pack_variously(district, dice)
    else:
        pack_plainly(district)
    return district


def make_district(
    folder: Path, schools: int = 60, seed: int = 1, variants: bool = True, faults: Iterable[FaultKey] = ()
) -> list[Truth]:
    """Writes a district below the folder; the faults are put into one school after another, but for three.

    Put no more faults in than schools, or they may get in each other's way. Returns what a merge must find;
    `truth.csv` holds the errors and warnings of it, `notes.csv` the infos.
    """
    district = build(schools, seed, variants, zero_reports=variants)
    able = [school for school in district.schools if _takes_faults(district, school)]
    here = able[: max(1, len(able) - 3)]
    for number, key in enumerate(faults):
        plot = Plot(district, here[number % len(here)], able[-1 - number % 3], Random(f"{seed}{key}"))
        FAULTS[key](plot)
    return write_district(district, Path(folder))


def _takes_faults(district: District, school: School) -> bool:
    """Whether a school has something to report, and is named by its files' paths, so that one fault stays one."""
    sheets = [sheet for form in district.sheets[school.name].values() for sheet in form]
    named = all(school.alias in district.file_of(sheet).path for sheet in sheets)
    return named and bool(district.sheet(school, "1-2").records)


def plant(slug: str, form: str, folder: Path, seed: int = 1, case: str = "") -> list[Truth]:
    """Writes a small clean district, as printed and in .xlsx, with one fault in it; returns what a merge must find."""
    keys = [key for key in FAULTS if key[:2] == (slug, form) and key.case in (case, case or key.case)]
    return make_district(folder, schools=4, seed=seed, variants=False, faults=keys[:1])


def write_district(district: District, folder: Path) -> list[Truth]:
    """Writes inbox, roster, truth.csv, notes.csv and records.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder / "inbox", district.files)
    write_roster(folder / "roster.xlsx", district.schools)
    return write_expectations(district, folder)


def write_expectations(district: District, folder: Path) -> list[Truth]:
    """Writes truth.csv, notes.csv and records.csv of a district whose files are written."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(expected.truth() for expected in district.expected)
    _write_csv(folder / "truth.csv", Truth._fields, (row for row in found if row.rule not in INFOS))
    _write_csv(folder / "notes.csv", Truth._fields, (row for row in found if row.rule in INFOS))
    _write_csv(
        folder / "records.csv", ("form", "school", "file", "sheet", "cell", "name", "id_number"), records(district)
    )
    return found


def records(district: District) -> list[tuple[str, ...]]:
    """Every record a merge must keep, with the address of its name (1-1: of the school)."""
    rows = []
    for file, sheet in district.counted_sheets():
        for record in sheet.records:
            cell = sheet.place(record, "school" if sheet.form == "1-1" else "name")
            who = [str(record.meant.get(field) or "") for field in ("name", "id_number")]
            rows.append((sheet.form, sheet.school.name, file.path, sheet.name, cell, *who))
    return sorted(rows)


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
