"""The self-check of single cells by field type; each follows what the reader understands and the rules demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from kbxt_merge.model.boxes import prints_boxes
from kbxt_merge.model.field import COUNTED, TOLD_WHAT, Field, Vocabulary
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.blanks import names
from kbxt_merge.outputs.blanks.cell_formulas import (
    IdSteps,
    can_be_read,
    date_steps,
    id_steps,
    id_text,
    phones_are_sound,
    roll_number_is_sound,
    spoken_in_digits,
    ticked,
    word_steps,
)
from kbxt_merge.outputs.blanks.formula import clean, digits_at_start, has, is_digits, one_of, quoted, when, without
from kbxt_merge.outputs.blanks.workings import Checked, Workings

_LATIN_MARKS = "'-"
_BETWEEN_NAMES = ".'-·"
_NO_NAMES_ALONE = ("同上", "如上", "见上", "上同", "暂无", "没有", "姓名")
_NO_NAMES = ("某", "待定", "待补", "不详", "不明", "未知", "无名", "同学")


def check_cell(workings: Workings, field: Field) -> Checked:
    """The steps that check one field's cell."""
    if field.vocabulary is not None and can_be_read(field.vocabulary):
        return _check_word(workings, field, field.vocabulary)
    return _CHECKS.get(field.type, _check_text)(workings, field)


def _judged(workings: Workings, field: Field, text: str, *cases: tuple[str, str], **facts: Words | str) -> str:
    """The first fault of a cell: an error value, a missing value, then the faults of its type.

    What is required only of some records is told with the rules between cells.
    """
    means_something = field.vocabulary is not None and field.vocabulary.blank is not None
    is_required = field.required and not means_something and not field.applies_to
    missing = workings.says("required-missing") if is_required else '""'
    own = ((condition, workings.says(slug, **facts)) for condition, slug in cases)
    nothing = (f"NOT({workings.is_record})", '""')
    error = (f"ISERROR({workings.raw[field.name]})", workings.says("error-value"))
    return workings.step(when(nothing, error, (f'{text}=""', missing), *own))


def _typed(workings: Workings, field: Field) -> str:
    """The step that cleans a cell's text; the hints that a card prints in the cell are no text, nor is 无 or /."""
    text = workings.step(clean(workings.raw[field.name]))
    hints = [hint for hint in field.hints if hint]
    if hints:
        begins = ((f"LEFT({text},{len(hint)})={quoted(hint)}", '""') for hint in hints)
        text = workings.step(when(*begins, otherwise=text))
    if field.vocabulary is not None or (field.required and field.type in TOLD_WHAT):
        return text
    none = "0" if field.required and field.type in COUNTED else ""
    return workings.step(f"IF({_says_nothing(field, text)},{quoted(none)},{text})")


def _says_nothing(field: Field, text: str) -> str:
    """Tell whether a cleaned text says as little as a blank cell."""
    known = f"SUMPRODUCT(--EXACT({names.NOTHING},UPPER({text})))>0"
    return f"OR({known},{one_of(text, field.nothing)})" if field.nothing else known


def _check_text(workings: Workings, field: Field) -> Checked:
    text = _typed(workings, field) if field.required else workings.raw[field.name]
    return Checked(text, _judged(workings, field, text))


def _check_name(workings: Workings, field: Field) -> Checked:
    text = _typed(workings, field)
    upper = f"UPPER({text})"
    latin = workings.step(f'SUMPRODUCT(LEN({text})-LEN(SUBSTITUTE({upper},{names.LETTERS},"")))')
    others = f"LEN({without(text, _BETWEEN_NAMES)})-{latin}"
    broken = (
        f"LEN({text})<2",
        f"LEN({text})>20",
        f"SUMPRODUCT(--ISNUMBER(FIND({names.SYMBOLS},{text})))>0",
        f"AND({latin}>0,{others}<>0)",
        f"AND({latin}=0,LEN({text})<>LEN({without(text, _LATIN_MARKS)}))",
        *(has(text, word) for word in _NO_NAMES),
        one_of(text, _NO_NAMES_ALONE),
    )
    return Checked(text, _judged(workings, field, text, (f"OR({','.join(broken)})", "name-invalid")))


def _check_id(workings: Workings, field: Field) -> Checked:
    typed = _typed(workings, field)
    number = id_text(workings, typed)
    steps = id_steps(workings, workings.raw[field.name], typed, number, field.of)
    if field.papers:
        return _check_paper(workings, field, typed, number, steps)
    verdict = _judged(workings, field, typed, *steps.cases)
    valid = workings.step(f'IF(AND({verdict}="",{typed}<>""),{number},"")')
    return Checked(typed, verdict, {"id": valid, "birth": steps.birth})


def _check_paper(workings: Workings, field: Field, typed: str, number: str, steps: IdSteps) -> Checked:
    """An ID number, or what may be the number of another paper: of that only the characters are looked at."""
    kind = workings.step(clean(workings.raw[field.papers]))
    card = workings.step(f'OR({kind}="",AND({has(kind, "身份证")},NOT({has(kind, "永久居留")})),{has(kind, "户口")})')
    own = ((f"IF({card},{condition},FALSE)", slug) for condition, slug in steps.cases)
    strange = f"AND(NOT({card}),OR(LEN({number})<3,LEN({number})>30))"
    verdict = _judged(workings, field, typed, *own, (strange, "paper-invalid"))
    valid = workings.step(f'IF(AND({verdict}="",{typed}<>"",{card}),{number},"")')
    return Checked(typed, verdict, {"id": valid, "birth": steps.birth})


def _check_roll_number(workings: Workings, field: Field) -> Checked:
    typed = _typed(workings, field)
    number = id_text(workings, typed)
    verdict = _judged(workings, field, typed, (f"NOT({roll_number_is_sound(number)})", "roll-number-invalid"))
    return Checked(typed, verdict, {"roll": number})


def _integer(workings: Workings, text: str, longest: int) -> str:
    """The step that reads a whole number; -1 where there is none."""
    bare = workings.step(f'IF(RIGHT({text},2)=".0",LEFT({text},LEN({text})-2),{text})')
    return workings.step(f"IF({is_digits(bare, longest)},--{bare},-1)")


def _check_age(workings: Workings, field: Field) -> Checked:
    typed = _typed(workings, field)
    age = _integer(workings, spoken_in_digits(workings, without(typed, ("周岁", "岁", "周"))), 6)
    least, most = field.ages
    beyond = (f"OR({age}<{least},{age}>{most})", "age-invalid")
    verdict = _judged(workings, field, typed, beyond, least=str(least), most=str(most))
    return Checked(typed, verdict, {"number": age})


def _check_count(workings: Workings, field: Field) -> Checked:
    typed = _typed(workings, field)
    persons = f"AND(LEN({typed})>1,{one_of(f'RIGHT({typed},1)', '人名个次')})"
    thousands = f'AND(MID({typed},LEN({typed})-3,1)=",",LEN({typed})<8,{digits_at_start(f"LEFT({typed},1)", 1)})'
    number = spoken_in_digits(workings, typed)
    bare = workings.step(
        f'IF({persons},LEFT({typed},LEN({typed})-1),IF(LEN({typed})<5,{number},IF({thousands},SUBSTITUTE({typed},",",""),{typed})))'
    )
    count = _integer(workings, bare, 9)
    verdict = _judged(workings, field, typed, (f"{count}<0", "count-invalid"), *_beyond(field, count, count))
    return Checked(typed, verdict, {"number": count})


_NO_NUMBER = "-1E99"
"""Stands for a number that can't be read."""


def _check_number(workings: Workings, field: Field) -> Checked:
    raw, typed = workings.raw[field.name], _typed(workings, field)
    bare = workings.step(without(typed, ("￥", "¥", ",", *filter(None, (field.unit,)))))
    read = f'IF({bare}="",{_NO_NUMBER},IF(ISERROR(--{bare}),{_NO_NUMBER},--{bare}))'
    number = workings.step(f"IF(ISNUMBER({raw}),{raw},{read})")
    wrong = [f"{number}<0" if field.least is None else f"{number}={_NO_NUMBER}"]
    if field.places is not None:
        wrong.append(f"ABS({number}-ROUND({number},{field.places + 2 * (field.unit == '%')}))>0.000001")
    invalid = (f"OR({','.join(wrong)})", "number-invalid")
    verdict = _judged(workings, field, typed, invalid, *_beyond(field, number, number))
    return Checked(typed, verdict, {"number": number})


def _beyond(field: Field, first: str, last: str, form_day: str = "") -> Iterator[tuple[str, str]]:
    """The conditions that a value lies outside the field's bounds."""
    for bound, of, sign in ((field.least, last, "<"), (field.most, first, ">")):
        if bound is None:
            continue
        limit = f"{bound:g}" if isinstance(bound, float) else form_day
        if isinstance(bound, dt.date):
            limit = f"DATE({bound.year},{bound.month},{bound.day})"
        yield f"{of}{sign}{limit}", "out-of-range"


def _check_code(workings: Workings, field: Field) -> Checked:
    """A code by its masks, else by its length; what its check digit says is left to the reader."""
    typed, code = _typed(workings, field), field.code
    if code is None:
        return Checked(typed, _judged(workings, field, typed))
    bare = typed if code.keeps_case else workings.step(without(f"UPPER({typed})", "-·.•"))
    if code.masks:
        fits = [_fits_mask(bare, mask) for mask in code.masks]
    elif code.lengths:
        fits = [f"LEN({bare})={length}" for length in code.lengths]
    else:
        fits = [f'AND({has(bare, "@")},ISNUMBER(FIND(".",{bare},FIND("@",{bare}&"@")+2)))']
    verdict = _judged(workings, field, typed, (f"NOT(OR({','.join(fits)}))", "code-invalid"), shape=code.shape)
    return Checked(typed, verdict, {"code": bare})


def _fits_mask(text: str, mask: str) -> str:
    """The condition that a text has the mask's length, its letters, and digits where it has #."""
    parts, place = [f"LEN({text})={len(mask)}"], 1
    for sign, run in ((sign, len(list(signs))) for sign, signs in groupby(mask)):
        piece = f"MID({text},{place},{run})"
        if sign == "#":
            parts.append(digits_at_start(piece, run))
        elif sign not in "@?":
            parts.append(f"{piece}={quoted(sign * run)}")
        place += run
    return f"AND({','.join(parts)})"


def _check_date(workings: Workings, field: Field) -> Checked:
    raw = workings.raw[field.name]
    date = date_steps(workings, raw, _typed(workings, field), has_blanks=bool(field.hint))
    late = () if field.may_lie_ahead else ((f"{date.first}>{workings.day}+1", "date-future"),)
    beyond = _beyond(field, date.first, date.last, workings.day)
    verdict = _judged(workings, field, date.text, (f"{date.first}=0", "date-invalid"), *late, *beyond)
    zero_lost = f'AND(ISNUMBER({raw}),RIGHT({raw}&"",2)=".1",OR(LEN({raw}&"")=6,LEN({raw}&"")=4))'
    doubt = f'IF(AND({workings.is_record},{verdict}="",{zero_lost}),{workings.says("date-ambiguous")},"")'
    return Checked(date.text, verdict, {"first": date.first, "last": date.last}, [workings.step(doubt)])


def _check_phone(workings: Workings, field: Field) -> Checked:
    typed = _typed(workings, field)
    is_sound = phones_are_sound(workings, workings.raw[field.name])
    return Checked(typed, _judged(workings, field, typed, (f"NOT({is_sound})", "phone-invalid")))


def _check_word(workings: Workings, field: Field, vocabulary: Vocabulary) -> Checked:
    typed = _typed(workings, field)
    typed = ticked(workings, typed) if prints_boxes(field.hint) else typed
    place = word_steps(workings, typed, vocabulary)
    said = workings.step(f'IF(AND({place}=0,{_says_nothing(field, typed)}),"",{typed})')
    verdict = _judged(workings, field, said, (f"{place}=0", "vocabulary-invalid"))
    return Checked(said, verdict, {"word": f"INDEX({names.read(vocabulary)},{place}-1)"})


_CHECKS: Mapping[str, Callable[[Workings, Field], Checked]] = {
    "person_name": _check_name,
    "id_number": _check_id,
    "roll_number": _check_roll_number,
    "age": _check_age,
    "count": _check_count,
    "date": _check_date,
    "phone": _check_phone,
    "number": _check_number,
    "code": _check_code,
}
