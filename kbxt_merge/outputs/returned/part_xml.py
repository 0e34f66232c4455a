"""The XML of a part as a tree, and the way back."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

Element: TypeAlias = "etree._Element"


class NotEditableError(Exception):
    """The file is no package that can be edited part by part: it goes back as a plain copy."""


def tree_of(content: bytes, name: str = "") -> Element:
    """A part's XML without comments and processing instructions, which mean nothing to a spreadsheet.

    Raises NotEditableError where it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise NotEditableError(f"{name}: {fault}") from fault


def as_part(tree: Element) -> bytes:
    """XML as Office writes it: UTF-8, standalone."""
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)
