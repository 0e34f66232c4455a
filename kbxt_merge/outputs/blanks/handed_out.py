"""A blank as it lies on the disk: still as it was written, or filled in since."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.model.file_names import Promise, promise_of
from kbxt_merge.model.inbox import ROSTER_NAMES
from kbxt_merge.model.own_workbook import Mark

_PROPERTY = re.compile(r'name="([^"]*)"><vt:lpwstr>([^<]*)</vt:lpwstr>')
_DATE = re.compile(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<")
_LARGEST_PART = 1_000_000


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank that nobody has saved since it was written: the label of its period, and whether it starts with records.

    A neutral one has no period.
    """

    period: str
    carries: bool


def read_blank(path: Path) -> Blank | None:
    """What a blank says of itself; None for any other file, and for one that was saved since: it may be filled in."""
    try:
        with zipfile.ZipFile(path) as book:
            dates, marks = _part(book, "docProps/core.xml"), _part(book, "docProps/custom.xml")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    known, moments = dict(_PROPERTY.findall(marks)), _DATE.findall(dates)
    if Mark.FORM not in known or len(moments) != 2 or moments[0] != moments[1]:
        return None
    return Blank(known.get(Mark.PERIOD, ""), Mark.CARRIED in known)


def filled_in(folders: Iterable[Path]) -> Iterator[Path]:
    """The workbooks that lie in these folders and are no blanks, or none any more; a roster is not meant."""
    for folder in folders:
        lying = sorted(folder.iterdir()) if folder.is_dir() else ()
        books = (each for each in lying if promise_of(each.name) is Promise.WORKBOOK and each.is_file())
        yield from (each for each in books if each.name not in ROSTER_NAMES and read_blank(each) is None)


def _part(book: zipfile.ZipFile, name: str) -> str:
    with book.open(name) as part:
        return part.read(_LARGEST_PART).decode("utf-8")
