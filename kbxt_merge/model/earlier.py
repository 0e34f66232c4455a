"""What earlier periods held, as the ledger remembers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.period import Period
from kbxt_merge.model.text import Words

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class EarlierRecords:
    """Records of one form: `schools` and `places` have one text a record, `fields` a column a field of the form.

    `places` are the cells of the child's name (in a statistic of its school), as `Place` prints them. The fields are
    texts as files show them, a value that could not be read as it was typed, blank where there is nothing.
    """

    schools: Texts
    places: Texts
    fields: pd.DataFrame

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.schools)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of the last period that can't be compared with this one, and why."""

    what: Words
    why: Words


@dataclass(frozen=True, slots=True)
class Earlier:
    """The records of the last period and of those before it, by form.

    `last` holds the last period's as its last run left them, `all` those of all earlier periods, the same record of
    several periods once. Forms, fields and values of other names then stand under those of now; `gaps` are those of
    which nobody says what they are called now.
    """

    period: Period
    last: Mapping[str, EarlierRecords]
    all: Mapping[str, EarlierRecords]
    gaps: tuple[Gap, ...] = ()
    returned: frozenset[tuple[str, str]] = frozenset()
    in_error: frozenset[tuple[str, str, str]] = frozenset()
