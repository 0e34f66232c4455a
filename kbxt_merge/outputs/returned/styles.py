"""The styles part of a workbook: a cell's format again, with another fill."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.returned.book import STYLES_TYPE, Book
from kbxt_merge.outputs.returned.part_xml import Element
from kbxt_merge.outputs.returned.style_lists import StyleLists, key_of, lists_of

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
        self._book = book
        self._part = part
        self._lists = lists_of(book.package.part(part), book.dialect)
        self._added: dict[str, list[str]] = {name: [] for name in StyleLists.NAMES}
        self._places: dict[tuple[str, str], int] = {}
        self._fills: dict[int, str] = {}
        self._filled: dict[tuple[int, str], int] = {}

    @property
    def formats(self) -> int:
        """How many formats there are for cells; one that is meant is there where none is."""
        return max(self._count("cellXfs"), 1)

    def _count(self, name: str) -> int:
        return len(self._lists.items[name]) + len(self._added[name])

    def _item(self, name: str, place: int) -> str | None:
        """What stands at a place of the list of this name, as XML; None where nothing does."""
        items, added = self._lists.items[name], self._added[name]
        if place < 0 or place >= len(items) + len(added):
            return None
        return items[place] if place < len(items) else added[place - len(items)]

    def _number(self, name: str, xml: str) -> int:
        """The place of an equal element in the list of this name, added where there is none."""
        key = key_of(xml)
        place = self._lists.places[name].get(key)
        if place is None:
            place = self._places.setdefault((name, key), self._count(name))
        if place == self._count(name):
            self._added[name].append(xml)
        return place

    def finish(self) -> None:
        """Write the formats that were added."""
        if any(self._added.values()):
            added = tuple(tuple(self._added[name]) for name in StyleLists.NAMES)
            self._book.package.put(self._part, self._lists.written(added))

    def _format(self, number: int) -> str:
        return self._item("cellXfs", number) or (
            f'<xf xmlns="{self._book.main}" numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        )

    def fill(self, number: int) -> str:
        """The fill of a format as XML; blank where the cell has none."""
        if number not in self._fills:
            fill = self._item("fills", _fill_of(self._format(number)))
            self._fills[number] = "" if fill is None or _is_none(fill) else _bare(fill)
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
            place = self._number("fills", fill) if fill else self._no_fill()
            self._filled[number, fill] = self._number("cellXfs", _with_fill(self._format(number), place))
        return self._filled[number, fill]

    def marked(self, number: int, severity: Severity) -> int:
        """The number of the same format with the severity's fill."""
        return self.filled(number, self._solid(FILLS[severity]))

    def marks(self) -> set[int]:
        """The numbers of the formats whose fill is a mark of ours."""
        colour = self._book.tag("fgColor")
        fills = {place for place, each in enumerate(self._lists.items["fills"]) if _is_mark(each, colour)}
        return {i for i, each in enumerate(self._lists.items["cellXfs"]) if _fill_of(each) in fills}

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
        found = next((place for place, each in enumerate(self._lists.items["fills"]) if _is_none(each)), None)
        if found is not None:
            return found
        return self._number("fills", self._element("fill", '<patternFill patternType="none"/>'))

    def _solid(self, colour: str) -> str:
        colours = f'<fgColor rgb="{colour}"/><bgColor indexed="64"/>'
        return self._element("fill", f'<patternFill patternType="solid">{colours}</patternFill>')


@lru_cache(maxsize=4096)
def _fill_of(xf: str) -> int:
    """The place of a format's fill."""
    return int(etree.fromstring(xf).get("fillId", "0"))


@lru_cache(maxsize=4096)
def _with_fill(xf: str, fill: int) -> str:
    """The same format with the fill at this place."""
    changed = etree.fromstring(xf)
    changed.set("fillId", str(fill))
    changed.set("applyFill", "1")
    return _alone(changed)


@lru_cache(maxsize=4096)
def _is_mark(fill: str, colour: str) -> bool:
    colours = (each.get("rgb", "").upper() for each in etree.fromstring(fill).iter(colour))
    return any(colour in FILLS.values() for colour in colours)


@lru_cache(maxsize=4096)
def _is_none(fill: str) -> bool:
    """Tell whether a fill leaves the cell as the paper is."""
    pattern = next(iter(etree.fromstring(fill)), None)
    name = "" if pattern is None else etree.QName(pattern).localname
    return pattern is None or (name == "patternFill" and pattern.get("patternType", "none") == "none")


@lru_cache(maxsize=4096)
def _bare(xml: str) -> str:
    """An element as XML of its own, without the name spaces that only its surroundings need."""
    return _alone(etree.fromstring(xml))


def _alone(element: Element) -> str:
    etree.cleanup_namespaces(element)
    return etree.tostring(element, encoding="unicode")


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
