"""What kinds of value a setting takes, and how each is read from a TOML value or from text."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbxt_merge.model.inbox import Inbox, RemoteInbox, is_url, parse_inbox
from kbxt_merge.model.mail_account import Security
from kbxt_merge.model.period import Period
from kbxt_merge.model.text import Words

_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(|[KMG]i?B?|B)", re.I)
_POWERS = {"K": 10, "M": 20, "G": 30}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: `read` raises ValueError for anything else, and `wanted` says what is taken."""

    read: Callable[[object], object]
    wanted: Words
    shown: Callable[[Any], str] = str
    """A value as it may be written in kbxt.toml."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else _text(value).split(",")
    return tuple(part for each in parts if (part := _text(each)))


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).lower()
    if word not in _FLAGS:
        raise ValueError
    return _FLAGS[word]


def _whole(value: object) -> int:
    number = int(_text(value)) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValueError
    return number


def _at_least_one(value: object) -> int:
    number = _whole(value)
    if number < 1:
        raise ValueError
    return number


def _seconds(value: object) -> float:
    number = float(_text(value)) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < math.inf:
        raise ValueError
    return float(number)


def _bytes(value: object) -> int:
    """A size in bytes; K, M and G are powers of 1024.

    >>> _bytes("512 MiB"), _bytes("1.5G"), _bytes(1024)
    (536870912, 1610612736, 1024)
    """
    if not isinstance(value, str):
        return _at_least_one(value)
    found = _SIZE.fullmatch(value.strip())
    if not found:
        raise ValueError
    return _at_least_one(int(float(found[1]) * 2 ** _POWERS.get(found[2][:1].upper(), 0)))


def _shown_bytes(size: int) -> str:
    """The size in the largest unit that divides it.

    >>> _shown_bytes(1536 << 20), _shown_bytes(1000)
    ('1536 MiB', '1000')
    """
    unit = next((unit for unit, power in reversed(_POWERS.items()) if size % (1 << power) == 0), "")
    return f"{size >> _POWERS[unit]} {unit}iB" if unit else str(size)


def _day(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    return dt.date.fromisoformat(_text(value))


def _period(value: object) -> Period:
    return value if isinstance(value, Period) else Period.parse(_text(value))


def _path(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not _text(value):
        raise ValueError
    return Path(_text(value)).expanduser()


def _place(value: object) -> Inbox:
    """A path or a URL."""
    if isinstance(value, RemoteInbox):
        return value
    return parse_inbox(value.strip()) if isinstance(value, str) and is_url(value.strip()) else _path(value)


TEXT = Kind(_text, Words("文字", "a text"))
TEXTS = Kind(_texts, Words("文字的列表", "a list of texts"), ",".join)
FLAG = Kind(_flag, Words("true 或 false", "true or false"), lambda flag: str(flag).lower())
WHOLE = Kind(_whole, Words("整数（0 或以上）", "a whole number, 0 or more"))
AT_LEAST_ONE = Kind(_at_least_one, Words("整数（1 或以上）", "a whole number, 1 or more"))
SECONDS = Kind(_seconds, Words("秒数", "a number of seconds"))
BYTES = Kind(_bytes, Words("字节数，如 512 MiB", "a size, such as 512 MiB"), _shown_bytes)
DAY = Kind(_day, Words("日期，如 2021-03-20", "a day, such as 2021-03-20"))
PERIOD = Kind(
    _period,
    Words(
        "学期、月份、季度或学年，如 2021春、2021-03、2021Q2、2020学年",
        "a term, month, quarter or school year: 2021春, 2021-03, 2021Q2, 2020学年",
    ),
)
PATH = Kind(_path, Words("文件或文件夹的路径", "the path of a file or folder"))
PLACE = Kind(_place, Words("文件夹的路径或网址", "the path or URL of a folder"))


def _security(value: object) -> Security:
    return Security(_text(value))


SECURITY = Kind(_security, Words("ssl、starttls、none 之一", "one of ssl, starttls, none"))


def one_of(*choices: str) -> Kind:
    """One of a few words."""

    def read(value: object) -> str:
        word = _text(value)
        if word not in choices:
            raise ValueError
        return word

    return Kind(read, Words("、".join(choices) + " 之一", "one of " + ", ".join(choices)))
