"""The workbook part of a package: its sheets in order, and what counts sheets by their place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kbxt_merge.model.own_workbook import is_option_sheet
from kbxt_merge.outputs.returned.book_xml import Titles, dialect_of, opened_at, tabs_of, with_first_tab, without_tabs
from kbxt_merge.outputs.returned.package import Package
from kbxt_merge.outputs.returned.part_xml import NotEditableError

WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet's name, its part, and whether it is a worksheet; `hidden` in either of the two ways."""

    name: str
    part: str
    kind: str
    hidden: bool


class Book:
    """A package whose main part is a workbook."""

    def __init__(self, package: Package) -> None:
        """Find the workbook part. Raises NotEditableError where the package has none."""
        part = package.related("", "officeDocument")
        if part is None or part not in package:
            raise NotEditableError("no workbook part")
        self.package = package
        self.part = part
        self.dialect = dialect_of(package.part(part))
        self.main, self.office = self.dialect
        package.check(besides={each.part for each in self._tabs() if _is_untouched(each)})

    def tag(self, name: str) -> str:
        """An element's name in the workbook's own dialect."""
        return self.dialect.tag(name)

    @property
    def relation_attribute(self) -> str:
        """The attribute that holds a relation's id."""
        return self.dialect.relation_attribute

    def sheets(self) -> list[BookSheet]:
        """The worksheets in order that may be marked.

        Chart sheets and dialogs have no cells, and into a blank's lists and steps nobody types.
        """
        return [each for each in self._tabs() if each.kind == "worksheet" and not _is_untouched(each)]

    def _tabs(self) -> Iterator[BookSheet]:
        relations = {each.id: each for each in self.package.relations(self.part)}
        for tab in tabs_of(self.package.part(self.part), self.dialect):
            relation = relations.get(tab.relation)
            if relation is not None and relation.target in self.package:
                yield BookSheet(tab.name, relation.target, relation.type.rpartition("/")[2], tab.hidden)

    def insert_first(self, name: str, content: bytes, titles: str) -> None:
        """Put a worksheet, selected in its own view, before all others, and open the workbook at it.

        Its rows `titles` ($3:$3) are printed on every page.
        """
        self._select(None)
        part = self.package.free_name("xl/worksheets/kbxt{}.xml")
        self.package.add(part, content, WORKSHEET_TYPE)
        relation = self.package.relate(self.part, f"{self.office}/worksheet", part)
        content = self.package.part(self.part)
        self.package.put(self.part, with_first_tab(content, self.dialect, relation, Titles(name, titles)))

    def remove(self, gone: Collection[BookSheet]) -> None:
        """Remove worksheets with all that belongs to them alone, and open the workbook at the first visible one left.

        All at once: what counts sheets by their place, or points to them, is gone through once however many they are.
        """
        package = self.package
        parts = {each.part.lower() for each in gone}
        relations = frozenset(each.id for each in package.relations(self.part) if each.target.lower() in parts)
        package.put(self.part, without_tabs(package.part(self.part), self.dialect, relations))
        theirs = {each.target.lower() for part in parts for each in package.relations(part) if not each.external}
        package.unrelate(self.part, parts)
        package.remove(theirs - package.pointed_to(besides=parts))
        package.remove(parts)
        first = next((i for i, each in enumerate(self._tabs()) if not each.hidden), 0)
        self._select(first)
        package.put(self.part, opened_at(package.part(self.part), self.dialect, first))

    def _select(self, selected: int | None) -> None:
        """Select the tab in this place and no other: two selected sheets would be edited as one."""
        for place, sheet in enumerate(self._tabs()):
            if _is_untouched(sheet) or (place != selected and self._is_unselected(sheet)):
                continue
            plain = self.package.sheet_bytes(sheet.part, self.main) if place != selected else None
            if plain is not None:
                plain.unselect()
                continue
            for view in self.package.tree(sheet.part).iter(self.tag("sheetView")):
                before = view.get("tabSelected") in ("1", "true")
                if before != (place == selected):
                    self.package.edit(sheet.part)
                    view.set("tabSelected", "1")
                if before and place != selected:
                    del view.attrib["tabSelected"]

    def _is_unselected(self, sheet: BookSheet) -> bool:
        """Whether the bytes of a sheet that nobody has read yet tell as much, so that nobody needs to."""
        if self.package.is_read(sheet.part):
            return False
        part = self.package.part(sheet.part)
        return b"sheetView" in part and b"tabSelected" not in part


def _is_untouched(sheet: BookSheet) -> bool:
    return is_option_sheet(sheet.name, hidden=sheet.hidden)
