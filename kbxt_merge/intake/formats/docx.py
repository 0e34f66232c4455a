"""Word files (.docx) → a grid a table: the notice's attachments were Word tables; the only home of python-docx."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import takewhile
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from kbxt_merge.intake.formats.damage import DAMAGE, PICTURE_ONLY, Unreadable
from kbxt_merge.intake.formats.docx_text import BREAK, PARAGRAPH, TEXT, is_struck, text_of
from kbxt_merge.intake.formats.ooxml_package import Package
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.formats.text_tables import Block, Line, Table, TableCell, grids_of, with_tabbed
from kbxt_merge.intake.formats.xml_events import in_spite_of_slips, without_alternatives
from kbxt_merge.intake.formats.zip_safety import check_inflated, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Kind, Workbook

DOCUMENT = "word/document.xml"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EMBEDDINGS, CHART_RELATIONS = "word/embeddings/", "word/charts/_rels/"
WORKBOOKS = frozenset({Kind.XLSX, Kind.XLSB, Kind.XLS, Kind.ODS})
MOST_DIGITS = 5
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
TABLE, ROW, CELL, PROPERTIES = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:pPr")
ON_PAGES = re.compile(r"word/(?:header|footer)[0-9]*\.xml")


def read(data: bytes, limits: Limits) -> Workbook:
    """The document's tables as grids, the lines around them included, then those of workbooks that are embedded in it.

    Nothing but the document's own part needs to be sound. Raises Unreadable when it has no table.
    """
    with open_zip(io.BytesIO(data), limits) as archive:
        check_inflated(archive, limits)
        package = Package(archive)
        body = in_spite_of_slips(package.read(package.main_part(DOCUMENT)), _body)
        blocks = with_tabbed(list(_blocks(body)))
        grids = grids_of(blocks, limits, _page(package)) if any(isinstance(block, Table) for block in blocks) else []
        grids += _embedded(package, limits, is_all=not grids)
    if not grids:
        is_picture = body.find(f".//{PICTURE}") is not None and not any(block.text for block in blocks)  # type: ignore[union-attr]
        raise Unreadable("file-other", PICTURE_ONLY if is_picture else "docx")
    return Workbook(grids)


def _body(xml: bytes) -> Any:
    try:
        body = parse_xml(without_alternatives(xml).replace(STRICT, TRANSITIONAL)).find(qn("w:body"))
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged") from error
    if body is None:
        raise Unreadable("file-unreadable", "damaged")
    return body


def _page(package: Package) -> list[str]:
    """The lines that the pages print above and below themselves; a damaged one says nothing."""
    lines: list[str] = []
    for path in filter(ON_PAGES.fullmatch, package.entries):
        with suppress(*DAMAGE):
            root = parse_xml(package.bytes_of(path).replace(STRICT, TRANSITIONAL))
            lines += (text_of(paragraph).strip() for paragraph in root.iter(PARAGRAPH))
    return lines


def _embedded(package: Package, limits: Limits, *, is_all: bool) -> list[Grid]:
    """The grids of the workbooks that are embedded in the document; the data behind a chart is none of it.

    One that can't be read is a table that nobody knows, by its name, unless it is all there is: then it raises.
    """
    charts = b"".join(package.bytes_of(path) for path in package.entries if path.startswith(CHART_RELATIONS)).lower()
    grids: list[Grid] = []
    for path in package.entries:
        if path.startswith(EMBEDDINGS) and path.rpartition("/")[2].encode() not in charts:
            data = package.bytes_of(path)
            kind = kind_of(data, path)
            if kind in WORKBOOKS:
                try:
                    grids += read_workbook(data, kind, limits).grids
                except Unreadable as unread:
                    if is_all:
                        raise
                    grids.append(Grid(path.rpartition("/")[2], [[unread.problem.slug, unread.problem.facts["what"]]]))
    return grids


def _blocks(element: Any) -> Iterator[Block]:
    """Tables and paragraphs in order, those inside content controls too."""
    for child in element:
        if child.tag == TABLE:
            yield from _tables(child)
        elif child.tag == PARAGRAPH:
            yield from _lines(child)
        elif isinstance(child.tag, str):
            yield from _blocks(child)


def _lines(paragraph: Any) -> Iterator[Line]:
    """The paragraph; where a page or a section ends in it, an empty line stands on that side of its text."""
    text = text_of(paragraph).strip()
    signs = [node for node in paragraph.iter(TEXT, BREAK) if node.tag == TEXT or node.get(qn("w:type")) == "page"]
    if (signs and signs[0].tag == BREAK) or paragraph.find(f"{PROPERTIES}/{qn('w:pageBreakBefore')}") is not None:
        yield Line("")
    yield Line(text)
    if (signs and signs[-1].tag == BREAK) or paragraph.find(f"{PROPERTIES}/{qn('w:sectPr')}") is not None:
        yield Line("")


def _tables(element: Any) -> Iterator[Block]:
    """The table, or what stands in the cells of one that only lays out others."""
    cells = list(element.iter(CELL))
    own = [cell for cell in cells if _owner(cell, TABLE) is element]
    if 2 * len(own) >= len(cells):
        yield _table(element)
        return
    for cell in own:
        yield from _blocks(cell)


def _table(element: Any) -> Table:
    rows = [_places(row) for row in element.iter(ROW) if _owner(row, TABLE) is element]
    return Table([_row(rows, number) for number in range(len(rows))])


def _places(row: Any) -> dict[int, Any]:
    """The row's cells by their column."""
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    column = _number(before.get(qn("w:val"), "0"), 0) if before is not None else 0
    places: dict[int, Any] = {}
    for cell in row.iter(CELL):
        if _owner(cell, ROW) is row:
            places[column] = cell
            column += _span(cell)
    return places


def _span(cell: Any) -> int:
    """The columns that a cell covers; one where it says something else than a number."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return max(_number(span.get(qn("w:val"), "1"), 1), 1) if span is not None else 1


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else otherwise


def _row(rows: Sequence[dict[int, Any]], number: int) -> list[TableCell]:
    """The row's cells less those that only continue a cell above; a gap before the first is an empty cell."""
    places = rows[number]
    first = min(places, default=0)
    cells = [TableCell("", columns=first)] if first and not _is_continued(places[first]) else []
    for column, cell in places.items():
        if not _is_continued(cell):
            below = takewhile(partial(_is_continued_at, column), rows[number + 1 :])
            text = "\n".join(text_of(paragraph) for paragraph in cell.iter(PARAGRAPH)).strip("\n")
            cells.append(TableCell(text, _span(cell), 1 + sum(1 for _ in below), is_struck(cell)))
    return cells


def _is_continued_at(column: int, places: dict[int, Any]) -> bool:
    return column in places and _is_continued(places[column])


def _is_continued(cell: Any) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _owner(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)
