"""A workbook that comes out the same, byte for byte, whenever it is made of the same records."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Self, TextIO

import xlsxwriter.packager
import xlsxwriter.workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook

from kbxt_merge.outputs.sheets.comment_parts import CommentBoxes, CommentTexts

_FEW_ROWS = 20_000
"""Up to so many rows a workbook is put together in memory; beyond, in files beside it."""

_LEVEL = 2
"""Of 17.6 MB of rows, level 6 makes 1.2 MB in 0.20 s, level 2 1.6 MB in 0.05 s."""


class _ZipFile(zipfile.ZipFile):
    """What xlsxwriter packs a workbook with: it has no option for the level."""

    def writestr(self, zinfo_or_arcname: zipfile.ZipInfo | str, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(zinfo_or_arcname, data, compresslevel=_LEVEL)  # one with a header does not ask the archive


class _Buffer(io.StringIO):
    """What xlsxwriter writes a part of a workbook into: kept as it comes, text or bytes, and joined when it is packed.

    xlsxwriter asks for `getvalue().encode("utf-8")`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str | bytes] = []

    def write(self, piece: str | bytes) -> int:
        self._pieces.append(piece)
        return len(piece)

    def getvalue(self) -> Self:  # type: ignore[override]
        return self

    def encode(self, encoding: str) -> bytes:
        runs = groupby(self._pieces, type)
        return b"".join(_encoded(list(run), encoding) for _, run in runs)


def _encoded(pieces: Sequence[Any], encoding: str) -> bytes:
    """Pieces that are all text, or all bytes."""
    return b"".join(pieces) if isinstance(pieces[0], bytes) else "".join(pieces).encode(encoding)


_OURS: Sequence[tuple[ModuleType, str, object]] = (
    (xlsxwriter.packager, "Comments", CommentTexts),
    (xlsxwriter.packager, "Vml", CommentBoxes),
    (xlsxwriter.packager, "StringIO", _Buffer),
    (xlsxwriter.workbook, "ZipFile", partial(_ZipFile, compresslevel=_LEVEL)),
)
"""What a workbook is put together with: xlsxwriter asks its modules for these, and has no option for any."""


_ONE_AT_A_TIME = Lock()


@contextmanager
def _put_together() -> Iterator[None]:
    """Let a workbook be put together by ours, and no other: which bytes those have must not hang on what else this
    process has written.  One at a time: a thread must not take them from another."""
    before = [(module, name, getattr(module, name)) for module, name, _ in _OURS]
    try:
        for module, name, ours in _OURS:
            setattr(module, name, ours)
        yield
    finally:
        for module, name, theirs in before:
            setattr(module, name, theirs)


def write_encoded(file: TextIO, xml: bytes) -> None:
    """Write XML into the file of a part, be it in memory or on a disk."""
    if isinstance(file, _Buffer):
        file.write(xml)
    else:
        file.flush()
        file.buffer.write(xml)


@contextmanager
def open_book(path: Path, as_of: dt.date, rows: int) -> Iterator[Workbook]:
    """A new workbook for about so many rows, dated by the merge and saved at the end.

    Raises OSError where it can't be saved.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": rows <= _FEW_ROWS}
    book = Workbook(str(path), {**options, "tmpdir": str(path.parent)})
    book.set_properties({"created": dt.datetime.combine(as_of, dt.time())})
    yield book
    try:
        with _ONE_AT_A_TIME, _put_together():
            book.close()
    except FileCreateError as error:  # xlsxwriter's wrapping of the OSError that tells what happened
        raise error.args[0] from error
