"""What a user would write: every workbook with pandas and openpyxl, a pandera validate for each, to_excel, a page.

python benchmarks/yardsticks/naive.py INBOX OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pandas as pd
import pandera.errors
from forms import FORMS, form_of, header_at, schema

PAGE = jinja2.Template(
    "<h1>{{ failures | length }}</h1><table>"
    "{% for each in failures %}<tr>{% for cell in each %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>",
    autoescape=True,
)


def read(path: Path) -> pd.DataFrame:
    form = FORMS[form_of(path)]
    raw = pd.read_excel(path, engine="openpyxl", header=None, dtype=object)
    rows = enumerate(raw.itertuples(index=False))
    at, column = next((i, column) for i, row in rows if (column := header_at(row)) is not None)
    left = column - 1
    records = raw.iloc[at + 1 :, left : left + len(form)]
    records.columns = list(form)
    return records[records.iloc[:, 1].notna() & records["seq"].map(lambda cell: isinstance(cell, int | float))]


def main(inbox: Path, out: Path) -> None:
    out.mkdir(parents=True)
    frames: dict[str, list[pd.DataFrame]] = {slug: [] for slug in FORMS}
    failures: list[tuple[object, ...]] = []
    for path in sorted(inbox.rglob("*.xlsx")):
        slug = form_of(path)
        rows = read(path)
        try:
            schema(slug).validate(rows, lazy=True)
        except pandera.errors.SchemaErrors as found:
            cases = found.failure_cases[["column", "check", "failure_case", "index"]]
            failures += [(path.name, *case) for case in cases.itertuples(index=False)]
        frames[slug].append(rows.assign(file=path.name))
    for slug, own in frames.items():
        pd.concat(own).to_excel(out / f"{slug}.xlsx", index=False)
    (out / "report.html").write_text(PAGE.render(failures=failures), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
