"""What a typed word of a vocabulary means: its core must be known, what stands around it is dropped.

A value may stand within the vocabulary's decorations (智力二级), ticked among others (☑是 □否), with a note behind it
(休学（因病）), or together with others (肢体、智力).  Nothing is taken from a part of a word, and a note that says
something else than its value leaves both unread.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from kbxt_merge.intake.values.decorations import AROUND_ANY, DECORATIONS, own_words, undecorated
from kbxt_merge.intake.values.ticks import Option, has_boxes, options_in, with_typed_ticks
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.text import compact_value

_LONGEST = 40
"""Characters of a cell that may be a value and a note: a longer text is a story."""

_HAN = r"[\u4e00-\u9fff]"
_JOINED = re.compile(rf"[、,;/|+&\s]+|以及|[和与及兼]|(?<={_HAN})[-—]+(?={_HAN})|(?<=级)(?={_HAN})")
_EITHER = "或"
_BRACKETS = str.maketrans("〔〈《[【〕〉》]】", "((((()))))")
_WRAPPED = re.compile(r"\(([^()]+)\)")
_BRACKETED = re.compile(r"(?P<value>[^()]+)\((?P<note>[^()]*)\)(?P<rest>.*)", re.DOTALL)
_BRACKETED_LAST = re.compile(r"(?P<value>.+)\((?P<note>[^()]*|[^()]*\([^()]*\)[^()]*)\)", re.DOTALL)
_BEHIND = re.compile(
    rf"(?P<value>[^()、,;:。/|\s]+?)(?:[、,;:。/|\s]+|(?<={_HAN})[-—]+(?={_HAN}))(?P<note>.*{_HAN}.*)", re.DOTALL
)
_DOUBT = re.compile(
    r"疑|待[定查核认鉴评]|不(?:确定|清|详|知)|可能|好像|或|\?|清退|取消|注销|曾|误|[0-9]{6}|^(?:是|否|对|错|有|无|√|×|X)$"
)
"""What makes a note more than a note: a doubt, an answer of its own, another's number."""
_SYNDROME = re.compile(r"综合[征症]")
"""Names no kind of disability, for all that 综合 does."""
_ASKED = "是否"
"""The question left in a cell, and no answer."""
_NOT_YET = re.compile(r"[非未没不无拒待拟准劝][^,;。]{0,3}$")
_TIMES = re.compile(r"[0-9一二两三四五六七八九十多]")
_DENIALS = ("非", "未", "没", "不", "没有", "不是")


class UndecidedError(ValueError):
    """The boxes to tick in a cell are all empty."""


class WordReader:
    """Reads the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Prepare what may stand around this vocabulary's values."""
        self.blank = vocabulary.blank
        self._vocabulary = vocabulary
        self._words = vocabulary.variants

    def meaning(self, text: str) -> str | None:
        """The value that a text stands for, None where that is not sure; raises UndecidedError for boxes all empty."""
        value = self._words.get(compact_value(text))
        is_long = len(text) > _LONGEST and not has_boxes(text)
        if value is not None or is_long or compact_value(text) == _ASKED:
            return value
        normal = unicodedata.normalize("NFKC", with_typed_ticks(text)).strip().translate(_BRACKETS)
        options = options_in(normal)
        if options:
            return self._ticked(options)
        return self._said(normal) if len(text) <= _LONGEST else None

    def _said(self, text: str) -> str | None:
        inside = _WRAPPED.fullmatch(text)
        said = inside[1] if inside else text
        return self._bare(said) or self._several(said) or self._noted(said)

    def _bare(self, text: str) -> str | None:
        """The one value that is left when all that may stand around it is dropped."""
        compact = compact_value(text)
        cores = (compact, *undecorated(compact, self._around))
        meant = {self._words[core] for core in cores if core in self._words}
        return meant.pop() if len(meant) == 1 else None

    @cached_property
    def _around(self) -> Sequence[re.Pattern[str]]:
        vocabulary = self._vocabulary
        named = [pattern for name in vocabulary.decorations for pattern in DECORATIONS[name]]
        label = re.compile(f"^{re.escape(compact_value(vocabulary.words.zh))}:")
        return (label, *named, *own_words(vocabulary.before, vocabulary.behind, self._words), *AROUND_ANY)

    def _several(self, text: str) -> str | None:
        """What words side by side mean: the one value of them all, or what the vocabulary calls several of them."""
        parts = [part for part in _JOINED.split(text.replace(_EITHER, "、")) if part]
        meant = {self._bare(part) for part in parts} if len(parts) > 1 else self._run_together(text)
        if not meant or None in meant:
            return None
        if len(meant) == 1:
            return meant.pop()
        return None if _EITHER in text else self._vocabulary.several

    def _run_together(self, text: str) -> set[str | None]:
        """The values of words written without anything between them: 听力言语残疾."""
        compact = compact_value(text)
        for core in (compact, *undecorated(compact, self._around)) if self._vocabulary.several else ():
            parts = self._one_word.findall(core)
            if "".join(parts) == core:
                return {self._words[part] for part in parts}
        return set()

    @cached_property
    def _one_word(self) -> re.Pattern[str]:
        longest_first = sorted((word for word in self._words if len(word) > 1), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    def _noted(self, text: str) -> str | None:
        """The value before a note that does not gainsay it."""
        meant = {self._before_note(head, note) for head, note in _notes(text)} - {None}
        if not meant and (bracketed := _BRACKETED.fullmatch(text)) and self._said(bracketed["value"]) is None:
            return self._bare("".join(bracketed.groups()))  # 是（建档立卡户）, 失（辍）学
        return meant.pop() if len(meant) == 1 else None

    def _before_note(self, head: str, note: str) -> str | None:
        value = self._said(head)
        if value is None:
            return None
        beside = self._bare(note) or self._several(note)
        if beside is not None:
            return value if beside == value or value == self._vocabulary.several else None
        is_short = len(head) == 1 and head not in self._vocabulary.values  # 一 班 is no grade
        return None if is_short or self._gainsays(note, value) else value

    def _gainsays(self, note: str, value: str) -> bool:
        """Whether a note doubts its value, names another, or denies a word for it: 未脱贫."""
        named = _SYNDROME.sub("", note)
        undone = any(map(_came_true_in(note), self._vocabulary.undone))
        return (
            undone
            or bool(_DOUBT.search(note))
            or any(
                self._words[word] != value or named[: named.index(word)].endswith(_DENIALS)
                for word in self._words
                if len(word) > 1 and word in named
            )
        )

    def _ticked(self, options: Sequence[Option]) -> str | None:
        """The value of what is ticked; a word without a box may be a note."""
        meant = {self._said(option.word) for option in options if option.ticked}
        if not meant:
            if any(option.ticked is None or self._said(option.word) is None for option in options):
                return None
            raise UndecidedError
        value = None if None in meant else meant.pop() if len(meant) == 1 else self._vocabulary.several
        beside = [option.word for option in options if option.ticked is None]
        doubtful = any(self._said(word) is None and value and self._gainsays(word, value) for word in beside)
        return None if doubtful else value


def _came_true_in(note: str) -> Callable[[str], bool]:
    """How to tell that a note says that a word came true: no denial, wish or number of tries stands beside it."""
    return lambda word: any(
        not _NOT_YET.search(note[: found.start()]) and not _TIMES.match(note, found.end())
        for found in re.finditer(re.escape(word), note)
    )


def _notes(text: str) -> Iterator[tuple[str, str]]:
    """A text as value and note, at the first and last bracket and at the first mark or space that may part them."""
    if found := _BRACKETED.fullmatch(text):
        yield found["value"] + found["rest"], found["note"]
    if found := _BRACKETED_LAST.fullmatch(text):
        yield found["value"], found["note"]
    if found := _BEHIND.fullmatch(text):
        yield found["value"], found["note"]
