"""The workbook part: which sheets it names, and the same with a sheet more or some less."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from lxml import etree

from kbxt_merge.outputs.returned.known_again import known_again
from kbxt_merge.outputs.returned.part_xml import Element, NotEditableError, as_part, tree_of

_OFFICE = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
"""The two dialects of the format, transitional and strict: the main namespace and that of its relations."""

_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""What stands before <definedNames> in a workbook, by ECMA-376 part 1, 18.2.27."""


class Dialect(NamedTuple):
    """The name spaces of a workbook: its own, and that of its relations."""

    main: str
    office: str

    def tag(self, name: str) -> str:
        """An element's name in the workbook's own dialect."""
        return f"{{{self.main}}}{name}"

    @property
    def prefixes(self) -> dict[str, str]:
        """What an element needs that points to a part: lxml else takes what prefix any other room told it of."""
        return {"r": self.office}

    @property
    def relation_attribute(self) -> str:
        """The attribute that holds a relation's id."""
        return f"{{{self.office}}}id"


class Tab(NamedTuple):
    """A sheet as the workbook names it; `hidden` in either of the two ways."""

    name: str
    relation: str
    hidden: bool


class Titles(NamedTuple):
    """A sheet whose `rows` ($3:$3) are printed on every page."""

    sheet: str
    rows: str


@known_again
def dialect_of(content: bytes) -> Dialect:
    """The dialect of a workbook part; raises NotEditableError for one that nobody knows."""
    main = etree.QName(tree_of(content)).namespace or ""
    if main not in _OFFICE:
        raise NotEditableError(f"a dialect nobody knows: {main}")
    return Dialect(main, _OFFICE[main])


@known_again
def tabs_of(content: bytes, dialect: Dialect) -> Sequence[Tab]:
    """The sheets in order."""
    return tuple(
        Tab(
            str(each.get("name")),
            str(each.get(dialect.relation_attribute)),
            each.get("state", "visible") != "visible",
        )
        for each in tree_of(content).iter(dialect.tag("sheet"))
    )


@known_again
def with_first_tab(content: bytes, dialect: Dialect, relation: str, titles: Titles) -> bytes:
    """The workbook with this sheet before all others, opened at it."""
    tree = tree_of(content)
    sheets = tree.find(dialect.tag("sheets"))
    if sheets is None:
        raise NotEditableError("no sheets")
    numbers = [int(each.get("sheetId", "0")) for each in sheets]
    named = {"name": titles.sheet, "sheetId": str(max(numbers, default=0) + 1)}
    element = etree.Element(dialect.tag("sheet"), named, nsmap=dialect.prefixes)
    element.set(dialect.relation_attribute, relation)
    sheets.insert(0, element)
    _shift_places(tree, dialect, lambda place: place + 1)
    _names(tree, dialect).append(_print_titles(dialect, titles))
    _open_at(tree, dialect, 0)
    return as_part(tree)


@known_again
def without_tabs(content: bytes, dialect: Dialect, relations: Collection[str]) -> bytes:
    """The workbook without the sheets to which these relations lead, and what belongs to them by their places."""
    tree = tree_of(content)
    sheets = tree.find(dialect.tag("sheets"))
    places: dict[int, int] = {}
    for place, element in enumerate([] if sheets is None else list(sheets)):
        if element.get(dialect.relation_attribute) in relations:
            element.getparent().remove(element)  # type: ignore[union-attr]
        else:
            places[place] = len(places)
    _shift_places(tree, dialect, places.get)
    return as_part(tree)


@known_again
def opened_at(content: bytes, dialect: Dialect, place: int) -> bytes:
    """The workbook, to be opened at the tab in this place."""
    tree = tree_of(content)
    _open_at(tree, dialect, place)
    return as_part(tree)


def _names(tree: Element, dialect: Dialect) -> Element:
    """The workbook's defined names, which stand behind its sheets."""
    found = tree.find(dialect.tag("definedNames"))
    if found is not None:
        return found
    made = etree.Element(dialect.tag("definedNames"))
    before = [each for name in _BEFORE_NAMES for each in tree.findall(dialect.tag(name))]
    before[-1].addnext(made)
    return made


def _print_titles(dialect: Dialect, titles: Titles) -> Element:
    made = etree.Element(dialect.tag("definedName"), name="_xlnm.Print_Titles", localSheetId="0")
    made.text = "'{}'!{}".format(titles.sheet.replace("'", "''"), titles.rows)
    return made


def _shift_places(tree: Element, dialect: Dialect, moved: Callable[[int], int | None]) -> None:
    """Renumber what belongs to a sheet by its place; None: the sheet is gone."""
    for name in list(tree.iter(dialect.tag("definedName"))):
        local = name.get("localSheetId")
        place = None if local is None else moved(int(local))
        if place is not None:
            name.set("localSheetId", str(place))
        elif local is not None:
            name.getparent().remove(name)  # type: ignore[union-attr]
    for names in tree.findall(dialect.tag("definedNames")):
        if not len(names):
            tree.remove(names)


def _open_at(tree: Element, dialect: Dialect, place: int) -> None:
    """Open the workbook at the tab in this place."""
    for view in tree.iter(dialect.tag("workbookView")):
        if "firstSheet" in view.attrib:
            del view.attrib["firstSheet"]
        view.set("activeTab", str(place))
