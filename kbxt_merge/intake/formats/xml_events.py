"""XML read as it comes, whatever the prefixes: for parts that may be larger than a tree of them should be."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable

Attributes = dict[str, str]


def parse(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Run the XML past the handlers, names without their prefix; raises Unreadable when it is not whole.

    Of two attributes that differ only in their prefix the one that stands later counts, under its plain name;
    with its prefix each is there besides. A DOCTYPE is refused: no workbook needs one, and entities can grow.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_local(name), _plain(attributes))
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, *DAMAGE) as error:
        raise Unreadable("file-unreadable", "damaged") from error


def _refuse(*declaration: object) -> None:
    raise Unreadable("file-unsafe", "entities")


@lru_cache(maxsize=1024)
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _plain(attributes: Attributes) -> Attributes:
    return {**attributes, **{_local(name): value for name, value in attributes.items()}} if attributes else attributes
