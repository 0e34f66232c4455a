"""What cells point to where that is plain: shared texts, and formats in which a number surely is one, and no day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

HEAD = re.compile(
    rb'(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")? ?\?>\s*)?'
    rb'<sst(?: [A-Za-z0-9:]+="[^"<>&\x80-\xff]*")+>\s*<si>'
)
TAIL = b"</si></sst>"
BETWEEN = b"</si><si>"
TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?</si>')
KEPT, UNKEPT = '<t xml:space="preserve">', "<t>"
LOOK = re.compile(
    r"<rPr>(?:<(?:rFont|charset|family|b|i|strike|outline|shadow|condense|extend|color|sz|u|vertAlign|scheme)"
    r"(?: [^<>]*)?/>)*</rPr>"
)
"""What says how a piece of a text looks: LibreOffice writes a text so whose Latin letters have a font of their own."""
MOST_LOOKS = 32
"""With more of them in a workbook others are as fast."""
TAGS_OF_A_TEXT = 4
UNKEPT_SPACE = re.compile(r"<t>(?:\s|&#10;|[^<]*(?:\s|&#10;)</t>)")
LINE_BREAK = "&#10;"
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&#10;", "\n"), ("&amp;", "&"))
NUMBERS = frozenset(b"%d" % number for number in (*range(5), *range(9, 14), *range(37, 41), 49))
"""The formats built in that show a number as a number, or as text."""
FORMATS = re.compile(rb"<cellXfs[^<>]*>(.*?)</cellXfs>", re.S)
FORMAT = re.compile(rb"<xf\b([^<>]*)>")
ONLY_TAGS = re.compile(rb"(?:\s*</?[A-Za-z][^<>]*>)*\s*")
NUMBER_OF_FORMAT = re.compile(rb'\bnumFmtId="([0-9]+)"')
OWN_FORMAT = re.compile(rb'<numFmt numFmtId="([1-9][0-9]{2,8})" formatCode="([^<>"]*)"/>')
"""A format that is not built in."""
OF_NUMBERS = re.compile(rb"General|@|[#0]+(?:,[#0]{3})?(?:\.[#0]+)?%?(?:_ )?")


@lru_cache(maxsize=64)
def formats_of_numbers(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell formats in which a number surely is a number, and no day; no number is that of the first,
    or of a workbook without formats."""
    if not styles:
        return frozenset({b""})
    found, own = FORMATS.search(styles), OWN_FORMAT.findall(styles)
    if found is None or len(own) != styles.count(b"<numFmt ") or not ONLY_TAGS.fullmatch(found[1]):
        return frozenset()
    codes = NUMBERS.union(number for number, _ in own)
    codes = codes.difference(number for number, code in own if not OF_NUMBERS.fullmatch(code))
    formats = [NUMBER_OF_FORMAT.search(each) for each in FORMAT.findall(found[1])]
    plain = {b"%d" % at for at, each in enumerate(formats) if each and each[1] in codes}
    return frozenset(plain | {b""} if b"0" in plain else plain)


@dataclass
class PlainTexts:
    """The shared texts of a workbook, where all of them are plain; of a blank, where most are its hidden sheet's, it is
    enough that those are that somebody asks for."""

    strings: bytes
    of_blank: bool = False
    _asked: dict[bytes, str] = field(default_factory=dict)
    _looked_over: int = 0

    def at(self, numbers: Iterable[bytes]) -> Mapping[bytes, str]:
        """The texts with these numbers, blank for none, and maybe others; a LookupError where one is not plain, or of a
        blank is not there."""
        if not self.of_blank:
            return self._all if any(numbers) else {}
        asked = self._asked
        wanted = {each for each in numbers if each and each not in asked}  # a difference would go over all of them
        if wanted:
            self._learn(wanted)
        return asked

    @cached_property
    def _all(self) -> Mapping[bytes, str]:
        between = self._between
        texts = plain_texts(b"<si>%s</si>" % between)
        if texts is None or len(texts) != between.count(BETWEEN) + 1:
            raise LookupError
        return dict(zip(map(b"%d".__mod__, range(len(texts))), texts, strict=True))

    @cached_property
    def _written(self) -> list[bytes]:
        """What is written of each."""
        return self._between.split(BETWEEN)

    @property
    def _between(self) -> bytes:
        """What stands from the first text to the last; a LookupError where anything else does."""
        head = HEAD.match(self.strings)
        if head is None or not self.strings.endswith(TAIL):
            raise LookupError
        return self.strings[head.end() : -len(TAIL)]

    def _learn(self, numbers: Set[bytes]) -> None:
        places = list(map(int, numbers))
        until = b"".join(self._written[self._looked_over : max(places) + 1])
        if b"<si" in until or b"</si" in until or b"<!" in until:
            raise LookupError  # others may count otherwise
        self._looked_over = max(self._looked_over, max(places) + 1)
        written = map(self._written.__getitem__, places)
        texts = plain_texts(b"<si>%s</si>" % BETWEEN.join(written))
        if texts is None or len(texts) != len(places):
            raise LookupError
        self._asked.update(zip(numbers, texts, strict=True))


def plain_texts(strings: bytes) -> list[str] | None:
    """Shared texts, where nothing else stands among them."""
    xml = _decoded(strings)
    if xml is None or ("<r>" in xml and (xml := _joined(xml)) is None):
        return None
    texts: list[str] = TEXT.findall(xml)
    if xml.count("<") != TAGS_OF_A_TEXT * len(texts) + xml.count("<phoneticPr "):
        return None
    if (LINE_BREAK in xml or list(map(str.strip, texts)) != texts) and UNKEPT_SPACE.search(xml):
        return None  # programs differ on white space that is not said to be kept
    return [_unescaped(text) if "&" in text else text for text in texts] if "&" in xml else texts


@lru_cache(maxsize=1024)
def plain_text(xml: bytes) -> str | None:
    """The text that stands between two tags, where all programs read the same."""
    written = _decoded(xml)
    text = None if written is None else _unescaped(written)
    return None if text is None or text.strip() != text else text


def _decoded(xml: bytes) -> str | None:
    """The XML, where nothing in it is read differently by different programs: a return, a sign by its number."""
    if b"\r" in xml or (b"_" in xml and b"_x" in xml):
        return None
    if b"&" in xml and xml.count(b"&#") != xml.count(LINE_BREAK.encode()):
        return None
    try:
        return xml.decode()
    except UnicodeDecodeError:
        return None


def _joined(strings: str) -> str | None:
    """The strings with each in one piece, as far as their pieces say no more than how they look."""
    begin = 0
    for _ in range(MOST_LOOKS):
        begin = strings.find("<rPr>", begin)
        if begin < 0:
            break
        look = LOOK.match(strings, begin)
        if look is None:
            return None
        strings = strings.replace(look[0], "")
    if UNKEPT_SPACE.search(strings):
        return None
    for piece in (KEPT, UNKEPT):  # of each its space is known to be kept
        strings = strings.replace(f"</t></r><r>{piece}", "").replace(f"<si><r>{piece}", f"<si>{KEPT}")
    return strings.replace("</t></r></si>", "</t></si>").replace("</t></r><phoneticPr ", "</t><phoneticPr ")


def _unescaped(text: str) -> str:
    """The text with the signs that XML writes by their names."""
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text
