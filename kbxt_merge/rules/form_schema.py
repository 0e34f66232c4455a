"""A form's pandera schema: typed, nullable columns, and each rule on its records as a check that says which hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import pandas as pd
import pandera.pandas as pa

from kbxt_merge.model.district import Flags
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.rules.catalogue import RULES
from kbxt_merge.rules.engine.rule import Rule

FormSchema = pa.DataFrameSchema
"""What a form's records are held to."""

Check = Callable[[RuleUse, Rule], Flags]
"""Which of the records at hand one use of a rule finds fault with, one flag a record."""

ON_RECORDS = (Scope.CELL, Scope.ROW, Scope.DISTRICT, Scope.REGISTER, Scope.PERIOD)
"""The scopes whose rules judge records, in the order of work."""

_DTYPES = {"sequence": "Int64", "age": "Int64", "count": "Int64", "number": "Float64", "date": "datetime64[s]"}


def form_schema(
    form: Form,
    check: Check,
    scopes: Collection[Scope] = ON_RECORDS,
    *,
    parser: pa.Parser | None = None,
    names_cases: bool = True,
) -> FormSchema:
    """Make the schema of a form: the cells' rules stand on its columns, all others on the whole frame.

    Only the rules of these scopes are checked. A check `names_cases` where it tells pandera of each record whether it
    holds; else only whether it holds of all, which costs less.
    """
    fields = form.fields if Scope.CELL in scopes else ()
    columns = {
        each.name: pa.Column(
            _DTYPES.get(each.type, "string"),
            nullable=True,
            checks=[_as_check(use, check, names_cases) for use in _uses_on_cell(form, each)],
        )
        for each in fields
    }
    on_frame = [use for scope in ON_RECORDS if scope in scopes and scope is not Scope.CELL for use in uses(form, scope)]
    return pa.DataFrameSchema(columns, checks=[_as_check(use, check, names_cases) for use in on_frame], parsers=parser)


def uses(form: Form, scope: Scope) -> Iterator[RuleUse]:
    """The uses of rules of one scope that the form's YAML names."""
    return (use for use in form.rules if RULES[use.slug].card.scope is scope)


def _uses_on_cell(form: Form, each: Field) -> list[RuleUse]:
    """The cell rules of a field: those of its type, and those that the form's YAML points at it; notes come last."""
    own = [RuleUse(slug, each.name) for slug, found in RULES.items() if found.card.is_on_all(each.kinds)]
    named = [use for use in uses(form, Scope.CELL) if use.at == each.name]
    return sorted([*own, *named], key=lambda use: RULES[use.slug].card.severity is Severity.INFO)


def _as_check(use: RuleUse, check: Check, names_cases: bool) -> pa.Check:
    def holds(data: pd.Series[Any] | pd.DataFrame) -> pd.Series[bool] | bool:
        faults = check(use, RULES[use.slug])
        return pd.Series(~faults, index=data.index) if names_cases else not faults.any()

    return pa.Check(holds, name=use.slug, description=RULES[use.slug].card.when.en, ignore_na=False)
