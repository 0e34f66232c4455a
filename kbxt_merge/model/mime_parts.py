"""The parts of a message, read as leniently as the worst mail programs write them."""

from __future__ import annotations

import binascii
import email
import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from email.message import Message
from functools import cached_property

from kbxt_merge.model.mail_headers import as_text, attachment_name, parameter, raw_header

MOST_PARTS = 2_000
"""Parts of one message beyond which it is no message that anybody wrote."""
MOST_OPENED = 8
"""So often what a part holds may turn out to be parts itself: each time all of it is looked at again."""

_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_WORD = re.compile(r"[\w-]+")
_UNQUOTED_COMMENT = re.compile(r"[\s;(].*", re.S)
_DELIMITER = re.compile(rb"^--(\S[^\r\n]{0,198})[ \t]*\r?$", re.M)
_PART_BEGINS = re.compile(rb"^Content-(?:Type|Disposition|Transfer-Encoding):", re.M | re.I)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_OF_A_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]|--")
"""How a line begins that is one of a header's; two dashes begin a part's own headers."""
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_ONLY_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]{40,}")
_FILES_BEGIN = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"Rar!", b"7z\xbc\xaf")
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n(.*?)(?:^end\b|\Z)", re.M | re.S)


class Part(Message):
    """A part of a message."""

    @property
    def kind(self) -> str:
        """Its media type, without parameters and comments."""
        found = _TYPE.match(raw_header(self, "Content-Type"))
        return found[1].lower() if found else self.get_default_type()

    @property
    def encoding(self) -> str:
        """Its transfer encoding's first word in lower case; blank where it names none."""
        found = _WORD.search(raw_header(self, "Content-Transfer-Encoding"))
        return found[0].lower().replace("_", "-") if found else ""

    @cached_property
    def content(self) -> bytes:
        """What it holds, decoded; blank where it holds other parts."""
        bare = copy(self)
        del bare["Content-Transfer-Encoding"], bare["Content-Type"]  # without them the bytes come as they stand
        raw = bare.get_payload(decode=True)
        return _decoded(raw, self) if isinstance(raw, bytes) else b""

    @property
    def text(self) -> str:
        """What it holds as text."""
        return as_text(self.content, parameter(self, "Content-Type", "charset"))

    def get_content_type(self) -> str:
        """The type by which the parser goes on: an encoded message is a file until it is decoded."""
        wrapped = self.kind.startswith("message/") and self.encoding in _DECODERS
        return "application/octet-stream" if wrapped else self.kind

    def get_boundary(self, failobj: str | None = None) -> str | None:  # type: ignore[override]
        """What parts its parts; white space and comments behind it are none of it."""
        header, named = raw_header(self, "Content-Type"), parameter(self, "Content-Type", "boundary")
        quoted = f'"{named}"' in header
        return (named if quoted else _UNQUOTED_COMMENT.sub("", named)).rstrip() or failobj


def parts_of(raw: bytes) -> Part:
    """The message of these bytes with all its parts."""
    return email.message_from_bytes(_with_whole_headers(raw), _class=Part)


def _with_whole_headers(raw: bytes) -> bytes:
    r"""The message with its headers folded as they should be: a line that lost the blank before it would end them all.

    >>> _with_whole_headers(b"From: =?utf-8?b?5qKF?=,\n=?utf-8?b?5p6X?= <a@b.example>\nSubject: x\n\ny")
    b'From: =?utf-8?b?5qKF?=,\n =?utf-8?b?5p6X?= <a@b.example>\nSubject: x\n\ny'
    """
    end = _BLANK_LINE.search(raw)
    lines = (raw[: end.start()] if end else b"").split(b"\n")
    headers = [at for at, line in enumerate(lines) if _HEADER.match(line)]
    torn = [at for at in range(headers[-1]) if not _OF_A_HEADER.match(lines[at])] if headers else []
    if not torn or end is None or headers[0]:
        return raw
    for at in torn:
        lines[at] = b" " + lines[at]
    return b"\n".join(lines) + raw[end.start() :]


def leaves(message: Part, skipped: Callable[[Part], bool]) -> Iterator[Part]:
    """The parts that hold no others, those of forwarded messages too, in their order.

    Of a part that is `skipped` nothing is looked at. Raises ValueError for a message of more parts than anybody writes,
    and for one in which they lie deeper.
    """
    waiting, count = [(message, 0)], 0
    while waiting:
        part, opened = waiting.pop()
        count += 1
        if count > MOST_PARTS or opened > MOST_OPENED:
            raise ValueError(f"more than {MOST_PARTS} parts, or {MOST_OPENED} in each other")
        if skipped(part):
            continue
        held = [each for each in part.get_payload() if isinstance(each, Part)] if part.is_multipart() else []
        hidden = _hidden_in(part)
        waiting += reversed([(each, opened) for each in held] + [(each, opened + 1) for each in hidden])
        if not held and not hidden and not _is_resource_fork(part):
            yield part


def _hidden_in(part: Part) -> list[Part]:
    """The parts that the parser has not found: beside those it has, or where it has taken a part for a text or file."""
    if part.is_multipart():
        beside = (str(text).encode("utf-8", "surrogateescape") for text in (part.preamble, part.epilogue) if text)
        return [each for text in beside for each in _by_look(text)]
    if part.kind.startswith("multipart/") or (part.kind == "text/plain" and not attachment_name(part)):
        return _by_look(part.content)
    if part.kind in ("message/rfc822", "message/global") or attachment_name(part).lower().endswith(".eml"):
        forwarded = parts_of(part.content)
        return [forwarded] if raw_header(forwarded, "From") or raw_header(forwarded, "Content-Type") else []
    return []


def _by_look(content: bytes) -> list[Part]:
    """The parts that stand in a text in which no header says, or one says wrongly, what parts them.

    The first line that looks like a delimiter is taken for one.
    """
    found = _DELIMITER.search(content) if _PART_BEGINS.search(content) else None
    if found is None:
        return []
    again = parts_of(b'Content-Type: multipart/mixed; boundary="%s"\n\n%s' % (found[1].rstrip(), content))
    return [again] if again.is_multipart() else []


def _is_resource_fork(part: Part) -> bool:
    """True for what a Mac keeps beside a file (AppleDouble, RFC 1740): the file itself is another part."""
    return part.kind == "application/applefile" and part.content.startswith(b"\x00\x05\x16\x07")


def uuencoded(text: bytes) -> Iterator[tuple[str, bytes]]:
    """The files that stand in a text as `begin 644 name … end`, by name."""
    for found in _UUENCODED.finditer(text):
        content = b"".join(_uu_lines(found[2]))
        if content:
            yield as_text(found[1], "").strip(), content


def _uu_lines(lines: bytes) -> Iterator[bytes]:
    """What the lines hold; what a line has beyond the length that its first byte says is padding."""
    for line in lines.splitlines():
        with suppress(binascii.Error):  # a line that is none: the file is told to be damaged where it is read
            yield binascii.a2b_uu(line[: 1 + (((line[0] - 32) & 63) + 2) // 3 * 4] if line else b"")


def _from_uu(raw: bytes) -> bytes:
    return b"".join(content for _, content in uuencoded(raw))


def _from_base64(raw: bytes) -> bytes:
    """The bytes, whatever else stands between and behind them."""
    kept = _NOT_BASE64.sub(b"", raw).partition(b"=")[0]
    whole = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("base64", "base-64", "b64"), _from_base64),
    **dict.fromkeys(("quoted-printable", "quotedprintable", "qp"), quopri.decodestring),
    **dict.fromkeys(("x-uuencode", "uuencode", "x-uue", "uue"), _from_uu),
}


def _decoded(raw: bytes, part: Part) -> bytes:
    """The bytes in the encoding that the part claims, unless it is plain that they are in another."""
    if raw.startswith(_FILES_BEGIN):
        return raw
    claimed = _DECODERS.get(part.encoding)
    if claimed is not None:
        return claimed(raw) or raw
    if not part.kind.startswith("text/") and _ONLY_BASE64.fullmatch(raw):
        decoded = _from_base64(raw)
        return decoded if decoded.startswith(_FILES_BEGIN) else raw
    return raw
