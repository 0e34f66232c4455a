"""Makes the committed example: returned/, 学校名册.xlsx, expected/ and README.md.

Everybody in it is invented. What is planted where stands in PLANTED, and nowhere else.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from fictional.faults import FAULTS, FaultKey, Plot
from fictional.make import build, write_expectations
from fictional.registers import Difference, write_registers
from fictional.returns import District
from fictional.roster import write_roster
from fictional.workbooks import write_files

HERE = Path(__file__).parent
SEED = 20210312

PLANTED: tuple[tuple[int, tuple[FaultKey, ...]], ...] = (
    (
        0,
        (
            FaultKey("id-precision-lost", "1-2"),
            FaultKey("required-missing", "1-2", "roll_school"),
            FaultKey("registration-type-invalid", "1-2"),
            FaultKey("value-normalised", "1-2"),
            FaultKey("date-invalid", "2", "dropout_date"),
            FaultKey("sex-invalid", "2"),
            FaultKey("sex-id-mismatch", "3"),
            FaultKey("phone-invalid", "3", "second of two"),
            FaultKey("age-invalid", "4"),
            FaultKey("birthdate-id-mismatch", "5"),
            FaultKey("ethnicity-invalid", "5"),
            FaultKey("file-superseded", "3", "by path"),
            FaultKey("file-duplicate"),
            FaultKey("count-sum", "1-1", "absent"),
            FaultKey("same-child-differs", "4"),
        ),
    ),
    (
        1,
        (
            FaultKey("id-checksum", "1-2"),
            FaultKey("name-invalid", "1-2"),
            FaultKey("persuasion-record-missing", "1-2"),
            FaultKey("date-future", "2", "return_date"),
            FaultKey("disability-invalid", "3"),
            FaultKey("enrolment-invalid", "3"),
            FaultKey("id-name-conflict", "3"),
            FaultKey("error-value", "4"),
            FaultKey("roll-number-invalid", "5"),
            FaultKey("required-missing", "5", "guardian1_phone"),
            FaultKey("count-invalid", "1-1", "due_urban"),
            FaultKey("form-unrecognised", "", "beside a form"),
        ),
    ),
    (
        2,
        (
            FaultKey("column-unexpected", "4"),
            FaultKey("id-birthdate", "1-2", "no such day"),
            FaultKey("school-not-in-roster", "1-2"),
            FaultKey("date-order", "2"),
            FaultKey("duplicate-in-form", "3"),
            FaultKey("grade-age-mismatch", "3"),
            FaultKey("out-of-school-unexplained", "3"),
            FaultKey("required-missing", "4", "reason"),
            FaultKey("card-missing", "1-2"),
            FaultKey("yes-no-invalid", "5"),
            FaultKey("count-list-mismatch", "1-1", "dropout_relief"),
        ),
    ),
    (
        3,
        (
            FaultKey("column-missing", "3", "guardian"),
            FaultKey("id-characters", "1-2"),
            FaultKey("person-category-invalid", "2"),
            FaultKey("not-in-dropout-list", "2"),
            FaultKey("age-id-mismatch", "3"),
            FaultKey("grade-invalid", "3"),
            FaultKey("id-length", "4"),
            FaultKey("id-obsolete-15", "5"),
            FaultKey("count-invalid", "5"),
            FaultKey("count-sum", "1-1", "due"),
        ),
    ),
    (
        4,
        (
            FaultKey("age-out-of-range", "1-2", "too old"),
            FaultKey("returned-but-listed", "2"),
            FaultKey("age-invalid", "2", "words"),
            FaultKey("id-region", "3"),
            FaultKey("not-in-disability-ledger", "4"),
            FaultKey("card-orphan", "5"),
            FaultKey("roll-number-id-mismatch", "5"),
            FaultKey("fill-date-missing", "1-2"),
            FaultKey("count-list-mismatch", "1-1", "disabled_out"),
        ),
    ),
    (
        5,
        (
            FaultKey("form-not-returned", "2"),
            FaultKey("period-mismatch", "4"),
            FaultKey("school-conflict", "3"),
            FaultKey("hidden-data", "1-2", "row"),
            FaultKey("formula-without-value", "3"),
            FaultKey("id-conflict", "5"),
            FaultKey("duplicate-in-form", "1-2"),
            FaultKey("name-invalid", "5", "guardian1 to be settled"),
            FaultKey("persuasion-incomplete", "5", "count"),
        ),
    ),
    (
        6,
        (
            FaultKey("school-missing", "3"),
            FaultKey("duplicate-across-schools", "3"),
            FaultKey("date-ambiguous", "2"),
            FaultKey("required-missing", "3", "grade"),
            FaultKey("age-id-mismatch", "4", "off by one"),
            FaultKey("person-category-invalid", "4"),
            FaultKey("date-invalid", "5", "no such day"),
        ),
    ),
    (
        7,
        (
            FaultKey("phone-invalid", "5", "persuading_phone words"),
            FaultKey("required-missing", "1-2", "id_number"),
            FaultKey("school-unknown", "3"),
            FaultKey("file-unreadable", "", "truncated"),
            FaultKey("file-unreadable", "", "web page"),
            FaultKey("file-encrypted"),
            FaultKey("file-unsafe", "", "ratio"),
            FaultKey("file-ignored", "", "lock"),
            FaultKey("file-other", "", "pdf"),
            FaultKey("form-unrecognised", "", "own file"),
        ),
    ),
    (8, (FaultKey("school-not-returned"),)),
)

INTRODUCTION = """# A fictional district

`returned/` is what eight schools of a fictional 赣县区 returned for the spring term of 2021, in many layouts and
formats; a ninth returned nothing. `学校名册.xlsx` is the roster, `kbxt.toml` the period, and `expected/` says what
a merge must find: `truth.csv` errors and warnings, `notes.csv` some of the notes, `records.csv` every record to be
merged, once each. `比对库/` holds three of the bureau's registers as offices export them (a CSV in GBK, a workbook
whose table begins in column B); what they say otherwise than the schools stands in `expected/registers.csv`.

**Everybody in it is invented.** `python examples/make_examples.py` makes it all again, from the one table that also
made the list below (LibreOffice writes the .xls and .ods). A cell `*` stands for any cell of the sheet.

| file | sheet | cell | rule | what is wrong |
|---|---|---|---|---|
"""


def planted() -> District:
    """The district with its faults."""
    district = build(9, SEED, variants=True)
    for number, keys in PLANTED:
        here, there = district.schools[number], district.schools[(number + 1) % 8]
        for key in keys:
            FAULTS[key](Plot(district, here, there, Random(f"{SEED}{key}")))
    return district


def readme(district: District) -> str:
    """The README, a line a planted fault."""
    lines = sorted((*expected.truth(), expected.note) for expected in district.expected)
    return INTRODUCTION + "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


def write_differences(differences: list[Difference], path: Path) -> None:
    """What a merge must find against the registers, a row a finding."""
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(Difference._fields)
        writer.writerows(differences)


def main() -> None:
    """Writes the example into its folder."""
    district = planted()
    write_files(HERE / "returned", district.files)
    write_roster(HERE / "学校名册.xlsx", district.schools)
    write_expectations(district, HERE / "expected")
    write_differences(write_registers(HERE / "比对库", district, Random(SEED)), HERE / "expected" / "registers.csv")
    (HERE / "README.md").write_text(readme(district), encoding="utf-8")
    rules = {expected.rule for expected in district.expected}
    print(f"{len(district.files)} files, {len(district.expected)} faults of {len(rules)} rules")
    print("rules without a fault here:", ", ".join(sorted({key.slug for key in FAULTS} - rules)) or "none")


if __name__ == "__main__":
    main()
