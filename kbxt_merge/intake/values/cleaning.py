"""Texts as schools type them, less what their keyboards and spreadsheets add."""

from __future__ import annotations

import re

_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe63"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad"
_WHITE = "".join(filter(str.isspace, map(chr, range(0x3001))))
_LOOKS_LIKE_X = "xХхΧχ×ⅩⅹＸｘ✕✖"
_DOTS = "•・．‧･∙⋅."

_CODE_TABLE = {
    **dict.fromkeys(map(ord, _HYPHENS + _INVISIBLE + _WHITE)),
    **{ord("０") + digit: str(digit) for digit in range(10)},
    **{ord("Ａ") + letter: chr(ord("A") + letter) for letter in range(26)},
    **dict.fromkeys(map(ord, _LOOKS_LIKE_X), "X"),
}
_TEXT_MARKS = "'‘’`′＇"
_TRAILING_ZERO = re.compile(r"(?:[.．]0+)+$")

_NO_INVISIBLES = dict.fromkeys(map(ord, _INVISIBLE))
_DOT_TABLE = {**_NO_INVISIBLES, **dict.fromkeys(map(ord, _DOTS), "·")}
_EAST_ASIAN = re.compile(r"[^\x00-\u2e7f]")
_INNER_SPACES = re.compile(r"(?<=[^\x00-\u2e7f])\s+(?=[^\x00-\u2e7f])")


def clean_id(text: str) -> str:
    """The text of an ID number without white space, hyphens, leading apostrophe and trailing .0; X for its look-alikes.

    >>> clean_id("’36070420061210565х ")
    '36070420061210565X'
    """
    return _TRAILING_ZERO.sub("", text.translate(_CODE_TABLE).lstrip(_TEXT_MARKS))


def clean_roll_number(text: str) -> str:
    """The text of a roll number, cleaned as the ID number in it, its prefix in upper case.

    >>> clean_roll_number(" g36070420061210565x")
    'G36070420061210565X'
    """
    cleaned = clean_id(text)
    return cleaned[0].upper() + cleaned[1:] if cleaned[:1] in ("g", "j", "l") else cleaned


def clean_name(text: str) -> str:
    """A person's name without the spaces that pad it, its parts joined by ·.

    >>> clean_name("侯　 生"), clean_name("阿依古丽 • 买买提"), clean_name("Anna  Li")
    ('侯生', '阿依古丽·买买提', 'Anna Li')
    """
    if text.isalpha():
        return text
    if not _EAST_ASIAN.search(text):
        return " ".join(text.translate(_NO_INVISIBLES).split())
    return "".join(text.translate(_DOT_TABLE).split())


def clean_school(text: str) -> str:
    """The name of a school without outer white space, and without the spaces between Chinese characters."""
    return _INNER_SPACES.sub("", text.translate(_NO_INVISIBLES).strip())
