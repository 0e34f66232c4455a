"""The names of ranges in a blank, by which formulas, drop-downs and formats refer to the hidden sheet."""

from __future__ import annotations

import re

from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.form import Form

SCHOOLS = "options_schools"
LETTERS, SYMBOLS = "options_letters", "options_symbols"
"""Latin capitals, and what can't stand in a name: a character a cell."""
NOTHING = "options_nothing"
"""Words that say as little as a blank cell."""

WEIGHTS = "options_weights"
"""By how much each digit of an ID number counts."""
BESIDE = "options_beside"
"""What may stand beside the words that report nobody."""

LARGEST_COUNT = 17
"""What is looked at character by character has so many at most."""

_NOT_IN_NAMES = re.compile(r"\W")


def choices(vocabulary: Vocabulary) -> str:
    """The values that a drop-down offers."""
    return f"options_{_NOT_IN_NAMES.sub('_', vocabulary.name)}"


def typed(vocabulary: Vocabulary) -> str:
    """What is read as a value, compacted."""
    return f"{choices(vocabulary)}_typed"


def read(vocabulary: Vocabulary) -> str:
    """The values that are read, one beside each of `typed`."""
    return f"{choices(vocabulary)}_read"


def numbers(count: int) -> str:
    """The numbers from 1 to `count`, a cell each."""
    return f"options_to_{count}"


def of_form(kind: str, form: Form) -> str:
    """A range that belongs to one form's self-check: check_line_1_2."""
    return f"check_{kind}_{_NOT_IN_NAMES.sub('_', form.slug)}"
