"""Spreadsheet formulas as texts: only functions of Excel 2007, WPS and LibreOffice, and none that needs array entry."""

from __future__ import annotations

from collections.abc import Iterable

from kbxt_merge.outputs.blanks import names

DIGITS = '"0123456789"'

_INVISIBLE = " \u00a0\u3000\u200b\u200c\u200d\u200e\ufeff"


def quoted(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


def when(*cases: tuple[str, str], otherwise: str = '""') -> str:
    """The result of the first condition that holds.

    >>> when(("A1>1", "1"), ("A1>0", "2"), otherwise="3")
    'IF(A1>1,1,IF(A1>0,2,3))'
    """
    formula = otherwise
    for condition, result in reversed(cases):
        formula = f"IF({condition},{result},{formula})"
    return formula


def replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The text with each first of a pair replaced by the second."""
    for old, new in pairs:
        text = f"SUBSTITUTE({text},{quoted(old)},{quoted(new)})"
    return text


def without(text: str, characters: Iterable[str]) -> str:
    """The text without these characters."""
    return replaced(text, ((character, "") for character in characters))


def clean(cell: str) -> str:
    """The cell's text in half-width characters, without line breaks, white space and zero-width characters.

    ASC is to the self-check what NFKC is to the reader; a version of Excel without East Asian languages leaves the text
    as it is.
    """
    bare = without(f'ASC(CLEAN({cell}&""))', _INVISIBLE)
    return f'IF(ISERROR({cell}),"",{bare})'


def places(count: int) -> str:
    """The numbers from 1 to `count`, for SUMPRODUCT: by a name, for what many rows share may hold no constant array."""
    return names.numbers(count)


def digits_at_start(text: str, count: int) -> str:
    """Tell whether the first `count` characters are digits, as far as the text has so many.

    Zeros fill it up: what an empty text's place in another is, Excel and LibreOffice don't agree on.
    """
    if count > names.LARGEST_COUNT:
        rest = count - names.LARGEST_COUNT
        behind = digits_at_start(f"MID({text},{names.LARGEST_COUNT + 1},{rest})", rest)
        return f"AND({digits_at_start(text, names.LARGEST_COUNT)},{behind})"
    padded = f'{text}&"{"0" * count}"'
    return f"SUMPRODUCT(--ISNUMBER(FIND(MID({padded},{places(count)},1),{DIGITS})))={count}"


def is_digits(text: str, longest: int) -> str:
    """Tell whether the text is digits only, at least one and at most `longest`."""
    return f"AND(LEN({text})>0,LEN({text})<={longest},{digits_at_start(text, longest)})"


def one_of(value: str, choices: Iterable[str]) -> str:
    """Tell whether the value is one of these texts."""
    return f"OR({','.join(f'{value}={quoted(choice)}' for choice in choices)})"


def has(text: str, part: str) -> str:
    """Tell whether the text holds this part."""
    return f"ISNUMBER(FIND({quoted(part)},{text}))"


def without_end(text: str, ending: str) -> str:
    """The text without this ending."""
    size = len(ending)
    return f"IF(RIGHT({text},{size})={quoted(ending)},LEFT({text},LEN({text})-{size}),{text})"
