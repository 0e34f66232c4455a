"""The sums that a form's YAML begins its rules with, as cells of its fields: the others stand in 表间核对."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbxt_merge.model.definition_book.cell_texts import Tree, quoted, texts_of
from kbxt_merge.model.definition_book.form_layout import SUM_COLUMNS, SUM_RULE
from kbxt_merge.model.definition_book.shown_names import ShownNames


def sum_cells(rules: Tree, names: Sequence[str], shown: ShownNames) -> tuple[Mapping[tuple[str, str], str], int]:
    """By field and column what their cells say, and how many rules that is: those that read back in the same order."""
    cells: dict[tuple[str, str], str] = {}
    order = {(name, how): (place, at) for at, name in enumerate(names) for place, how in enumerate(SUM_COLUMNS)}
    last = (-1, -1)
    count = 0
    for rule in rules if isinstance(rules, Sequence) and not isinstance(rules, str) else ():
        told = _told(rule, shown)
        if told is None or order.get(told[0], (-1, -1)) < last:
            break
        key, text = told
        last = order[key]
        between = "；" if key[1] == "equals" else "、"
        cells[key] = f"{cells[key]}{between}{text}" if key in cells else text
        count += 1
    return cells, count


def _told(rule: Tree, shown: ShownNames) -> tuple[tuple[str, str], str] | None:
    """Field, column and text of a rule that is a sum and nothing besides; None for any other."""
    if not isinstance(rule, Mapping) or rule.get("rule") != SUM_RULE or not isinstance(rule.get("at"), str):
        return None
    how = [key for key in rule if key not in ("rule", "at")]
    if len(how) != 1 or how[0] not in SUM_COLUMNS:
        return None
    parts = [shown.show(name) for name in texts_of(rule[how[0]])]
    if not parts or any(set("+；;\n") & set(part) for part in parts):
        return None
    return (str(rule["at"]), how[0]), ("、" if how[0] == "equals" else "+").join(map(quoted, parts))
