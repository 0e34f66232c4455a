"""The lists of a styles part (fonts, fills, borders, formats): what they hold, and the part with more in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

from lxml import etree

from kbxt_merge.outputs.returned.book_xml import Dialect
from kbxt_merge.outputs.returned.known_again import known_again
from kbxt_merge.outputs.returned.part_xml import Element, NotEditableError, as_part, tree_of

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
"""In which the lists stand in a styles part."""
_COUNT = re.compile(rb' count="[^"]*"|$')
_CUT = "kbxt"
_CUTS = f"<!--{_CUT}-->".encode()

_WRITTEN = 16
"""So many ways in which the lists of one part may have grown are remembered."""

Names = tuple[tuple[str | None, str], ...]
Added = tuple[tuple[str, ...], ...]
"""What comes into each list, as XML."""


@dataclass(frozen=True, eq=False)
class StyleLists:
    """The lists of one styles part; of each by its name what it holds as XML, and where what it says stands."""

    NAMES: ClassVar[Sequence[str]] = ("fonts", "fills", "borders", "cellXfs")

    content: bytes
    dialect: Dialect
    items: Mapping[str, Sequence[str]]
    places: Mapping[str, Mapping[str, int]]

    @cached_property
    def written(self) -> Callable[[Added], bytes]:
        """The part with more in its lists, behind what they hold."""
        return lru_cache(maxsize=_WRITTEN)(self._written)

    def _written(self, added: Added) -> bytes:
        order, pieces = self._cut
        made = list(pieces)
        for name, items in zip(self.NAMES, added, strict=True):
            if items:
                at = 2 * order.index(name) + 1
                tag, end, inside = made[at].partition(b">")
                count = b' count="%d"' % (len(self.items[name]) + len(items))
                more = [_within(*self._root, each) for each in items]
                made[at] = b"".join((_COUNT.sub(count, tag, count=1), end, inside, *more))
        return b"".join(made)

    @cached_property
    def _cut(self) -> tuple[Sequence[str], Sequence[bytes]]:
        """The lists' names in their order, and the part cut where each begins, and where it ends.

        A list that is missing is made.
        """
        tree = tree_of(self.content)
        places = {}
        for name in self.NAMES:
            listed = self._list(tree, name)
            listed.append(etree.Comment(_CUT))
            places[name] = listed
        order = sorted(places, key=lambda name: tree.index(places[name]))
        for listed in places.values():
            listed.addprevious(etree.Comment(_CUT))
        return order, as_part(tree).split(_CUTS)

    def _list(self, tree: Element, name: str) -> Element:
        found = tree.find(self.dialect.tag(name))
        if found is None:
            before = [tree.find(self.dialect.tag(each)) for each in _ORDER[: _ORDER.index(name)]]
            found = etree.Element(self.dialect.tag(name))
            last = next((each for each in reversed(before) if each is not None), None)
            tree.insert(0 if last is None else tree.index(last) + 1, found)
        return found

    @cached_property
    def _root(self) -> tuple[str, Names]:
        """The part's own element: its name, and the name spaces it knows."""
        tree = tree_of(self.content)
        return str(tree.tag), tuple(tree.nsmap.items())


@known_again
def lists_of(content: bytes, dialect: Dialect) -> StyleLists:
    """The lists of a styles part. Raises NotEditableError where it is none, or readers differ in what it holds."""
    tree = tree_of(content)
    lists = [each.tag for each in tree]
    if tree.tag != dialect.tag("styleSheet") or len(set(lists)) < len(lists) or _holds_others(tree, dialect.tag("")):
        raise NotEditableError("no styles of this workbook")
    items = {name: tuple(_items(tree.find(dialect.tag(name)))) for name in StyleLists.NAMES}
    places = {
        name: {key_of(each): place for place, each in reversed(list(enumerate(of_list)))}
        for name, of_list in items.items()
    }
    return StyleLists(content, dialect, items, places)


def _items(listed: Element | None) -> Iterator[str]:
    for each in () if listed is None else listed:
        yield etree.tostring(each, with_tail=False, encoding="unicode")


def _holds_others(tree: Element, own: str) -> bool:
    """Whether among the lists, or among what one holds, there is what is not the format's own: alternatives for readers
    of several ages, or what nobody knows. Readers differ in whether they count it."""
    places = (*tree, *(each for of in tree for each in of))
    return any(not str(each.tag).startswith(own) for each in places)


@lru_cache(maxsize=4096)
def _within(tag: str, names: Names, xml: str) -> bytes:
    """An element as it is written within one of this name, which knows these name spaces."""
    around = etree.Element(tag, nsmap=dict(names))  # type: ignore[arg-type]  # the stubs know no default name space
    around.append(etree.fromstring(xml))
    written = etree.tostring(around, encoding="UTF-8")
    return written[written.index(b">") + 1 : written.rindex(b"</")]


@lru_cache(maxsize=4096)
def key_of(xml: str) -> str:
    """What an element says that is given as XML; the formats of one program's workbooks are mostly the same."""
    return _key(etree.fromstring(xml))


def _key(element: Element) -> str:
    """What an element says, whatever the prefixes of its name spaces."""
    inside = "".join(_key(each) for each in element)
    return f"<{element.tag} {sorted(element.items())} {(element.text or '').strip()}{inside}>"
