"""Where the fields of a card stand: its bands and their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Band
from kbxt_merge.model.text import bare_header

Placed = list[tuple[Entry, str, int]]
"""A row of a card's layout: the place, the field's name, and the columns its value spans."""


def bands_of(layout: Entry, fields: tuple[Field, ...]) -> tuple[Band, ...]:
    """A card's bands; every field stands in them once, and all rows are equally wide."""
    headers = {each.name: each.header for each in fields}
    bands: list[Band] = []
    rows: list[tuple[Entry, Placed]] = []
    for item in layout.items():
        keys = {"band": Key(Entry.text, "", required=True), "rows": Key(Entry.items, [], required=True)}
        read = read_keys(item, keys)
        placed_rows = [(row, _row(row, headers)) for row in read["rows"]]
        rows += placed_rows
        bands.append(Band(read["band"], tuple(tuple((name, span) for _, name, span in row) for _, row in placed_rows)))
    _check_layout(layout, rows, headers)
    return tuple(bands)


def _row(entry: Entry, headers: Mapping[str, str]) -> Placed:
    row: Placed = []
    for pair in entry.items():
        parts = pair.items()
        if len(parts) != 2:
            pair.fault("每格写成 [字段, 列数]", "each cell is written as [field, columns]")
            continue
        name = parts[0].one_of(headers, "字段", "field")
        span = parts[1].whole()
        if name is not None:
            row.append((parts[0], name, span or 1))
    return row


def _check_layout(layout: Entry, rows: list[tuple[Entry, Placed]], headers: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    widths = [sum(span + 1 for _, _, span in row) for _, row in rows]
    for (entry, row), width in zip(rows, widths, strict=True):
        if width != widths[0]:
            entry.fault(
                f"这一行占 {width} 列，第一行占 {widths[0]} 列（标签各占 1 列），各行要一样宽",
                f"this row takes {width} columns and the first {widths[0]} (a label takes 1); all must be equally wide",
            )
        labels: set[str] = set()
        for place, name, _ in row:
            label = bare_header(headers[name])
            if name in seen:
                place.fault(f"字段 {name} 在 layout 中出现两次", f"the field {name} stands in the layout twice")
            elif label in labels:
                place.fault(f"同一行有两个“{label}”，无法区分", f"two labels of this row read `{label}`")
            seen.add(name)
            labels.add(label)
    for name in headers.keys() - seen:
        layout.fault(f"layout 漏了字段 {name}", f"the layout leaves out the field {name}")
