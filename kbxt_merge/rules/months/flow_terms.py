"""What the forms' rules say of the monthly flow: which list, which ledger, which counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kbxt_merge.model.district import Flags
from kbxt_merge.model.earlier import Earlier
from kbxt_merge.model.form import Form, Forms, RuleUse
from kbxt_merge.model.period import Period
from kbxt_merge.rules.checks.periods import counts_then
from kbxt_merge.rules.engine.attendance import statistics_form
from kbxt_merge.rules.engine.rule import Look, Work


@dataclass(frozen=True)
class Terms:
    """The terms of the flow.

    `look` is the use of vanished-without-return: it knows the list, who of it counts, and the ledger of those brought
    back. `category` is the list's field that tells families apart, `categories` its values counted apart. In the
    `statistics`, `brought_back` counts all who were brought back this term, `named` those whom the ledger names.
    `dropped_out` is the ledger's date of dropping out, `ledger_category` its field of families, blank for none.
    """

    look: Look
    statistics: Form
    category: str
    categories: tuple[str, ...]
    brought_back: str
    named: tuple[str, ...]
    dropped_out: str
    ledger_category: str

    @property
    def ledger(self) -> str:
        """The ledger's form."""
        return str(self.look.role("list"))

    @property
    def filled(self) -> str:
        """The ledger's date of being brought back."""
        return str(self.look.role("filled"))


def terms_of(work: Work) -> Terms | None:
    """The terms; None where no form has the rules that say them."""
    forms = work.district.forms
    vanished = next(((form, use) for form, use in _uses(forms, "vanished-without-return")), None)
    statistics = forms.by_slug.get(statistics_form(work.district))
    category = next((use.at for form, use in _uses(forms, "category-changed") if vanished and form is vanished[0]), "")
    if vanished is None or statistics is None or not category:
        return None
    form, use = vanished
    counts = [each for each in statistics.rules if each.slug == "count-list-mismatch"]
    apart = [value for each in counts if each.roles["list"] == form.slug for value in _where(each).get(category, ())]
    of_ledger = [each for each in counts if each.roles["list"] == use.roles["list"]]
    named = tuple(each.at for each in of_ledger)
    orders = [each for ledger, each in _uses(forms, "date-order") if ledger.slug == use.roles["list"]]
    return Terms(
        look=Look(work, work.district.records[form.slug], use),
        statistics=statistics,
        category=category,
        categories=tuple(dict.fromkeys(apart)),
        brought_back=next((each.at for each in statistics.rules if named and each.roles.get("at_least") == named), ""),
        named=named,
        dropped_out=next((str(each.roles["after"]) for each in orders if each.at == use.roles["filled"]), ""),
        ledger_category=next((name for each in of_ledger for name in _where(each)), ""),
    )


def brought_back_unnamed(terms: Terms, earlier: Earlier) -> Mapping[str, int]:
    """How many children each school brought back this month besides those whom its ledger names, as its counts say.

    They count from the term's beginning: what stood there last month is taken off, unless that was another term.
    """
    district = terms.look.district
    if not terms.brought_back:
        return {}
    same_term = Period.of(earlier.period.first) == Period.of(district.period.first)
    records, then = district.records[terms.statistics.slug], earlier.last[terms.statistics.slug]
    signs = {terms.brought_back: 1, **dict.fromkeys(terms.named, -1)}
    read = np.logical_and.reduce([_read(terms, name) for name in signs])
    months = np.zeros(len(records), dtype=np.int64)
    for name, sign in signs.items():
        before = counts_then(then, name)[0] if same_term else {}
        now = records.values[name].fillna(0).to_numpy(dtype=np.int64)
        months += sign * (now - np.array([before.get(school, 0) for school in records.school], dtype=np.int64))
    pairs = zip(records.school[read], months[read].tolist(), strict=True)
    return {school: count for school, count in pairs if count > 0}


def _read(terms: Terms, name: str) -> Flags:
    records = terms.look.district.records[terms.statistics.slug]
    read: Flags = records.values[name].notna().to_numpy(dtype=bool) & ~records.bears_error(name)
    return read


def _uses(forms: Forms, slug: str) -> list[tuple[Form, RuleUse]]:
    return [(form, use) for form in forms.forms for use in form.rules if use.slug == slug]


def _where(use: RuleUse) -> Mapping[str, tuple[str, ...]]:
    where = use.roles.get("where")
    return where if isinstance(where, dict) else {}
