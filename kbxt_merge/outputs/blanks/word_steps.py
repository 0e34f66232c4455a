"""The steps that read a vocabulary's word: its variants, and what may stand around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kbxt_merge.model.form import Vocabulary
from kbxt_merge.outputs.blanks import names
from kbxt_merge.outputs.blanks.formula import has, places, quoted, replaced, when, without
from kbxt_merge.outputs.blanks.workings import Workings

_SYNONYM_MARKS = "、､,/"
_NUMERALS = quoted("一二三四五六七八九十")
_DIGITS = quoted("0123456789")
_GRADES = tuple(f"{number}级" for number in "一二三四1234壹贰叁肆")
_DEGREES = (*_GRADES, "极重度", "重度", "中度", "轻度")
_TERMS = ("第一学期", "第二学期", "上学期", "下学期", "一学期", "二学期", "上册", "下册", "上期", "下期", "上", "下")


def word_steps(workings: Workings, typed: str, vocabulary: Vocabulary) -> str:
    """The step that finds a cleaned text among what is read as a value: its row on the hidden sheet, or 0."""
    unmarked = without(typed, _SYNONYM_MARKS)
    words = [workings.step(f'UPPER(IF({unmarked}="",{typed},{unmarked}))')]
    for name in vocabulary.decorations:
        words.append(_UNDECORATED[name](workings, words[-1]))
    known = names.typed(vocabulary)
    found = [f"SUMPRODUCT(EXACT({known},{word})*ROW({known}))" for word in words]
    return workings.step(when(*((f"{each}>0", each) for each in found[:-1]), otherwise=found[-1]))


def can_be_read(vocabulary: Vocabulary) -> bool:
    """Whether the self-check knows everything that may stand around this vocabulary's values."""
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
    staged = f'IF(AND(LEN({word})>2,OR(LEFT({word},2)={{"小学","初中"}})),MID({word},3,20),{word})'
    return workings.step(without(without(staged, _TERMS), "()"))


_UNDECORATED: Mapping[str, Callable[[Workings, str], str]] = {
    "disability_degree": _without_degree,
    "class_number": _without_class,
    "grade_words": _without_term,
}
