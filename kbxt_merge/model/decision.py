"""What the clerk decided, for the next merge to obey: the bureau's word, beside what schools answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from kbxt_merge.model.answer import IDENTITY_COLUMNS, Answer, Treatment
from kbxt_merge.model.text import Words, compact_value

_VERIFIED = Answer("", "", "", "", "", "", "", "", "", "", Treatment.VERIFIED, "", decided=True)


class Act(StrEnum):
    """What a decision does."""

    CONFIRM = "confirm"
    """A warning is right as it stands, for a reason."""
    OWNER = "owner"
    """A file is that school's, whatever it says of itself."""
    ASIDE = "aside"
    """A file does not count, for a reason."""
    WORD = "word"
    """What schools write means a value of a vocabulary."""
    WITHDRAW = "withdraw"
    """An earlier decision holds no more."""

    @property
    def words(self) -> Words:
        """What a list of decisions calls it."""
        return _ACT_WORDS[self]


_ACT_WORDS = {
    Act.CONFIRM: Words("核实无误", "confirmed"),
    Act.OWNER: Words("认定所属学校", "owner named"),
    Act.ASIDE: Words("不予采用", "set aside"),
    Act.WORD: Words("读作", "read as"),
    Act.WITHDRAW: Words("撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of 办理/decisions.jsonl.

    `key` names it, `at` is an ISO moment, `by` whoever decided, blank where nobody said. `about` says what it is about:
    of a confirmation what IDENTITY_COLUMNS name; of a file its `sha256` and its `path`, and, where it is given a
    `school`, that; of a word the name of its `vocabulary`, the `word` as it was typed, the value it `means` and
    where it `stood` when it was accepted; of a withdrawal the `key` of what is withdrawn.
    """

    key: str
    act: Act
    at: str
    about: Mapping[str, str]
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class Decisions:
    """The decisions that hold, in the order in which they were made; of two about the same file the last holds."""

    all: tuple[Decision, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[Decision]) -> Decisions:
        """What holds after all these lines: what was withdrawn does not, nor what was said twice of the same."""
        standing: dict[str, Decision] = {}
        for each in lines:
            if each.act is not Act.WITHDRAW:
                standing[each.key] = each
            elif gone := standing.get(each.about.get("key", "")):
                same = [key for key, other in standing.items() if (other.act, other.about) == (gone.act, gone.about)]
                for key in same:
                    del standing[key]
        return cls(tuple(standing.values()))

    def answers(self, bureau: str) -> Iterator[Answer]:
        """The confirmations, as answers that the bureau gave."""
        for each in self.all:
            if each.act is Act.CONFIRM:
                said: dict[str, Any] = {name: each.about[name] for name in IDENTITY_COLUMNS}
                yield replace(_VERIFIED, **said, explanation=each.reason, answered_by=bureau)

    def owner(self, sha256: str) -> str:
        """The school that a file of this content was said to be of; blank where nobody said."""
        found = self._files.get((Act.OWNER, sha256))
        return found.about["school"] if found else ""

    def aside(self, sha256: str) -> Decision | None:
        """The decision by which a file of this content does not count."""
        return self._files.get((Act.ASIDE, sha256))

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The words that were accepted, by vocabulary, compacted, each with the value it means."""
        found: dict[str, dict[str, str]] = {}
        for each in self.all:
            if each.act is Act.WORD:
                found.setdefault(each.about["vocabulary"], {})[compact_value(each.about["word"])] = each.about["means"]
        return found

    @cached_property
    def _files(self) -> Mapping[tuple[Act, str], Decision]:
        return {(each.act, each.about["sha256"]): each for each in self.all if "sha256" in each.about}


NONE_YET = Decisions()
