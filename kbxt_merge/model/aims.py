"""The notice's own aims (控辍保学): how many children are back, out, or taught at home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from kbxt_merge.model.period import Period
from kbxt_merge.model.text import Words


class Aim(StrEnum):
    """A figure that the notice asks for; the order is that of the tables."""

    DUE = "due"
    BACK = "back"
    DROPOUTS = "dropouts"
    CLEARED = "cleared"
    DEFERRED = "deferred"
    BROUGHT_BACK = "brought-back"
    HOME_TAUGHT = "home-taught"
    DISABLED = "disabled"
    DISABLED_IN_SCHOOL = "disabled-in-school"

    @property
    def words(self) -> Words:
        """What the figure is called."""
        return _AIM_WORDS[self]


_AIM_WORDS = {
    Aim.DUE: Words("应返校", "due"),
    Aim.BACK: Words("已返校", "returned"),
    Aim.DROPOUTS: Words("失学辍学", "dropouts"),
    Aim.CLEARED: Words("其中脱贫户", "of relief households"),
    Aim.DEFERRED: Words("缓学休学", "deferred"),
    Aim.BROUGHT_BACK: Words("劝返复学", "brought back"),
    Aim.HOME_TAUGHT: Words("送教上门", "taught at home"),
    Aim.DISABLED: Words("残疾儿童", "disabled children"),
    Aim.DISABLED_IN_SCHOOL: Words("在校就读", "of these in school"),
}
RATE = Words("返校率", "return rate")

NamedChild = tuple[str, str]
"""A school and a child's name."""


@dataclass(frozen=True)
class Aims:
    """The figures: `schools` and `stages` have a row each and a column an aim's value, NaN where nothing came.

    `stage_of` names the stage of each school. `before` holds the district's figures of the earlier `period`, as far as
    they are known. `left` are the children of relief households who dropped out, `unpersuaded` those put off school
    whose card tells of no persuasion this term. `lacking` counts schools whose list of dropouts did not come, so that
    nobody can say that none is left.
    """

    schools: pd.DataFrame
    stages: pd.DataFrame
    stage_of: Mapping[str, str]
    left: tuple[NamedChild, ...] = ()
    unpersuaded: tuple[NamedChild, ...] = ()
    lacking: int = 0
    before: Mapping[Aim, int] | None = None
    period: Period | None = None

    @property
    def known(self) -> tuple[Aim, ...]:
        """The aims that there are figures for."""
        return tuple(each for each in Aim if each.value in self.schools)

    @property
    def totals(self) -> Mapping[Aim, int]:
        """The district's figures, as far as they were told; those due and those back of the schools that told both."""
        told = to_sum(self.schools)
        return {each: int(told[each.value].sum()) for each in self.known if told[each.value].notna().any()}

    def of_stage(self, stage: str) -> pd.DataFrame:
        """The rows of the schools of a stage."""
        return self.schools[[self.stage_of.get(name, "") == stage for name in self.schools.index]]

    @property
    def without_rate(self) -> int:
        """How many schools told only one of both, those due and those back."""
        if Aim.DUE.value not in self.schools or Aim.BACK.value not in self.schools:
            return 0
        return int((self.schools[Aim.DUE.value].isna() != self.schools[Aim.BACK.value].isna()).sum())

    @property
    def brought_back_rate(self) -> float | None:
        """Of those who had dropped out this term or still do, the share brought back; None where nobody had."""
        totals = self.totals
        if Aim.BROUGHT_BACK not in totals or Aim.DROPOUTS not in totals:
            return None
        every = totals[Aim.BROUGHT_BACK] + totals[Aim.DROPOUTS]
        return totals[Aim.BROUGHT_BACK] / every if every else None

    @property
    def rate(self) -> float | None:
        """The share of those due who are back, of schools that told both; None where nobody was due."""
        return rate_of(self.schools)


_NOISE_PLACES = 6
"""Decimal places in which hundredths of a per cent are exact: 57 of 100 are no 56.99%."""


def percent(share: float) -> str:
    """The share in per cent; what is not whole is never rounded up to all.

    >>> percent(0.99999), percent(1.0), percent(57 / 100)
    ('99.99%', '100%', '57.00%')
    """
    hundredths = int(round(share * 10_000, _NOISE_PLACES))
    return "100%" if share == 1 else f"{hundredths / 100:.2f}%"


def to_sum(rows: pd.DataFrame) -> pd.DataFrame:
    """What may be added up: who tells only those due or only those back would leave more back than were due."""
    pair = [each for each in (Aim.DUE.value, Aim.BACK.value) if each in rows]
    return rows.assign(**rows[pair].where(rows[pair].notna().all(axis=1)))


def rate_of(rows: pd.DataFrame) -> float | None:
    """The share of those due who are back, over rows that tell both."""
    if Aim.DUE.value not in rows or Aim.BACK.value not in rows:
        return None
    # asked of every school in turn: a frame's own ways would take longer than all else that a page says of it
    due, back = (rows[each.value].to_numpy(dtype=float, na_value=np.nan) for each in (Aim.DUE, Aim.BACK))
    told = ~np.isnan(due + back)
    every = due[told].sum()
    return float(back[told].sum() / every) if every else None
