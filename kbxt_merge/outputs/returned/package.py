"""An Office Open XML package in memory: parts that nobody edits keep their bytes."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Sequence

from kbxt_merge.model.blank_end import blank_end
from kbxt_merge.outputs.returned.content_types import CONTENT_TYPES, Change, Gone, OfExtension, OfPart, with_changes
from kbxt_merge.outputs.returned.part_xml import Element, NotEditableError, as_part, tree_of
from kbxt_merge.outputs.returned.relations import (
    NO_RELATIONS,
    RELATIONS_TYPE,
    Relation,
    part_of,
    relations_in,
    relations_of,
    with_relation,
    without_relations,
)
from kbxt_merge.outputs.returned.sheet_bytes import SheetBytes, sheet_bytes
from kbxt_merge.outputs.sheets.archive import Entry, archive_of, attribute, entries_of

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What unpacking raises over a part that is damaged, or locked."""


class Package:
    """The parts of one file by name; names are found whatever their case, as the standard asks."""

    def __init__(self, content: bytes) -> None:
        """Take the package apart. Raises NotEditableError where it is damaged, encrypted or no package."""
        try:
            entries = entries_of(content)
        except _DAMAGE as fault:
            raise NotEditableError(str(fault)) from fault
        self._parts = {entry.name: entry for entry in entries}  # of two of one name readers differ in which they take
        self._spelled = {name.lstrip("/").lower(): name for name in self._parts}
        if len(self._spelled) < len(self._parts) or len(entries) > len(self._parts):
            raise NotEditableError("two parts of one name")
        self._trees: dict[str, Element] = {}
        self._aside: dict[str, bytes] = {}
        self._sheets: dict[str, SheetBytes | None] = {}
        self._relations: dict[str, Sequence[Relation]] = {}
        self._edited: set[str] = set()
        self._types: list[Change] = []
        self._next_numbers: dict[str, int] = {}
        if CONTENT_TYPES.lower() not in self._spelled:
            raise NotEditableError("no content types")

    def check(self, besides: Collection[str]) -> None:
        """Unpack every part but these, which nobody looks into; raises NotEditableError where one is damaged."""
        untouched = {name.lower() for name in besides}
        for name in self._parts:
            if name.lower() not in untouched:
                self.part(name.lstrip("/"))

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a part, whatever the case of its name."""
        return name.lower() in self._spelled

    def __len__(self) -> int:
        """How many parts there are."""
        return len(self._parts)

    def names(self) -> list[str]:
        """The parts' names as the package spells them."""
        return list(self._parts)

    def part(self, name: str) -> bytes:
        """A part's bytes as they came or were added. Raises NotEditableError where there is no such part."""
        try:
            return self._parts[self._spelled[name.lower()]].content
        except KeyError as fault:
            raise NotEditableError(f"no part {name}") from fault
        except _DAMAGE as fault:
            raise NotEditableError(str(fault)) from fault

    def tree(self, name: str) -> Element:
        """A part's XML without comments and processing instructions, to be read only.

        Rows at the end of a worksheet in which nothing stands are left out, and are there again when it is saved; until
        then `bring_back` puts them in. Raises NotEditableError where the part is not well-formed.
        """
        key = name.lower()
        if key not in self._trees:
            content = self._without_sheet(name)
            begin, end = blank_end(content)
            if rows := content[begin:end] if content[begin:end].isascii() else b"":
                self._aside[key] = rows
                content = content[:begin] + content[end:]
            self._trees[key] = tree_of(content, name)
        return self._trees[key]

    def sheet_bytes(self, name: str, main: str) -> SheetBytes | None:
        """A worksheet to be marked in its bytes, of the dialect with this name space.

        None where it is not written as that asks, or there is a tree of it, as there is from the next call of `tree`
        on.
        """
        key = name.lower()
        if key not in self._sheets and key not in self._trees:
            self._sheets[key] = sheet_bytes(self.part(name), main)
        return self._sheets.get(key)

    def _without_sheet(self, name: str) -> bytes:
        """A part's bytes, with what was done to them."""
        sheet = self._sheets.pop(name.lower(), None)
        if sheet is not None and sheet.is_changed:
            self.put(name, sheet.content())
            self._edited.add(name.lower())
        return self.part(name)

    def is_read(self, name: str) -> bool:
        """Whether a part's XML was asked for, and may have been changed since."""
        return name.lower() in self._trees

    def bring_back(self, name: str) -> bool:
        """Put the rows of a worksheet into its tree that were left out of it; whether there were any."""
        tree = self.tree(name)
        rows = self._aside.pop(name.lower(), b"")
        if rows:
            spaces = ((f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in tree.nsmap.items())
            names = " ".join(f'{name}="{attribute(uri)}"' for name, uri in spaces)
            around = tree_of(b"<around %s>%s</around>" % (names.encode(), rows), name)
            tree.find("{*}sheetData").extend(around)  # type: ignore[union-attr]  # or no row could have been in it
        return bool(rows)

    def edit(self, name: str) -> Element:
        """A part's XML, to be changed: it is written anew when the package is saved."""
        tree = self.tree(name)
        self._edited.add(name.lower())
        self._relations.pop(name.lower(), None)
        return tree

    def put(self, name: str, content: bytes) -> None:
        """Write a part's bytes, whether the part is there or not."""
        spelled = self._spelled.setdefault(name.lower(), name)
        self._parts[spelled] = self._parts.get(spelled, Entry(spelled, content)).with_content(content)
        self._forget(name)

    def _forget(self, name: str) -> None:
        key = name.lower()
        self._trees.pop(key, None)
        self._aside.pop(key, None)
        self._sheets.pop(key, None)
        self._relations.pop(key, None)
        self._edited.discard(key)

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """Add a part of this content type."""
        self.put(name, content)
        self._types.append(OfPart(name, content_type))

    def add_default_type(self, extension: str, content_type: str) -> None:
        """Make sure that parts with this extension have a content type."""
        self._types.append(OfExtension(extension, content_type))

    def remove(self, names: Collection[str]) -> None:
        """Remove parts, their relations and their content types."""
        for gone in (each.lower() for name in names for each in (name, relations_of(name))):
            spelled = self._spelled.pop(gone, None)
            if spelled is not None:
                self._relations.clear()
                del self._parts[spelled]
                self._forget(gone)
        self._types.append(Gone(tuple(names)))

    def free_name(self, pattern: str) -> str:
        """The first name of `pattern` with a number for {} that no part has."""
        number = self._next_numbers.get(pattern, 1)
        while pattern.format(number) in self:
            number += 1
        self._next_numbers[pattern] = number
        return pattern.format(number)

    def relations(self, part: str) -> Sequence[Relation]:
        """The relations of a part; of the package itself for a blank name."""
        name = relations_of(part)
        if name not in self:
            return ()
        if name.lower() not in self._relations:
            self._relations[name.lower()] = relations_in(self.part(name), part)
        return self._relations[name.lower()]

    def related(self, part: str, kind: str) -> str | None:
        """The name of the first part of this kind that a part points to."""
        return next((each.target for each in self.relations(part) if each.is_a(kind) and not each.external), None)

    def pointed_to(self, besides: Collection[str]) -> set[str]:
        """The parts to which any part points, besides those named, in lower case as they are."""
        left_out = {relations_of(each).lower() for each in besides}
        sources = (name for name in self._parts if name.endswith(".rels") and name.lower() not in left_out)
        relations = (each for name in sources for each in self.relations(part_of(name)))
        return {each.target.lower() for each in relations if not each.external}

    def relate(self, part: str, kind: str, target: str) -> str:
        """Point a part to another, and return the relation's id; `kind` is the full type."""
        name = relations_of(part)
        if name not in self:
            self.put(name, NO_RELATIONS)
            self.add_default_type("rels", RELATIONS_TYPE)
        content, number = with_relation(self.part(name), part, kind, target)
        self.put(name, content)
        return number

    def unrelate(self, part: str, targets: Collection[str]) -> None:
        """Take away a part's relations to others, and the relations part where none is left."""
        name, known = relations_of(part), {each.lower() for each in targets}
        relations = self.relations(part)
        gone = frozenset(each.id for each in relations if each.target.lower() in known and not each.external)
        if left := without_relations(self.part(name), part, gone):
            self.put(name, left)
        else:
            self.remove([name])

    def save(self) -> bytes:
        """The package's bytes: parts in their order, new ones last."""
        for key, sheet in list(self._sheets.items()):
            if sheet is not None and sheet.is_changed:
                self.put(self._spelled[key], sheet.content())
        for key in self._edited:
            spelled = self._spelled[key]
            head, end, tail = as_part(self._trees[key]).rpartition(b"</sheetData>")
            content = b"".join((head, self._aside.get(key, b""), end, tail))
            self._parts[spelled] = self._parts[spelled].with_content(content)
        if self._types:
            types = self.part(CONTENT_TYPES)
            if (changed := with_changes(types, tuple(self._types))) != types:
                self.put(CONTENT_TYPES, changed)
        return archive_of(self._parts.values())
