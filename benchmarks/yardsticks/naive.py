"""What a user would write: every workbook with pandas and openpyxl, a pandera validate for each, to_excel, a page.

python benchmarks/yardsticks/naive.py INBOX OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pandas as pd
import pandera.errors
from forms import FORMS, form_of, schema

PAGE = jinja2.Template(
    "<h1>{{ failures | length }}</h1><table>"
    "{% for each in failures %}<tr>{% for cell in each %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>",
    autoescape=True,
)


def header_row(raw: pd.DataFrame, first: str) -> int:
    return next(i for i, row in enumerate(raw.itertuples(index=False)) if first in row)


def read(path: Path) -> pd.DataFrame:
    form = FORMS[form_of(path)]
    raw = pd.read_excel(path, engine="openpyxl", header=None, dtype=object)
    at = header_row(raw, "姓名")
    left = list(raw.iloc[at]).index("姓名") - 1
    rows = raw.iloc[at + 1 :, left : left + len(form)]
    rows.columns = list(form)
    return rows[rows["name"].notna() & rows["seq"].map(lambda cell: isinstance(cell, int | float))]


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
