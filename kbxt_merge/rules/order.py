"""The order in which people read findings: file by file, sheet by sheet, row by row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.returns import position

_WHOLE_SHEET = (-1, -1)
"""Stands before all cells for what is found of no one of them."""


def in_reading_order(findings: pd.DataFrame, district: District) -> pd.DataFrame:
    """The findings sorted by file, then sheet as the workbook has them, row, column and rule."""
    sheets: dict[tuple[str, str], int] = {}
    for each in district.returned:
        sheets.setdefault((each.file.path, each.sheet.sheet), len(sheets))
    on = zip(findings["file"].tolist(), findings["sheet"].tolist(), strict=True)
    sheet = np.array([sheets.get(each, -1) for each in on], dtype=np.intp)
    cell, cells = pd.factorize(findings["cell"])
    places = np.array([position(each) or _WHOLE_SHEET for each in cells], dtype=np.intp).reshape(-1, 2)
    row, column = places[cell].T
    file, rule = (pd.factorize(findings[name], sort=True)[0] for name in ("file", "rule"))
    order = np.lexsort((rule, column, row, sheet, file))
    return findings.take(order).reset_index(drop=True)
