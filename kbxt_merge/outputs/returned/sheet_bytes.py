"""A worksheet written as office programs mostly do, marked in its bytes: no tree is made of thousands of cells.

One expression accounts for every byte of its rows, so that what it takes for a cell is one; what stands around them is
parsed.  Anything else, a comment, a drawing of comments, a text within its cell, a row out of its place, is no such
sheet, and is marked in its tree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.parsers import expat

from kbxt_merge.model.blank_end import blank_end

BEHIND_LEGACY_DRAWING = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""What stands behind <legacyDrawing> in a worksheet, by ECMA-376 part 1, 18.3.1.99."""

_BEGINS, _ENDS = b"<sheetData>", b"</sheetData>"
_LETTERS = rb"[ -%'-;=-~\x80-\xff]*+"
_IN_TEXT = rb"%s(?:&(?:amp|lt|gt|quot|apos);%s)*+" % (_LETTERS, _LETTERS)
_IN_ATTRIBUTE = rb"[ !#-%'-;=?-~]*+"
_FORMULA = (
    rb'<f(?: a?ca="(?:false|true|[01])")?(?: t="shared"(?: ref="[A-Z0-9:]+")? si="[0-9]+")?(?:/>|>%s</f>)' % _IN_TEXT
)
_CELL = rb'<c r="[A-Z]{1,2}\1"(?: s="[0-9]{1,5}")?(?: t="[a-z]{1,9}")? ?(?:/>|>(?:%s)?(?:<v>%s</v>|<v/>)?</c>)' % (
    _FORMULA,
    _IN_TEXT,
)
_ROW = rb'<row r="([1-9][0-9]{0,5})"(?: (?:[a-z0-9]+:)?[A-Za-z]+="%s")*+ ?(?:/>|>(?:%s)*+</row>)' % (
    _IN_ATTRIBUTE,
    _CELL,
)
_ROWS = re.compile(rb"(?:%s)*+" % _ROW)
_ROW_BEGIN = re.compile(rb'<row r="([0-9]+)"((?: [A-Za-z0-9:]+="[^"]*")*)')
_NAME = re.compile(rb" ([A-Za-z0-9:]+)=")
_CELL_BEGINS = '<c r="'
_FORMAT = re.compile('" s="([0-9]+)"')
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding=['\"](?i:utf-8)['\"]")
_SELECTED = re.compile(rb"""\stabSelected\s*=\s*["'](?:1|true)["']""")
_VIEW = re.compile(rb"<sheetView\s[^<>]*>")
_ROOT = re.compile(rb"<worksheet\s[^<>]*>")
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
"""Of those that UTF-8 spells, what no XML holds."""
_NO_TREE = frozenset((*BEHIND_LEGACY_DRAWING, "legacyDrawing", "AlternateContent"))


class SheetBytes:
    """The cells of such a sheet by their addresses."""

    def __init__(self, head: bytes, rows: bytes, aside: bytes, tail: bytes) -> None:
        """Take the sheet's parts; in the rows that are left `aside` nothing stands.

        Raises UnicodeDecodeError where the rows are no UTF-8.
        """
        self._head, self._aside, self._tail = head, aside, tail
        self._cells = rows.decode().split(_CELL_BEGINS)
        self._places = {each[: each.index('"')]: at for at, each in enumerate(self._cells) if at}
        self._added = b""
        self.is_changed = False

    @property
    def is_sound(self) -> bool:
        """Whether no address comes twice."""
        return len(self._places) + 1 == len(self._cells)

    def format_of(self, cell: str) -> str | None:
        """The number of a cell's format; None where there is no such cell."""
        at = self._places.get(cell)
        if at is None:
            return None
        found = _FORMAT.match(self._cells[at], len(cell))
        return found[1] if found else "0"

    def put(self, cell: str, number: str) -> None:
        """Give a cell that is there another format."""
        at = self._places[cell]
        behind = self._cells[at]
        found = _FORMAT.match(behind, len(cell))
        self._cells[at] = f'{cell}" s="{number}"{behind[found.end() if found else len(cell) + 1 :]}'
        self.is_changed = True

    def point_to_drawing(self, relation: str, office: str) -> None:
        """Give the sheet its drawing of comments."""
        space = f' xmlns:r="{office}"'
        root = _ROOT.search(self._head)  # what one of its elements declares for itself does not hold behind it
        names = "" if root and space.encode() in root[0] else space
        self._added = f'<legacyDrawing{names} r:id="{relation}"/>'.encode()
        self.is_changed = True

    def unselect(self) -> None:
        """Let its tab be selected in no view."""
        head = _VIEW.sub(lambda view: _SELECTED.sub(b"", view[0]), self._head)
        self.is_changed |= head != self._head
        self._head = head

    def content(self) -> bytes:
        """The sheet's bytes."""
        before, end, behind = self._tail.rpartition(b"</worksheet")
        rows = _CELL_BEGINS.join(self._cells).encode()
        return b"".join((self._head, rows, self._aside, before, self._added, end, behind))


def sheet_bytes(xml: bytes, main: str) -> SheetBytes | None:
    """The sheet, of the dialect with this name space; None where it is written in another way."""
    start, last = xml.find(_BEGINS) + len(_BEGINS), xml.rfind(_ENDS)
    if not len(_BEGINS) <= start <= last or b"<!" in xml or not _is_utf_8(xml):
        return None
    blank, end = blank_end(xml)
    if not blank or end != last or blank < start:
        return None
    head, tail = xml[:start], xml[last:]
    if not _is_sheet(head + tail, main) or not _ROWS.fullmatch(xml, start, blank):
        return None
    if not _are_sound(_ROW_BEGIN.findall(xml, start, blank), head) or not xml[blank:last].isascii():
        return None
    try:
        found = SheetBytes(head, xml[start:blank], xml[blank:last], tail)
    except UnicodeDecodeError:
        return None
    return found if found.is_sound and not any(each in xml for each in _NO_CHARACTERS) else None


def _is_utf_8(xml: bytes) -> bool:
    """Whether the sheet says so, and holds no other instruction."""
    return bool(_ENCODING.match(xml)) and xml.count(b"<?") == 1


def _are_sound(rows: Sequence[tuple[bytes, bytes]], head: bytes) -> bool:
    """Whether each row comes once, and each of its attributes, of a name space that is known."""
    if len({number for number, _ in rows}) < len(rows):
        return False
    for attributes in {attributes for _, attributes in rows}:
        names = _NAME.findall(attributes)
        spaces = {name.partition(b":")[0] for name in names if b":" in name}
        if len({*names, b"r"}) <= len(names) or not all(b" xmlns:%s=" % each in head for each in spaces):
            return False
    return True


def _is_sheet(around: bytes, main: str) -> bool:
    """Whether what stands around the rows is a sound worksheet, with nothing in it that asks for its tree."""
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: names.append(name)
    try:
        parser.Parse(around, True)
    except expat.ExpatError:
        return False
    return (
        names[0] == f"{main} worksheet"
        and names.count(f"{main} sheetData") == 1
        and around.rstrip().endswith(b"</worksheet>")
        and _NO_TREE.isdisjoint(name.rpartition(" ")[2] for name in names)
    )
