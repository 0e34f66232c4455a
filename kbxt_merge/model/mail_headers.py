"""Headers and their parameters, as every mail program writes them: RFC 2231, RFC 2047 where it may not stand, bytes."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from email.message import Message
from urllib.parse import unquote_to_bytes

_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030"}
"""What is called gb2312 is really GBK, and both are part of GB 18030."""

_FALLBACKS = ("utf-8", "gb18030", "latin-1")
_WORD = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?)")
_PARAMETER = re.compile(r'(?:^\s*|;\s*|(?<=\s))([\w-]+)(\*\d+)?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.S)
_ESCAPED = re.compile(r'\\(["\\])')


def attachment_name(part: Message) -> str:
    """The name that a part gives its file, in Content-Disposition or else in Content-Type; blank where it has none."""
    return parameter(part, "Content-Disposition", "filename") or parameter(part, "Content-Type", "name")


def raw_header(part: Message, name: str) -> str:
    """The first header of this name as text on one line, its encoded words as they stand; blank where there is none."""
    found = (value for key, value in part.raw_items() if key.lower() == name.lower())
    return unfolded(next(found, ""))


def parameter(part: Message, header: str, name: str) -> str:
    """The value of a header's parameter; blank where it has none."""
    return _parameter(raw_header(part, header), name)


def decoded_header(value: object) -> str:
    """A header's text, its encoded words joined before they are decoded: some are split in mid-character."""
    return _words(unfolded(value)).strip()


def unfolded(value: object) -> str:
    """A header as text on one line; raw bytes, which the parser keeps as surrogates, in the charset they fit."""
    raw = str(value).encode("utf-8", "surrogateescape")
    return re.sub(r"\r?\n[ \t]", " ", as_text(raw, ""))


def as_text(raw: bytes, charset: str) -> str:
    """Bytes as text: in the charset they claim, else in the first that fits."""
    claimed = charset.lower().strip()
    for name in (_CHARSETS.get(claimed, claimed), *_FALLBACKS):
        try:
            text = raw.decode(name)
            text.encode()  # some codecs make halves of characters, which nothing takes
        except (ValueError, LookupError):
            continue
        return text
    raise AssertionError("latin-1 reads any bytes")


def _parameter(header: str, wanted: str) -> str:
    """The parameter's value, whole, continued or encoded; of two forms the encoded one, as RFC 6266 has it."""
    pieces = [
        (int(number[1:]) if number else 0, bool(star), bool(number or star), _unquoted(value))
        for name, number, star, value in _PARAMETER.findall(header)
        if name.lower() == wanted
    ]
    extended = sorted(each[:2] + each[3:] for each in pieces if each[2])
    if extended:
        return _extended([(star, value) for _, star, value in extended])
    return _words(pieces[0][3]).strip() if pieces else ""


def _unquoted(value: str) -> str:
    value = value.strip()
    return _ESCAPED.sub(r"\1", value[1:-1]) if len(value) > 1 and value[0] == value[-1] == '"' else value


def _extended(pieces: list[tuple[bool, str]]) -> str:
    """RFC 2231: `charset'language'percent-encoded` in pieces, joined as bytes before they are decoded."""
    if not any(star for star, _ in pieces):
        return _words("".join(value for _, value in pieces)).strip()
    charset, _, first = pieces[0][1].partition("'") if pieces[0][1].count("'") >= 2 else ("", "", "'" + pieces[0][1])
    values = [(pieces[0][0], first.partition("'")[2]), *pieces[1:]]
    raw = b"".join(unquote_to_bytes(value) if star else value.encode() for star, value in values)
    return _words(as_text(raw, charset)).strip()


def _words(text: str) -> str:
    """RFC 2047: neighbouring encoded words of one charset are one text."""
    joined = _BETWEEN_WORDS.sub(r"\1\2", text)
    parts: list[tuple[str, bytes | str]] = []
    end = 0
    for match in _WORD.finditer(joined):
        if match.start() > end:
            parts.append(("", joined[end : match.start()]))
        charset, raw = match[1].partition("*")[0].lower(), _word_bytes(match[2], match[3])
        before = parts[-1] if parts else ("", "")
        if before[0] == charset and isinstance(before[1], bytes):
            parts[-1] = (charset, before[1] + raw)
        else:
            parts.append((charset, raw))
        end = match.end()
    parts.append(("", joined[end:]))
    return "".join(each if isinstance(each, str) else as_text(each, charset) for charset, each in parts)


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "Qq":
        return quopri.decodestring(text.encode(), header=True)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text.encode()
