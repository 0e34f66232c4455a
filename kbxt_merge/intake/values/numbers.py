"""Whole numbers as schools write them: 3人, 共3人, 1,424, 十三, 13周岁."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbxt_merge.model.text import plain

_ONES = ("", *"一二三四五六七八九")
_TENS = ("", "十", *(f"{each}十" for each in _ONES[2:]))


def _spoken() -> Mapping[str, int]:
    """Every number below a hundred as it is spoken."""
    numbers = {
        f"{tens}{ones}": 10 * place + value for place, tens in enumerate(_TENS) for value, ones in enumerate(_ONES)
    }
    del numbers[""]
    return {**numbers, "零": 0, "〇": 0, "两": 2, "俩": 2}


SPOKEN = _spoken()
"""Numbers below a hundred by the Chinese characters for them."""

_WRITTEN = "|".join(sorted(SPOKEN, key=len, reverse=True))
_DIGITS = r"(?P<number>[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?"
_MARKS = r"[。.,、;/]*"
_THINGS = "个月|课时|[个天次趟台辆册本套件处间张节班所户份条只桌顿餐层栋幢座场项块]"
_PERSONS = rf"(?:[名个]?(?:学?[人生]|孩子|学生)|人次|[名位]|{_THINGS})?整?"
_HOW_MANY = r"(?:(?:总?共|计|共计|合计|总计|总数|一共|[共现实]?有|已?劝返|已?开展|已?家访|已?走访):?)?"
_MONTHS = r"[零又]?(?:[0-9]|1[01]|[一二三四五六七八九十]|十一)个?月"
_COUNT = re.compile(rf"(?:{_HOW_MANY}{_DIGITS}{_PERSONS}|(?P<spoken>{_WRITTEN})){_MARKS}")
_AGE = re.compile(
    rf"(?P<sign>-?)(?:年龄:?)?(?:[已年刚]?满|[实周]岁|实足|现年?|今年)?(?:{_DIGITS}|(?P<spoken>{_WRITTEN}))"
    rf"(?:周岁?|足?岁整?|周?岁(?:{_MONTHS})?)?{_MARKS}"
)
_SEQUENCE = re.compile(r"(?P<number>[0-9]{1,9})(?:\.0+)?[.、]?")
_WRAPPED = re.compile(r"[(\[【\"'“‘]([^()\[\]【】\"'“”‘’]+)[)\]】\"'”’]?")
_NOTE = re.compile(rf"[(\[【](?![^)\]】]*(?:[0-9{''.join(_ONES)}]|虚|约|左右|以上|以下|估|疑|不|含))[^)\]】]*[)\]】]")
"""A note in brackets that holds no number of its own, and casts no doubt on the one before it."""


def read_count(text: str) -> int | None:
    """The number of persons or times that a text writes, or None; in Chinese characters it must stand alone.

    >>> read_count("共3人"), read_count("三人"), read_count("已劝返3次"), read_count("3人左右")
    (3, None, 3, None)
    """
    return _number(_COUNT, text)


def read_age(text: str) -> int | None:
    """The full years that a text writes, or None; months beside them are dropped, a half is not.

    >>> read_age("满13周岁"), read_age("十三岁5个月"), read_age("8足岁"), read_age("13岁半")
    (13, 13, 8, None)
    """
    return _number(_AGE, text)


def read_sequence(text: str) -> int | None:
    """The running number that a text writes, or None."""
    return _number(_SEQUENCE, text)


_AMOUNT = re.compile(
    r"(?:约?[¥￥])?(?P<number>-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)"
    r"(?P<unit>[%％‰]|[万亿]?[\u4e00-\u9fff/²·]{0,8}|[A-Za-z]{1,3}[23]?)[。.,、;]?"
)
_ALIKE: Mapping[str, str] = {
    each: words[0]
    for words in (
        ("元", "块", "块钱", "元钱"),
        ("厘米", "cm", "公分"),
        ("米", "m"),
        ("千米", "km", "公里"),
        ("千克", "kg", "公斤"),
        ("毫升", "ml"),
        ("平方米", "m2", "m²", "平米", "平方"),
        ("分钟", "min"),
    )
    for each in words
}
"""By a unit's other wordings, as they are compared, the one that they mean."""
_TIMES: Mapping[str, int] = {"": 1, "万": 10_000, "亿": 100_000_000}


def read_amount(text: str, unit: str) -> float | None:
    """The number that a text writes, in the field's own unit; None where it writes none, or one of another unit.

    >>> read_amount("1,250.00元", "元"), read_amount("1.2万元", "元"), read_amount("若干", "")
    (1250.0, 12000.0, None)
    """
    found = _AMOUNT.fullmatch(plain(text))
    if found is None:
        return None
    said, own = _unit(found["unit"].removesuffix("整")), _unit(unit)
    number = float(found["number"].replace(",", ""))
    if said in ("", own):
        return number
    if not own and said[:1] not in _TIMES:
        return number
    by, of = said[:1] if said[:1] in _TIMES else "", own[:1] if own[:1] in _TIMES else ""
    if said.removeprefix(by) not in ("", own.removeprefix(of)):
        return None
    return round(number * _TIMES[by] / _TIMES[of], 9)


def _unit(text: str) -> str:
    compact = plain(text).lower()
    return _ALIKE.get(compact, compact)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    compact = plain(text)
    inside = _WRAPPED.fullmatch(compact)
    found = pattern.fullmatch(inside[1] if inside else _NOTE.sub("", compact))
    if found is None:
        return None
    said = found.groupdict()
    number = SPOKEN[said["spoken"]] if said.get("spoken") else int(said["number"].replace(",", ""))
    return -number if said.get("sign") else number
