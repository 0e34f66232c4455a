"""The form's date in a line beside a table: the unit line's, or one that stands alone; never one inside a note."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from kbxt_merge.intake.recognition.unit_name import STAMP, ends_as_school
from kbxt_merge.intake.values.dates import find_date
from kbxt_merge.model.returns import TypedDate

_SENTENCE_ENDS = re.compile(r"[。;；!！\n]|[,，](?=请)")
_NOTE = re.compile(
    r"^ *(?:注|备注|说明|附注|注意|提示|温馨|※|\*|★|[(]?[0-9一二三四五六七八九十]{1,2}[)]?[.、．)](?![0-9 ]))"
    r"|请|务必|截[止至]|为准|通知|文件|根据|依据|按照|以[前后来内]|之[前后]|期间|印发|[日号月底年] ?(?:起|后|前|内)"
    r"|[〔［\[(][0-9]{4}[〕］\])] ?[0-9]+ ?号|字.{0,6}[0-9]+ ?号|第 ?[0-9]+ ?号"
)
"""What makes a sentence a note, a deadline or a document's number."""

_NUMBERED = re.compile(r"[\d〇○一二三四五六七八九十]")
"""Without one of these no date is looked for."""
_ANNOUNCED = re.compile(r"时 ?间|日 ?期")
_LABEL = re.compile(rf"{STAMP}|[\u4e00-\u9fff]{{2,8}} ?:")
_DATE = re.compile(r"[0-9〇○零一二三四五六七八九十年月日号._/\-—]+(?: +[0-9〇○零一二三四五六七八九十年月日号._/\-—]+)*")
_DATE_BEHIND = re.compile(rf"(?:^| )(?P<date>{_DATE.pattern})$")
_FILLED_IN = re.compile(r"填[报写于](?!人)|上报(?!人)")
_SIGNS = re.compile(r"制表|填[表报]|审核|校长|园长|负责人|经办")
_TITLE = re.compile(r"(?:表|台账|名单|名册|统计|汇总)(?:\(.*\))?$")


def is_numbered(texts: Sequence[str]) -> bool:
    """Tell a line with a digit in it, without which it holds no date."""
    return any(map(_NUMBERED.search, texts))


def date_in_line(texts: Sequence[str], *, labelled: bool) -> tuple[TypedDate, int] | None:
    """The date of a line by its filled cells, and the position of the cell that holds it, or its begin.

    `labelled` says that the line names the school. None where no date stands in it, or only one inside a note.
    """
    own = [_without_notes(text) for text in texts]
    line = " ".join(filter(None, own))
    if not (labelled or _ANNOUNCED.search(line) or _stands_alone(line) or any(map(_stands_alone, own))):
        return None
    date = find_date(line)
    return (date, next((position for position, text in enumerate(own) if find_date(text)), 0)) if date else None


def date_in_title(text: str) -> TypedDate | None:
    """The month that a title names: 赣县区2021年3月控辍保学台账."""
    normal = unicodedata.normalize("NFKC", text)
    return find_date(text) if _TITLE.search(normal.strip()) and not _NOTE.search(normal) else None


def _without_notes(text: str) -> str:
    """The sentences of a cell that are no notes."""
    normal = unicodedata.normalize("NFKC", text)
    return " ".join(each.strip() for each in _SENTENCE_ENDS.split(normal) if not _NOTE.search(each)).strip()


def _stands_alone(line: str) -> bool:
    """Whether a date is all that stands there, or all behind a signature, a stamp or the school's own name."""
    first, *behind = (_FILLED_IN.sub("", piece).replace("(", " ").strip(" )") for piece in _LABEL.split(line))
    signed = ends_as_school(first.partition(" ")[0]) or _SIGNS.match(first)
    ends = [first, _behind_words(first) if signed else "", *(_behind_words(piece) for piece in behind)]
    return any(find_date(each) for each in ends if _DATE.fullmatch(each))


def _behind_words(piece: str) -> str:
    """The date that a piece ends with, behind a space: `王五 2021年3月12日`."""
    found = _DATE_BEHIND.search(piece)
    return found["date"] if found else ""
