"""The relations of a part: its pointers to others, which lie in a part of their own."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from kbxt_merge.outputs.returned.known_again import known_again
from kbxt_merge.outputs.returned.part_xml import as_part, tree_of

RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION = f"{{{_RELATIONS}}}Relationship"
NO_RELATIONS = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()


@dataclass(frozen=True, slots=True)
class Relation:
    """A part's pointer to another: `target` is a part's name, or where it is external whatever stands there."""

    id: str
    type: str
    target: str
    external: bool

    def is_a(self, kind: str) -> bool:
        """Tell whether the type's last word is `kind`: the same in both dialects."""
        return self.type.rpartition("/")[2] == kind


@lru_cache(maxsize=1024)
def relations_of(part: str) -> str:
    """The name of the part that holds another part's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def part_of(relations: str) -> str:
    """The part whose relations a part holds: the way back of `relations_of`."""
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


@known_again
def relations_in(content: bytes, part: str) -> Sequence[Relation]:
    """The relations of a part, whose bytes these are."""
    return tuple(_read(content, part))


def _read(content: bytes, part: str) -> Iterator[Relation]:
    for each in tree_of(content, relations_of(part)).iter(_RELATION):
        external = each.get("TargetMode") == "External"
        target = str(each.get("Target"))
        joined = target if external else posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
        yield Relation(str(each.get("Id")), str(each.get("Type")), joined.lstrip("/"), external)


@known_again
def with_relation(content: bytes, part: str, kind: str, target: str) -> tuple[bytes, str]:
    """The relations with one more, and its id; `kind` is the full type."""
    tree = tree_of(content, relations_of(part))
    taken = {str(each.get("Id")) for each in tree}
    number = next(n for n in range(1, len(taken) + 2) if f"rIdKbxt{n}" not in taken)
    path = posixpath.relpath(target, posixpath.dirname(part) or ".")
    etree.SubElement(tree, _RELATION, Id=f"rIdKbxt{number}", Type=kind, Target=path)
    return as_part(tree), f"rIdKbxt{number}"


@known_again
def without_relations(content: bytes, part: str, gone: Collection[str]) -> bytes:
    """The relations without those of these ids; no bytes where none is left."""
    tree = tree_of(content, relations_of(part))
    for each in list(tree):
        if each.get("Id") in gone:
            tree.remove(each)
    return as_part(tree) if len(tree) else b""
