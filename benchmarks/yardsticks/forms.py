"""What both yardstick scripts know of forms 1-2 and 3: their columns, and the checks that anybody would think of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ONE_OF = {
    "registration_type": ("失学辍学", "缓学休学"),
    "sex": ("男", "女"),
    "enrolment": ("是", "否", "送教上门", "重度残疾"),
}
FORMS = {
    "1-2": ("seq", "name", "id_number", "roll_school", "person_category", "registration_type", "remarks"),
    "3": (
        "seq", "name", "sex", "id_number", "age", "address", "guardian", "phone", "disability", "grade", "enrolment",
        "remarks",
    ),
}  # fmt: skip


def form_of(path: Path) -> str:
    return "1-2" if "1-2" in path.name else "3"


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
