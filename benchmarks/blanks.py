"""How long the blanks of 200 schools take, beside what xlsxwriter needs for the bare cells of the printed forms.

python benchmarks/blanks.py [SCHOOLS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from xlsxwriter.workbook import Workbook

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster, School
from kbxt_merge.outputs.blanks import write_blanks
from kbxt_merge.rules.catalogue import CATALOGUE

PERIOD = Period.parse("2021春")


def write_bare_cells(forms: Forms, out: Path, roster: Roster) -> None:
    """The texts and numbers of the printed forms, and nothing else: no format, no list, no formula, no second sheet."""
    for school in roster.schools:
        folder = out / school.name
        folder.mkdir(parents=True)
        for form in forms.forms:
            with Workbook(folder / f"{form.slug}.xlsx") as book:
                _write_form(book, form, school)


def _write_form(book: Workbook, form: Form, school: School) -> None:
    sheet = book.add_worksheet()
    for row, text in enumerate((form.attachment, form.title, form.unit_line.printed.replace("{school}", school.name))):
        sheet.write_string(row, 0, text)
    if form.bands:
        for row, field in enumerate(form.fields, 3):
            sheet.write_string(row, 0, field.header)
            sheet.write_string(row, 1, field.hint)
        return
    for column, field in enumerate(form.fields):
        sheet.write_string(3, column, field.header)
    for row in range(form.printed_rows):
        sheet.write_number(4 + row, 0, row + 1)
        for column in range(1, len(form.fields)):
            sheet.write_string(4 + row, column, "")


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and the process's peak memory in MiB so far."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    forms = load_forms(CATALOGUE)
    roster = Roster(tuple(School(f"21360{n:05d}", f"赣县区虚构第{n}小学") for n in range(1, count + 1)))
    few = Roster(roster.schools[:10])
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        _, small = measured(lambda: write_blanks(forms, out / "few", roster=few, period=PERIOD))
        blanks, large = measured(lambda: write_blanks(forms, out / "blanks", roster=roster, period=PERIOD))
        bundles, _ = measured(lambda: write_blanks(forms, out / "bundles", roster=roster, period=PERIOD, bundle=True))
        bare, _ = measured(lambda: write_bare_cells(forms, out / "bare", roster))
        size = sum(path.stat().st_size for path in (out / "blanks").rglob("*.xlsx")) / count / 1024
    print(f"{count} schools x {len(forms.forms)} forms")
    print(f"blanks      {blanks:6.1f} s   {size:.0f} KiB a school")
    print(f"bundles     {bundles:6.1f} s")
    print(f"bare cells  {bare:6.1f} s   blanks / bare cells = {blanks / bare:.2f}")
    print(f"peak memory {small:.0f} MiB with 10 schools, {large:.0f} MiB with {count}")


if __name__ == "__main__":
    main()
