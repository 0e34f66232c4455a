"""What a page may show of ID numbers and phones.

An ID number is its region, its birth date and four more characters: beside an age or a birth date, `362***********1234`
leaves a handful of candidates.  A report shows ages and birth dates, so it shows three digits of an ID number and no
more; of a phone, which holds nothing else, the first three and the last four.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kbxt_merge.model.text import mask

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]+")
_MASKED_ID = re.compile(r"([0-9][0-9 -]{1,2}\*{7,})[0-9Xx -]{0,3}[0-9Xx]")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[^0-9A-Za-z、,;/|\n]+(?=[0-9Xx])")
_MAY_HIDE = re.compile(r"\*|\d(?:\D*\d){6}")
_DIGIT_OR_X = re.compile(r"[0-9Xx]")
_FIRST_DIGITS = re.compile(r"(?:[^0-9Xx]*[0-9Xx]){0,3}")


@dataclass(frozen=True, slots=True)
class Privacy:
    """How much is shown: everything with `unmasked`, which only the bureau may ask for."""

    unmasked: bool = False

    def of_text(self, text: str) -> str:
        """Running text, its ID numbers and phones masked, full-width ones and those with invisible characters too."""
        if self.unmasked or not _MAY_HIDE.search(text):
            return text
        as_it_stands = _masked(text)
        as_it_reads = _masked(_visible(text))
        return as_it_stands if _visible(as_it_stands) == as_it_reads else as_it_reads

    def of_value(self, text: str, field_type: str) -> str:
        """A cell of a field of this type, masked."""
        if self.unmasked or not _MAY_HIDE.search(text):
            return text
        hide = {"id_number": _hide_id, "roll_number": _hide_id, "phone": _hide_phone}.get(field_type)
        return hide(text) if hide else self.of_text(text)


def _visible(text: str) -> str:
    """The text as a reader sees it: half-width, without invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def _masked(text: str) -> str:
    """Long numbers masked, of ID numbers the last digits too, also where whoever wrote the text had left those."""
    return _MASKED_ID.sub(lambda run: run[1] + "*" * (len(run[0]) - len(run[1])), mask(text))


def _hide_id(text: str) -> str:
    """The first three digits, whatever else was typed between or around them."""
    visible = _visible(text)
    shown = _FIRST_DIGITS.match(visible).group()  # type: ignore[union-attr]  # it matches any text
    return shown + _DIGIT_OR_X.sub("*", visible[len(shown) :])


def _hide_phone(text: str) -> str:
    """Each number by its first three and last four digits."""
    visible = _visible(text)
    hidden = mask(_BETWEEN_DIGITS.sub("", visible))
    return hidden if "*" in hidden else text
