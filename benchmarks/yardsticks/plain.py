"""A plain script of the best libraries: calamine, one pandera validate a form, xlsxwriter.

python benchmarks/yardsticks/plain.py INBOX OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pandera.errors
import xlsxwriter
from forms import FORMS, form_of, header_at, schema
from naive import PAGE
from python_calamine import load_workbook


def rows_of(path: Path, width: int) -> list[list[object]]:
    rows = load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    at, column = next((i, column) for i, row in enumerate(rows) if (column := header_at(row)) is not None)
    left = column - 1
    records = (row[left : left + width] for row in rows[at + 1 :])
    return [[cell if cell != "" else None for cell in row] for row in records if isinstance(row[0], float) and row[1]]


def write(path: Path, frame: pd.DataFrame) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, style = book.add_worksheet(), book.add_format({"border": 1})
        sheet.write_row(0, 0, list(frame), style)
        for number, row in enumerate(frame.fillna("").to_numpy().tolist(), 1):
            sheet.write_row(number, 0, row, style)


def main(inbox: Path, out: Path) -> None:
    out.mkdir(parents=True)
    rows: dict[str, list[list[object]]] = {slug: [] for slug in FORMS}
    for path in sorted(inbox.rglob("*.xlsx")):
        slug = form_of(path)
        rows[slug] += [[*row, path.name] for row in rows_of(path, len(FORMS[slug]))]
    failures: list[tuple[object, ...]] = []
    for slug, own in rows.items():
        frame = pd.DataFrame(own, columns=[*FORMS[slug], "file"], dtype=object)
        try:
            schema(slug).validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as found:
            failures += found.failure_cases[["column", "check", "failure_case", "index"]].itertuples(index=False)
        write(out / f"{slug}.xlsx", frame)
    (out / "report.html").write_text(PAGE.render(failures=failures), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
