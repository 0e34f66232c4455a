"""Phone numbers as schools write them: mobiles, and landlines with the area code of their city.

Area codes: 国内长途区号, the numbering plan of the Ministry of Industry and Information Technology. A number typed with
its leading 0 is taken on its shape alone; one that lost it must begin with a code that exists, or it would hide a
mobile number short of a digit.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"[、;/,|&\\\r\n。]+|(?<=[0-9]{11})[-\s\u2010-\u2015\u2212]+(?=1[3-9][0-9]{9})")
_DOUBT = re.compile(r"空号|错|旧|停机|暂停|不[通对接详]|未接|无法|[无没]人|已换|欠费|注销|待[核查补]|疑似|[?]")
"""Words beside a number that say it is not, or no longer, the number."""
_WORDS = re.compile(r"[(\[【]?(?:(?!转|分机)[\u4e00-\u9fff·]|(?i:tel))+(?:[0-9](?![0-9]))?[:.]?[)\]】]?")
"""Whose a number is: 母亲, （父）, 电话:, 监护人1:; what stands beside it is another number."""
_SHORT_NUMBER = re.compile(r"[(\[【]?短号:?[0-9]{3,7}[)\]】]?")
"""A number within the company's net, dialled by nobody else."""
_LISTED = re.compile(r"(?<![0-9])[1-9][、.)](?=\s*[(]?(?:1[3-9]|0)[0-9])|[①-⑨]")
_AREA_APART = re.compile(r"(?<![0-9])(0[1-9][0-9]{1,2})[/、,;](?=[1-9][0-9]{6,7}(?![0-9]))")
_EXTENSION = re.compile(r"\(?(?:-?转|-?分机|-)(?:分机)?[0-9]{1,5}\)?$")
_SPACES = re.compile(r"\s+")
_NOISE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad:\"'“”‘’()\[\]\-\u2010-\u2015\u2212.·]+")
_PREFIX = re.compile(r"(?:\+?86|0086)(?=1[3-9][0-9]{9}$|0?[1-9][0-9]{8,10}$)")
_TWO_MOBILES = re.compile(r"(1[3-9][0-9]{9})(1[3-9][0-9]{9})")
_MOBILE = re.compile(r"0?(?P<number>1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<number>[1-9][0-9]{6,7})")
_TRAILING_ZERO = re.compile(r"(?<=[0-9]{7})\.0+$")
_EIGHT_DIGIT_AREA = re.compile(r"010|02[0-9]")


def _area_codes() -> frozenset[str]:
    """Every area code of three or four digits in use."""
    ranges = (
        "010 020-025 027-029 0310-0319 0335 0349-0359 0370-0379 0391-0398 0410-0419 0421 0427 0429 0431-0439 0451-0459 "
        "0464 0467-0469 0470-0479 0482 0483 0510-0519 0523 0527 0530-0539 0543 0546 0550-0566 0570-0580 0591-0599 "
        "0631-0635 0660 0662 0663 0668 0691 0692 0701 0710-0719 0722 0724 0728 0730-0739 0743-0746 0750-0763 0766 "
        "0768-0779 0790-0799 0812-0839 0851-0859 0870-0879 0881 0883 0886-0888 0891-0899 0901-0903 0906 0908 0909 "
        "0911-0919 0930-0939 0941 0943 0951-0955 0970-0979 0990-0999"
    )
    codes: set[str] = set()
    for each in ranges.split():
        first, _, last = each.partition("-")
        codes.update(str(code).zfill(len(first)) for code in range(int(first), int(last or first) + 1))
    return frozenset(codes)


_AREA_CODES = _area_codes()


def read_phones(text: str) -> str | None:
    """The numbers in the text, a landline as area-number, several joined by 、; None when one of them is none.

    >>> read_phones("+86 138-7425-7203"), read_phones("7978421234"), read_phones("1380013")
    ('13874257203', '0797-8421234', None)
    >>> read_phones("13874257203（母亲）父13974257203"), read_phones("0797-8421234转801")
    ('13874257203、13974257203', '0797-8421234')
    """
    if len(text) == 11 and _MOBILE.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFKC", _LISTED.sub("、", text))
    if _DOUBT.search(normal):
        return None
    bare = _AREA_APART.sub(r"\1-", _SHORT_NUMBER.sub("、", _LISTED.sub("、", normal)))
    return _joined(bare) or (_joined(bare.replace("\n", "")) if "\n" in bare else None)


def _joined(text: str) -> str | None:
    """The numbers of a text joined by 、; None where one of them is none."""
    parts = [part for part in _BETWEEN.split(_WORDS.sub("、", text)) if _NOISE.sub("", part)]
    numbers = [number for part in parts for number in _numbers_in(part)]
    return None if None in numbers else "、".join(filter(None, numbers)) or None


def _numbers_in(part: str) -> list[str | None]:
    """One number, or, where spaces or hyphens part several whole numbers, each of them."""
    whole = _read_one(part)
    if whole is None:
        both = _TWO_MOBILES.fullmatch(_NOISE.sub("", part))
        if both and not part.strip().isdecimal():
            return list(both.groups())
        pieces = [_read_one(piece) for piece in _SPACES.split(part.strip())]
        if len(pieces) > 1 and None not in pieces:
            return pieces
    return [whole]


def _read_one(text: str) -> str | None:
    digits = _digits(text)
    if mobile := _MOBILE.fullmatch(digits):
        return mobile["number"]
    return _read_landline(digits) or _read_landline_without_zero(digits) or _read_extended(text)


def _digits(text: str) -> str:
    digits = _NOISE.sub("", _TRAILING_ZERO.sub("", text.strip(" '‘’`")))
    return _PREFIX.sub("", digits, count=1) if digits.startswith(("+", "0086", "86")) else digits


def _read_extended(text: str) -> str | None:
    """The landline before an extension; a mobile has none."""
    parts = _EXTENSION.split(text.strip())
    return _read_landline(_digits(parts[0])) if len(parts) == 2 and not parts[1] else None


def _read_landline(digits: str) -> str | None:
    found = _LANDLINE.fullmatch(digits)
    if found is None or (_EIGHT_DIGIT_AREA.fullmatch(found["area"]) and len(found["number"]) != 8):
        return None
    return f"{found['area']}-{found['number']}"


def _read_landline_without_zero(digits: str) -> str | None:
    found = _read_landline("0" + digits)
    return found if found and found.partition("-")[0] in _AREA_CODES else None
