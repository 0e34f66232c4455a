"""What the pages of a run show of texts and cells: each distinct one is masked once, however many pages it is on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial

from kbxt_merge.model.privacy import Privacy

_LONGEST = 120
"""Characters of a cell that a page shows: a log of persuasion can fill a sheet."""


class Once(dict[str, str]):
    """By text what is shown of it: a text that comes again is not looked at again."""

    def __init__(self, show: Callable[[str], str]) -> None:
        """Begin without any text."""
        super().__init__()
        self._show = show

    def __missing__(self, text: str) -> str:
        """Look at the text."""
        self[text] = shown = self._show(text)
        return shown

    def all(self, texts: Iterable[str]) -> list[str]:
        """What is shown of each of the texts."""
        return list(map(self.__getitem__, texts))


class Shown:
    """What is shown of running text, and of cells by the type of their field."""

    def __init__(self, privacy: Privacy) -> None:
        """Show no more than `privacy` lets."""
        self._privacy = privacy
        self._values: dict[str, Once] = {}
        self._cells: dict[str, Once] = {}

    @cached_property
    def text(self) -> Once:
        """Running text."""
        return Once(self._privacy.of_text)

    def value(self, field_type: str) -> Once:
        """Values of fields of this type, in full."""
        if field_type not in self._values:
            self._values[field_type] = Once(partial(self._privacy.of_value, field_type=field_type))
        return self._values[field_type]

    def cell(self, field_type: str) -> Once:
        """Cells of fields of this type, not longer than a line or two."""
        if field_type not in self._cells:
            value = self.value(field_type)
            self._cells[field_type] = Once(lambda text: _cut(value[text]))
        return self._cells[field_type]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
