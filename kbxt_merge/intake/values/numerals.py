"""Numbers in Chinese characters, spoken or digit after digit, and their digits."""

from __future__ import annotations

import re

_DIGITS = {character: value % 10 for value, character in enumerate("〇一二三四五六七八九零")}
_IN_FULL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
"""The numerals of cheques."""
_ZEROS = str.maketrans("○OoＯ０", "〇〇〇〇〇")
_TENS = re.compile(r"(?P<tens>[一二三四五六七八九]?)十(?P<ones>[一二三四五六七八九]?)")
_NUMERAL = re.compile(r"[〇零○OoＯ]*[一二三四五六七八九十][〇零○OoＯ一二三四五六七八九十]*")


def read_numeral(text: str) -> int | None:
    """The number that Chinese characters write: by tens below a hundred, or digit after digit.

    >>> read_numeral("二十一"), read_numeral("二〇二一"), read_numeral("十几")
    (21, 2021, None)
    """
    if by_tens := _TENS.fullmatch(text):
        return _DIGITS.get(by_tens["tens"], 1) * 10 + _DIGITS.get(by_tens["ones"], 0)
    digits = [_DIGITS.get(character) for character in text.translate(_ZEROS)]
    if not digits or None in digits:
        return None
    return int("".join(map(str, digits)))


def numerals_to_digits(text: str) -> str:
    """The text with every number in Chinese characters written in digits; what is no number stays.

    >>> numerals_to_digits("二〇二一年十月三日"), numerals_to_digits("贰零贰壹年拾月")
    ('2021年10月3日', '2021年10月')
    """

    def in_digits(found: re.Match[str]) -> str:
        number = read_numeral(found.group())
        return found.group() if number is None else str(number)

    return _NUMERAL.sub(in_digits, text.translate(_IN_FULL))
