"""The part of a package that says what each other one is, and changes to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from kbxt_merge.outputs.returned.known_again import known_again
from kbxt_merge.outputs.returned.part_xml import Element, as_part, tree_of

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OVERRIDE, _DEFAULT = f"{{{_TYPES}}}Override", f"{{{_TYPES}}}Default"


class OfPart(NamedTuple):
    """A part is of this type."""

    part: str
    kind: str


class OfExtension(NamedTuple):
    """Parts with this extension are of this type, where the package does not say of which."""

    extension: str
    kind: str


class Gone(NamedTuple):
    """These parts are there no more."""

    parts: tuple[str, ...]


Change = OfPart | OfExtension | Gone


@known_again
def with_changes(content: bytes, changes: Sequence[Change]) -> bytes:
    """The content types after these changes; the same bytes where nothing is another."""
    tree = tree_of(content, CONTENT_TYPES)
    of_parts: dict[str, list[Element]] = {}
    for each in tree.findall(_OVERRIDE):
        of_parts.setdefault(str(each.get("PartName")).lstrip("/").lower(), []).append(each)
    extensions = {str(each.get("Extension")).lower() for each in tree.iter(_DEFAULT)}
    is_changed = False
    for change in changes:
        match change:
            case OfPart(part, kind):
                made = etree.SubElement(tree, _OVERRIDE, PartName=f"/{part}", ContentType=kind)
                of_parts.setdefault(part.lower(), []).append(made)
                is_changed = True
            case OfExtension(extension, kind) if extension not in extensions:
                tree.insert(0, etree.Element(_DEFAULT, Extension=extension, ContentType=kind))
                extensions.add(extension)
                is_changed = True
            case Gone(parts):
                for gone in (each for part in parts for each in of_parts.pop(part.lower(), ())):
                    tree.remove(gone)
                    is_changed = True
    return as_part(tree) if is_changed else content
