"""The steps that read a date as schools write it: 2021.3, 2021-03-01, 20210301, 2021年3月1日, 21.3, 二〇二一年三月."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kbxt_merge.model.bearer import FIRST_BIRTH, FIRST_BIRTH_OF_ANYONE, YOUNGEST_ADULT, Whose
from kbxt_merge.model.boxes import BOXES, TICKS
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.text import DASHES
from kbxt_merge.outputs.blanks import names
from kbxt_merge.outputs.blanks.formula import (
    DIGITS,
    clean,
    digits_at_start,
    has,
    is_digits,
    one_of,
    places,
    quoted,
    replaced,
    when,
    without,
    without_end,
)
from kbxt_merge.outputs.blanks.workings import Workings

_FIRST_SERIAL, _LAST_SERIAL = 32874, 59999
"""1990 to 2064: the bare numbers that are spreadsheet dates."""
_PIVOT = 69
"""Two-digit years from here on are of the last century."""

_PRINTED_BLANKS = ("年月日", "年月")
_SEPARATORS = ("年", "月份", "月", ".", "/", "-", "。", "｡", "‐", "‑", "–", "—", "―", "−")
_ONES = tuple((numeral, str(value)) for value, numeral in enumerate("一二三四五六七八九", 1))
_MARKS = (
    *((mark, "|") for mark in _SEPARATORS),  # not a hyphen: a step on a card's own sheet must not read like a date
    *((mark, "") for mark in ("日", "号", "_")),
    *((zero, "0") for zero in "〇零○"),
    *_ONES,
)


@dataclass(frozen=True, slots=True)
class DateSteps:
    """References of the text in a cell with all marks alike, and of the first and last day it can mean; 0 for none."""

    text: str
    first: str
    last: str


def date_steps(workings: Workings, raw: str, text: str, *, has_blanks: bool) -> DateSteps:
    """Read a cleaned text, or the number in its cell; the form may print blanks for year, month and day in it."""
    alike = replaced(text, _MARKS)
    marked = workings.step(f'IF({one_of(text, _PRINTED_BLANKS)},"",{alike})' if has_blanks else alike)
    ended = f'IF(RIGHT({marked},1)="|",LEFT({marked},LEN({marked})-1),{marked})'
    run_together = f'LEFT({marked},4)&"|"&MID({marked},5,2)&IF(LEN({marked})=8,"|"&MID({marked},7,2),"")'
    solid = f"IF(OR(LEN({marked})=8,LEN({marked})=6),{is_digits(marked, 8)},FALSE)"
    parts = workings.step(f'IF({solid},{run_together},{ended})&"||"')
    first_mark = f'FIND("|",{parts})'
    second_mark = f'FIND("|",{parts},{first_mark}+1)'
    year = workings.step(f"LEFT({parts},{first_mark}-1)")
    month = workings.step(_in_digits(f"MID({parts},{first_mark}+1,{second_mark}-{first_mark}-1)"))
    rest = workings.step(f"MID({parts},{second_mark}+1,9)")
    day = workings.step(_in_digits(f'IF(LEN({rest})<2,"",SUBSTITUTE({rest},"||",""))'))
    written = workings.step(_written(year, month, day))
    real = f'IF({written}=0,FALSE,IF({day}="",TRUE,DAY({written})=--{day}))'
    serial = f"IF(ISNUMBER({raw}),AND({raw}>={_FIRST_SERIAL},{raw}<{_LAST_SERIAL + 1}),FALSE)"
    in_range = f"AND(LEN({marked})=5,--{marked}>={_FIRST_SERIAL},--{marked}<={_LAST_SERIAL})"
    typed_serial = f"IF({is_digits(marked, 5)},{in_range},FALSE)"
    first = workings.step(when((serial, f"INT({raw})"), (typed_serial, f"--{marked}"), (real, written), otherwise="0"))
    by_month = f'AND({day}="",{first}>0,{first}={written})'
    last = workings.step(f"IF({by_month},DATE(YEAR({first}),MONTH({first})+1,0),{first})")
    return DateSteps(marked, first, last)


def spoken_in_digits(workings: Workings, text: str) -> str:
    """The step that writes a number below a hundred in Chinese characters in digits; other text loses its numerals."""
    alike = workings.step(replaced(text, (*_ONES, ("零", "0"), ("〇", "0"), ("两", "2"))))
    return workings.step(_in_digits(alike))


def _in_digits(part: str) -> str:
    """十, 十1, 2十 and 2十1 in digits."""
    tens = f'IF(LEFT({part},1)="十","1",LEFT({part},1))'
    ones = f'IF(RIGHT({part},1)="十","0",RIGHT({part},1))'
    return f'IF(ISNUMBER(FIND("十",{part})),{tens}&{ones},{part})'


def _written(year: str, month: str, day: str) -> str:
    """The first day of a written date, or 0 where year or month can't be; the day may lie past the month's end."""
    full = f"(--{year}+IF(LEN({year})=2,IF(--{year}>={_PIVOT},1900,2000),0))"
    numbers = f'AND({is_digits(year, 4)},{is_digits(month, 2)},OR({day}="",{is_digits(day, 2)}))'
    possible = f"AND(OR(LEN({year})=2,LEN({year})=4),{full}>=1900,{full}<=2100,--{month}>=1,--{month}<=12)"
    return f'IF({numbers},IF({possible},DATE({full},--{month},IF({day}="",1,--{day})),0),0)'


def add_form_date(workings: Workings, cell: str) -> str:
    """Read the date of the form's own line, behind its label, or take today; whether there is one is returned."""
    line = workings.step(clean(cell))
    behind = f'MID({line},IF(ISNUMBER(FIND(":",{line})),FIND(":",{line}),0)+1,40)'
    date = date_steps(workings, cell, workings.step(behind), has_blanks=True)
    workings.first_day = workings.step(f"IF({date.first}>0,{date.first},TODAY())")
    workings.day = workings.step(f"IF({date.last}>0,{date.last},TODAY())")
    return workings.step(f"{date.last}>0")


CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""GB 11643: the weighed sum of the seventeen digits, modulo 11, picks the check character."""

_QUOTES = ("'", "‘", "’", "`", "′")
_HYPHENS = "-‐‑‒–—―−"
_LOOKS_LIKE_X = "ХΧ×Ⅹ✕✖"


@dataclass(frozen=True, slots=True)
class IdSteps:
    """The conditions under which a number breaks a rule, with the rule's slug, and the reference of its birth date."""

    cases: tuple[tuple[str, str], ...]
    birth: str


def id_text(workings: Workings, typed: str) -> str:
    """The step that cleans a number: no mark before it, no `.0` after it, no hyphens, X for what looks like it."""
    unmarked = f"IF({one_of(f'LEFT({typed},1)', _QUOTES)},MID({typed},2,60),{typed})"
    bare = without(f"UPPER({unmarked})", _HYPHENS)
    text = workings.step(replaced(bare, ((each, "X") for each in _LOOKS_LIKE_X)))
    return workings.step(without_end(text, ".0"))


def id_steps(workings: Workings, raw: str, typed: str, number: str, of: Whose = Whose.CHILD) -> IdSteps:
    """The birth date of a cleaned number, and what may be wrong with it, by whose it is."""
    first_year = (FIRST_BIRTH if of is Whose.CHILD else FIRST_BIRTH_OF_ANYONE).year
    last_day = workings.day
    if of is Whose.ADULT:
        last_day = f"DATE(YEAR({workings.day})-{YOUNGEST_ADULT},MONTH({workings.day}),DAY({workings.day}))"
    formed = (
        f'IF(LEN({number})=18,AND({digits_at_start(number, 17)},ISNUMBER(FIND(RIGHT({number},1),"0123456789X"))),FALSE)'
    )
    year, month, day = f"--MID({number},7,4)", f"--MID({number},11,2)", f"--MID({number},13,2)"
    birth = workings.step(f"IF({formed},IF({year}>={first_year},DATE({year},{month},{day}),0),-1)")
    no_such_day = f"OR(MONTH({birth})<>{month},DAY({birth})<>{day},{birth}>{last_day})"
    weighed = f"SUMPRODUCT((FIND(MID({number},{places(17)},1),{DIGITS})-1)*{names.WEIGHTS})"
    fits = f"MID({quoted(CHECK_CHARACTERS)},MOD({weighed},11)+1,1)=RIGHT({number},1)"
    damaged = f'IF(ISNUMBER({raw}),ABS({raw})>=1E15,ISNUMBER(FIND("E+1",UPPER({typed}))))'
    cases = (
        (damaged, "id-precision-lost"),
        (f"IF(LEN({number})=15,{digits_at_start(number, 15)},FALSE)", "id-obsolete-15"),
        (f"LEN({number})<>18", "id-length"),
        (f"{birth}<0", "id-characters"),
        (f"IF({birth}=0,TRUE,{no_such_day})", "id-birthdate"),
        (f"NOT({fits})", "id-checksum"),
    )
    return IdSteps(cases, birth)


def roll_number_is_sound(number: str) -> str:
    """Tell whether a cleaned number is G and an ID number, or a J or L number of the same length."""
    last_choices = f'IF(LEFT({number},1)="L",{DIGITS},"0123456789X")'
    return (
        f"IF(LEN({number})=19,AND({one_of(f'LEFT({number},1)', 'GJL')},{digits_at_start(f'MID({number},2,17)', 17)},"
        f"ISNUMBER(FIND(RIGHT({number},1),{last_choices}))),FALSE)"
    )


_BETWEEN = ("、", "､", ";", "/", ",", "和", "或")
_NOISE = " \u00a0\u3000\u200b\u200c\u200d\u200e\ufeff()[]-‐‑–—―−.·･'`‘’"


def phones_are_sound(workings: Workings, raw: str) -> str:
    """The condition that the cell holds a number, and nothing but numbers; a third one is left to the reader."""
    broken = replaced(f'ASC({raw}&"")', ((mark, "|") for mark in _BETWEEN))
    lines = f'SUBSTITUTE(SUBSTITUTE({broken},CHAR(10),"|"),CHAR(13),"|")'
    text = workings.step(f'IF(ISERROR({raw}),"",CLEAN({without(lines, _NOISE)}))')
    first = workings.step(f'LEFT({text},FIND("|",{text}&"|")-1)')
    rest = workings.step(f'SUBSTITUTE(MID({text},LEN({first})+2,60),"||","|")')
    second = workings.step(f'LEFT({rest},FIND("|",{rest}&"|")-1)')
    verdicts = [_is_number(workings, workings.step(_national(number))) for number in (first, second)]
    return f'AND({first}&{second}<>"",{",".join(verdicts)})'


def _national(part: str) -> str:
    """The number without the country's code before it."""
    long = f'IF(LEFT({part},4)="0086",MID({part},5,30),IF(LEFT({part},3)="+86",MID({part},4,30),{part}))'
    return f'IF(AND(LEFT({part},2)="86",LEN({part})>11),MID({part},3,30),{long})'


def _is_number(workings: Workings, number: str) -> str:
    """The step that tells whether one number is a mobile, or a landline that may have lost its leading 0."""
    whole = workings.step(f'IF(OR({number}="",LEFT({number},1)="0",LEFT({number},1)="1"),"",0)&{number}')
    mobile = f'AND(LEN({whole})=11,LEFT({whole},1)="1",MID({whole},2,1)>="3")'
    in_city = f'AND(LEN({whole})=11,OR(LEFT({whole},3)="010",LEFT({whole},2)="02"),{_subscriber(whole, 4)})'
    lengths = f"OR(LEN({whole})=11,LEN({whole})=12)"
    elsewhere = f'AND({lengths},LEFT({whole},1)="0",MID({whole},2,1)>="3",{_subscriber(whole, 5)})'
    return workings.step(f'IF({whole}="",TRUE,IF({is_digits(whole, 12)},OR({mobile},{in_city},{elsewhere}),FALSE))')


def _subscriber(number: str, at: int) -> str:
    """Tell whether the subscriber's part of a landline begins as one can."""
    return f'AND(MID({number},{at},1)>="2",MID({number},{at},1)<="8")'


_TICK, _BOX, _LONGEST_OPTION = "√", "□", 40
_SYNONYM_MARKS = "、､,/"
_NUMERALS = quoted("一二三四五六七八九十")
_DIGITS = quoted("0123456789")
_GRADES = tuple(f"{number}级" for number in "一二三四1234壹贰叁肆")
_DEGREES = (*_GRADES, "极重度", "重度", "中度", "轻度")
_TERMS = ("第一学期", "第二学期", "上学期", "下学期", "一学期", "二学期", "上册", "下册", "上期", "下期", "上", "下")


def word_steps(workings: Workings, typed: str, vocabulary: Vocabulary) -> str:
    """The step that finds a cleaned text among what is read as a value: its row on the hidden sheet, or 0."""
    if any("-" in each for each in vocabulary.variants):
        typed = workings.step(replaced(typed, (*((each, "-") for each in DASHES), ("--", "-"))))
    unmarked = without(typed, _SYNONYM_MARKS)
    words = [workings.step(f'UPPER(IF({unmarked}="",{typed},{unmarked}))')]
    for name in vocabulary.decorations:
        words.append(_UNDECORATED[name](workings, words[-1]))
    known = names.typed(vocabulary)
    found = [f"SUMPRODUCT(EXACT({known},{word})*ROW({known}))" for word in words]
    return workings.step(when(*((f"{each}>0", each) for each in found[:-1]), otherwise=found[-1]))


def ticked(workings: Workings, typed: str) -> str:
    """The step that reads a cleaned text of options with a box before each: the word behind its one tick, nothing while
    all are empty; a text without boxes, or with several ticks, as it is.
    """
    pairs = (*((each, _TICK) for each in TICKS if each != _TICK), *((each, _BOX) for each in BOXES if each != _BOX))
    marked = workings.step(replaced(typed, pairs))
    count = workings.step(f"LEN({marked})-LEN({without(marked, _TICK)})")
    behind = workings.step(f'MID({marked},FIND("{_TICK}",{marked}&"{_TICK}")+1,{_LONGEST_OPTION})')
    word = without(f'LEFT({behind},FIND("{_BOX}",{behind}&"{_BOX}")-1)', "、,;/|")
    return workings.step(when((f"{count}=1", word), (f"AND({count}=0,{has(marked, _BOX)})", '""'), otherwise=typed))


def can_be_read(vocabulary: Vocabulary) -> bool:
    """Tell whether the self-check knows everything that may stand around this vocabulary's values."""
    return set(vocabulary.decorations) <= set(_UNDECORATED)


def _without_degree(workings: Workings, word: str) -> str:
    """A kind of disability without its degree: 肢体残疾(二级), 重度智力; without what a multiple one is made of."""
    multiple = f'IF({has(word, "多重")},LEFT({word},FIND("(",{word}&"(")-1),{word})'
    return workings.step(without(without(multiple, _DEGREES), "()[]【】-—:"))


def _without_class(workings: Workings, word: str) -> str:
    """A grade without its class: 七年级(2)班, 七年级2班, 七(2班)."""
    plain = workings.step(replaced(word, (("【", "("), ("[", "("), ("】", ")"), ("]", ")"))))
    numbered = f'ISNUMBER(FIND(MID({plain},FIND("(",{plain}&"(")+1,1),"0123456789一二三四五六七八九十"))'
    bare = workings.step(f'IF(AND({has(plain, "(")},{numbered}),LEFT({plain},FIND("(",{plain})-1),{plain})')
    open_end = workings.step(f'IF(RIGHT({bare},1)="班",LEFT({bare},LEN({bare})-1),"")')
    shorter = workings.step(_less_number(open_end))
    return workings.step(f'IF(OR({shorter}="",{shorter}={open_end}),{bare},{shorter})')


def _less_number(text: str) -> str:
    """The text without the class's number at its end: up to three Chinese numerals, or up to two digits."""

    def ends_in(characters: str, count: int) -> str:
        each = f"MID(RIGHT({text},{count}),{places(count)},1)"
        return f"AND(LEN({text})>={count},SUMPRODUCT(--ISNUMBER(FIND({each},{characters})))={count})"

    endings = [(_NUMERALS, count) for count in (3, 2, 1)] + [(_DIGITS, count) for count in (2, 1)]
    cases = [(ends_in(characters, count), f"LEFT({text},LEN({text})-{count})") for characters, count in endings]
    return when(*cases, otherwise=text)


def _without_term(workings: Workings, word: str) -> str:
    """A grade without school stage and term: 初中七年级, 七年级上学期."""
    staged = f"IF(AND(LEN({word})>2,{one_of(f'LEFT({word},2)', ('小学', '初中'))}),MID({word},3,20),{word})"
    return workings.step(without(without(staged, _TERMS), "()"))


_UNDECORATED: Mapping[str, Callable[[Workings, str], str]] = {
    "disability_degree": _without_degree,
    "class_number": _without_class,
    "grade_words": _without_term,
}
