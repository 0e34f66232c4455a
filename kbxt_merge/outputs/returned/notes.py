"""The comments of a worksheet (Excel's notes) and the VML shapes that show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from lxml import etree

from kbxt_merge.model.returns import position
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.cells import SheetCells
from kbxt_merge.outputs.returned.part_xml import Element, NotEditableError
from kbxt_merge.outputs.sheets.archive import escaped

AUTHOR = "kbxt"
MARKER = "〔核查〕"
"""Starts what we say in a comment; all behind it is ours and goes in the next round."""

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_EMPTY_DRAWING = """<xml {names}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/>
</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_SHAPE = """<v:shape %sid="_x0000_s%d" type="#_x0000_t202"
 style="position:absolute;margin-left:60pt;margin-top:2pt;width:190pt;height:%dpt;z-index:1;visibility:hidden"
 fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>
<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>
<x:Anchor>%d, 12, %d, 2, %d, 40, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill>
<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"""
# VML is not always well-formed XML (Excel writes <br> in it), so its shapes are cut out and put in as text
_SHAPE_TAGS = re.compile(rb"<(/?)(?:\w+:)?shape\b[^<>]*?(/?)>")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*([0-9]+)\s*<")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*([0-9]+)\s*<")
_SHAPE_IDS = re.compile(rb"_x0000_s([0-9]{1,7})")
_RUN = '<r{names}><rPr><sz val="9"/><rFont val="宋体"/></rPr><t xml:space="preserve">{words}</t></r>'
_COMMENTS = """<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<comments xmlns="{main}"><authors><author>{author}</author></authors><commentList>{comments}</commentList></comments>"""
_CHARACTERS_A_LINE = 17
_POINTS_A_LINE = 15


class Notes:
    """The comments of one worksheet."""

    def __init__(self, book: Book, sheet: str, cells: SheetCells) -> None:
        """Find the worksheet's comments, its drawing of them, and the cells that hold threaded comments."""
        self._book = book
        self._package = book.package
        self._sheet = sheet
        self._cells = cells
        self._part = self._package.related(sheet, "comments")
        if self._part is not None and self._part in self._package:
            self._check(self._package.tree(self._part))
        self._drawing = self._drawn_in()
        self._gone: set[tuple[int, int]] = set()
        self._new: dict[str, tuple[tuple[int, int], str]] = {}

    def _check(self, tree: Element) -> None:
        """Refuse comments with two lists of authors: readers differ in which they take."""
        lists = [each.tag for each in tree]
        if len(set(lists)) < len(lists):
            raise NotEditableError(f"{self._part}: a list twice")

    def _drawn_in(self) -> str | None:
        wanted = self._cells.drawing
        return next((each.target for each in self._package.relations(self._sheet) if each.id == wanted), None)

    @cached_property
    def threaded(self) -> frozenset[str]:
        """The cells with a threaded comment: its note is only a shadow that Excel writes anew, so it is left alone."""
        parts = [each.target for each in self._package.relations(self._sheet) if each.is_a("threadedComment")]
        return frozenset(str(each.get("ref")) for part in parts for each in self._package.tree(part) if each.get("ref"))

    @cached_property
    def _by_cell(self) -> dict[str, Element]:
        if self._part is None:
            return {}
        return {str(each.get("ref")): each for each in self._package.tree(self._part).iter(self._book.tag("comment"))}

    def add(self, cell: str, place: tuple[int, int], text: str) -> None:
        """Say something at a cell, which stands in this row and column, once, behind what its comment says already."""
        if cell in self.threaded:
            return
        comment = self._by_cell.get(cell)
        if comment is None:
            self._new[cell] = place, text
        else:
            self._say_more(comment, text)

    def _say_more(self, comment: Element, text: str) -> None:
        said = comment.find(self._book.tag("text"))
        if said is None:
            said = etree.SubElement(comment, self._book.tag("text"))
        self._package.edit(self._part or "")
        for plain in said.findall(self._book.tag("t")):  # a plain text may not stand beside runs
            run = etree.Element(self._book.tag("r"))
            said.replace(plain, run)
            run.append(plain)
        has_words = any(each.text for each in said.iter(self._book.tag("t")))
        run = etree.fromstring(_run(("\n" if has_words else "") + MARKER + text, f' xmlns="{self._book.main}"'))
        said.insert(len(said.findall(self._book.tag("r"))), run)

    def take_off(self) -> None:
        """Cut from every comment what is ours, and remove those of which nothing is left, with their shapes."""
        for cell, comment in list(self._by_cell.items()):
            if cell not in self.threaded and self._cut(comment) and not self._words(comment).strip():
                self._remove(cell, comment)

    def _words(self, comment: Element) -> str:
        return "".join(each.text or "" for each in comment.iter(self._book.tag("t")))

    def _cut(self, comment: Element) -> bool:
        """Cut a comment at the marker, and the line break before it; whether there was one."""
        texts = list(comment.iter(self._book.tag("t")))
        first = next((i for i, each in enumerate(texts) if MARKER in (each.text or "")), None)
        if first is None:
            return False
        self._package.edit(self._part or "")
        texts[first].text = (texts[first].text or "").partition(MARKER)[0]
        for text in texts[first + 1 :]:
            text.text = ""
        last = next((each for each in reversed(texts) if each.text), None)
        if last is not None:
            last.text = (last.text or "").removesuffix("\n")
        for text in texts:
            run = text.getparent()
            if not text.text and run is not None and run.tag == self._book.tag("r"):
                run.getparent().remove(run)  # type: ignore[union-attr]
        return True

    def _remove(self, cell: str, comment: Element) -> None:
        comment.getparent().remove(comment)  # type: ignore[union-attr]
        del self._by_cell[cell]
        place = position(cell)
        if place is not None:
            self._gone.add(place)

    def _hide_all(self) -> None:
        """Remove the drawing where no shape is left in it."""
        if self._drawing is None or any(_shapes(self._package.part(self._drawing))):
            return
        element = self._cells.edit().find(self._book.tag("legacyDrawing"))
        if element is not None:
            element.getparent().remove(element)  # type: ignore[union-attr]
        self._package.unrelate(self._sheet, [self._drawing])
        self._package.remove([self._drawing])

    def _write_new(self) -> None:
        """Write the new comments behind those there are."""
        if self._part is None:
            self._part = self._package.free_name("xl/kbxtComments{}.xml")
            content = _COMMENTS.format(main=self._book.main, author=AUTHOR, comments=self._comments(0))
            self._package.add(self._part, content.encode(), _COMMENTS_TYPE)
            self._package.relate(self._sheet, f"{self._book.office}/comments", self._part)
            return
        tree = self._package.edit(self._part)
        authors, listed = self._child(tree, "authors", 0), self._child(tree, "commentList", 1)
        comments = self._comments(self._author(authors))
        listed.extend(etree.fromstring(f'<all xmlns="{self._book.main}">{comments}</all>'))

    def _child(self, tree: Element, name: str, place: int) -> Element:
        """A part of the comments, made where the school's program left it out."""
        found: Element | None = tree.find(self._book.tag(name))
        if found is None:
            found = etree.Element(self._book.tag(name))
            tree.insert(place, found)
        return found

    def _comments(self, author: int) -> str:
        """The new comments of the author with this number, as XML."""
        new, by = self._new.items(), f'" authorId="{author}"><text>'
        return "".join([f'<comment ref="{cell}{by}{_first_run(text)}</text></comment>' for cell, (_, text) in new])

    def _author(self, authors: Element) -> int:
        """Our number among those who comment."""
        names = [each.text for each in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, self._book.tag("author")).text = AUTHOR
            names.append(AUTHOR)
        return names.index(AUTHOR)

    def finish(self) -> None:
        """Bring the drawing up to date with the comments made and removed since."""
        if self._drawing is not None and self._gone:
            self._package.put(self._drawing, _without_notes(self._package.part(self._drawing), self._gone))
        if self._new:
            self._write_new()
            self._draw()
        elif self._part is not None and not self._by_cell:
            self._package.unrelate(self._sheet, [self._part])
            self._package.remove([self._part])
            self._hide_all()

    def _draw(self) -> None:
        """Draw the boxes of the comments made here."""
        ours = self._drawing is None or self._drawing not in self._package
        if ours:
            self._drawing = self._package.free_name("xl/drawings/kbxtNotes{}.vml")
            number = len(self._package)
            self._package.put(self._drawing, _EMPTY_DRAWING.format(names=_NAMES, number=number).encode())
            self._package.add_default_type("vml", _VML_TYPE)
            relation = self._package.relate(self._sheet, f"{self._book.office}/vmlDrawing", self._drawing)
            self._cells.point_to_drawing(relation)
        assert self._drawing is not None
        head, end, tail = self._package.part(self._drawing).rpartition(b"</xml>")
        if not end:
            raise NotEditableError(f"{self._drawing}: no drawing")
        first = max((int(each) for each in _SHAPE_IDS.findall(head)), default=1024) + 1
        names = "" if ours else f"{_NAMES} "
        shapes = [_shape(n, *place, text, names) for n, (place, text) in enumerate(self._new.values(), first)]
        self._package.put(self._drawing, b"".join((head, "".join(shapes).encode(), end, tail)))


def _run(text: str, names: str = "") -> str:
    """A run of our words; `names` declares its name space where nothing around it does."""
    return _RUN.format(names=names, words=escaped(text))


@lru_cache(maxsize=4096)
def _first_run(text: str) -> str:
    """The run of a comment that says nothing else; many cells have the same to be said of them."""
    return _run(MARKER + text)


def _shape(number: int, row: int, column: int, text: str, names: str) -> str:
    """The box of a comment beside its cell, as high as its text; `names` declares its name spaces."""
    lines = _lines(text)
    anchor = column + 1, max(row - 1, 0), column + 4, row + 2 + lines
    return _SHAPE % (names, number, (lines + 1) * _POINTS_A_LINE, *anchor, row, column)


@lru_cache(maxsize=4096)
def _lines(text: str) -> int:
    """Count the lines that a text takes in its box."""
    return sum(1 + len(line) // _CHARACTERS_A_LINE for line in text.split("\n"))


def _without_notes(drawing: bytes, cells: set[tuple[int, int]]) -> bytes:
    """The drawing without the shapes of the notes at these cells."""

    kept, last = [], 0
    for start, end in _shapes(drawing):
        shape = drawing[start:end]
        row, column = _ROW.search(shape), _COLUMN.search(shape)
        if row and column and b'"Note"' in shape and (int(row[1]), int(column[1])) in cells:
            kept.append(drawing[last:start])
            last = end
    return b"".join([*kept, drawing[last:]])


def _shapes(drawing: bytes) -> Iterator[tuple[int, int]]:
    """Where the shapes of a drawing begin and end; one that never ends is none."""
    start = None
    for tag in _SHAPE_TAGS.finditer(drawing):
        closes, is_whole = map(bool, tag.groups())
        if closes and start is not None:
            yield start, tag.end()
            start = None
        elif not closes and not is_whole and start is None:
            start = tag.start()
