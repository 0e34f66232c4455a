"""Bytes → grids, by kind, inside the reading limits; whatever cannot be read whole is not read at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from kbxt_merge.intake.formats.containers import CONTAINERS
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.file_names import Promise, promise_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind, Workbook

__all__ = ["Unreadable", "read_workbook"]

READERS: dict[Kind, str] = {
    Kind.XLSX: "ooxml",
    Kind.XLSB: "xlsb",
    Kind.XLS: "xls",
    Kind.BIFF: "xls",
    Kind.ODS: "ods",
    Kind.FODS: "fods",
    Kind.XML2003: "xml2003",
    Kind.HTML: "html",
    Kind.CSV: "csv",
    Kind.DOCX: "docx",
    Kind.RTF: "rtf",
}
"""The module that reads each kind; imported when the first such file comes."""
WORD_TABLE = "\x07\x07".encode("utf-16-le")
"""How Word 97 ends a row of a table, in text that is not all Latin: the mark of the cell and that of the row."""
LIST_HEADERS = tuple(header.encode("utf-16-le") for header in ("姓名", "序号"))
"""One of these stands in each of the forms, and in few tables of a letter."""
FAULTS = frozenset({Kind.EMPTY, Kind.UNKNOWN, Kind.SHORTCUT, Kind.VOLUME, Kind.IWORK})
"""Kinds that may stand for a return, whatever the file's name."""


def read_workbook(data: bytes, kind: Kind, limits: Limits, passwords: Sequence[str] = (), name: str = "") -> Workbook:
    """The grids of a file of that kind, none of an archive's own; raises Unreadable.

    `name` is the file's: a page or a picture is a fault only where the name promises a table.
    """
    if kind in CONTAINERS:
        return Workbook([])  # its members are files of their own
    if kind is Kind.ENCRYPTED:
        plain = unlocked(data, passwords)
        return read_workbook(plain, kind_of(plain, name), limits, (), name)
    module = READERS.get(kind)
    if module is None:
        raise Unreadable(_slug(data, kind, name), kind.value)
    try:
        workbook: Workbook = _reader(module, "read")(data, limits)
    except Unreadable as unreadable:
        if kind is not Kind.XLS or unreadable.problem.slug != "file-encrypted":
            raise
        workbook = _reader(module, "read")(unlocked(data, passwords), limits)
    return workbook


def _reader(module: str, function: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(f"kbxt_merge.intake.formats.{module}"), function)
    return found


def _slug(data: bytes, kind: Kind, name: str) -> str:
    """Whether what is no table is a fault: where its name promises one, and where it may hide one."""
    promised = promise_of(name) in (Promise.WORKBOOK, Promise.VALUES)
    if kind is Kind.RESOURCE_FORK:
        return "file-ignored"
    if kind is Kind.DOC:
        may_hide_one = WORD_TABLE in data and any(header in data for header in LIST_HEADERS)
        return "file-unreadable" if promised or may_hide_one else "file-other"
    return "file-unreadable" if promised or kind in FAULTS else "file-other"
