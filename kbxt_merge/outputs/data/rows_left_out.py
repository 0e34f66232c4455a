"""The rows below headers that were not taken as records, each with its reason: nothing of a return goes in silence."""

from __future__ import annotations

import pandas as pd

from kbxt_merge.model.district import District
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.returned_form import Standing

LEFT_OUT_COLUMNS = ("file", "sheet", "row", "form", "school", "reason", "text")


def rows_left_out(district: District) -> pd.DataFrame:
    """The rows that the returns in force left out, with LEFT_OUT_COLUMNS, in the order they were read.

    `row` counts from 1, as the sheet does; `reason` is a `Reason`; `text` is the row's, its numbers masked.
    """
    rows = [
        (
            each.file.path,
            each.sheet.sheet,
            row.row + 1,
            each.form.slug,
            each.school,
            row.reason.value,
            MASKED.text[row.text],
        )
        for each in district.returned
        if each.standing is Standing.IN_FORCE
        for row in each.sheet.left_out
    ]
    return pd.DataFrame(rows, columns=list(LEFT_OUT_COLUMNS))
