"""The workbook part of a package: its sheets in order, and what counts sheets by their place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from kbxt_merge.model.own_workbook import is_option_sheet
from kbxt_merge.outputs.returned.package import Element, NotEditableError, Package

WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_OFFICE = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
"""The two dialects of the format, transitional and strict: the main namespace and that of its relations."""

_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""What stands before <definedNames> in a workbook, by ECMA-376 part 1, 18.2.27."""


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
        self.main = etree.QName(package.tree(part)).namespace or ""
        if self.main not in _OFFICE:
            raise NotEditableError(f"a dialect nobody knows: {self.main}")
        self.office = _OFFICE[self.main]
        package.check(besides={each.part for each in self._tabs() if _is_untouched(each)})

    def tag(self, name: str) -> str:
        """An element's name in the workbook's own dialect."""
        return f"{{{self.main}}}{name}"

    def root(self, name: str) -> Element:
        """A new element whose own name space is the workbook's."""
        names: Any = {None: self.main, "r": self.office}  # the stubs know no default name space
        return etree.Element(self.tag(name), nsmap=names)

    @property
    def relation_attribute(self) -> str:
        """The attribute that holds a relation's id."""
        return f"{{{self.office}}}id"

    def sheets(self) -> list[BookSheet]:
        """The worksheets in order that may be marked.

        Chart sheets and dialogs have no cells, and into a blank's lists and steps nobody types.
        """
        return [each for each in self._tabs() if each.kind == "worksheet" and not _is_untouched(each)]

    def _tabs(self) -> Iterator[BookSheet]:
        relations = {each.id: each for each in self.package.relations(self.part)}
        for element in self.package.tree(self.part).iter(self.tag("sheet")):
            relation = relations.get(str(element.get(self.relation_attribute)))
            if relation is not None and relation.target in self.package:
                kind = relation.type.rpartition("/")[2]
                hidden = element.get("state", "visible") != "visible"
                yield BookSheet(str(element.get("name")), relation.target, kind, hidden)

    def insert_first(self, name: str, content: bytes, titles: str) -> None:
        """Put a worksheet, selected in its own view, before all others, and open the workbook at it.

        Its rows `titles` ($3:$3) are printed on every page.
        """
        self._select(None)
        part = self.package.free_name("xl/worksheets/kbxt{}.xml")
        self.package.add(part, content, WORKSHEET_TYPE)
        tree = self.package.edit(self.part)
        sheets = tree.find(self.tag("sheets"))
        if sheets is None:
            raise NotEditableError("no sheets")
        numbers = [int(each.get("sheetId", "0")) for each in sheets]
        relation = self.package.relate(self.part, f"{self.office}/worksheet", part)
        element = etree.Element(self.tag("sheet"), name=name, sheetId=str(max(numbers, default=0) + 1))
        element.set(self.relation_attribute, relation)
        sheets.insert(0, element)
        self._shift_places(tree, lambda place: place + 1)
        self._names(tree).append(self._print_titles(name, titles))
        self._open_at(tree, 0)

    def _names(self, tree: Element) -> Element:
        """The workbook's defined names, which stand behind its sheets."""
        found = tree.find(self.tag("definedNames"))
        if found is not None:
            return found
        made = etree.Element(self.tag("definedNames"))
        before = [each for name in _BEFORE_NAMES for each in tree.findall(self.tag(name))]
        before[-1].addnext(made)
        return made

    def _print_titles(self, sheet: str, rows: str) -> Element:
        made = etree.Element(self.tag("definedName"), name="_xlnm.Print_Titles", localSheetId="0")
        made.text = "'{}'!{}".format(sheet.replace("'", "''"), rows)
        return made

    def remove(self, gone: Collection[BookSheet]) -> None:
        """Remove worksheets with all that belongs to them alone, and open the workbook at the first visible one left.

        All at once: what counts sheets by their place, or points to them, is gone through once however many they are.
        """
        tree, package = self.package.edit(self.part), self.package
        parts = {each.part.lower() for each in gone}
        relations = {each.id for each in package.relations(self.part) if each.target.lower() in parts}
        sheets = tree.find(self.tag("sheets"))
        elements = [] if sheets is None else list(sheets)
        places: dict[int, int] = {}
        for place, element in enumerate(elements):
            if element.get(self.relation_attribute) in relations:
                element.getparent().remove(element)  # type: ignore[union-attr]
            else:
                places[place] = len(places)
        self._shift_places(tree, places.get)
        theirs = {each.target.lower() for part in parts for each in package.relations(part) if not each.external}
        package.unrelate(self.part, parts)
        package.remove(theirs - package.pointed_to(besides=parts))
        package.remove(parts)
        first = next((i for i, each in enumerate(self._tabs()) if not each.hidden), 0)
        self._select(first)
        self._open_at(tree, first)

    def _shift_places(self, tree: Element, moved: Callable[[int], int | None]) -> None:
        """Renumber what belongs to a sheet by its place; None: the sheet is gone."""
        for name in list(tree.iter(self.tag("definedName"))):
            local = name.get("localSheetId")
            place = None if local is None else moved(int(local))
            if place is not None:
                name.set("localSheetId", str(place))
            elif local is not None:
                name.getparent().remove(name)  # type: ignore[union-attr]
        for names in tree.findall(self.tag("definedNames")):
            if not len(names):
                tree.remove(names)

    def _open_at(self, tree: Element, place: int) -> None:
        """Open the workbook at the tab in this place."""
        for view in tree.iter(self.tag("workbookView")):
            if "firstSheet" in view.attrib:
                del view.attrib["firstSheet"]
            view.set("activeTab", str(place))

    def _select(self, selected: int | None) -> None:
        """Select the tab in this place and no other: two selected sheets would be edited as one."""
        for place, sheet in enumerate(self._tabs()):
            if _is_untouched(sheet) or (place != selected and self._is_unselected(sheet)):
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
