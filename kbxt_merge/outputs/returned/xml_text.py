"""Text as it stands in XML that is written by hand: the one place that escapes it."""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AS_IT_IS = re.compile(r"[ -%'-;=?-\ud7ff\ue000-\ufffd]*")
"""What most texts are: without a character that XML forbids or that means something to it."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def allowed(text: str) -> str:
    """The text without the characters that XML can't hold, not even escaped."""
    return text if _AS_IT_IS.fullmatch(text) else _NOT_IN_XML.sub("", text)


def escaped(text: str) -> str:
    r"""The text as the inside of an element, without the characters that XML can't hold.

    >>> escaped("<b>\x01张 & 李")
    '&lt;b&gt;张 &amp; 李'
    """
    return text if _AS_IT_IS.fullmatch(text) else _NOT_IN_XML.sub("", text).translate(_ESCAPES)


def attribute(text: str) -> str:
    """The text between the quotes of an attribute; line breaks and tabs survive there only as numbers."""
    return escaped(text).translate(_IN_ATTRIBUTES)
