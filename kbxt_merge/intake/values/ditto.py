"""同上, 〃 and their like: what stands above is meant, in a list the record before, on a card the label above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.field import ONE_EACH
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.text import plain

_WORDS = frozenset((
    "同上", "如上", "同前", "上同", "同", "同上行", "同上一行", "同上栏", "同上面", "与上同", "↑", "仝", "々", "DITTO",
    "〃", "″", '"', '""', "''", "”", "“", "〝", "〞", "＂", "´´", "``", "〃〃", "″″", "‖", "∥",
))  # fmt: skip
_LONGEST = 6
_AROUND = '。.、,()[]"“”'


def with_dittos_filled(form: Form, typed: Mapping[str, Texts], sheet: Positions) -> Mapping[str, tuple[Texts, Flags]]:
    """The cells of those fields that hold a ditto, each filled with what it repeats, and where that is so.

    `sheet` tells the sheet of each record: the first record of a sheet has none above it.
    """
    above = _fields_above(form) if form.shape is Shape.CARD else {}
    filled: dict[str, tuple[Texts, Flags]] = {}
    for field in form.fields:
        if field.type in ONE_EACH or field.name == form.record_field:
            continue
        cells = typed[field.name]
        dittos = _dittos(cells)
        if not dittos:
            continue
        where = np.fromiter((cell in dittos for cell in cells), dtype=bool, count=len(cells))
        if form.shape is not Shape.CARD:
            filled[field.name] = _from_row_above(cells, where, sheet)
        elif field.name in above:
            other = above[field.name]
            source = filled[other][0] if other in filled else typed[other]
            filled[field.name] = np.where(where, source, cells), where
    return filled


def _dittos(cells: Iterable[object]) -> frozenset[str]:
    """The texts among the cells that mean what stands above."""
    short = {cell for cell in cells if type(cell) is str and len(cell) <= _LONGEST}
    return frozenset(text for text in short if text.strip() in _WORDS or _is_ditto(plain(text).upper()))


def _is_ditto(text: str) -> bool:
    return text in _WORDS or text.strip(_AROUND) in _WORDS


def _from_row_above(cells: Texts, where: Flags, sheet: Positions) -> tuple[Texts, Flags]:
    """Each ditto filled from the nearest record above it, on its own sheet, that holds none."""
    own = np.where(where, 0, np.arange(len(cells)))
    source = np.maximum.accumulate(own)
    found = where & (sheet[source] == sheet) & ~where[source]
    return np.where(found, cells[source], cells), found


def _fields_above(form: Form) -> Mapping[str, str]:
    """For each field of a card the nearest one of its type that is printed in a row above it."""
    above: dict[str, str] = {}
    last: dict[str, str] = {}
    for band in form.bands:
        for row in band.rows:
            names = [name for name, _ in row]
            above |= {name: last[form.by_name[name].type] for name in names if form.by_name[name].type in last}
            last |= {form.by_name[name].type: name for name in names}
    return above
