"""A workbook that comes out the same, byte for byte, whenever it is made of the same records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook


@contextmanager
def open_book(path: Path, as_of: dt.date) -> Iterator[Workbook]:
    """A new workbook, dated by the merge and saved at the end; what it needs on disk meanwhile stands beside it.

    Raises OSError where it can't be saved.
    """
    book = Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)})
    book.set_properties({"created": dt.datetime.combine(as_of, dt.time())})
    yield book
    try:
        book.close()
    except FileCreateError as error:  # xlsxwriter's wrapping of the OSError that tells what happened
        raise error.args[0] from error
