"""A template filled in by docxtpl, but for its work on what a template does not have; what it made of it is kept.

What it parses and packs anew whatever the template is, is looked at first: tables whose rows have a cell a column need
no mending, texts without line breaks no listing, and parts that nothing was filled into stay as they lie.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined
from lxml import etree

from kbxt_merge.outputs.brief.figures import Figures
from kbxt_merge.outputs.sheets.archive import archive_of, entries_of

_KEPT = 16
"""Parts of templates of which it is kept what was made of them: a desk fills in the same again and again."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HERE, _OPENING = "the-body-that-was-filled-in", re.compile("^<w:body[^>]*>")
_BREAK = re.compile("[\t\n\a\f]")
_FILLED_IN = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER, RELATIONSHIP_TYPE.FOOTNOTES)


def filled(template: bytes, figures: Figures) -> bytes:
    """The template with the figures in their places; raises what docxtpl, Jinja and zipfile raise."""
    document = _Document(io.BytesIO(template))
    document.render(dict(figures), _environment(), autoescape=True)
    told = dict(document.parts_filled_in())
    entries = entries_of(template)
    return archive_of(each.with_content(told[each.name]) if each.name in told else each for each in entries)


class _Document(DocxTemplate):  # type: ignore[misc]  # it has no types
    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)

    def resolve_listing(self, xml: str) -> str:
        return super().resolve_listing(xml) if _BREAK.search(xml) else xml

    def fix_tables(self, xml: str) -> Any:
        whole = deepcopy(self.docx._element)
        whole.replace(whole.body, etree.Element(_HERE))
        around = etree.tostring(whole, encoding="unicode").split(f"<{_HERE}/>")
        filled_in = _OPENING.sub("<w:body>", xml).join(around)
        tree: Any = etree.fromstring(filled_in, etree.XMLParser(recover=True)).find(f"{_W}body")
        return tree if all(map(_is_even, tree.iter(f"{_W}tbl"))) else super().fix_tables(xml)

    def map_tree(self, tree: Any) -> None:
        # to move a tree into another document takes the square of its length: mostly it was parsed in its place
        if (document := tree.getparent()) is None:
            super().map_tree(tree)
        else:
            self.docx._part._element = document

    def parts_filled_in(self) -> Iterator[tuple[str, bytes]]:
        """The parts that figures may stand in, by their names."""
        main = self.docx.part
        parts = [main, *(each.target_part for each in main.rels.values() if each.reltype in _FILLED_IN)]
        of_package = main.package.rels.values()
        parts += [each.target_part for each in of_package if each.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES]
        return ((each.partname.membername, each.blob) for each in parts)


def _is_even(table: Any) -> bool:
    """Tell whether no cell spans several columns, and the longest row has a cell a column."""
    if next(table.iter(f"{_W}gridSpan"), None) is not None:
        return False
    columns = len(table.find(f"{_W}tblGrid"))
    return columns == max((sum(1 for _ in row.iterchildren(f"{_W}tc")) for row in table.iter(f"{_W}tr")), default=0)


@lru_cache(_KEPT)
def _patched(xml: str) -> str:
    """What a part's XML is as a template of Jinja's."""
    return DocxTemplate("").patch_xml(xml)  # type: ignore[no-any-return]


@cache
def _environment() -> Environment:
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    environment.from_string = lru_cache(_KEPT)(environment.from_string)  # type: ignore[method-assign, assignment]
    return environment
