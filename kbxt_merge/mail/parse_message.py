"""A message that came: from whom, what it brings, and what it only points to."""

from __future__ import annotations

import email
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from kbxt_merge.mail.compose import MESSAGE_ID_SIGN
from kbxt_merge.model.attachment_names import attachment_name, decoded_header
from kbxt_merge.model.out_folder import safe_name

_URL = re.compile(r"https?://[^\s\"'<>）)]+", re.I)
_CLOUD = re.compile(
    r"large-attachment|cloud-?attachment|/ftn|ftnExs_|(?:fs|u|dashi)\.163\.com|mail\.10086\.cn/.*(?:disk|share)"
    r"|pan\.baidu\.com/s/|share\.weiyun\.com|cowtransfer\.com|(?:alidrive|aliyundrive|alipan)\.com/s/"
    r"|drive\.weixin\.qq\.com/s|docs\.qq\.com/|kdocs\.cn/",
    re.I,
)
"""Where mail providers and schools put what is too large to attach, or would rather share than send."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message; `name` is safe to write."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message; `links` lead to attachments in a cloud, `bounced` says that it brings one of our own mails back."""

    sender: str
    attachments: tuple[Attachment, ...]
    links: tuple[str, ...]
    bounced: bool


def message_id(raw: bytes) -> str:
    """By what a message is known in any folder: its Message-ID, else a digest of its headers."""
    head = raw.partition(b"\r\n\r\n")[0]
    found = decoded_header(email.message_from_bytes(head).get("Message-ID", ""))
    return found or f"sha256:{hashlib.sha256(head).hexdigest()}"


def read_message(raw: bytes) -> Incoming:
    """The message of these bytes; never raises, whatever they are."""
    message = email.message_from_bytes(raw)
    sender = parseaddr(decoded_header(message.get("From", "")))[1].lower()
    bounced = message.get_content_type() == "multipart/report"
    parts = [] if bounced else list(_parts(message))
    return Incoming(sender, tuple(_attachments(parts)), tuple(dict.fromkeys(_links(parts))), bounced)


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, those of forwarded messages too, but not of our own mails that come back."""
    if MESSAGE_ID_SIGN in str(message.get("Message-ID", "")):
        return
    payload = message.get_payload()
    if isinstance(payload, list):
        for each in payload:
            if isinstance(each, Message):
                yield from _parts(each)
    else:
        yield message


def _attachments(parts: list[Message]) -> Iterator[Attachment]:
    taken: set[str] = set()
    for part in parts:
        name = safe_name(attachment_name(part))
        content = part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            stem, dot, suffix = name.rpartition(".")
            tries = [name, *(f"{stem or suffix}({n}){dot}{suffix if stem else ''}" for n in range(2, len(parts) + 2))]
            free = next(each for each in tries if each.casefold() not in taken)
            taken.add(free.casefold())
            yield Attachment(free, content)


def _links(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        if part.get_content_maintype() == "text" and not attachment_name(part):
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            yield from (url for url in _URL.findall(html.unescape(text)) if _CLOUD.search(url))
