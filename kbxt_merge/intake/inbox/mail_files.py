"""Mails saved as files (.eml): what they bring, those forwarded in them too, and a table pasted into the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source, source_bytes
from kbxt_merge.model.addresses import sender_of
from kbxt_merge.model.authentication import is_forged
from kbxt_merge.model.china_time import seconds_of
from kbxt_merge.model.file_names import RETURNS, promise_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.mail_attachments import files_in, is_text
from kbxt_merge.model.mail_headers import raw_header
from kbxt_merge.model.mail_text import cloud_links, holds_table
from kbxt_merge.model.mime_parts import Part, leaves, parts_of

FORWARDED = "转发邮件"
UNNAMED = "附件"
TABLE_IN_TEXT = "ATT00000 正文.htm"
"""The name of a mail's own text where it holds a table: one that promises no return."""


class MailFile:
    """A mail; its members are what is attached to it."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Take the mail apart; raises Unreadable, also where what is due lies in a cloud, and for a forged sender."""
        data = source_bytes(source, limits)
        try:
            message = parts_of(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
            parts = list(leaves(message, _is_of_text))
            files = list(files_in(parts))
            sent, sender = _sent(message), sender_of(raw_header(message, "From"))
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged") from error
        texts = [part for part in parts if is_text(part)]
        if is_forged(message) and (files or _tables(texts) or cloud_links(texts)):
            raise Unreadable("file-unreadable", "mail-forged")
        if not any(promise_of(name) in RETURNS for name, _ in files):
            files += _from_text(texts)
        self.contents = [content for _, content in files]
        self.members = [Member(name, len(content), len(content), sent, False, sender, sent) for name, content in files]

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one attachment."""
        return self.contents[position]


def _is_of_text(part: Part) -> bool:
    """True for a picture that the text shows, such as a logo."""
    return part.kind.startswith("image/") and bool(raw_header(part, "Content-ID"))


def _from_text(texts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
    """The text with a table in it; raises Unreadable where it only leads to files in a cloud."""
    tables = _tables(texts)
    if not tables and cloud_links(texts):
        raise Unreadable("file-unreadable", "mail-link")
    for part in tables:
        yield TABLE_IN_TEXT, part.text.encode()


def _tables(texts: Sequence[Part]) -> list[Part]:
    return [part for part in texts if part.kind == "text/html" and holds_table(part)]


def _sent(message: Part) -> float | None:
    """When the mail was sent, in seconds since 1970."""
    try:
        return seconds_of(parsedate_to_datetime(raw_header(message, "Date")))
    except (ValueError, OverflowError):
        return None
