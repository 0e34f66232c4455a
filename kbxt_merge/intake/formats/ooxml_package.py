"""The parts of an OOXML workbook: its sheets in order, its shared strings, the marks it carries."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.zip_safety import bytes_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import MARKS_BEGIN, is_own_sheet

WORKBOOK = "xl/workbook.xml"
PROPERTIES = "docprops/custom.xml"
UNIQUE_COUNT = re.compile(rb'uniqueCount="([0-9]+)"')
LEAST_STRING = len(b"<si><t/></si>")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: the name on its tab, its part in the package, whether its tab is hidden."""

    name: str
    path: str
    hidden: bool


class Package:
    """The parts of a zip, found whatever the case and the slashes of their names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Index the archive's entries; raises Unreadable when they are locked."""
        self.archive = archive
        self.names: list[ElementTree.Element] = []
        self._strings: bytes | None = None
        self.entries = {_plain(entry.filename): entry for entry in archive.infolist()}
        if any(entry.flag_bits & 1 for entry in self.entries.values()):
            raise Unreadable("file-encrypted", "archive-password")

    def spelled(self, paths: Iterable[str]) -> frozenset[str]:
        """The names of these parts as the archive spells them."""
        found = (self.entries.get(_plain(path)) for path in paths)
        return frozenset(entry.filename for entry in found if entry)

    def bytes_of(self, path: str) -> bytes:
        """The part's bytes; raises Unreadable where it is absent or damaged."""
        entry = self.entries.get(_plain(path))
        if entry is None:
            raise Unreadable("file-unreadable", "damaged", part=path)
        try:
            return bytes_of(self.archive, entry)
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged", part=path) from error

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The package with other bytes in some of its parts; raises Unreadable where one of the others is damaged."""
        others = {_plain(path): content for path, content in parts.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as rewritten:
            for path, entry in self.entries.items():
                rewritten.writestr(entry.filename, others[path] if path in others else self.bytes_of(path))
        return buffer.getvalue()

    def read(self, path: str, default: bytes | None = None) -> bytes:
        """The part as UTF-8 XML, or `default`; raises Unreadable where it is absent, damaged or declares entities."""
        if default is not None and _plain(path) not in self.entries:
            return default
        return _as_utf8(self.bytes_of(path))

    def tree(self, path: str) -> ElementTree.Element:
        """The part as a tree; raises Unreadable."""
        try:
            return ElementTree.fromstring(self.read(path))
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged", part=path) from error

    def sheets(self, limits: Limits) -> list[SheetPart]:
        """The worksheets of a workbook in XML, in the order of their tabs."""
        workbook = self.main_part(WORKBOOK)
        tree = self.tree(workbook)
        self.names = _children(tree, "definedNames")
        found = _children(tree, "sheets")
        tabs = [(tab.get("name", ""), _relation(tab), tab.get("state", "visible") != "visible") for tab in found]
        return self.worksheets(workbook, tabs, limits)

    def worksheets(self, workbook: str, tabs: Sequence[tuple[str, str, bool]], limits: Limits) -> list[SheetPart]:
        """The worksheets among tabs of (name, relation, hidden).

        Charts, dialogs and macro sheets hold no cells of a form.
        """
        limits.check_sheets(len(tabs))
        folder, name = posixpath.split(workbook)
        related = dict(self._related(f"{folder}/_rels/{name}.rels", folder))
        parts = ((tab, hidden, *related.get(relation, ("", ""))) for tab, relation, hidden in tabs)
        return [SheetPart(tab, path, hidden) for tab, hidden, kind, path in parts if kind == "worksheet"]

    def main_part(self, usual: str) -> str:
        """The part that the others belong to: under its usual name, else the one that the package's relations name."""
        if usual in self.entries:
            return usual
        for kind, path in dict(self._related("_rels/.rels", "")).values():
            if kind == "officeDocument":
                return path
        raise Unreadable("file-unreadable", "damaged", part=usual)

    def _related(self, path: str, folder: str) -> Iterator[tuple[str, tuple[str, str]]]:
        for relation in self.tree(path):
            target = relation.get("Target", "")
            if ".." in target:
                target = posixpath.normpath(f"/{folder}/{target}")
            elif not target.startswith("/"):
                target = f"{folder}/{target}"
            yield relation.get("Id", ""), (relation.get("Type", "").rpartition("/")[2], target)

    def drawings(self, part: SheetPart, most: int) -> list[bytes]:
        """The drawings on a worksheet, those with more than `most` bytes left out; raises Unreadable."""
        folder, name = posixpath.split(part.path)
        related = f"{folder}/_rels/{name}.rels"
        if _plain(related) not in self.entries:
            return []
        paths = [path for _, (kind, path) in self._related(related, folder) if kind == "drawing"]
        entries = (self.entries.get(_plain(path)) for path in paths)
        return [self.read(entry.filename) for entry in entries if entry and entry.file_size <= most]

    def shared_strings(self) -> bytes:
        """The XML of the shared strings; empty without any."""
        path = self._shared_strings_path()
        if self._strings is None:
            self._strings = self.bytes_of(path) if path else b""
        return _as_utf8(self._strings)

    def styles(self) -> bytes:
        """The XML of the cells' formats; empty without any."""
        path = next((path for path in self.entries if path.endswith("xl/styles.xml")), None)
        return self.read(path) if path else b""

    def _shared_strings_path(self) -> str | None:
        return next((path for path in self.entries if path.endswith("sharedstrings.xml")), None)

    def strings_lie(self, limits: Limits) -> bool:
        """Whether more shared strings are announced than there can be; raises Unreadable past the limit.

        Where all is well the strings are kept: inflating them once is enough.
        """
        path = self._shared_strings_path()
        if path is None:
            return False
        entry = self.entries[path]
        try:
            with self.archive.open(entry) as stream:
                head = stream.read(2048)
                if _strings_lie(head, entry.file_size, limits):
                    return True
                self._strings = head + stream.read()
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged", part=path) from error
        return False

    def marks(self) -> dict[str, str]:
        """What a blank of this tool carries: custom properties, and defined names that hold text."""
        properties = self.tree(PROPERTIES) if PROPERTIES in self.entries else ()
        found = [(item.get("name", ""), "".join(item.itertext())) for item in (*self.names, *properties)]
        return {name: value.strip('"') for name, value in found if name.startswith(MARKS_BEGIN)}


def forms_alone(parts: list[SheetPart]) -> list[SheetPart]:
    """The worksheets without a blank's own ones, which are not even inflated; all of them where there are no others."""
    return [part for part in parts if not is_own_sheet(part.name)] or parts


def _children(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The elements inside the tree's elements of this name."""
    return [child for element in tree if _local(element.tag) == name for child in element]


def _plain(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").lower()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _relation(tab: ElementTree.Element) -> str:
    return next((value for key, value in tab.items() if _local(key) == "id" and key != "id"), "")


def _strings_lie(head: bytes, size: int, limits: Limits) -> bool:
    """Whether the head of the shared strings announces more than their size can hold."""
    match = UNIQUE_COUNT.search(head)
    announced = int(match[1]) if match else 0
    if announced * LEAST_STRING > size + len(head):
        return True
    if announced > limits.shared_strings:
        raise Unreadable("file-unsafe", "too-many-strings", limit=limits.shared_strings, found=announced)
    return False


def _as_utf8(xml: bytes) -> bytes:
    """The XML of a part in UTF-8; raises Unreadable where it declares entities."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        xml = _recoded(xml)
    if b"<!DOCTYPE" in xml:
        raise Unreadable("file-unsafe", "entities")
    return xml


def _recoded(xml: bytes) -> bytes:
    try:
        text = xml.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Unreadable("file-unreadable", "damaged") from error
    return re.sub(r"^\ufeff?<\?xml[^>]*\?>", "", text).encode()
