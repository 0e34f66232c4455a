"""The monthly flow of dropouts, worked out of last month's list and this month's.

Who is listed is known by name.  Who was brought back is known by name where a ledger names children; of the other
families' children the statistics only say how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from kbxt_merge.model.child import Children
from kbxt_merge.model.district import District, Flags, Positions
from kbxt_merge.model.earlier import Earlier
from kbxt_merge.model.flow import Flow, Measure
from kbxt_merge.model.keys import is_among
from kbxt_merge.model.relations import Dropouts, Returns, Statistics
from kbxt_merge.rules.checks.lists import says_none
from kbxt_merge.rules.checks.periods import returned_now
from kbxt_merge.rules.children.across_periods import holds_then
from kbxt_merge.rules.children.matching import children, match
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Work
from kbxt_merge.rules.months.brought_back import brought_back_unnamed


def monthly_flow(district: District) -> Flow | None:
    """The flow of a month; None for a term, or where the ledger does not know the month before."""
    earlier, period = district.earlier, district.period
    if earlier is None or not period.month or earlier.period != period.previous():
        return None
    relations = district.forms.relations.flow
    if relations is None:
        return None
    moves = _Moves(Work(district), earlier, *relations)
    of_school = {each.name: each.stage for each in district.roster.schools} if district.roster else {}
    stages = moves.table(lambda school: of_school.get(school, ""), list(dict.fromkeys([*of_school.values(), ""])))
    schools = moves.table(lambda school: school, district.schools)
    return Flow(period, moves.dropouts.apart, stages, schools, moves.carried, moves.changed)


@dataclass
class _Moves:
    """The children of both lists, each once, and where they went."""

    work: Work
    earlier: Earlier
    dropouts: Dropouts
    returns: Returns
    statistics: Statistics

    def table(self, unit: Callable[[str], str], units: Sequence[str]) -> pd.DataFrame:
        """The flow by units of schools; units of which there is nothing to say are left out."""
        stayed = self._stayed.assign(left=[unit(each) for each in self._stayed["school"]])
        moved = stayed[stayed["left"] != [unit(each) for each in stayed["school_now"]]]
        parts = [
            self._events,
            moved.assign(measure=Measure.STRUCK_OFF.value),
            moved.assign(school=moved["school_now"], category=moved["category_now"], measure=Measure.NEW.value),
        ]
        found = pd.concat([each[["school", "measure", "category"]] for each in parts], ignore_index=True)
        found["unit"] = [unit(each) for each in found["school"]]
        apart = found[found["category"].isin(self.dropouts.apart)]
        counts = Counter(
            (row.unit, row.measure, row.category)
            for row in pd.concat([found.assign(category=""), apart]).itertuples(index=False)
        )
        columns = list(product([each.value for each in Measure], ["", *self.dropouts.apart]))
        shown = [each for each in units if each in set(found["unit"])]
        rows = [[counts[each, *column] for column in columns] for each in shown]
        return pd.DataFrame(rows, index=shown, columns=pd.MultiIndex.from_tuples(columns), dtype="int64")

    @property
    def changed(self) -> int:
        """How many children of both lists have another category now."""
        return int((self._stayed["category"] != self._stayed["category_now"]).sum())

    @property
    def carried(self) -> tuple[str, ...]:
        """The schools whose list did not come, where last month's had children."""
        return tuple(dict.fromkeys(self._then.loc[self._then["fate"] == "carried", "school"]))

    @cached_property
    def _events(self) -> pd.DataFrame:
        """What counts in every table: `school`, `measure` and `category`, a row a child."""
        then, now, fates = self._then, self._now, {"back": Measure.BACK, "gone": Measure.STRUCK_OFF}
        parts = [
            then.assign(measure=Measure.OPENING.value),
            *(then[then["fate"] == fate].assign(measure=measure.value) for fate, measure in fates.items()),
            then[then["fate"] == "carried"].assign(measure=Measure.CLOSING.value),
            now.assign(measure=Measure.CLOSING.value),
            now[~now["known"]].assign(measure=Measure.NEW.value),
            *(self._passed_through.assign(measure=each.value) for each in (Measure.NEW, Measure.BACK)),
        ]
        return pd.concat([each[["school", "measure", "category"]] for each in parts], ignore_index=True)

    @cached_property
    def _stayed(self) -> pd.DataFrame:
        """The children of both lists: `school` and `category` then, `school_now` and `category_now`."""
        then = self._then[self._then["fate"] == "stays"].reset_index(drop=True)
        now = self._now.iloc[then["partner"].to_numpy(dtype=np.intp)].reset_index(drop=True)
        return then.assign(school_now=now["school"], category_now=now["category"])

    @cached_property
    def _now(self) -> pd.DataFrame:
        """This month's children: `school`, `category`, and whether they were `known` last month."""
        known, at = self._listed_now
        category = self.work.district.records[self.dropouts.form].shown[self.dropouts.category][at]
        were_known = np.isin(np.arange(len(known)), self._partner)
        return pd.DataFrame({"school": known.schools, "category": category, "known": were_known})

    @cached_property
    def _then(self) -> pd.DataFrame:
        """Last month's children: `school`, `category`, `partner` (their place in `_now`, or -1) and `fate`."""
        (known, at), partner, slug = self._listed_then, self._partner, self.dropouts.form
        category = self.earlier.last[slug].fields[self.dropouts.category].to_numpy(dtype=object)[at]
        came = attendance(self.work).came(known.schools, slug) | says_none(self.work, known.schools, slug)
        left = came & (partner < 0)
        back = left & returned_now(self.work, self.returns.form, self.returns.return_day, known)
        other = ~np.isin(category.astype(str), self.dropouts.apart)
        for school, count in self._unnamed.items():
            here = other & (known.schools == school)
            rest = np.flatnonzero(here & left & ~back)
            back[rest[: max(count - int((here & back).sum()), 0)]] = True
        fate = np.select([partner >= 0, ~came, back], ["stays", "carried", "back"], "gone")
        return pd.DataFrame({"school": known.schools, "category": category, "partner": partner, "fate": fate})

    @cached_property
    def _passed_through(self) -> pd.DataFrame:
        """Who dropped out and was brought back between both lists: `school` and `category`."""
        named = self._named_passers
        back = self._then[self._then["fate"] == "back"]
        other = Counter(back.loc[~back["category"].isin(self.dropouts.apart), "school"])
        other.update(named.loc[~named["category"].isin(self.dropouts.apart), "school"])
        rest = [school for school, count in self._unnamed.items() for _ in range(count - other[school])]
        return pd.concat([named, pd.DataFrame({"school": rest, "category": [""] * len(rest)}, dtype=object)])

    @cached_property
    def _named_passers(self) -> pd.DataFrame:
        """Those of whom the ledger says so, and whom neither list holds."""
        returns, period = self.returns, self.work.district.period
        records, known = self.work.district.records[returns.form], children(self.work, returns.form)
        dropped = records.values[returns.dropout_day or returns.return_day]
        within = _within(records.values[returns.return_day], period.first, period.last)
        within = within & _within(dropped, period.first, period.last) & bool(returns.dropout_day)
        listed = np.concatenate([self._listed_then[0].by_name, self._listed_now[0].by_name])
        at = np.flatnonzero(within & ~(is_among(known.by_name, listed) & (known.by_name != 0)))
        at = at[known.at(at).first_of_each]
        category = records.shown[returns.category][at] if returns.category else np.full(len(at), "", dtype=object)
        return pd.DataFrame({"school": known.schools[at], "category": category}, dtype=object)

    @cached_property
    def _unnamed(self) -> dict[str, int]:
        return dict(brought_back_unnamed(self.work.district, self.earlier, self.statistics, self.returns))

    @cached_property
    def _partner(self) -> Positions:
        """For each of last month's children the place in this month's, or -1; no place twice."""
        found = match(self._listed_then[0], self._listed_now[0], anywhere=True).partner
        again = pd.Series(found).duplicated().to_numpy(dtype=bool)
        return np.where(again, -1, found).astype(np.intp)

    @cached_property
    def _listed_then(self) -> tuple[Children, Positions]:
        form = self.work.district.forms.by_slug[self.dropouts.form]
        records = self.earlier.last[form.slug]
        return _each_once(Children.of_earlier(records, form), holds_then(records, self.dropouts.where))

    @cached_property
    def _listed_now(self) -> tuple[Children, Positions]:
        slug = self.dropouts.form
        return _each_once(children(self.work, slug), self.work.district.records[slug].holding(self.dropouts.where))


def _each_once(known: Children, among: Flags) -> tuple[Children, Positions]:
    """The children flagged, each once, and their positions."""
    at = np.flatnonzero(among)
    at = at[known.at(at).first_of_each]
    return known.at(at), at


def _within(days: pd.Series[pd.Timestamp], first: object, last: object) -> Flags:
    return days.between(pd.Timestamp(str(first)), pd.Timestamp(str(last))).to_numpy(dtype=bool)
