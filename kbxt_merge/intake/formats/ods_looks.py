"""How an OpenDocument spreadsheet looks where that says something: hidden sheets, crossed out cells, printed pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from kbxt_merge.intake.formats.damage import DAMAGE

_OFFICE, _STYLE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table", "text")
)
_BODY, _ONE_STYLE, _MASTER, _PARAGRAPH, _SPAN = (
    f"{_OFFICE}body",
    f"{_STYLE}style",
    f"{_STYLE}master-page",
    f"{_TEXT}p",
    f"{_TEXT}span",
)
_ON_PAGES = tuple(f"{_STYLE}{name}" for name in ("header", "footer"))
_CROSSED_OUT = tuple(f"{_STYLE}text-line-through-{name}" for name in ("style", "type"))
_NOT = ("", "none")
_ROOT = re.compile(rb"\s*(?:<\?xml[^<>]*\?>\s*)?<([\w:-]+)[\s>]")
_MOST = 1 << 22
"""Bytes of styles that are taken as one tree, twice as fast as one by one."""
_TELLING = etree.XPath(
    "//s:style[@s:master-page-name or */@t:display or */@s:text-line-through-style[. != 'none']"
    " or */@s:text-line-through-type[. != 'none']] | //s:master-page",
    namespaces={"s": _STYLE.strip("{}"), "t": _TABLE.strip("{}")},
)


@dataclass(frozen=True, slots=True)
class Looks:
    """The styles of sheets that are hidden and of cells that are crossed out; `pages` are the texts of each master page
    and `masters` the master page of each sheet style. `are_of_whole`: what stands before the sheets is sound XML."""

    hidden: set[str] = field(default_factory=set)
    struck: set[str] = field(default_factory=set)
    masters: dict[str, str] = field(default_factory=dict)
    pages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    are_of_whole: bool = False

    def texts(self, sheet_style: str) -> tuple[str, ...]:
        """What the pages of a sheet of this style print above and below it."""
        return self.pages.get(self.masters.get(sheet_style, ""), ())


def looks_of(content: bytes, *others: bytes) -> Looks:
    """What the parts say before their body; one that is damaged says no more from there on."""
    looks = Looks()
    at_once = [_at_once(part) for part in (content, *others)]
    for part, told in zip((content, *others), at_once, strict=True):
        try:
            for element in _before_body(part) if told is None else told:
                (_add_style if element.tag == _ONE_STYLE else _add_page)(looks, element)
        except DAMAGE:
            continue
    return replace(looks, are_of_whole=at_once[0] is not None)


def _at_once(part: bytes) -> list[Any] | None:
    """The styles and master pages that tell something; None where the part is large, or not sound before its body."""
    root, body = _ROOT.match(part), part.find(b"<office:body")
    if root is None or body > _MOST or (body < 0 and (len(part) > _MOST or b":body" in part)):
        return None
    try:
        head = part if body < 0 else b"%s</%s>" % (part[:body], root[1])
        found: Any = _TELLING(etree.fromstring(head, etree.XMLParser(no_network=True, resolve_entities=False)))
        return list(found)
    except DAMAGE:
        return None


def _before_body(part: bytes) -> Iterator[Any]:
    """The styles and master pages, each whole."""
    events = etree.iterparse(
        io.BytesIO(part),
        events=("start", "end"),
        tag=(_BODY, _ONE_STYLE, _MASTER),
        no_network=True,
        resolve_entities=False,
    )
    for event, element in events:
        if element.tag == _BODY:
            return
        if event == "end":
            yield element


def _add_style(looks: Looks, style: Any) -> None:
    name, properties = _of(style, _STYLE, "name"), {key: value for each in style for key, value in each.attrib.items()}
    if properties.get(f"{_TABLE}display") == "false":
        looks.hidden.add(name)
    if any(properties.get(key, "") not in _NOT for key in _CROSSED_OUT):
        looks.struck.add(name)
    if master := _of(style, _STYLE, "master-page-name"):
        looks.masters[name] = master


def _add_page(looks: Looks, page: Any) -> None:
    shown = (each for tag in _ON_PAGES for each in page.iterfind(tag) if _of(each, _STYLE, "display") != "false")
    lines = (_shown(line) for each in shown for line in each.iter(_PARAGRAPH))
    looks.pages[_of(page, _STYLE, "name")] = tuple(line for line in lines if line)


def _shown(paragraph: Any) -> str:
    """A line without what the program fills in: page numbers, days, the file's name."""
    pieces = [paragraph.text or ""]
    for child in paragraph:
        pieces += [_shown(child) if child.tag == _SPAN else "", child.tail or ""]
    return "".join(pieces).strip()


def _of(element: Any, namespace: str, name: str) -> str:
    value: Mapping[str, str] = element.attrib
    return value.get(f"{namespace}{name}", "")
