"""The printed page's header and footer as Excel writes them, section by section and with codes for what it fills in."""

from __future__ import annotations

import re

_SECTION = re.compile(r"&[LCR]")
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z&])')


def page_texts(coded: str) -> list[str]:
    """What the left, the middle and the right of a header print, without fonts, page numbers and dates.

    >>> page_texts('&C&"宋体,常规"&14赣县区梅林中学&R第&P页')
    ['赣县区梅林中学', '第页']
    """
    sections = (_CODE.sub("", section).strip() for section in _SECTION.split(coded))
    return [text for text in sections if text]
