"""A sheet's facts by patterns that hold for what office programs write; None where they do not hold for certain.

A tenth of the time of a parser, and checked against itself: each pattern must account for every tag it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from kbxt_merge.intake.formats.layout import SheetFacts
from kbxt_merge.intake.formats.xml_events import ALTERNATIVES, has_loose_ampersand
from kbxt_merge.model.cell import column_number, position
from kbxt_merge.model.returns import Cell, ErrorValue, MissingResult

SLICE_BYTES = 4 << 20
PLACE = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"')
COLUMNS_BY_LETTERS = {1: 25, 2: 701, 3: 18_277}
ROWS_BY_DIGITS = {4: 9_998, 5: 99_998, 6: 999_998, 7: 9_999_998}
"""The last column and the last row that so many letters and digits can name; who writes four digits may write one."""
MOST_STRINGS = 1_000
"""For more of them a parser is faster."""
BEYOND_THE_SHEET = re.compile(rb'<c r="(?:XF[E-Z]|X[G-Z][A-Z]|[YZ][A-Z]{2}|[A-Z]{4})')
Widen = Callable[[SheetFacts, bytes, int], bool]
ODD = ((b"!", b"<!"), (b"'", b"='"), (b"= ", b'= "'), (b" =", b' ="'), (b"<c>", b"<c>"), (b":c ", b':c r="'))
"""Comments, CDATA and entities, single quotes, spaces around the sign, cells without an address, and with a prefix.

Before each a part of it, which is found missing faster.
"""
PREFIX = re.compile(rb"\s*(?:<\?xml[^<>]*\?>)?\s*<(\w+):worksheet\s")
"""The prefix that all elements of the sheet have."""
NO_INDEX = re.compile(rb' t="s"[^<>]*><v>(?![0-9]{1,9}<)')
"""A cell that is said to hold a shared string, and whose number of it is none: calamine takes it for the first."""
ERROR = re.compile(
    rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"[^<>]* t="e"[^<>]*>(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<]*)</v>'
)
FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"([^<>]*)><f(?: [^<>]*?)?(?:/>|>([^<]*)</f>)'
    rb"(?:(<v(?: [^<>]*)?>[^<]+</v>)|(<v(?: [^<>]*)?></v>|<v\s*/>))?</c>"
)
ROW_HIDDEN = re.compile(rb'<row [^<>]*?(?: hidden="(?:1|true)"| ht="0(?:\.0+)?")[^<>]*>')
HIDES_ROWS = (b' hidden="1"', b' hidden="true"', b' ht="0')
NO_NUMBER = re.compile(rb'<row(?! (?:[^<>]*? )?r="[0-9]+")[^<>]*>')
"""A row that does not say which it is: behind the last one, as a parser counts."""
HIDES_COLUMNS = (b'hidden="1"', b'hidden="true"', b'width="0')
COLUMN = re.compile(rb"<col [^<>]*>")
ATTRIBUTE = re.compile(rb'([a-z]+)="([^"]*)"', re.I)
MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})"')


def facts_at_a_glance(xml: bytes) -> SheetFacts | None:
    """The facts of a worksheet's XML, or None when only a parser can tell: what is odd is left to that."""
    prefix = PREFIX.match(xml)
    if prefix is not None:
        xml = xml.replace(b"<%s:" % prefix[1], b"<").replace(b"</%s:" % prefix[1], b"</")
    start, end = xml.find(b"<sheetData"), xml.find(b"</sheetData>")
    if (
        start < 0
        or not xml.rstrip().endswith(b"</worksheet>")
        or any(part in xml and sign in xml for part, sign in ODD)
        or xml.find(ALTERNATIVES, start, end) >= 0
        or NO_INDEX.search(xml, start) is not None
        or has_loose_ampersand(xml)
    ):
        return None
    facts = _facts(xml, start, end, _widen_roughly)
    return _facts(xml, start, end, _widen_exactly) if facts is not None and facts.is_sparse else facts


def _facts(xml: bytes, start: int, end: int, widen: Widen) -> SheetFacts | None:
    facts = SheetFacts()
    if end > 0 and not all(_add(facts, piece, widen) for piece in slices(xml, start, end)):
        return None
    return facts if add_around(facts, xml[:start], xml[max(start, end) :]) else None


def add_around(facts: SheetFacts, head: bytes, tail: bytes) -> bool:
    """Add what stands before and behind the cells; False when a pattern does not account for every tag."""
    facts.hidden_columns = _hidden_columns(head)
    facts.merged = tuple(
        (int(top) - 1, column_number(left.decode()), int(bottom) - 1, column_number(right.decode()))
        for left, top, right, bottom in MERGE.findall(tail)
    )
    return len(facts.merged) == tail.count(b"<mergeCell ")


def cells_of_strings(xml: bytes, numbers: Collection[int]) -> int:
    """How many cells of a worksheet hold one of these shared strings, as far as they are written as usual."""
    if not 0 < len(numbers) <= MOST_STRINGS:
        return 0
    which = b"|".join(b"%d" % number for number in numbers)
    return len(re.findall(rb' t="s"[^<>]*><(?:\w+:)?v>(?:%s)</' % which, xml))


def slices(xml: bytes, start: int, end: int, size: int = SLICE_BYTES) -> Iterator[bytes]:
    """The sheet's data in pieces of whole rows, each of about that size."""
    while start < end:
        stop = xml.find(b"</row>", start + size, end)
        stop = end if stop < 0 else stop + len(b"</row>")
        yield xml[start:stop]
        start = stop


def _add(facts: SheetFacts, xml: bytes, widen: Widen) -> bool:
    """Count the rows of `xml` into the facts; False when a pattern does not account for every tag."""
    cells = xml.count(b"<c ")
    special = _special(xml)
    if any(sign in xml for sign in HIDES_ROWS) and NO_NUMBER.search(xml):
        return False
    if special is None or xml.count(b'<c r="') != cells or (cells and not widen(facts, xml, cells)):
        return False
    facts.cells += cells
    facts.special |= special
    errors = sum(isinstance(cell, ErrorValue) for cell in special.values())
    empty = xml.count(b"></v>")
    if empty and empty != xml.count(b"<v></v>") + xml.count(b'"></v>'):
        return False
    facts.values += xml.count(b"</v>") - empty + xml.count(b"<is>") - errors
    facts.hidden_rows |= hidden_rows(xml)
    return True


def _widen_roughly(facts: SheetFacts, xml: bytes, cells: int) -> bool:
    """Reach over the cells of `xml` and somewhat further: as far as addresses of that length can; False where one lies
    beyond any sheet."""
    letters = next((n for n, last in COLUMNS_BY_LETTERS.items() if facts.columns and last == facts.columns[1]), 1)
    digits = next((n for n, last in ROWS_BY_DIGITS.items() if facts.rows and last == facts.rows[1]), 4)
    at = 0
    while (longer := _longer(letters, digits)) and (found := longer.search(xml, at)):
        at = found.start()
        letters, digits = letters + (found.lastgroup == "letters"), digits + (found.lastgroup == "digits")
    facts.widen((0, ROWS_BY_DIGITS[digits]), (0, COLUMNS_BY_LETTERS[letters]))
    return letters < 3 or BEYOND_THE_SHEET.search(xml) is None


@lru_cache
def _longer(letters: int, digits: int) -> re.Pattern[bytes] | None:
    """An address with more letters than so many, or more digits; None where none can have more."""
    more = [rb"(?P<letters>[A-Za-z]{%d})" % letters] if letters + 1 in COLUMNS_BY_LETTERS else []
    more += [rb"[A-Za-z]*(?P<digits>[0-9]{%d})" % (digits + 1)] if digits + 1 in ROWS_BY_DIGITS else []
    return re.compile(rb'<c r="[A-Za-z](?:%s)' % b"|".join(more)) if more else None


def _widen_exactly(facts: SheetFacts, xml: bytes, cells: int) -> bool:
    """Reach over the cells of `xml`; False when one has an address that is none."""
    places = PLACE.findall(xml)
    if len(places) != cells:
        return False
    letters, numbers = zip(*places, strict=True)
    columns = [column_number(column.decode()) for column in set(letters)]
    rows = [int(row) - 1 for row in set(numbers)]
    facts.widen((min(rows), max(rows)), (min(columns), max(columns)))
    return True


def _special(xml: bytes) -> dict[tuple[int, int], Cell] | None:
    """The cells with an error or a formula without result; None when some could have been overlooked."""
    found: dict[tuple[int, int], Cell] = {}
    if b' t="e"' in xml:
        errors = ERROR.findall(xml)
        if len(errors) != xml.count(b' t="e"'):
            return None
        found.update((position(at.decode()), ErrorValue(code.decode("utf-8", "replace"))) for at, code in errors)
    formulas = xml.count(b"<f>") + xml.count(b"<f ") + xml.count(b"<f/>") if b"<f" in xml else 0
    if formulas and not _all_tell_a_text(xml, formulas):
        cells = FORMULA.findall(xml)
        if len(cells) != formulas:
            return None
        found.update(
            (position(at.decode()), MissingResult(_unescaped(formula)))
            for at, attributes, formula, value, empty in cells
            if not value and not (empty and b' t="str"' in attributes)
        )
    return found


def _all_tell_a_text(xml: bytes, formulas: int) -> bool:
    """Whether every formula has a text for its result, if only an empty one: a blank has hundreds of these."""
    results = xml.count(b"</f><v>") + xml.count(b"/><v>")
    return results == formulas == xml.count(b' t="str"><f') and b"<is/>" not in xml


def hidden_rows(xml: bytes) -> frozenset[int]:
    """The rows that are out of sight."""
    if not any(sign in xml for sign in HIDES_ROWS):
        return frozenset()
    tags = (dict(ATTRIBUTE.findall(tag)) for tag in ROW_HIDDEN.findall(xml))
    return frozenset(int(tag[b"r"]) - 1 for tag in tags if tag.get(b"r", b"").isdigit())


def _hidden_columns(xml: bytes) -> frozenset[int]:
    if not any(sign in xml for sign in HIDES_COLUMNS):
        return frozenset()
    hidden: set[int] = set()
    for tag in COLUMN.findall(xml):
        column = dict(ATTRIBUTE.findall(tag))
        first, last, width = column.get(b"min", b""), column.get(b"max", b""), column.get(b"width", b"")
        is_hidden = column.get(b"hidden") in (b"1", b"true") or (width != b"" and not width.strip(b"0."))
        if is_hidden and first.isdigit() and last.isdigit():
            hidden.update(range(max(int(first) - 1, 0), min(int(last), 16384)))
    return frozenset(hidden)


def _unescaped(formula: bytes) -> str:
    from xml.sax.saxutils import unescape

    return unescape(formula.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})
