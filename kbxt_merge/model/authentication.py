"""What the receiving provider found out about a sender (Authentication-Results, RFC 8601)."""

from __future__ import annotations

import re

from kbxt_merge.model.mail_headers import raw_header
from kbxt_merge.model.mime_parts import Part

_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", re.I)


def is_forged(message: Part) -> bool:
    """True where the provider checked the sender and says that the mail is not from there.

    Only the topmost header counts: the receiving server wrote it, any below may be the sender's own. DMARC decides
    where it was checked; else a server that may not send for the domain (SPF), with no signature (DKIM) that holds.
    """
    found: dict[str, set[str]] = {}
    for method, result in _RESULT.findall(raw_header(message, "Authentication-Results")):
        found.setdefault(method.lower(), set()).add(result.lower())
    if dmarc := found.get("dmarc", set()) & {"pass", "fail"}:
        return "pass" not in dmarc
    return "fail" in found.get("spf", ()) and "pass" not in found.get("dkim", ())
