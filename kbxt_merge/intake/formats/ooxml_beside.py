"""What a worksheet shows outside its cells: the printed page's header and footer, and text boxes."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.ooxml_package import Package

PAGE_TEXT = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]+)<")
SECTION = re.compile(r"&[LCR]")
CODE = re.compile(r'&"[^"]*"|&K[0-9A-F]{6}|&K[0-9]{2}[+-][0-9]{3}|&[0-9]{1,3}|&[A-Z]', re.I)
"""What a header says of its font and what it leaves to be filled in, such as the page's number (ECMA-376 18.3.1.46)."""
SHAPE, PARAGRAPH, TEXT = "sp", "p", "t"
DRAWING = "drawing"


def texts_beside(xml: bytes, package: Package, path: str) -> tuple[str, ...]:
    """The texts that stand in no cell of the worksheet at `path`; a drawing that can't be read says nothing."""
    tail = xml[max(xml.rfind(b"</sheetData>"), 0) :]
    found = [text for written in PAGE_TEXT.findall(tail) for text in _page_texts(written.decode("utf-8", "replace"))]
    if b"drawing " in tail:
        with suppress(Unreadable):
            found += _box_texts(package, path)
    return tuple(dict.fromkeys(found))


def _page_texts(written: str) -> Iterator[str]:
    """The texts at the left, in the middle and at the right."""
    for section in SECTION.split(html.unescape(written)):
        text = CODE.sub("", section).replace("&&", "&").strip()
        if text:
            yield text


def _box_texts(package: Package, path: str) -> Iterator[str]:
    for kind, target in package.related_to(path):
        if kind == DRAWING and package.has(target):
            shapes = (element for element in package.tree(target).iter() if _is(element, SHAPE))
            for paragraph in (each for shape in shapes for each in shape.iter() if _is(each, PARAGRAPH)):
                text = "".join(run.text or "" for run in paragraph.iter() if _is(run, TEXT)).strip()
                if text:
                    yield text


def _is(element: ElementTree.Element, name: str) -> bool:
    return posixpath.basename(str(element.tag).replace("}", "/")) == name
