"""What the notes of a blank may call its columns and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kbxt_merge.intake.drafting.printed import Printed
from kbxt_merge.model.field import NO_SUM
from kbxt_merge.model.text import bare_header, plain

TOTAL = re.compile(r"^(?:合计|总数|小计|总计|总人数|人数|总额|计)$")
_TERM = re.compile(r"第?[(（]?0*([0-9]+)[)）]?\s*[列行栏项]?")
_OF_WHICH = re.compile(r"^其中[:：]?")
_CIRCLED = re.compile(r"(?:^|(?<=[；;。：:，,\s]))[①-⑳](?=[0-9\u4e00-\u9fff(（“])")
"""What numbers the sentences of a note, and is no column's code."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a note may call columns: by field's name the code below the header, and the header."""

    names: Sequence[str]
    headers: Sequence[str]
    groups: Sequence[tuple[str, ...]]
    codes: Sequence[str]
    counted: Sequence[bool]
    printed: Printed = field(default_factory=Printed)

    @property
    def labels(self) -> Sequence[str]:
        """The printed rows."""
        return self.printed.labels

    @property
    def adds_up(self) -> Sequence[bool]:
        """Of which columns the rows may be added up: no rates, no prices, nothing printed."""
        return [
            counted and not NO_SUM.search(f"{''.join(path)}{header}")
            for counted, header, path in zip(self.counted, self.headers, self.groups, strict=True)
        ]

    @property
    def columns(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Of each field its name, its header and the groups over it."""
        return zip(self.names, self.headers, self.groups, strict=True)

    def of_group(self, text: str) -> Iterator[tuple[str, str]]:
        """The fields of a group of this name, by their headers."""
        for name, header, path in self.columns:
            if path and bare_header(path[-1]) == text:
                yield bare_header(header), name

    def within(self, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The fields below this group, by their headers."""
        for name, header, own in self.columns:
            if path and own == path:
                yield bare_header(header), name

    def beside(self, name: str) -> list[str]:
        """The counted fields of a field's own group, else of the nearest one before it, else behind it."""
        at = list(self.names).index(name)
        behind = [path for path in self.groups[at:] if path]
        path = self.groups[at] or next((each for each in reversed(self.groups[:at]) if each), next(iter(behind), ()))
        members = zip(self.names, self.groups, self.counted, strict=True)
        return [each for each, own, counted in members if path and own == path and counted and each != name]

    def by_code(self) -> Mapping[str, str]:
        """The fields by the numbers below their headers."""
        return {
            bare_code(re.split("[=＝]", code)[0]): name
            for code, name in zip(self.codes, self.names, strict=False)
            if code
        }

    def by_number(self) -> Mapping[str, str]:
        """The printed rows by the numbers beside them; without any by their place."""
        numbers = [bare_code(each) for each in self.printed.numbers]
        if not any(each.isdigit() for each in numbers):
            numbers = [str(at) for at in range(1, len(self.labels) + 1)]
        return dict(zip(numbers, self.labels, strict=False))

    def by_header(self) -> Mapping[str, str]:
        """The fields by their headers, those left out that two have."""
        own = [_OF_WHICH.sub("", bare_header(each)) for each in self.headers]
        over = [bare_header(path[-1]) if path else "" for path in self.groups]
        full = [f"{group}{text}" for group, text in zip(over, own, strict=True)]
        short = [f"{group.removesuffix('数')}{text}" for group, text in zip(over, own, strict=True)]
        found: dict[str, str] = {}
        for texts in (short, full, own):
            found |= {text: name for text, name in zip(texts, self.names, strict=True) if texts.count(text) == 1}
        return found

    def by_total(self) -> Mapping[str, str]:
        """The fields that say the whole of a group, by what the group is called."""
        return {
            _OF_WHICH.sub("", bare_header(path[-1])): name
            for name, header, path in self.columns
            if path and TOTAL.match(bare_header(header))
        }

    def by_name(self) -> Mapping[str, str]:
        """The fields by all that a formula may call them."""
        return {**self.by_total(), **self.by_header(), **self.by_code()}


def note_text(note: str) -> str:
    """A note as its sentences are read; what numbers these is no number."""
    return plain(_CIRCLED.sub(";", note))


def bare_code(code: str) -> str:
    """The number of a column's code, else the text as it is compared."""
    found = _TERM.fullmatch(plain(code))
    return found[1] if found else plain(code)


def sentences(note: str) -> list[str]:
    """The parts of a note, each without its number."""
    parts = re.split(r"[;；,，。]|说明:|注:|关系:|(?<![0-9])(?=[0-9]{1,2}[.、](?![0-9]))", note)
    return [re.sub(r"^[0-9]{1,2}[.、]", "", part) for part in parts if part]
