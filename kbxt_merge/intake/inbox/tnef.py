"""What Outlook sends to others as winmail.dat ([MS-OXTNEF]): attributes one after the other, among them attachments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source, source_bytes
from kbxt_merge.intake.inbox.mail_files import FORWARDED, UNNAMED
from kbxt_merge.model.limits import Limits

SIGNATURE = b"\x78\x9f\x3e\x22"
HEADER = struct.Struct("<BII")
"""Level, identity and length of an attribute; a checksum of two bytes follows its data."""
TITLE, DATA, BEGIN, PROPERTIES = 0x8010, 0x800F, 0x9002, 0x9005
LONG_NAME, CONTENT = 0x3707, 0x3701
ANSI, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
"""The bytes that a property of each type of fixed size takes, filled up to four."""
VARIABLE = frozenset({ANSI, UNICODE, OBJECT, BINARY})
MANY = 0x1000
NAMED = 0x8000
BY_NAME = 1
IDENTITY_SIZE = 16
MOST_NESTED = 8
Attached = tuple[str, bytes]


class Tnef:
    """A winmail.dat; its members are what is attached to the mail it came with."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Take it apart; raises Unreadable."""
        try:
            attached = list(_attached(source_bytes(source, limits), "", 0))
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "truncated") from error
        self.contents = [content for _, content in attached]
        self.members = [Member(name, len(content), len(content), None, False) for name, content in attached]

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one attachment."""
        return self.contents[position]


@dataclass
class _Attachment:
    """An attachment as its attributes tell it: `name` by its short title, `properties` by their tags."""

    name: str = ""
    content: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict)

    @property
    def long_name(self) -> str:
        """The name as the sender's disk had it."""
        name = self.properties.get(LONG_NAME)
        return name if isinstance(name, str) else ""


def _attached(data: bytes, folder: str, depth: int) -> Iterator[Attached]:
    if not data.startswith(SIGNATURE):
        raise ValueError("no TNEF")
    for each in _attachments(data):
        name = f"{folder}{each.long_name or each.name or UNNAMED}"
        inner = each.properties.get(CONTENT)
        if isinstance(inner, bytes) and inner[IDENTITY_SIZE:].startswith(SIGNATURE) and depth < MOST_NESTED:
            yield from _attached(inner[IDENTITY_SIZE:], f"{folder}{each.name or FORWARDED}/", depth + 1)
        else:
            yield name, each.content or (inner if isinstance(inner, bytes) else b"")


def _attachments(data: bytes) -> list[_Attachment]:
    """The attachments in order; raises one of DAMAGE where the attributes break off or their sums are wrong."""
    found: list[_Attachment] = []
    at = len(SIGNATURE) + 2
    while at < len(data):
        _, identity, length = HEADER.unpack_from(data, at)
        at += HEADER.size
        body = data[at : at + length]
        (checksum,) = struct.unpack_from("<H", data, at + length)
        if sum(body) & 0xFFFF != checksum:
            raise ValueError(identity)
        at += length + 2
        kind = identity & 0xFFFF
        if kind == BEGIN:
            found.append(_Attachment())
        elif found:
            _tell(found[-1], kind, body)
    return found


def _tell(attachment: _Attachment, kind: int, body: bytes) -> None:
    if kind == TITLE:
        attachment.name = _decoded(body)
    elif kind == DATA:
        attachment.content = body
    elif kind == PROPERTIES:
        # of what follows a property of a type that nobody knows, none knows where it begins
        with suppress(*DAMAGE):
            for tag, value in _properties(body):
                attachment.properties[tag] = value


def _properties(body: bytes) -> Iterator[tuple[int, bytes | str]]:
    """The texts and the binary values of a list of MAPI properties, by their tags ([MS-OXTNEF] 2.1.3.4)."""
    (count,) = struct.unpack_from("<I", body)
    at = 4
    for _ in range(count):
        kind, tag = struct.unpack_from("<HH", body, at)
        at += 4
        if tag >= NAMED:
            at = _after_name(body, at)
        values = 1
        if kind & MANY or kind in VARIABLE:
            (values,) = struct.unpack_from("<I", body, at)
            at += 4
        kind &= ~MANY
        for _ in range(values):
            value, at = _value(body, at, kind)
            if value is not None:
                yield tag, value


def _after_name(body: bytes, at: int) -> int:
    """Where what follows the name of a named property begins."""
    named, length = struct.unpack_from("<II", body, at + IDENTITY_SIZE)
    return at + IDENTITY_SIZE + 8 + (_filled(length) if named == BY_NAME else 0)


def _value(body: bytes, at: int, kind: int) -> tuple[bytes | str | None, int]:
    if kind not in VARIABLE:
        if at + SIZES[kind] > len(body):  # else a count of billions is believed
            raise EOFError(at)
        return None, at + SIZES[kind]
    (length,) = struct.unpack_from("<I", body, at)
    raw = body[at + 4 : at + 4 + length]
    if len(raw) < length:
        raise EOFError(length)
    text = raw.decode("utf-16-le").rstrip("\0") if kind == UNICODE else _decoded(raw) if kind == ANSI else raw
    return text, at + 4 + _filled(length)


def _filled(length: int) -> int:
    return -(-length // 4) * 4


def _decoded(raw: bytes) -> str:
    """A name as its writer meant it: UTF-8 where it is, else GBK."""
    raw = raw.rstrip(b"\0")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
