"""What the text of a mail says of returns that are not attached to it: links to a cloud, a table pasted in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from kbxt_merge.model.mime_parts import Part

_URL = re.compile(r"https?://[^\s\"'<>）)]{1,2000}", re.I)
_CLOUD = re.compile(
    r"large-attachment|cloud-?attachment|/ftn|ftnExs_|(?:fs|u|dashi)\.163\.com|mail\.10086\.cn/.{0,200}(?:disk|share)"
    r"|pan\.baidu\.com/s/|share\.weiyun\.com|cowtransfer\.com|(?:alidrive|aliyundrive|alipan)\.com/s/"
    r"|(?:cloud|yun)\.189\.cn/(?:t/|web/share)|caiyun\.139\.com|pan\.(?:quark|xunlei)\.cn|(?:pan|drive)\.(?:quark|xunlei)"
    r"|lanzou\w*\.com|wenshushu\.cn|jianguoyun\.com/p/|drive\.weixin\.qq\.com/s|docs\.qq\.com/|kdocs\.cn/",
    re.I,
)
"""Where mail providers and schools put what is too large to attach, or would rather share than send."""

_ROW = re.compile(r"<tr\b.*?(?=<tr\b|</table|\Z)", re.I | re.S)
_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)(?=<t[dh]\b|</tr|<tr\b|</table|\Z)", re.I | re.S)
_TAG = re.compile(r"<[^<>]*>")
_ID_NUMBER = re.compile(r"(?<![0-9])[1-8][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])")
_LEAST_ROWS, _LEAST_CELLS = 2, 3


def cloud_links(texts: Iterable[Part]) -> tuple[str, ...]:
    """The links in these texts that lead to files in a cloud."""
    found = (url for part in texts for url in _URL.findall(html.unescape(part.text)) if _CLOUD.search(url))
    return tuple(dict.fromkeys(found))


def holds_table(part: Part) -> bool:
    """True where a table's rows, or an ID number, stand in the text."""
    rows = _html_rows(part.text) if part.kind == "text/html" else [line.split("\t") for line in part.text.splitlines()]
    filled = (sum(bool(cell.strip()) for cell in row) for row in rows)
    return sum(cells >= _LEAST_CELLS for cells in filled) >= _LEAST_ROWS or bool(_ID_NUMBER.search(part.text))


def _html_rows(text: str) -> Iterable[list[str]]:
    for row in _ROW.findall(text):
        yield [html.unescape(_TAG.sub("", cell)).replace("\xa0", "") for cell in _CELL.findall(row)]
