"""The notice's own aims (控辍保学): how many children are back, out, or taught at home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

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


class Rate(StrEnum):
    """A share that the notice asks for."""

    BACK = "back"
    BROUGHT_BACK = "brought-back"

    @property
    def words(self) -> Words:
        """What the share is called."""
        return _RATE_WORDS[self]

    @property
    def behind(self) -> Aim:
        """The figure behind which it stands."""
        return Aim(self.value)


_RATE_WORDS = {
    Rate.BACK: Words("返校率", "return rate"),
    Rate.BROUGHT_BACK: Words("劝返复学率", "share brought back"),
}

NamedChild = tuple[str, str]
"""A school and a child's name."""


@dataclass(frozen=True)
class Aims:
    """The figures: `schools` and `stages` have a row each and a column an aim's value, NaN where nothing came.

    `stage_of` names the stage of each school. `before` is as `schools`, of the earlier `period`, as far as its ledger
    tells. `left` are the children of relief households who dropped out, `unpersuaded` those put off school
    whose card tells of no persuasion this term. `lacking` counts schools whose list of dropouts did not come, so that
    nobody can say that none is left.
    """

    schools: pd.DataFrame
    stages: pd.DataFrame
    stage_of: Mapping[str, str]
    left: tuple[NamedChild, ...] = ()
    unpersuaded: tuple[NamedChild, ...] = ()
    lacking: int = 0
    before: pd.DataFrame | None = None
    period: Period | None = None

    @cached_property
    def known(self) -> tuple[Aim, ...]:
        """The aims that there are figures for."""
        return tuple(each for each in Aim if each.value in self.schools)

    @cached_property
    def totals(self) -> Mapping[Aim, int]:
        """The district's figures."""
        return totals_of(self.schools)

    @cached_property
    def totals_before(self) -> Mapping[Aim, int]:
        """The district's figures of the earlier period; none where there is none."""
        return {} if self.before is None else totals_of(self.before)

    def of_stage(self, stage: str) -> pd.DataFrame:
        """The rows of the schools of a stage."""
        return self.schools[[self.stage_of.get(name, "") == stage for name in self.schools.index]]

    @property
    def without_rate(self) -> int:
        """How many schools told only one of both, those due and those back."""
        if Aim.DUE.value not in self.schools or Aim.BACK.value not in self.schools:
            return 0
        return int((self.schools[Aim.DUE.value].isna() != self.schools[Aim.BACK.value].isna()).sum())

    @cached_property
    def rates(self) -> Mapping[Rate, float]:
        """The shares that can be told."""
        return rates_of(self.schools, self.totals)

    @cached_property
    def rates_before(self) -> Mapping[Rate, float]:
        """Those of the earlier period."""
        return {} if self.before is None else rates_of(self.before, self.totals_before)


_NOISE_PLACES = 6
"""Decimal places in which hundredths of a per cent are exact: 57 of 100 are no 56.99%."""


def percent(share: float) -> str:
    """The share in per cent; what is not whole is never rounded up to all.

    >>> percent(0.99999), percent(1.0), percent(57 / 100)
    ('99.99%', '100%', '57.00%')
    """
    return "100%" if share == 1 else f"{_hundredths(share) / 100:.2f}%"


def points(now: float, before: float) -> float:
    """By how many per cent points a share differs from one before, as both are shown.

    >>> points(0.5, 0.25), points(0.99999, 1.0)
    (25.0, -0.01)
    """
    return (_hundredths(now) - _hundredths(before)) / 100


def _hundredths(share: float) -> int:
    return int(round(share * 10_000, _NOISE_PLACES))


def to_sum(rows: pd.DataFrame) -> pd.DataFrame:
    """What may be added up: who tells only those due or only those back would leave more back than were due."""
    pair = [each for each in (Aim.DUE.value, Aim.BACK.value) if each in rows]
    return rows.assign(**rows[pair].where(rows[pair].notna().all(axis=1)))


def rate_of(rows: pd.DataFrame) -> float | None:
    """The share of those due who are back, over rows that tell both."""
    if Aim.DUE.value not in rows or Aim.BACK.value not in rows:
        return None
    due, back = (rows[each.value].to_numpy(dtype=float, na_value=np.nan) for each in (Aim.DUE, Aim.BACK))
    told = ~np.isnan(due + back)
    every = due[told].sum()
    return float(back[told].sum() / every) if every else None


@dataclass(frozen=True, slots=True)
class AimsLine:
    """One row of the figures: a school's or a stage's, None where nothing came; `rate` is the share of those back."""

    name: str
    counts: Mapping[Aim, int | None]
    rate: float | None


def lines_of(rows: pd.DataFrame) -> list[AimsLine]:
    """The rows one by one, each count as a whole number."""
    known = [each for each in Aim if each.value in rows]
    columns = {each: rows[each.value].to_numpy(dtype=float, na_value=np.nan) for each in known}
    untold = np.full(len(rows), np.nan)
    due, back = columns.get(Aim.DUE, untold), columns.get(Aim.BACK, untold)
    rates = np.divide(back, due, out=untold.copy(), where=due > 0)
    counts = zip(
        *([None if each != each else int(each) for each in columns[aim].tolist()] for aim in known), strict=True
    )
    told = counts if known else ((),) * len(rows)
    return [
        AimsLine(str(name), dict(zip(known, row, strict=True)), None if rate != rate else rate)
        for name, row, rate in zip(rows.index, told, rates.tolist(), strict=True)
    ]


def totals_of(rows: pd.DataFrame) -> Mapping[Aim, int]:
    """The sums of schools' figures, as far as they were told; those due and those back of schools that told both."""
    told = to_sum(rows)
    known = (each for each in Aim if each.value in rows)
    return {each: int(told[each.value].sum()) for each in known if told[each.value].notna().any()}


def rates_of(rows: pd.DataFrame, totals: Mapping[Aim, int]) -> Mapping[Rate, float]:
    """The shares that schools' figures and their totals tell: of those due who are back, of schools that told both, and
    of those who had dropped out this term or still do who were brought back; a share of nobody is none."""
    brought_back, dropouts = totals.get(Aim.BROUGHT_BACK), totals.get(Aim.DROPOUTS)
    found = {Rate.BACK: rate_of(rows)}
    if brought_back is not None and dropouts is not None and brought_back + dropouts:
        found[Rate.BROUGHT_BACK] = brought_back / (brought_back + dropouts)
    return {rate: share for rate, share in found.items() if share is not None}
