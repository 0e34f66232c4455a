"""The order in which people read findings: file by file, sheet by sheet, row by row."""

from __future__ import annotations

import pandas as pd

from kbxt_merge.model.district import District


def in_reading_order(findings: pd.DataFrame, district: District) -> pd.DataFrame:
    """The findings sorted by file, then sheet as the workbook has them, row, column and rule."""
    sheets: dict[tuple[str, str], int] = {}
    for each in district.returned:
        sheets.setdefault((each.file.path, each.sheet.sheet), len(sheets))
    place = findings["cell"].str.extract(r"^([A-Z]*)([0-9]*)$")
    keys = pd.DataFrame(
        {
            "file": findings["file"],
            "sheet": [sheets.get(key, -1) for key in zip(findings["file"], findings["sheet"], strict=True)],
            "row": pd.to_numeric(place[1], errors="coerce").fillna(0),
            "width": place[0].str.len().fillna(0),
            "column": place[0].fillna(""),
            "rule": findings["rule"],
        }
    )
    order = keys.sort_values(list(keys.columns), kind="stable").index
    return findings.loc[order].reset_index(drop=True)
