"""What the pages of a run show of texts and cells: each distinct one is looked at once, however many pages it is on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kbxt_merge.model.privacy import Privacy
from kbxt_merge.model.text import LONGEST_CELL, shortened

_FACT = re.compile("((?<=“)[^“”]*(?=”)|[0-9]+)")
"""What differs from one message of a rule to the next: what is quoted, and numbers; around them all say the same."""


class Parted(dict[str, tuple[tuple[str, ...], list[str]]]):
    """By message its sentence, which all of its kind share, in the parts around the facts; and its facts."""

    def __missing__(self, message: str) -> tuple[tuple[str, ...], list[str]]:
        """Part the message."""
        parts = _FACT.split(message)
        self[message] = parted = tuple(parts[::2]), parts[1::2]
        return parted

    def look_at(self, messages: Iterable[str]) -> None:
        """Part all of these."""
        for message in dict.fromkeys(messages):
            self[message]


class Shown:
    """What is shown of running text, of names, of messages, and of cells by the type of their field."""

    def __init__(self, privacy: Privacy) -> None:
        """Show no more than `privacy` lets."""
        self.text = privacy.text
        self.names = privacy.words
        self.value = privacy.value
        self.parted = Parted()

    def cells(self, field_type: str, texts: Iterable[str]) -> list[str]:
        """Cells of fields of this type, not longer than a line or two."""
        told = self.value(field_type).all(texts)
        if max(map(len, told), default=0) <= LONGEST_CELL:
            return told
        return [shortened(text, LONGEST_CELL) for text in told]
