"""A blank that is filled in, as far as somebody filled it: its sheets without the rows at their ends in which nothing
stands, and a package of these for readers that would go over all of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from kbxt_merge.intake.formats.ooxml_package import STRINGS, STYLES, WORKBOOK, Package, SheetPart
from kbxt_merge.intake.formats.ooxml_relations import plain
from kbxt_merge.model.blank_end import blank_end

_NEEDED = ("_rels/.rels", WORKBOOK, "xl/_rels/workbook.xml.rels")


def filled_sheets(package: Package, parts: Iterable[SheetPart]) -> dict[str, bytes]:
    """The XML of these worksheets by their paths without such rows, of all or, where none has any, of none."""
    sheets = {part.path: package.read(part.path) for part in parts}
    ends = {path: blank_end(xml) for path, xml in sheets.items()}
    if all(begin == end for begin, end in ends.values()):
        return {}
    return {path: xml[: ends[path][0]] + xml[ends[path][1] :] for path, xml in sheets.items()}


def in_short(package: Package, sheets: Mapping[str, bytes], styles: bytes, strings: bytes) -> bytes:
    """The workbook with these sheets alone, not packed: what a reader of cells asks for; raises Unreadable."""
    contents = {STYLES: styles, STRINGS: strings, **{plain(path): xml for path, xml in sheets.items()}}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in (*_NEEDED, *contents):
            if name in package.entries:
                content = contents.get(name) or package.bytes_of(name)
                archive.writestr(package.entries[name].filename, content)
    return buffer.getvalue()
