"""A message that came: from whom, what it brings, and what it only points to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from kbxt_merge.mail.bounces import undelivered
from kbxt_merge.mail.compose import MESSAGE_ID_SIGN
from kbxt_merge.model.addresses import sender_of
from kbxt_merge.model.authentication import is_forged
from kbxt_merge.model.mail_attachments import NAMELESS, files_in, is_text
from kbxt_merge.model.mail_headers import decoded_header, raw_header
from kbxt_merge.model.mail_text import cloud_links, holds_table
from kbxt_merge.model.mime_parts import Part, leaves, parts_of
from kbxt_merge.model.out_folder import safe_name

_NOTICES = ("message/delivery-status", "message/disposition-notification", "text/rfc822-headers")
"""Parts that are about a mail, and bring nothing."""


class UnreadableMessageError(Exception):
    """A message that can't be taken apart."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message; `name` is safe to write."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message, known by its `key` in any folder.

    `links` lead to attachments in a cloud, `table` says that rows stand in its text. `undelivered` are the addresses
    that a mail of ours did not reach, None where it is no bounce; `forged` says that the provider knows the sender for
    another.
    """

    key: str
    sender: str
    subject: str
    attachments: tuple[Attachment, ...]
    links: tuple[str, ...] = ()
    table: bool = False
    undelivered: tuple[str, ...] | None = None
    forged: bool = False


def read_message(raw: bytes) -> Incoming:
    """The message of these bytes; raises UnreadableMessageError for one that can't be taken apart."""
    try:
        return _read(parts_of(raw))
    except Exception as fault:  # nobody foresees all that hostile bytes make the standard library raise
        raise UnreadableMessageError(type(fault).__name__) from fault


def _read(message: Part) -> Incoming:
    sender = sender_of(raw_header(message, "From"))
    parts = list(leaves(message, _is_our_own))
    texts = [part for part in parts if is_text(part)]
    return Incoming(
        _key(message),
        sender,
        decoded_header(raw_header(message, "Subject")),
        tuple(_named_apart(files_in(parts))),
        cloud_links(texts),
        any(map(holds_table, texts)),
        undelivered(message, sender),
        is_forged(message),
    )


def _key(message: Part) -> str:
    """A digest of what the sender wrote, however servers wrap it; a Message-ID alone may be two schools'."""
    written = [raw_header(message, name).encode() for name in ("Message-ID", "From", "Date", "Subject")]
    held = (hashlib.sha256(part.content).digest() for part in leaves(message, lambda _: False))
    return hashlib.sha256(b"\n".join([*written, *held])).hexdigest()


def _is_our_own(part: Part) -> bool:
    return MESSAGE_ID_SIGN in raw_header(part, "Message-ID") or part.kind in _NOTICES


def _named_apart(files: Iterator[tuple[str, bytes]]) -> Iterator[Attachment]:
    """Give each file a name of its own."""
    taken: set[str] = set()
    for wanted, content in files:
        name = free = safe_name(wanted) or NAMELESS
        stem, dot, suffix = name.rpartition(".")
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{stem or suffix}({number}){dot}{suffix if stem else ''}"
        taken.add(free.casefold())
        yield Attachment(free, content)
