"""OpenDocument content of a blank as far as somebody filled it in: its own sheets, the rows at a sheet's end in which
nothing stands, and looks are cut out before a parser, many times slower, sees them; and where all behind is the hidden
sheet, that is not even inflated."""

from __future__ import annotations

import re
import zipfile

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.xml_events import has_declaration, is_whole
from kbxt_merge.intake.formats.zip_safety import inflated
from kbxt_merge.model.own_workbook import GUIDE_SHEET, MARKS_BEGIN, OPTION_SHEET

_BEGIN, _END = b"<table:table ", b"</table:table>"
_ROW_BEGIN, _ROW_END = b"<table:table-row", b"</table:table-row>"
_FORMAT = rb'(?: table:(?:style-name|content-validation-name|number-columns-repeated)="[^"<>]*")*'
_EMPTY_TEXT = rb'(?: office:value-type="string" office:string-value=""(?: calcext:value-type="string")?)?><text:p/>'
_CELL = rb'<table:table-cell%s(?:/>| table:formula="[^"<>]*"%s</table:table-cell>)' % (_FORMAT, _EMPTY_TEXT)
_BLANK_ROW = re.compile(
    rb'<table:table-row(?: table:(?:style-name|number-rows-repeated)="[^"<>]*")*>(?:%s)+</table:table-row>' % _CELL
)
"""A row of cells with nothing but a format, or a formula whose result is an empty text; nor is it hidden or merged."""
_OF_LOOKS = (b"office:automatic-styles", b"table:content-validations", b"calcext:conditional-formats")
_AT_ONCE = 32
"""So many rows that are alike are compared at a time."""

_OPTIONS = f'<table:table table:name="{OPTION_SHEET}"'.encode()
_CLOSED = b"</office:spreadsheet></office:body></office:document-content>"
_BODY = b"<office:body"
_STEP = 1 << 13
_WRITER = b"<meta:generator>LibreOffice/"
_TABLES = re.compile(rb'<meta:document-statistic [^<>]*?\bmeta:table-count="([0-9]{1,5})"')


def before_options(archive: zipfile.ZipFile, content: zipfile.ZipInfo, meta: bytes) -> bytes | None:
    """The content up to a blank's hidden sheet, which is not inflated; None where another may follow.

    LibreOffice tells in `meta` how many sheets there are.
    """
    told = _TABLES.search(meta)
    if told is None or _WRITER not in meta or MARKS_BEGIN.encode() not in meta:
        return None
    pieces, end = list[bytes](), b""
    try:
        for piece in inflated(archive, content, _STEP):
            pieces.append(piece)
            end = end[-len(_OPTIONS) :] + piece
            if _OPTIONS in end:
                break
    except Unreadable:
        return None
    behind = len(end) - end.find(_OPTIONS) if _OPTIONS in end else 0
    xml = b"".join(pieces)[:-behind] if behind else b""
    is_last = bool(xml) and xml.count(_BEGIN) + 1 == int(told[1]) and not has_declaration(xml)
    return xml + _CLOSED if is_last else None


def as_filled_in(xml: bytes, head_is_whole: bool = False) -> bytes:
    """The XML of a blank without its own sheets and such rows; as it is where these sheets are not written as
    LibreOffice does, or alone.

    A comment that looks like a sheet leaves no whole XML behind: whoever reads it then reads all of it. Where there is
    any, no more than the sheets are cut out. `head_is_whole` says that what stands before the sheets is sound XML.
    """
    cut = xml
    for name in (OPTION_SHEET, GUIDE_SHEET):  # the long one first: what is left is copied faster
        cut = _without(cut, f'table:name="{name}"'.encode())
    if cut is xml or _BEGIN not in cut:
        return xml
    return cut if has_declaration(cut) else _without_looks(_without_blank_ends(cut), head_is_whole)


def _without_looks(xml: bytes, head_is_whole: bool) -> bytes:
    """The XML without what says how cells look and what they accept, as far as that is sound."""
    for name in _OF_LOOKS:
        begins, ends, at = b"<%s>" % name, b"</%s>" % name, 0
        while (begin := xml.find(begins, at)) >= 0 and (end := xml.find(ends, begin)) >= 0:
            at = end + len(ends)
            if (head_is_whole and xml.find(_BODY, 0, at) < 0) or is_whole(xml[begin:at]):
                xml, at = xml[:begin] + xml[at:], begin
    return xml


def _without(xml: bytes, name: bytes) -> bytes:
    at = xml.find(name)
    begin, close = xml.rfind(b"<", 0, max(at, 0)), xml.find(b">", at)
    tag = xml[begin : close + 1] if at >= 0 else b""
    if not tag.startswith(_BEGIN) or tag.endswith(b"/>"):
        return xml
    end = xml.find(_END, close)
    is_whole = end >= 0 and xml.find(_BEGIN, close, end) < 0
    return xml[:begin] + xml[end + len(_END) :] if is_whole else xml


def _without_blank_ends(xml: bytes) -> bytes:
    """The XML without the rows at the end of each sheet in which nothing stands, the first row kept."""
    pieces, done = [], 0
    while (end := xml.find(_END, done)) >= 0:
        last = xml.rfind(_ROW_END, done, end)
        last = last + len(_ROW_END) if last >= 0 else done
        pieces += [xml[done : _blank_end(xml, done, last)], xml[last : end + len(_END)]]
        done = end + len(_END)
    return b"".join(pieces) + xml[done:]


def _blank_end(xml: bytes, start: int, end: int) -> int:
    """Where the rows begin that end at `end` and hold nothing."""
    start = xml.find(_ROW_END, start, end) + len(_ROW_END)
    while row := _BLANK_ROW.fullmatch(xml, max(xml.rfind(_ROW_BEGIN, start, end), start), end):
        end = row.start()
        for alike in (row[0] * _AT_ONCE, row[0]):
            while xml.endswith(alike, start, end):
                end -= len(alike)
    return end
