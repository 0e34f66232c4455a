"""The parts of an OOXML workbook: its sheets in order, its shared strings, the marks it carries."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from xml.etree import ElementTree

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.encoding import as_utf8
from kbxt_merge.intake.formats.ooxml_relations import plain, relations
from kbxt_merge.intake.formats.xml_events import in_spite_of_slips, without_alternatives
from kbxt_merge.intake.formats.zip_safety import bytes_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import MARKS_BEGIN, is_own_sheet

WORKBOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedstrings.xml"
PROPERTIES = "docprops/custom.xml"
UNIQUE_COUNT = re.compile(rb'uniqueCount="([0-9]+)"')
HEAD_BYTES = 2048
LEAST_STRING = len(b"<si><t/></si>")
HIDDEN = ("hidden", "veryhidden")
MOST_KEPT = 8192
"""Bytes of a part at most that is known again."""
NO_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
"""The kinds of sheets in which nobody fills a form."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: the name on its tab, its part in the package, whether its tab is hidden."""

    name: str
    path: str
    hidden: bool


class Package:
    """The parts of a zip, found whatever the case and the slashes of their names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Index the archive's entries; raises Unreadable when they are locked.

        Of several under one name the largest is the part. `is_usual` says whether others find the same parts and the
        same texts in them.
        """
        self.archive = archive
        self.names: list[ElementTree.Element] = []
        self.from_1904 = False
        self._strings: bytes | None = None
        self._kinds: dict[str, str] = {}
        self.entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            name = plain(entry.filename)
            if name not in self.entries or entry.file_size > self.entries[name].file_size:
                self.entries[name] = entry
        self.is_usual = len(self.entries) == len(archive.infolist()) and not any(
            entry.filename.startswith(("/", "./")) for entry in archive.infolist()
        )
        if any(entry.flag_bits & 1 for entry in self.entries.values()):
            raise Unreadable("file-encrypted", "archive-password")

    def spelled(self, paths: Iterable[str]) -> frozenset[str]:
        """The names of these parts as the archive spells them."""
        found = (self.entries.get(plain(path)) for path in paths)
        return frozenset(entry.filename for entry in found if entry)

    def bytes_of(self, path: str) -> bytes:
        """The part's bytes; raises Unreadable where it is absent or damaged."""
        entry = self.entries.get(plain(path))
        if entry is None:
            raise Unreadable("file-unreadable", "damaged", part=path)
        try:
            return bytes_of(self.archive, entry)
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged", part=path) from error

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The package with other bytes in some of its parts; raises Unreadable where one of the others is damaged."""
        others = {plain(path): content for path, content in parts.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as rewritten:
            for path, entry in self.entries.items():
                rewritten.writestr(entry.filename, others[path] if path in others else self.bytes_of(path))
        return buffer.getvalue()

    def read(self, path: str, default: bytes | None = None) -> bytes:
        """The part as UTF-8 XML, or `default`; raises Unreadable where it is absent, damaged or declares entities."""
        if default is not None and plain(path) not in self.entries:
            return default
        return self.as_xml(self.bytes_of(path))

    def as_xml(self, part: bytes) -> bytes:
        """A part's bytes as UTF-8 XML; raises Unreadable where it declares entities."""
        xml = as_utf8(part)
        self.is_usual = self.is_usual and xml is part
        if b"!" in xml and b"<!DOCTYPE" in xml:
            raise Unreadable("file-unsafe", "entities")
        return xml

    def tree(self, path: str) -> ElementTree.Element:
        """The part as a tree, with one of each set of alternatives; raises Unreadable."""
        return in_spite_of_slips(self.read(path), partial(_tree, path))

    def sheets(self, limits: Limits) -> list[SheetPart]:
        """The worksheets of a workbook in XML, in the order of their tabs."""
        workbook = self.main_part(WORKBOOK)
        tree = self.tree(workbook)
        self.names = _children(tree, "definedNames")
        found = _children(tree, "sheets")
        settings = (each for each in tree if _local(each.tag) == "workbookPr")
        self.from_1904 = any(each.get("date1904") in ("1", "true") for each in settings)
        tabs = [
            (tab.get("name", ""), _relation(tab), tab.get("state", "").lower() in HIDDEN)
            for tab in found
            if _local(tab.tag) == "sheet"
        ]
        return self.worksheets(workbook, tabs, limits)

    def worksheets(self, workbook: str, tabs: Sequence[tuple[str, str, bool]], limits: Limits) -> list[SheetPart]:
        """The worksheets among tabs of (name, relation, hidden); raises Unreadable.

        Charts, dialogs and macro sheets hold no cells of a form. A tab whose relation leads to no sheet has the next
        worksheet to which no other leads.
        """
        limits.check_sheets(len(tabs))
        folder, name = posixpath.split(workbook)
        related = self._sheets_related(f"{folder}/_rels/{name}.rels", folder)
        led_to = {plain(related[relation][1]) for _, relation, _ in tabs if relation in related}
        free = iter(sorted(self._worksheets_in(folder) - led_to, key=lambda path: (len(path), path)))
        if not tabs:
            return [SheetPart(posixpath.basename(path), path, hidden=False) for path in free]
        sheets = []
        for tab, relation, hidden in tabs:
            kind, path = related.get(relation, ("", ""))
            if kind not in NO_CELLS:
                found = path if plain(path) in self.entries else next(free, path)
                sheets += [SheetPart(tab, found, hidden)] if found else []
        self.is_usual = self.is_usual and len({sheet.name for sheet in sheets}) == len(sheets)
        return sheets

    def _sheets_related(self, path: str, folder: str) -> dict[str, tuple[str, str]]:
        """The kind and the path of the sheets that a workbook points to, by the relations' ids."""
        sheets: dict[str, tuple[str, str]] = {}
        here = self._worksheets_in(folder)
        for number, kind, target in self._related(path, folder):
            if kind == "worksheet" or kind in NO_CELLS:
                sheets.setdefault(number, (kind, target))
            elif plain(target) in here:
                sheets.setdefault(number, ("worksheet", target))
            else:
                self._kinds.setdefault(kind, target)
        return sheets

    def _worksheets_in(self, folder: str) -> set[str]:
        return {path for path in self.entries if posixpath.dirname(path) == plain(f"{folder}/worksheets")}

    def main_part(self, usual: str) -> str:
        """The part that the others belong to: under its usual name, else the one that the package's relations name."""
        if usual in self.entries:
            return usual
        for _, kind, path in self._related("_rels/.rels", ""):
            if kind == "officeDocument":
                return path
        raise Unreadable("file-unreadable", "damaged", part=usual)

    def _related(self, path: str, folder: str) -> Iterator[tuple[str, str, str]]:
        return relations(self.tree(path), folder, self.entries)

    def drawings(self, part: SheetPart, most: int) -> list[bytes]:
        """The drawings on a worksheet, those with more than `most` bytes left out; raises Unreadable."""
        folder, name = posixpath.split(part.path)
        related = f"{folder}/_rels/{name}.rels"
        if plain(related) not in self.entries:
            return []
        paths = [path for _, kind, path in self._related(related, folder) if kind == "drawing"]
        entries = (self.entries.get(plain(path)) for path in paths)
        return [self.read(entry.filename) for entry in entries if entry and entry.file_size <= most]

    def shared_strings(self) -> bytes:
        """The XML of the shared strings; empty without any."""
        path = self._path_of("sharedStrings", STRINGS)
        if self._strings is None:
            self._strings = self.bytes_of(path) if path else b""
        return self.as_xml(self._strings)

    def styles(self) -> bytes:
        """The XML of the cells' formats; empty without any that is sound."""
        path = self._path_of("styles", STYLES)
        with _damage_is_nothing():
            return self.read(path) if path else b""
        return b""

    def _path_of(self, kind: str, usual: str) -> str | None:
        """The part of this kind to which the workbook points, else the one under its usual name."""
        path = self._kinds.get(kind)
        if path is None or plain(path) not in self.entries:
            return next((path for path in self.entries if path.endswith(usual)), None)
        self.is_usual = self.is_usual and plain(path) == usual
        return plain(path)

    def announced_strings(self) -> int:
        """How many different shared strings the workbook says that it has; 0 where it doesn't say."""
        return _announced(self.shared_strings()[:HEAD_BYTES])

    def strings_lie(self, limits: Limits) -> bool:
        """Whether more shared strings are announced than there can be; raises Unreadable past the limit.

        Where all is well the strings are kept: inflating them once is enough.
        """
        path = self._path_of("sharedStrings", STRINGS)
        if path is None:
            return False
        entry = self.entries[path]
        try:
            strings = bytes_of(self.archive, entry)
        except DAMAGE as error:
            if _strings_lie(self._head(entry), entry.file_size, limits):
                return True
            raise Unreadable("file-unreadable", "damaged", part=path) from error
        if _strings_lie(strings[:HEAD_BYTES], entry.file_size, limits):
            return True
        self._strings = strings
        return False

    def _head(self, entry: zipfile.ZipInfo) -> bytes:
        """The begin of a part whose end is damaged; nothing where that is damaged too."""
        with suppress(*DAMAGE), self.archive.open(entry) as stream:
            return stream.read(HEAD_BYTES)
        return b""

    def marks(self) -> dict[str, str]:
        """What a blank of this tool carries: custom properties, and defined names that hold text."""
        properties: Iterable[ElementTree.Element] = ()
        with _damage_is_nothing():
            properties = self.tree(PROPERTIES) if PROPERTIES in self.entries else ()
        named = ((item.get("name", ""), item) for item in (*self.names, *properties))
        return {name: "".join(item.itertext()).strip('"') for name, item in named if name.startswith(MARKS_BEGIN)}


def forms_alone(parts: list[SheetPart]) -> list[SheetPart]:
    """The worksheets without a blank's own ones, which are not even inflated; all of them where there are no others."""
    return [part for part in parts if not is_own_sheet(part.name)] or parts


def _tree(path: str, xml: bytes) -> ElementTree.Element:
    try:
        return _parsed_before(xml) if len(xml) <= MOST_KEPT else _parsed(xml)
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged", part=path) from error


def _parsed(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(without_alternatives(xml))


_parsed_before = lru_cache(maxsize=64)(_parsed)
"""A program writes the same relations, and often the same workbook, around other cells; nobody changes a tree."""


def _children(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The elements inside the tree's elements of this name."""
    return [child for element in tree if _local(element.tag) == name for child in element]


@contextmanager
def _damage_is_nothing() -> Iterator[None]:
    """Of a part that says nothing of the cells damage is no fault; what is unsafe is refused wherever it stands."""
    try:
        yield
    except Unreadable as unreadable:
        if unreadable.problem.slug == "file-unsafe":
            raise


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _relation(tab: ElementTree.Element) -> str:
    return next((value for key, value in tab.items() if _local(key) == "id" and key != "id"), "")


def _announced(head: bytes) -> int:
    match = UNIQUE_COUNT.search(head)
    return int(match[1]) if match else 0


def _strings_lie(head: bytes, size: int, limits: Limits) -> bool:
    """Whether the head of the shared strings announces more than their size can hold."""
    announced = _announced(head)
    if announced * LEAST_STRING > size + len(head):
        return True
    if announced > limits.shared_strings:
        raise Unreadable("file-unsafe", "too-many-strings", limit=limits.shared_strings, found=announced)
    return False
