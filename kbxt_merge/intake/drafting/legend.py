"""A note that says what signs mean in the days of an attendance sheet: 出勤打“√”，事假打“△”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kbxt_merge.intake.drafting.options import Offered

LEGEND = "符号"
"""What the vocabulary of such signs is called."""
_SIGN, _OPEN, _CLOSE = "[√✓×✕○〇△▲☆★◇◆●◎※+＋/／*＊#—-]", "[“\"'‘（(]?", "[”\"'’）)]?"
_WORD_FIRST = re.compile(
    rf"([\u4e00-\u9fff]{{1,6}}?)\s*(?:打|画|划|记|填|写|用|以|为|[:：])?\s*{_OPEN}({_SIGN}){_CLOSE}"
)
_SIGN_FIRST = re.compile(rf"{_OPEN}({_SIGN}){_CLOSE}\s*(?:表示|代表|为|是|[:：=])?\s*([\u4e00-\u9fff]{{1,6}})")
_BEGINS = re.compile(rf"\s*(?:[\u4e00-\u9fff]{{1,6}}[:：])?\s*(?:[0-9]+[.、．])?\s*(?:{_OPEN}{_SIGN}|.*(?:表示|代表))")
_LIKE: Mapping[str, Sequence[str]] = {
    "√": ("✓", "✔", "V"),
    "✓": ("√", "✔", "V"),
    "×": ("✕", "✗", "✘", "X"),
    "○": ("〇", "◯", "O"),
    "〇": ("○", "◯", "O"),
    "△": ("▲",),
}
"""What is typed for a sign that no keyboard has."""
_DAY = re.compile(r"[0-9]{1,2}[日号]?")


def is_day(header: str) -> bool:
    """Tell the header of a day of the month."""
    return _DAY.fullmatch(header.strip()) is not None


def of_legend(notes: Iterable[str]) -> Offered | None:
    """The signs that a note explains; what each stands for, and what is typed for it, means the same.

    >>> of_legend(["注：出勤打“√”，事假打“△”。"]).words, of_legend(["√表示出勤，○表示病假"]).alike["○"]
    (('√', '△'), ['病假', '〇', '◯', 'O'])
    """
    for note in notes:
        if _BEGINS.match(note):
            pairs = [(word, sign) for sign, word in _SIGN_FIRST.findall(note)]
        else:
            pairs = _WORD_FIRST.findall(note)
        words = dict(pairs)
        if len(words) >= 2 and len(set(words.values())) == len(words):
            alike = {sign: [word, *_LIKE.get(sign, ())] for word, sign in words.items()}
            return Offered(tuple(alike), f"表下的注：{note.strip()[:40]}", alike=alike)
    return None
