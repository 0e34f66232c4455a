"""What the cells of the definition workbook offer to choose from; anything else may be typed all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from kbxt_merge.model.definition_book.form_layout import FIELD_COLUMNS
from kbxt_merge.model.definition_book.layout import (
    HEADER_KINDS,
    HEADER_SHEET,
    MOST_PARTS,
    REGISTER_RULE_SHEET,
    REGISTER_SHEET,
    RELATION_SHEET,
    RELATIONS,
    RULE_SHEET,
    SEVERITIES,
    Item,
)
from kbxt_merge.model.definition_book.register_layout import ASKED, REGISTER_KEYS
from kbxt_merge.model.definition_book.shown_names import CODES_SHOWN


class Chosen(IntEnum):
    """Choices that are a workbook's own, each a column of its sheet 可选."""

    TYPE = 0
    RULE = 1
    PART = 2
    FORM = 3
    RELATION_PART = 4


Offer = Sequence[str] | Chosen


def words_offered(item: Item) -> Sequence[str]:
    """The words among which a line or column lets choose by itself."""
    return list(dict.fromkeys((item.choices or {}).values()))


_OF_FIELDS: Mapping[str, Offer] = {
    **{item.key: words for item in FIELD_COLUMNS if (words := words_offered(item))},
    "required": ["是"],
    "kind": list(CODES_SHOWN.values()),
    "type": Chosen.TYPE,
}
_OF_SHEETS: Mapping[str, Mapping[str, Offer]] = {
    RULE_SHEET: {
        "rule": Chosen.RULE,
        "form": Chosen.FORM,
        "severity": list(SEVERITIES.values()),
        **{f"part{number}": Chosen.PART for number in range(1, MOST_PARTS + 1)},
    },
    HEADER_SHEET: {"kind": list(HEADER_KINDS.values())},
    RELATION_SHEET: {
        "relation": list(RELATIONS.values()),
        "form": Chosen.FORM,
        "part": Chosen.RELATION_PART,
    },
    REGISTER_SHEET: {
        "part": list(REGISTER_KEYS.values()),
        "type": Chosen.TYPE,
        "mark": ["是", "否"],
        "in_use": ["是", "否"],
    },
    REGISTER_RULE_SHEET: {"asked": list(ASKED.values()), "form": Chosen.FORM},
}


def offers_of_form() -> Mapping[str, Offer]:
    """What the columns of a form's fields offer, by key."""
    return _OF_FIELDS


def offers_of(sheet: str) -> Mapping[str, Offer]:
    """What the columns of a sheet of our own offer, by key."""
    return _OF_SHEETS.get(sheet, {})
