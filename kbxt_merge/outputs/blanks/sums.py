"""The sums of the statistics as formulas that the school may overwrite, from the form's own rules."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.form import Form


def sums_of(form: Form) -> Mapping[str, tuple[str, ...]]:
    """For each field that is a sum, the fields it is the sum of; none that would lead in a circle."""
    sums: dict[str, tuple[str, ...]] = {}
    for use in form.rules:
        parts = use.roles.get("equals")
        if use.slug != "count-sum" or not isinstance(parts, list | tuple) or use.at in sums:
            continue
        names = tuple(str(part) for part in parts)
        if not any(_leads_to(name, use.at, sums) for name in names):
            sums[use.at] = names
    return sums


def _leads_to(name: str, wanted: str, sums: Mapping[str, tuple[str, ...]]) -> bool:
    return name == wanted or any(_leads_to(part, wanted, sums) for part in sums.get(name, ()))
