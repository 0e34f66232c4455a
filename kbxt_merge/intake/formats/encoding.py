"""Text of an unknown encoding, decided by strict decoding, and whether it is a table."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from kbxt_merge.model.file_names import Promise, promise_of

BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
SEPARATORS = "\t,;|"
LINES_LOOKED_AT = 50
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
