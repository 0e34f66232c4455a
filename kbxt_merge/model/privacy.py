"""What may be shown of a number that leaves a record: of an ID number its first three digits, of a phone three and two.

An ID number is its region, its birth date and four more characters: beside an age or a birth date, any more of it
leaves a handful of candidates.  Days, months, periods and times are no such numbers and stay as they are.
The names of files, folders, sheets and cells tell what is where: of these, which are a `Name`, only ID numbers are
masked (`of_names`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

FIRST, LAST_OF_PHONE = 3, 2
"""Digits that are shown of any number, and those of a phone besides."""
NO_PERSONS = "no persons"
"""Stands for the type of fields whose codes are no person's: a firm's, a vehicle's, a school's."""

_REMEMBERED = 200_000
"""Texts of which it is kept what is shown of them: those of a district, not all that a long process comes to see."""


class Name(str):
    """The name of a file, a folder, a sheet or a cell: it is shown but for ID numbers, whatever other digits it has."""

    __slots__ = ()


def is_withheld(suggestion: str) -> bool:
    """Tell whether a suggestion is a number that was masked where it was found: only the bureau may have it whole."""
    return "*" in suggestion


class Once(dict[str, str]):
    """By text what is shown of it: a text that comes again is not looked at again, unless it is long ago."""

    def __init__(self, show: Callable[[str], str]) -> None:
        """Begin without any text."""
        super().__init__()
        self._show = show

    def __missing__(self, text: str) -> str:
        """Look at the text."""
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = shown = self._show(text)
        return shown

    def all(self, texts: Iterable[str]) -> list[str]:
        """Mask each of the texts."""
        return list(map(self.__getitem__, texts))


@dataclass(frozen=True)
class Privacy:
    """How much is shown: everything with `unmasked`, which only the bureau may ask for."""

    unmasked: bool = False

    @cached_property
    def text(self) -> Once:
        """Running text."""
        return Once(str if self.unmasked else _of_text)

    @cached_property
    def words(self) -> Once:
        """Names of files, sheets and schools, words of ours with such in them, and what a register has for a name."""
        return Once(str if self.unmasked else of_names)

    def value(self, field_type: str) -> Once:
        """Values of fields of this type, several of which may be joined."""
        if field_type not in self._values:
            show = _OF_TYPE.get(field_type)
            self._values[field_type] = Once(show) if show and not self.unmasked else self.text
        return self._values[field_type]

    @cached_property
    def _values(self) -> dict[str, Once]:
        return {}


MASKED = Privacy()
"""The one mask of all that leaves the bureau."""


class _Signs(dict[int, str]):
    """What a character of a number is read as: a digit, `*`, `X`, `_` where nothing is seen, `,` or a blank between."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isdecimal() or char in _CIRCLED:
            sign = str(unicodedata.digit(char))
        elif unicodedata.category(char) == "Cf":
            sign = "_"
        else:
            sign = next((sign for sign, chars in _SIGNS.items() if char in chars), " ")
        self[code] = sign
        return sign


_SIGNS = {"0": "Oo", "1": "Il", "*": "*＊", "X": "XxＸｘ", ",": "、，,;；+=%％年月日号"}
_READ = _Signs()
_TYPED_FOR_DIGITS = _SIGNS["0"] + _SIGNS["1"] + _SIGNS["X"]

_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⓿❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈➊➋➌➍➎➏➐➑➒"
_PARTING = r"(?:\s++|<[Bb][Rr]\s*/?>|&nbsp;|[^\w*＊\s]|[_年月日号]){0,24}"
_UNIT = rf"(?:[\d{_CIRCLED}]|[*＊]+|[Xx]{{3,}})"
_RUN = re.compile(rf"[\d{_CIRCLED}](?:(?:{_PARTING}|[A-Za-z]){_UNIT}){{3,}}(?:{_PARTING}[XxＸｘ](?![A-Za-z0-9]))?")
"""Digits and whatever parts them; stars and several X stand for digits that whoever typed them had hidden."""

_MARKER = re.compile(rf"(?<![\d*{_CIRCLED}])[{_CIRCLED}](?=\d)")
"""A circled digit before others that are not: it counts the points of a list."""
_MOST_MARKERS = 9
_STARS = re.compile("X{3,}")
_INNER_X = re.compile("X(?! *$)")
_GAP = re.compile("[ ,_]*[ ,][ ,_]*")

_REGION = ["1[1-5]", "2[1-3]", "3[1-7]", "4[1-6]", "5[0-4]", "6[1-5]", "71", "8[1-3]"]
_CENTURY, _MONTH, _DAY = ("19", "20"), ("0[1-9]", "1[0-2]"), ("0[1-9]", "[12][0-9]", "3[01]")


def _one_of(choices: Iterable[str], parted: str = "") -> str:
    """A pattern of choices of two digits each, and of what may part the two."""
    digits = (re.findall(r"\[.*?\]|[0-9]", choice) for choice in choices)
    return f"(?:{'|'.join(parted.join(pair) for pair in digits)})"


_ANY = "[ ,_]*"
_YEAR = f"{_one_of(_CENTURY)}[0-9]{{2}}"
_ID = (
    rf"(?:{_ANY.join([_one_of(_REGION, _ANY), *['[0-9]'] * 4])}|(?!19|20)[0-9]{{6}}(?=[ ,])){_ANY}"
    rf"{_ANY.join([_one_of(_CENTURY, _ANY), '[0-9]', '[0-9]', _one_of(_MONTH, _ANY), _one_of(_DAY, _ANY)])}"
    rf"(?:{_ANY}[0-9]){{1,3}}(?:{_ANY}[0-9X])?[0-9X_]*"
)
_GLUED_ID = re.compile(
    rf"(?<=[0-9])(?=({_one_of(_REGION)}[0-9]{{4}}{_YEAR}{_one_of(_MONTH)}{_one_of(_DAY)}[0-9]{{3}}[0-9X]))"
)
"""An ID number right behind another digit, as in 附件3360704…: all together is none."""
_DATE = (
    rf"{_YEAR}(?:{_one_of(_MONTH)}{_one_of(_DAY)}(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
    rf"|{_one_of(_MONTH)}{_one_of(_DAY)}"
    r"| +(?:0?[1-9]|1[0-2]) +(?:0?[1-9]|[12][0-9]|3[01])| +(?:0?[1-9]|1[0-2])(?= +[0-9]{5}))(?![0-9*_])"
)
_PHONE = (
    r"(?:1_*[3-9]_*[0-9*](?:[ _]*[0-9*]){8}|1 +[3-9](?: +[0-9*]){9}|1[3-9][0-9],+[0-9]{4},+[0-9]{4}"
    r"|0[0-9]{2,3}(?:[ _]*[0-9*]){7,8})(?![0-9*_])"
)
_NUMBER = re.compile(
    rf"(?<![0-9*_])(?:(?P<id>{_ID})|(?P<date>{_DATE})|(?:(?:00)?86 *)?(?P<phone>{_PHONE})"
    rf"|(?P<other>[0-9*_]+(?: +(?!{_ID}|{_DATE}|{_PHONE})[0-9*_]+)*(?:[ _]*X)?))"
)
_DIGIT = re.compile("[0-9*X]")
_CLOCK = re.compile("(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](?=[ ,])")
_NO_NUMBER = re.compile(rf"[0-9]{{1,2}}|{_YEAR}(?:{_one_of(_MONTH)})?")
"""Years, months, and what is too short for a part of a number: so are lists, ranges and times written."""

_LEAST, _MOST_OF_PHONE = 7, 12
"""Digits from which on a number is hidden, and up to which one that stands among phones is a phone."""
_LEAST_OF_ID = 15


def _at_least(count: int, signs: str) -> re.Pattern[str]:
    """A pattern for the beginning of a text with so many characters that may be read as digits, or as these signs."""
    seen = rf"\d{_CIRCLED}{''.join(_SIGNS[sign] for sign in signs)}"
    return re.compile(rf"(?:[^{seen}]*[{seen}]){{{count}}}")


_MAY_HOLD_ID, _MAY_HOLD_NUMBER = _at_least(_LEAST_OF_ID, "01"), _at_least(_LEAST, "01*X")
"""Most texts hold too few digits for a number, or for an ID number that is not hidden yet: they need no closer look."""


def of_names(text: str) -> str:
    """What is shown of names, wherever: ID numbers are masked, and nothing else that tells files apart.

    >>> of_names("360704200905150018 20210315-1.xlsx"), of_names("20210315093000.xlsx")
    ('360*************** 20210315-1.xlsx', '20210315093000.xlsx')
    >>> of_names("附件3360704200905150018.xlsx")
    '附件3360***************.xlsx'
    """
    return _RUN.sub(lambda run: _of_run(run[0], kinds=_IDS), text) if _MAY_HOLD_ID.match(text) else text


def _of_text(text: str) -> str:
    """The text, its ID numbers and phones masked, however their digits are typed and parted."""
    return _RUN.sub(lambda run: _of_run(run[0]), text) if _MAY_HOLD_NUMBER.match(text) else text


_PLAIN_PHONE, _PLAIN_ID = re.compile("1[3-9][0-9]{9}"), re.compile("[0-9]{17}[0-9X]")
"""What most cells of phones and of ID numbers are: they need no closer look."""


def _of_phones(text: str) -> str:
    """A cell of phones: also what is no sound phone is masked as one."""
    if _PLAIN_PHONE.fullmatch(text):
        return f"{text[:FIRST]}******{text[-LAST_OF_PHONE:]}"
    return _RUN.sub(lambda run: _of_run(run[0], LAST_OF_PHONE), text)


def _of_id(text: str) -> str:
    """A cell of an ID number: its first three digits, whatever else was typed between and around them."""
    if _PLAIN_ID.fullmatch(text):
        return f"{text[:FIRST]}***************"
    if _DATE_CELL.fullmatch(text):
        return text
    places = [at for at, char in enumerate(text) if char.isdigit() or char in _TYPED_FOR_DIGITS]
    return _starred(text, places[FIRST:])


def _of_no_person(text: str) -> str:
    """A cell of a code that is no person's: as it is, unless a person's number was typed there."""
    runs = (_as_read(run[0]) for run in _RUN.finditer(text))
    persons = any(found.lastgroup in ("id", "phone") for run in runs for found in _NUMBER.finditer(run))
    return _of_id(text) if persons else text


_DAY_IN_WORDS = "(?:19|20)[0-9]{2}年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12][0-9]|3[01])"
_ONLY_DAYS = re.compile(rf"{_DAY_IN_WORDS}(?:日[\s、,，；;。.至到~—–-]*{_DAY_IN_WORDS})*日?")
"""Days in words, one behind the other: from the midst of one to that of another may be the digits of an ID number."""
_DATE_CELL = re.compile(
    r"\s*(?:19|20)\d\d(?:[-./年]\s*(?:0?[1-9]|1[0-2])(?:[-./月]\s*(?:0?[1-9]|[12]\d|3[01])日?|月)?"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\s*"
)
_OF_TYPE: dict[str, Callable[[str], str]] = {
    "id_number": _of_id,
    "roll_number": _of_id,
    "code": _of_id,
    "phone": _of_phones,
    NO_PERSONS: _of_no_person,
}


_IDS = frozenset({"id"})
_NUMBERS = frozenset({"id", "phone", "other"})


def _of_run(run: str, last: int = 0, kinds: frozenset[str] = _NUMBERS) -> str:
    """A run of digits, its numbers masked; `last` digits are shown of a number that is neither a phone nor an ID."""
    if _is_list(run) or _ONLY_DAYS.fullmatch(run):
        return run
    read = _as_read(run)
    found = _numbers_of_name(read) if kinds is _IDS else _NUMBER.finditer(read)
    hidden = [at for each in found if each.lastgroup in kinds for at in _hidden(each, last)]
    glued = [at for each in _GLUED_ID.finditer(read) for at in range(each.start() + FIRST, each.end(1))]
    return _starred(run, [*hidden, *glued])


def _numbers_of_name(read: str) -> Iterator[re.Match[str]]:
    """The numbers of a name: a clock behind a date, as fetched mails' folders have it, is no beginning of an ID."""
    at, is_dated = 0, False
    while found := _NUMBER.search(read, at):
        is_clock = found.lastgroup == "id" and is_dated and _CLOCK.match(read, found.start())
        is_dated = found.lastgroup == "date"
        at = is_clock.end() if is_clock else found.end()
        if not is_clock:
            yield found


def _as_read(run: str) -> str:
    """What each character of a run is read as."""
    read = _STARS.sub(lambda part: "*" * len(part[0]), _MARKER.sub(",", run).translate(_READ))
    return _GAP.sub(_one_sign, _INNER_X.sub(" ", read))


def _is_list(run: str) -> bool:
    """Tell whether all digits of a run are circled, and no more than the points of a list."""
    circled = sum(char in _CIRCLED for char in run)
    return 0 < circled <= _MOST_MARKERS and not any(char.isdecimal() for char in run)


def _one_sign(gap: re.Match[str]) -> str:
    """A gap in which something is seen, all of one sign."""
    return ("," if "," in gap[0] else " ") * len(gap[0])


def _hidden(found: re.Match[str], last: int) -> list[int]:
    """Where digits are to be hidden in what was found."""
    kind = found.lastgroup or ""
    if kind == "other" and not _is_number(found[kind]):
        return []
    places = [at for at in range(*found.span(kind)) if _DIGIT.match(found.string, at)]
    if kind == "other" and len(places) > _MOST_OF_PHONE:
        last = 0
    shown_last = LAST_OF_PHONE if kind == "phone" else last if kind == "other" else 0
    return places[FIRST : len(places) - shown_last]


def _is_number(stretch: str) -> bool:
    """Tell whether digits and gaps are a number's, and not only years, months, days, times or small counts."""
    groups = stretch.replace("_", "").split()
    return sum(map(len, groups)) >= _LEAST and not all(map(_NO_NUMBER.fullmatch, groups))


def _starred(text: str, places: Iterable[int]) -> str:
    shown = list(text)
    for at in places:
        shown[at] = "*"
    return "".join(shown)
