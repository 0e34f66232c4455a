"""Mails saved as files (.eml): their attachments, those of forwarded mails too, and a table pasted into the text."""

from __future__ import annotations

import base64
import binascii
import email
import mimetypes
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source, source_bytes
from kbxt_merge.model.attachment_names import attachment_name
from kbxt_merge.model.file_names import RETURNS, promise_of
from kbxt_merge.model.limits import Limits

FORWARDED = "转发邮件"
UNNAMED = "附件"
TABLE_IN_TEXT = "ATT00000 正文.htm"
"""The name of a mail's own text where it holds a table: one that promises no return."""
Attached = tuple[str, bytes]


class MailFile:
    """A mail; its members are what is attached to it."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Take the mail apart; raises Unreadable."""
        data = source_bytes(source, limits)
        try:
            message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
            attached = list(_attached(message, ""))
            if not any(promise_of(name) in RETURNS for name, _ in attached):
                attached += _table_in_text(message)
            self.contents = [content for _, content in attached]
            modified = _sent(message)
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged") from error
        self.members = [Member(name, len(content), len(content), modified, False) for name, content in attached]

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one attachment."""
        return self.contents[position]


def _attached(part: Message, folder: str) -> Iterator[Attached]:
    """The files on a part, those of a forwarded mail in a folder of its own; pictures in the text are none."""
    kind, payload = part.get_content_type(), part.get_payload()
    if kind == "message/rfc822":
        for inner in _forwarded(part):
            yield from _attached(inner, f"{folder}{attachment_name(part) or FORWARDED}/")
    elif isinstance(payload, list):
        for each in payload:
            if isinstance(each, Message) and not (kind == "multipart/related" and _is_of_text(each)):
                yield from _attached(each, folder)
    else:
        content, name = part.get_payload(decode=True), attachment_name(part)
        if isinstance(content, bytes) and (name or part.get_content_maintype() != "text"):
            yield f"{folder}{name or _made_name(part)}", content


def _forwarded(part: Message) -> Iterator[Message]:
    """The mail that a part holds; some programs encode it, though it may not be."""
    payload = part.get_payload()
    for inner in payload if isinstance(payload, list) else ():
        if isinstance(inner, Message) and str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
            text = inner.get_payload()
            try:
                yield email.message_from_bytes(base64.b64decode(text if isinstance(text, str) else ""))
            except binascii.Error:
                continue
        elif isinstance(inner, Message):
            yield inner


def _is_of_text(part: Message) -> bool:
    return part.get_content_maintype() == "image"


def _made_name(part: Message) -> str:
    return f"{UNNAMED}{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _table_in_text(message: Message) -> list[Attached]:
    pages = (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html")
    return [(TABLE_IN_TEXT, page) for page in pages if isinstance(page, bytes) and b"<table" in page.lower()]


def _sent(message: Message) -> float | None:
    """When the mail was sent, in seconds since 1970."""
    try:
        return parsedate_to_datetime(str(message.get("Date"))).timestamp()
    except (ValueError, OverflowError):
        return None
