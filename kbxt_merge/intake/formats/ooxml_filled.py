"""A blank that is filled in, as far as somebody filled it: its sheets without the rows at their ends in which nothing
stands, and a package of these for readers that would go over all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kbxt_merge.intake.formats.ooxml_package import STRINGS, STYLES, WORKBOOK, Package, SheetPart
from kbxt_merge.intake.formats.ooxml_relations import plain
from kbxt_merge.intake.formats.zip_stored import stored
from kbxt_merge.model.blank_end import blank_end

_STRING = re.compile(rb' t="s"[^<>]*><v>([0-9]{1,9})<')
_STRING_BEGIN, _STRING_END, _EMPTY_STRING = b"<si>", b"</si>", b"<si/>"
_LOOKS, _NAMES = (
    tuple((re.compile(b"<%s(?: [^<>]*)?(?<!/)>" % name), b"</%s>" % name) for name in names)
    for names in ((b"conditionalFormatting", b"dataValidations"), (b"definedNames",))
)
"""How elements begin and end that say nothing of what cells hold."""
_COMMENT = b"<!"
_LARGE = 1 << 26
"""Bytes of worksheets that are not held at once."""
_NEEDED = ("_rels/.rels", WORKBOOK, "xl/_rels/workbook.xml.rels")


def filled_sheets(package: Package, parts: Sequence[SheetPart]) -> dict[str, bytes]:
    """The XML of these worksheets by their paths without such rows, of all or, where none has any, of none."""
    entries = (package.entries.get(plain(part.path)) for part in parts)
    if sum(entry.file_size for entry in entries if entry) > _LARGE:
        return {}
    sheets = {part.path: package.read(part.path) for part in parts}
    ends = {path: blank_end(xml) for path, xml in sheets.items()}
    if all(begin == end for begin, end in ends.values()):
        return {}
    return {path: _without(_LOOKS, xml[: ends[path][0]] + xml[ends[path][1] :]) for path, xml in sheets.items()}


def in_short(package: Package, sheets: Mapping[str, bytes], styles: bytes, strings: bytes) -> bytes:
    """The workbook with these sheets alone, not packed: what a reader of cells asks for; raises Unreadable."""
    contents = {name: _without(_NAMES, package.bytes_of(name)) for name in _NEEDED}
    contents |= {
        STYLES: styles,
        STRINGS: _needed(strings, list(sheets.values())),
        **{plain(path): xml for path, xml in sheets.items()},
    }
    there = ((package.entries.get(name), content) for name, content in contents.items() if content)
    return stored({entry.filename: content for entry, content in there if entry})


def _without(elements: Iterable[tuple[re.Pattern[bytes], bytes]], xml: bytes) -> bytes:
    """The XML without these elements, as far as they stand behind its cells and are written as usual: in no comment,
    and with an end of their own."""
    behind = max(xml.rfind(b"</sheetData>"), 0)
    tail = xml[behind:]
    if _COMMENT in tail:
        return xml
    for begins, ends in elements:
        pieces, at = [], 0
        while (found := begins.search(tail, at)) and (end := tail.find(ends, found.end())) >= 0:
            pieces.append(tail[at : found.start()])
            at = end + len(ends)
        tail = b"".join(pieces) + tail[at:]
    return xml[:behind] + tail


def _needed(strings: bytes, sheets: Sequence[bytes]) -> bytes:
    """The shared strings as far as a cell of these sheets points to one, where they are counted as they come, as
    LibreOffice does: behind are those of a blank's hidden sheet. Of others most are needed, and all are left.
    """
    first = _STRING.search(sheets[0])
    if first is None or first[1] != b"0" or _EMPTY_STRING in strings:
        return strings
    needed = max(int(number) for xml in sheets for number in _STRING.findall(xml)) + 1
    *there, behind = strings.split(_STRING_END, needed)
    until = strings[: len(strings) - len(behind)]
    is_sound = len(there) == needed == until.count(_STRING_BEGIN)
    return until + b"</sst>" if is_sound else strings
