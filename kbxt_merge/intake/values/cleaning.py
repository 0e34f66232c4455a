"""Texts as schools type them, less what their keyboards and spreadsheets add."""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import is_normalized, normalize

_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe63"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad"
_WHITE = "".join(filter(str.isspace, map(chr, range(0x3001))))
_LOOKS_LIKE_X = "xХхΧχ×ⅩⅹＸｘ✕✖╳⨯"
_DOTS = "•・．‧･∙⋅."

_CODE_TABLE = {
    **dict.fromkeys(map(ord, _HYPHENS + _INVISIBLE + _WHITE)),
    **{ord("０") + digit: str(digit) for digit in range(10)},
    **{ord("Ａ") + letter: chr(ord("A") + letter) for letter in range(26)},
    **dict.fromkeys(map(ord, _LOOKS_LIKE_X), "X"),
}
_TEXT_MARKS = "'‘’`′＇\"“”＂="
_GROUPING = dict.fromkeys(map(ord, _HYPHENS + "•·・．‧･∙⋅. "))
_TRAILING_ZERO = re.compile(r"(?:[.．]0+)+$")

_LABEL = re.compile(
    r"^(?:(?:居民)?身份证(?:件)?(?:号码?)?|(?:公民)?身份号码|户口[本簿](?:号码?)?|证件号码?|号码?|ID|NO[.．]?)[:：]?(?=[0-9])",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?<=[0-9A-Za-z)）”])[(（\[【](?!X|[^)）\]】]*(?:[0-9?？父母爸妈爷奶叔姑哥姐弟妹兄旧错假疑待误不未无非]|监护|家长))[^)）\]】]*[)）\]】]$"
)
"""A note that is not another person's, and does not doubt the number before it."""
_WRAPPED = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
_ENDS = "。，,、；;.．：:/_"

_NO_INVISIBLES: dict[int, str | None] = dict.fromkeys(map(ord, _INVISIBLE))
_RADICALS: dict[int, str] = {
    **{place: normalize("NFKC", chr(place)) for place in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))},
    **dict(
        zip(
            map(ord, "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳"),
            "民西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
            strict=True,
        )
    ),
}
"""Radicals and compatibility ideographs, as they come out of a PDF, and the characters that they look like."""
_DOT_TABLE: Mapping[int, str | None] = {**_NO_INVISIBLES, **_RADICALS, **dict.fromkeys(map(ord, _DOTS), "·")}
_SCHOOL_TABLE: Mapping[int, str | None] = {**_NO_INVISIBLES, **_RADICALS}
_EAST_ASIAN = re.compile(r"[^\x00-\u2e7f]")
_INNER_SPACES = re.compile(r"(?<=[^\x00-\u2e7f])\s+(?=[^\x00-\u2e7f])")


def clean_id(text: str) -> str:
    """The text of an ID number without white space, hyphens, quotes and trailing .0; X for its look-alikes.

    A label before it, brackets around it, a mark or a note behind it are dropped.

    >>> clean_id("’36070420061210565х "), clean_id("身份证：360704200612105658（新）")
    ('36070420061210565X', '360704200612105658')
    """
    bare = text.translate(_CODE_TABLE).strip(_TEXT_MARKS)
    if not bare.isalnum():
        bare = _NOTE.sub("", _TRAILING_ZERO.sub("", bare).strip(_ENDS)).strip(_TEXT_MARKS)
        wrapped = _WRAPPED.fullmatch(bare)
        bare = wrapped[1] if wrapped else bare
    return bare if bare[:1].isdigit() else _LABEL.sub("", bare)


def clean_roll_number(text: str) -> str:
    """The text of a roll number, cleaned as the ID number in it, its prefix in upper case.

    >>> clean_roll_number(" g36070420061210565x")
    'G36070420061210565X'
    """
    cleaned = clean_id(text)
    return cleaned[0].upper() + cleaned[1:] if cleaned[:1] in ("g", "j", "l") else cleaned


def clean_cased_code(text: str) -> str:
    """A code's text without white space and what spreadsheets put around it, in characters of half width.

    >>> clean_cased_code(" Ｎame@example.cn ")
    'Name@example.cn'
    """
    return "".join(normalize("NFKC", text.translate(_NO_INVISIBLES)).split()).strip(_TEXT_MARKS)


def clean_code(text: str) -> str:
    """A code in capitals, without the hyphens, dots and spaces that group its characters.

    >>> clean_code("赣B·12345"), clean_code("6217 9942 7000 0000 001")
    ('赣B12345', '6217994270000000001')
    """
    return clean_cased_code(text).upper().translate(_GROUPING)


def clean_name(text: str) -> str:
    """A person's name without the spaces that pad it, its parts joined by ·.

    >>> clean_name("侯　 生"), clean_name("阿依古丽 • 买买提"), clean_name("Anna  Li"), clean_name("王⼩⽅")
    ('侯生', '阿依古丽·买买提', 'Anna Li', '王小方')
    """
    if text.isalpha() and is_normalized("NFKC", text):
        return text
    if not _EAST_ASIAN.search(text):
        return " ".join(text.translate(_NO_INVISIBLES).split())
    return "".join(text.translate(_DOT_TABLE).split())


def clean_school(text: str) -> str:
    """The name of a school without outer white space, and without the spaces between Chinese characters."""
    return _INNER_SPACES.sub("", text.translate(_SCHOOL_TABLE).strip())
