"""Text of an unknown encoding, decided by strict decoding, and whether it is a table."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from contextlib import suppress

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.model.file_names import Promise, promise_of

BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
SEPARATORS = "\t,;|"
LINES_LOOKED_AT = 50
_DECLARED = re.compile(rb"""\s*<\?xml[^<>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_DECLARATION_BYTES = 300
_UTF_8 = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_OTHERS = re.compile(r"(?:x-)?(?:gb|big5|utf-?(?:16|32)|ucs|iso-?8859|latin|windows-|cp\d|shift|euc|koi8|mac)", re.I)
"""Encodings in which XML may be: Python knows more, of which some are no encodings of a text."""
DECLARATION = re.compile(r"^\s*\ufeff?\s*<\?xml[^>]*\?>")


def decoded(data: bytes) -> str | None:
    """The text, decoded strictly as its byte order mark says, else as UTF-8, UTF-16 or GB18030; None for no text.

    Text with control characters is no text: binary data now and then passes for GB18030.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    for encoding in ("utf-8", *_wide(data), "gb18030"):
        text = _strictly(data, encoding)
        if text is not None:
            return text
    return None


def _wide(data: bytes) -> tuple[str, ...]:
    """The UTF-16 that the zero bytes of a text's ASCII characters give away."""
    head = data[:2000]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) * 20 < len(head):
        return ()
    return ("utf-16-le",) if odd > even else ("utf-16-be",)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if CONTROL.search(text) else text


def stray_control(data: bytes) -> tuple[int, str] | None:
    """The line (from one) and the code of the first control character in what would be a text without it."""
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            found = CONTROL.search(text)
            return (text.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}") if found else None
    return None


def separator(text: str) -> str | None:
    """The character that parts the columns: the one with the steadiest count over the first lines, or None."""
    lines = [line for line in text.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    best, most = None, 1.0
    for candidate in SEPARATORS:
        counts = Counter(line.count(candidate) for line in lines)
        count, often = max(counts.items(), key=lambda item: (item[0] > 0, item[1], item[0]))
        score = often * min(count, 3)
        if count and score > most:
            best, most = candidate, score
    return best


def is_delimited(text: str, name: str) -> bool:
    """Whether the text is a table of separated values, by its name or because its lines agree on a separator."""
    if promise_of(name) is Promise.VALUES:
        return True
    lines = [line for line in text.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    mark = separator(text)
    return mark is not None and len(lines) > 1 and sum(mark in line for line in lines) * 2 > len(lines)


def without_declaration(text: str) -> str:
    """XML without its declaration, whose encoding no longer holds once the text is decoded."""
    return DECLARATION.sub("", text, count=1)


def as_utf8(xml: bytes) -> bytes:
    """The XML in UTF-8, the very same where it is; raises Unreadable where its encoding does not hold."""
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _recoded(xml, "utf-16")
    if xml.startswith((b"<\0", b"\0<")):
        return _recoded(xml, "utf-16-le" if xml.startswith(b"<") else "utf-16-be")
    declared = _DECLARED.match(xml, 0, _DECLARATION_BYTES)
    if declared is None or declared[1].lower() in _UTF_8:
        return xml
    try:
        return _recoded(xml, "utf-8")  # more programs declare an encoding amiss than use another
    except Unreadable:
        return _recoded(xml, declared[1].decode())


def _recoded(xml: bytes, encoding: str) -> bytes:
    if not encoding.startswith("utf-") and not _OTHERS.match(encoding):
        raise Unreadable("file-unreadable", "damaged", encoding=encoding)
    try:
        return without_declaration(xml.decode(encoding)).encode()
    except (LookupError, UnicodeError) as error:
        raise Unreadable("file-unreadable", "damaged", encoding=encoding) from error
