"""The names under which things go back to a school: known to whoever writes them and to whoever mails them."""

from __future__ import annotations

import re
import unicodedata

RETURN_FOLDER = "退回"
"""Below OUT: a folder a school."""

NOBODYS_FOLDER = "未注明学校"
"""The folder of files that name no school."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.I)
_LONGEST_BYTES = 200


def safe_name(text: str) -> str:
    """The text as a file name that Windows and Linux both take.

    >>> safe_name("田村 中学/分校. ")
    '田村 中学_分校'
    """
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    name = f"_{name}" if _RESERVED.fullmatch(name) else name
    stem, dot, suffix = name.rpartition(".")
    if len(name.encode()) <= _LONGEST_BYTES:
        return name
    if not dot or len(suffix) > 8:
        stem, dot, suffix = name, "", ""
    return stem.encode()[: _LONGEST_BYTES - 9].decode(errors="ignore") + dot + suffix


def school_folder(school: str) -> str:
    """The name of a school's folder below 退回/."""
    return safe_name(school) or NOBODYS_FOLDER
