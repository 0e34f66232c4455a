"""The styles part of a workbook: a cell's format again, with another fill."""

from __future__ import annotations

import copy
from functools import lru_cache

from lxml import etree

from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.returned.book import STYLES_TYPE, Book
from kbxt_merge.outputs.returned.part_xml import Element, NotEditableError

FILLS = {Severity.ERROR: "FFFFC8CD", Severity.WARNING: "FFFFEC9B", Severity.INFO: "FFE3EEF7"}
"""ARGB. No palette of an office program has exactly these, so a fill of these is a mark of ours in any round."""

_DEFAULT = """<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
"""What a workbook without styles means."""

_PART = "xl/styles.xml"
"""Where readers look for the styles that don't follow relations."""

_SIDES = ("left", "right", "top", "bottom")
_THIN = "".join(f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in _SIDES) + "<diagonal/>"
"""The inside of the border around cells of ours."""

_WITHOUT_ENTITIES = etree.XMLParser(resolve_entities=False, no_network=True)


class Styles:
    """A workbook's cell formats, known by their numbers; a format is added only where none is the same."""

    def __init__(self, book: Book) -> None:
        """Find the styles, or give the workbook the default ones."""
        part = book.package.related(book.part, "styles")
        if part is None or part not in book.package:
            part = _PART
            if part not in book.package:
                book.package.add(part, _DEFAULT.format(book.main).encode(), STYLES_TYPE)
            book.package.relate(book.part, f"{book.office}/styles", part)
        tree = book.package.tree(part)
        lists = [each.tag for each in tree]
        if tree.tag != book.tag("styleSheet") or len(set(lists)) < len(lists) or _holds_others(tree, book.tag("")):
            raise NotEditableError(f"{part}: no styles of this workbook")
        self._book = book
        self._part = part
        self._lists: dict[str, Element] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._fills: dict[int, str] = {}
        self._filled: dict[tuple[int, str], int] = {}

    @property
    def formats(self) -> int:
        """How many formats there are for cells; one that is meant is there where none is."""
        return max(len(self._list("cellXfs")), 1)

    def _list(self, name: str) -> Element:
        """The list of this name, made where it is missing: fonts, fills, borders and formats stand in this order."""
        if name not in self._lists:
            tree = self._book.package.tree(self._part)
            found = tree.find(self._book.tag(name))
            if found is None:
                order = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
                before = [tree.find(self._book.tag(each)) for each in order[: order.index(name)]]
                found = etree.Element(self._book.tag(name))
                tree.insert(sum(each is not None for each in before), found)
            self._lists[name] = found
        return self._lists[name]

    def _known(self, name: str) -> dict[str, int]:
        """The places of what the list of this name holds, by what it says."""
        if name not in self._places:
            listed = self._list(name)
            keys = [_key_of(etree.tostring(each, with_tail=False)) for each in listed]
            self._places[name] = {key: place for place, key in reversed(list(enumerate(keys)))}
        return self._places[name]

    def _number(self, name: str, xml: str) -> int:
        """The place of an equal element in the list of this name, added where there is none."""
        known, key = self._known(name), _key_of(xml)
        if key not in known:
            self._book.package.edit(self._part)
            listed = self._list(name)
            known[key] = len(listed)
            listed.append(etree.fromstring(xml))
            listed.set("count", str(len(listed)))
        return known[key]

    def _format(self, number: int) -> Element:
        formats = self._list("cellXfs")
        if 0 <= number < len(formats):
            return copy.deepcopy(formats[number])
        return etree.Element(self._book.tag("xf"), numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0")

    def fill(self, number: int) -> str:
        """The fill of a format as XML; blank where the cell has none."""
        if number not in self._fills:
            fills = self._list("fills")
            place = int(self._format(number).get("fillId", "0"))
            bare = not 0 <= place < len(fills) or _is_none(fills[place])
            self._fills[number] = "" if bare else _bare(fills[place])
        return self._fills[number]

    def is_fill(self, xml: str) -> bool:
        """Tell whether the text is a fill as `fill` gives it: it stood in a sheet that a school may have changed."""
        try:
            return etree.fromstring(xml, _WITHOUT_ENTITIES).tag == self._book.tag("fill")
        except (etree.XMLSyntaxError, ValueError):
            return False

    def filled(self, number: int, fill: str) -> int:
        """The number of the same format with this fill (XML; blank: none)."""
        if (number, fill) not in self._filled:
            changed = self._format(number)
            changed.set("fillId", str(self._number("fills", fill) if fill else self._no_fill()))
            changed.set("applyFill", "1")
            self._filled[number, fill] = self._number("cellXfs", _bare(changed))
        return self._filled[number, fill]

    def marked(self, number: int, severity: Severity) -> int:
        """The number of the same format with the severity's fill."""
        return self.filled(number, self._solid(FILLS[severity]))

    def marks(self) -> set[int]:
        """The numbers of the formats whose fill is a mark of ours."""
        fills = {place for place, each in enumerate(self._list("fills")) if self._is_mark(each)}
        return {i for i, each in enumerate(self._list("cellXfs")) if int(each.get("fillId", "0")) in fills}

    def added(self, font: str, fill: str = "", border: bool = False, alignment: str = "") -> int:
        """The number of a format of ours: `font` is the inside of a font, `fill` a colour, `alignment` XML."""
        font_id = self._number("fonts", self._element("font", font))
        fill_id = self._number("fills", self._solid(fill)) if fill else 0
        border_id = self._number("borders", self._element("border", _THIN)) if border else 0
        applied = {"Font": font, "Fill": fill, "Border": border, "Alignment": alignment}
        flags = "".join(f' apply{name}="1"' for name, given in applied.items() if given)
        numbers = f'numFmtId="0" fontId="{font_id}" fillId="{fill_id}" borderId="{border_id}" xfId="0"'
        return self._number("cellXfs", f'<xf xmlns="{self._book.main}" {numbers}{flags}>{alignment}</xf>')

    def _element(self, name: str, inside: str) -> str:
        """An element of the workbook's own dialect, as XML."""
        return f'<{name} xmlns="{self._book.main}">{inside}</{name}>'

    def _no_fill(self) -> int:
        """The number of the fill that is none: the first, by the standard, unless a writer thought otherwise."""
        found = next((place for place, each in enumerate(self._list("fills")) if _is_none(each)), None)
        if found is not None:
            return found
        return self._number("fills", self._element("fill", '<patternFill patternType="none"/>'))

    def _solid(self, colour: str) -> str:
        colours = f'<fgColor rgb="{colour}"/><bgColor indexed="64"/>'
        return self._element("fill", f'<patternFill patternType="solid">{colours}</patternFill>')

    def _is_mark(self, fill: Element) -> bool:
        colours = (each.get("rgb", "").upper() for each in fill.iter(self._book.tag("fgColor")))
        return any(colour in FILLS.values() for colour in colours)


def _holds_others(tree: Element, own: str) -> bool:
    """Whether among the lists, or among what one holds, there is what is not the format's own: alternatives for readers
    of several ages, or what nobody knows. Readers differ in whether they count it."""
    places = (*tree, *(each for of in tree for each in of))
    return any(not str(each.tag).startswith(own) for each in places)


def _is_none(fill: Element) -> bool:
    """Tell whether a fill leaves the cell as the paper is."""
    pattern = next(iter(fill), None)
    name = "" if pattern is None else etree.QName(pattern).localname
    return pattern is None or (name == "patternFill" and pattern.get("patternType", "none") == "none")


def _bare(element: Element) -> str:
    """An element as XML of its own, without the name spaces that only its surroundings need."""
    alone = copy.deepcopy(element)
    alone.tail = None
    etree.cleanup_namespaces(alone)
    return etree.tostring(alone, encoding="unicode")


@lru_cache(maxsize=4096)
def _key_of(xml: str | bytes) -> str:
    """What an element says that is given as XML; the formats of one program's workbooks are mostly the same."""
    return _key(etree.fromstring(xml))


def _key(element: Element) -> str:
    """What an element says, whatever the prefixes of its name spaces."""
    inside = "".join(_key(each) for each in element)
    return f"<{element.tag} {sorted(element.items())} {(element.text or '').strip()}{inside}>"


_PLAIN = '<sz val="10"/><name val="宋体"/>'
_TITLE = '<b/><sz val="14"/><name val="宋体"/>'
_HEADER = '<b/><sz val="10"/><name val="宋体"/>'
_LINK = '<u/><sz val="10"/><color rgb="FF0563C1"/><name val="宋体"/>'
_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'


class Looks:
    """The formats by what they are for, as numbers in one workbook's styles."""

    def __init__(self, styles: Styles) -> None:
        """Find or add them."""
        self.title = styles.added(_TITLE)
        self.guide = styles.added(_PLAIN, alignment=_WRAPPED)
        self.header = styles.added(_HEADER, "FFD9D9D9", border=True, alignment=_CENTRED)
        self.text = styles.added(_PLAIN, border=True, alignment=_WRAPPED)
        self.answer = styles.added(_PLAIN, "FFFFFFE5", border=True, alignment=_WRAPPED)
        self.link = styles.added(_LINK, border=True, alignment=_WRAPPED)
        self.severity = {each: styles.added(_PLAIN, FILLS[each], border=True, alignment=_WRAPPED) for each in Severity}
