"""Bytes → grids, by kind, inside the reading limits; whatever cannot be read whole is not read at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from kbxt_merge.intake.limits import Limits
from kbxt_merge.intake.unreadable import Unreadable
from kbxt_merge.model.submission import Kind, Workbook

__all__ = ["Unreadable", "read_workbook"]

READERS: dict[Kind, str] = {
    Kind.XLSX: "ooxml",
    Kind.XLS: "biff",
    Kind.BIFF: "biff",
    Kind.ODS: "ods",
}
"""The module that reads each kind; imported when the first such file comes."""


def read_workbook(data: bytes, kind: Kind, limits: Limits, passwords: Sequence[str] = (), name: str = "") -> Workbook:
    """The grids of a file of that kind; raises Unreadable.

    `name` is the file's own: what is no workbook is a fault only where the name says that it is one.
    """
    module = READERS.get(kind)
    if module is None:
        raise Unreadable("file-unreadable", kind.value)
    read: Callable[[bytes, Limits], Workbook] = import_module(f"kbxt_merge.intake.readers.{module}").read
    return read(data, limits)
