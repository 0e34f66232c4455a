"""Mails of ours that came back: to whom they did not go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kbxt_merge.model.addresses import addresses
from kbxt_merge.model.mail_headers import raw_header
from kbxt_merge.model.mime_parts import Part

_CARRIERS = re.compile(r"(?:mailer-?daemon|postmaster|mail-?daemon)@", re.I)
_RECIPIENT_HEADERS = ("Final-Recipient", "Original-Recipient")


def undelivered(message: Part, sender: str) -> tuple[str, ...] | None:
    """The addresses that a mail of ours did not reach, none where nobody says; None where this is no bounce.

    A notice of delay or delivery and a receipt are no bounces.
    """
    named = addresses(raw_header(message, "X-Failed-Recipients"))
    if named or not (_CARRIERS.match(sender) or message.kind == "multipart/report"):
        return named or None
    reports = [part for part in message.walk() if isinstance(part, Part) and raw_header(part, "Action")]
    failed = [part for part in reports if raw_header(part, "Action").strip().lower().startswith("failed")]
    if failed:
        return _joined(raw_header(part, name) for part in failed for name in _RECIPIENT_HEADERS)
    return _joined(_texts(message)) if _CARRIERS.match(sender) and not reports else None


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for text in texts for address in addresses(text)))


def _texts(message: Part) -> Iterator[str]:
    for part in message.walk():
        if isinstance(part, Part) and part.kind in ("text/plain", "text/html"):
            yield part.text
