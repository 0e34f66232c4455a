"""Cells in little room: each distinct one once, or texts one behind the other in one string of bytes.

A text is an object of some 70 bytes, and a record has dozens of places that name one. Of a district that is nothing; of
a province's records it would be all of the memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.district import Positions, TextColumn, Texts

MOST_DISTINCT = 0.5
"""Up to such a share of distinct cells each is held once, with a number a row."""

_BETWEEN, _NONE = "\0", "\1"
"""Between two texts, and for none; a column with a text that has the one or is the other stays as it is."""
_A_FEW = 0.1
"""Up to such a share of a column its cells are unpacked one by one, and not all of them."""


class _Cells:
    """Cells that are unpacked when they are asked for, by position, positions or flags, as of an array."""

    def __len__(self) -> int:
        raise NotImplementedError

    def _all(self) -> Texts:
        raise NotImplementedError

    def _at(self, at: Positions) -> Texts:
        raise NotImplementedError

    def __getitem__(self, at: Any, /) -> Any:
        """The cell at a position, or those at these positions or flags."""
        if isinstance(at, (int, np.integer)):
            return self._at(np.array([at], dtype=np.intp))[0]
        return self._at(np.flatnonzero(at) if at.dtype == bool else at)

    def __iter__(self) -> Iterator[Any]:
        """The cells one by one."""
        return iter(self.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """All cells as an array of their own."""
        return self._all()

    def tolist(self) -> list[Any]:
        """All cells."""
        return list(self._all())


@dataclass(frozen=True, eq=False)
class Numbered(_Cells):
    """Cells of which many are alike: each once, and a row its number."""

    cells: Texts
    numbers: npt.NDArray[Any]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.numbers)

    def _all(self) -> Texts:
        return self.cells.take(self.numbers)

    def _at(self, at: Positions) -> Texts:
        return self.cells.take(self.numbers[at])


@dataclass(frozen=True, eq=False)
class Strung(_Cells):
    """Texts of which few are alike: one behind the other as UTF-8, `starts` has where each begins and where all end."""

    strung: bytes
    starts: npt.NDArray[Any]

    @classmethod
    def of(cls, strung: bytes) -> Strung:
        """Of texts behind each of which stands what is between two."""
        ends = np.flatnonzero(np.frombuffer(strung, dtype=np.uint8) == ord(_BETWEEN))
        return cls(strung, narrow(np.append(0, ends + 1)))

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.starts) - 1

    def _all(self) -> Texts:
        return self._run(0, len(self))

    def _at(self, at: Positions) -> Texts:
        at = np.where(at < 0, at + len(self), at)
        if len(at) and at[-1] - at[0] == len(at) - 1 and (np.diff(at) == 1).all():
            return self._run(int(at[0]), int(at[-1]) + 1)
        if len(at) > _A_FEW * len(self):
            return self._all()[at]
        ends = zip(self.starts[at].tolist(), (self.starts[at + 1] - 1).tolist(), strict=True)
        return _objects([self._text(self.strung[start:end]) for start, end in ends])

    def _run(self, first: int, end: int) -> Texts:
        """The texts from one row to before another."""
        if first == end:
            return _objects([])
        run = self.strung[self.starts[first] : self.starts[end] - 1].decode("utf-8", "surrogatepass")
        texts: list[str | None] = list(run.split(_BETWEEN))
        return _objects([None if text == _NONE else text for text in texts] if _NONE in run else texts)

    @staticmethod
    def _text(encoded: bytes) -> str | None:
        text = encoded.decode("utf-8", "surrogatepass")
        return None if text == _NONE else text


def compact(cells: Texts) -> TextColumn:
    """The same cells in less room, where there is a way."""
    listed = cells.tolist()
    if not set(map(type, listed)) <= {str, type(None)}:
        return _each_once(cells)
    numbers, distinct = pd.factorize(cells)  # of None it is -1, the last
    if len(distinct) <= MOST_DISTINCT * len(cells):
        return Numbered(_objects([*distinct, None]), narrow(np.where(numbers < 0, len(distinct), numbers)))
    texts = [_NONE if cell is None else cell for cell in listed]
    strung = _BETWEEN.join([*texts, ""])
    if strung.count(_BETWEEN) != len(texts) or _NONE in listed:
        return cells
    return Strung.of(strung.encode("utf-8", "surrogatepass"))


def stacked(parts: Sequence[TextColumn]) -> TextColumn:
    """One column of several, one below the other, in as little room."""
    strung = [each for each in parts if isinstance(each, Strung)]
    if len(strung) == len(parts):
        return Strung.of(b"".join(each.strung for each in strung))
    numbered = [each for each in parts if isinstance(each, Numbered)]
    if len(numbered) == len(parts):
        cells, numbers = _told_apart(list(chain.from_iterable(each.cells.tolist() for each in numbered)))
        return Numbered(cells, renumbered([(each.numbers, len(each.cells)) for each in numbered], numbers))
    return compact(np.concatenate([np.asarray(each, dtype=object) for each in parts]))


def held_once(column: TextColumn, known: TextColumn) -> TextColumn:
    """The column; the one that is known already where both are the same bytes."""
    if isinstance(column, Strung) and isinstance(known, Strung) and column.strung == known.strung:
        return known
    return column


def _each_once(cells: Texts) -> TextColumn:
    once, numbers = _told_apart(cells.tolist())
    return Numbered(once, narrow(numbers)) if len(once) <= MOST_DISTINCT * len(cells) else cells


def _told_apart(cells: Sequence[object]) -> tuple[Texts, Positions]:
    """Each cell once, and for each of these which it is: 1 and 1.0 are two, and so are 0.0 and -0.0."""
    known: dict[tuple[type, object], int] = {}
    numbers = [known.setdefault((type(cell), repr(cell) if cell == 0 else cell), len(known)) for cell in cells]
    of_each = np.array(numbers, dtype=np.intp)
    first = np.unique(of_each, return_index=True)[1].tolist()
    return _objects([cells[at] for at in first]), of_each


def renumbered(parts: Sequence[tuple[npt.NDArray[Any], int]], new: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The numbers of parts, one below the other, as numbers among what all have: `parts` are the numbers of each, -1 of
    what has none, and how many they are of; `new` has what each of these becomes, part by part."""
    starts = np.cumsum([0, *(size for _, size in parts)])
    moved = [
        np.append(new[start : start + size].astype(np.intp), -1)[numbers.astype(np.intp)]  # of -1 it is the last
        for start, (numbers, size) in zip(starts, parts, strict=False)
    ]
    return narrow(np.concatenate(moved))


def narrow(numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers in as few bytes as they need; -1 may be among them."""
    most = int(numbers.max(initial=0))
    return numbers.astype(np.min_scalar_type(-most - 1 if numbers.min(initial=0) < 0 else most))


def _objects(items: Sequence[object]) -> Texts:
    objects: Texts = np.empty(len(items), dtype=object)
    objects[:] = items
    return objects
