"""XML read as it comes, whatever the prefixes: for parts that may be larger than a tree of them should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar
from xml.etree import ElementTree
from xml.parsers import expat

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable

Attributes = dict[str, str]
Result = TypeVar("Result")
ALTERNATIVES = b"AlternateContent"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_LOOSE_BYTES = re.compile(_LOOSE.pattern.encode())
_BY_NUMBER = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)[\s/>]")


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
    parse_as_spelled(xml, lambda name, attributes: start(name, _plain(attributes)), end, text)


def parse_as_spelled(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """As `parse`, but attributes have the names that they are written with."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    _run(parser, xml)


def parse_own(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
    foreign: Callable[[str], None],
) -> None:
    """As `parse`, but only elements of the root's own name space pass: of others and all inside them the names are
    told to `foreign`. Attributes with a prefix are none of those that have none.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    own: list[str] = []
    known: dict[str, str] = {}
    depth = 0

    def begins(name: str, attributes: Attributes) -> None:
        nonlocal depth
        if not depth and name in known:
            start(known[name], attributes)
            return
        space, _, local = name.rpartition(" ")
        if not own:
            own.append(space)
        if depth or space != own[0]:
            depth += 1
            foreign(local)
        else:
            known[name] = local
            start(local, attributes)

    def ends(name: str) -> None:
        nonlocal depth
        if depth:
            depth -= 1
        else:
            end(known[name])

    def says(content: str) -> None:
        if not depth:
            text(content)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begins, ends, says
    _run(parser, xml)


def in_spite_of_slips(xml: bytes, read: Callable[[bytes], Result]) -> Result:
    """What `read` makes of a part; where it is damaged, of the part without what is not XML and hides nothing.

    That is a sign that XML forbids, an ampersand that means itself, bytes that are no text (they show as U+FFFD), and
    what stands behind the end. Raises what `read` raises.
    """
    try:
        return read(xml)
    except Unreadable as unreadable:
        mended = _without_slips(xml)
        if unreadable.problem.slug == "file-unsafe" or mended == xml:
            raise
        return read(mended)


def _without_slips(xml: bytes) -> bytes:
    text = _LOOSE.sub("&amp;", _FORBIDDEN.sub("", xml.decode("utf-8", "replace")))
    text = _BY_NUMBER.sub(_allowed, text)
    root = _ROOT.search(text)
    end = text.rfind(f"</{root[1]}>") if root else -1
    return (text if root is None or end < 0 else text[: end + len(root[1]) + 3]).encode()


def _allowed(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    is_sign = number < 0x110000 and not (0xD800 <= number < 0xE000 or _FORBIDDEN.match(chr(number)))
    return reference[0] if is_sign else ""


def has_loose_ampersand(xml: bytes) -> bool:
    """Whether an ampersand stands for itself or for what no one declared: calamine ends the text there."""
    return b"&" in xml and _LOOSE_BYTES.search(xml) is not None


def has_declaration(xml: bytes) -> bool:
    """Whether a comment, raw text or a declaration stands in the XML."""
    return b"!" in xml and b"<!" in xml  # one sign is found missing many times faster


def is_whole(xml: bytes) -> bool:
    """Whether the XML of one element is well-formed."""
    try:
        expat.ParserCreate().Parse(xml, True)
    except expat.ExpatError:
        return False
    return True


def ignored(_: str) -> None:
    """A handler for what says nothing."""


def without_alternatives(xml: bytes) -> bytes:
    """The part with one of each set of alternatives for readers of several ages: the one for all others, if it holds
    something, else the first; raises Unreadable when it is not whole."""
    if ALTERNATIVES not in xml:
        return xml
    try:
        tree = ElementTree.fromstring(xml)
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged") from error
    for parent in tree.iter():
        place = 0
        while place < len(parent):
            if parent[place].tag == f"{_COMPATIBILITY}AlternateContent":
                parent[place : place + 1] = _chosen(parent[place])
            else:
                place += 1
    return ElementTree.tostring(tree)


def _chosen(alternatives: ElementTree.Element) -> list[ElementTree.Element]:
    fallback = alternatives.findall(f"{_COMPATIBILITY}Fallback")
    filled = [list(each) for each in (*fallback, *alternatives.findall(f"{_COMPATIBILITY}Choice")) if len(each)]
    return filled[0] if filled else []


def _run(parser: expat.XMLParserType, xml: bytes) -> None:
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
