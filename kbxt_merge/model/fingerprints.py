"""By what a finding is known again in another file, row or round: digests of its child and its value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from kbxt_merge.model.district import Positions, Records, Texts
from kbxt_merge.model.sound_numbers import sound_numbers
from kbxt_merge.model.text import plain


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits of SHA-256 over the parts as compared; blank where the last part is blank."""
    compared = [plain(part) for part in parts]
    if not compared[-1]:
        return ""
    return hashlib.sha256("\x1f".join(compared).encode()).hexdigest()[:16]


def identify(frame: pd.DataFrame, records: Mapping[str, Records]) -> pd.DataFrame:
    """The digests `child_id`, `child_name` and `value_digest` of findings, one row a finding, under the frame's index.

    A child is known by a sound ID number and by school and name; either is blank where the record has none, both where
    the finding is about no record or the form about no child.
    """
    found = pd.DataFrame({"child_id": "", "child_name": ""}, index=frame.index, dtype=object)
    for form, group in frame[frame["record"] >= 0].groupby("form"):
        of_form = records[str(form)]
        at, which = np.unique(group["record"].to_numpy(dtype=np.intp), return_inverse=True)
        found.loc[group.index, "child_id"] = _child_ids(of_form, at)[which]
        found.loc[group.index, "child_name"] = _child_names(of_form, at)[which]
    found["value_digest"] = frame["value"].map({value: digest(str(value)) for value in frame["value"].unique()})
    return found


def _child_ids(records: Records, at: Positions) -> Texts:
    name = records.form.child_id
    if name is None:
        return np.full(len(at), "", dtype=object)
    numbers = records.values[name].iloc[at].where(sound_numbers(records)[at]).fillna("")
    return np.array([digest(number) for number in numbers], dtype=object)


def _child_names(records: Records, at: Positions) -> Texts:
    name = records.form.child_name
    if name is None:
        return np.full(len(at), "", dtype=object)
    shown = records.shown[name][at]
    schools = records.school[at]
    return np.array([digest(str(school), text) for school, text in zip(schools, shown, strict=True)], dtype=object)
