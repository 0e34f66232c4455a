"""Web pages that systems export under the name .xls → a grid a table, its title lines above it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator

from lxml import etree, html

from kbxt_merge.intake.formats.containers import is_web_archive
from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.encoding import decoded, without_declaration
from kbxt_merge.intake.formats.text_tables import Block, Line, Table, TableCell, grids_of, whole
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Workbook

UNSHOWN = frozenset({"script", "style", "head", "title", "noscript", "template"})
INLINE = frozenset(
    {"a", "b", "em", "font", "i", "label", "nobr", "ruby", "s", "small", "span", "strong", "sub", "sup", "u"}
)
CROSSING_OUT = ("s", "strike", "del")
CROSSED_OUT = re.compile(r"text-decoration[^;]*:[^;]*line-through", re.I)
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
WHITE = re.compile(r"[ \t\r\n\f]+")
"""What a page shows as one space; ideographic and no-break spaces are shown as they are."""
MOST_SPAN = 1000
"""The most columns that a cell may cover (HTML Living Standard, 4.9.11); rows are bounded alike here."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The page's tables as grids; raises Unreadable when it has none."""
    text = decoded(data)
    if text is None:
        raise Unreadable("file-unreadable", "damaged")
    try:
        blocks = list(_Flow().blocks(_page(_unpacked(data, text))))
    except (etree.LxmlError, *DAMAGE) as error:  # as where a page has no end of elements inside elements
        raise Unreadable("file-unreadable", "html") from error
    if not any(isinstance(block, Table) for block in blocks):
        raise Unreadable("file-unreadable", "html")
    return Workbook(grids_of(blocks, limits))


def _unpacked(data: bytes, text: str) -> str:
    """The pages of a web archive (.mht); other text as it is."""
    if not is_web_archive(text):
        return text
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.default)
    pages = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html"]
    return "\n".join(decoded(page) or "" for page in pages if isinstance(page, bytes))


def _page(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    return html.document_fromstring(without_declaration(text).encode(), parser=parser)


class _Flow:
    """Takes a page apart into its innermost tables and the lines of text between them, in order."""

    def __init__(self) -> None:
        """Begin with an empty line."""
        self.line: list[str] = []

    def blocks(self, element: html.HtmlElement) -> Iterator[Block]:
        """The tables and lines inside the element."""
        if element.tag in UNSHOWN:
            return
        if element.tag == "table" and element.find(".//table") is None:
            yield from self._ended()
            yield _table(element)
            return
        is_block = element.tag not in INLINE
        if is_block:
            yield from self._ended()
        self.line.append(element.text or "")
        for child in element:
            yield from self.blocks(child)
            self.line.append(child.tail or "")
        if is_block:
            yield from self._ended()

    def _ended(self) -> Iterator[Line]:
        line = WHITE.sub(" ", "".join(self.line)).strip(" ")
        self.line = []
        if line:
            yield Line(line)


def _table(element: html.HtmlElement) -> Table:
    table = Table()
    for number, row in enumerate(element.iter("tr")):
        if HIDDEN.search(row.get("style", "")):
            table.hidden_rows.add(number)
        table.rows.append([_cell(cell) for cell in row if cell.tag in ("td", "th")])
    return table


def _cell(element: html.HtmlElement) -> TableCell:
    lines = [block.text for block in _Flow().blocks(element) if isinstance(block, Line)]
    spans = _span(element.get("colspan")), _span(element.get("rowspan"))
    return TableCell("\n".join(lines), *spans, _is_struck(element))


def _is_struck(cell: html.HtmlElement) -> bool:
    """Whether all letters in a cell are crossed out, by its own style or by elements that do so."""
    if CROSSED_OUT.search(cell.get("style", "")):
        return True
    struck = "".join("".join(each.itertext()) for each in cell.iter(*CROSSING_OUT))
    return bool(struck.strip()) and struck.strip() == "".join(cell.itertext()).strip()


def _span(written: str | None) -> int:
    """The rows or columns that a cell covers; so many that no table has them tell nothing, and would push all that
    follows out of its column."""
    span = whole(written or "")
    return span if 0 < span <= MOST_SPAN else 1
