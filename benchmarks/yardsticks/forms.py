"""What both yardstick scripts know of forms 1-1, 3 and 4: their columns, and the checks that anybody would think of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ONE_OF = {
    "sex": ("男", "女"),
    "enrolment": ("是", "否", "送教上门", "重度残疾"),
}
_PERSON = ("seq", "name", "sex", "id_number", "age", "address", "guardian", "phone")
FORMS = {
    "1-1": (
        "seq", "school", "due", "due_relief", "due_urban", "returned", "absent", "dropout", "dropout_relief",
        "dropout_urban", "deferred", "deferred_relief", "deferred_urban", "home_taught", "other_absent", "brought_back",
        "brought_back_relief", "brought_back_urban", "disabled", "disabled_in_school", "disabled_home_taught",
        "disabled_out", "remarks",
    ),
    "3": (*_PERSON, "disability", "grade", "enrolment", "remarks"),
    "4": (*_PERSON, "reason", "person_category", "teaching_school", "remarks"),
}  # fmt: skip


def form_of(path: Path) -> str:
    return next(slug for slug in FORMS if path.stem.endswith(f"附件{slug}"))


def header_at(row: Sequence[object]) -> int | None:
    """Where the column after the number stands in a row of headers; None where the row is none."""
    return next((row.index(name) for name in ("姓名", "学校") if name in row), None)


def id_holds(cell: object) -> bool:
    text = str(cell)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1]


@cache
def schema(slug: str) -> pa.DataFrameSchema:
    return pa.DataFrameSchema({name: _column(name) for name in FORMS[slug] if name not in ("seq", "remarks")})


def _column(name: str) -> pa.Column:
    if name == "id_number":
        return pa.Column(object, pa.Check(lambda column: column.map(id_holds).astype(bool), name="id"), nullable=False)
    if name == "age":
        return pa.Column(
            object, pa.Check(lambda column: pd.to_numeric(column, errors="coerce").between(3, 20), name="age")
        )
    checks = [pa.Check.isin(ONE_OF[name])] if name in ONE_OF else []
    return pa.Column(object, checks, nullable=False)
