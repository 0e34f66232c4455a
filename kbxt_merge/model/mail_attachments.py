"""The files that a message brings, with the names that its parts give them, and what of it is its own text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kbxt_merge.model.mail_headers import attachment_name, raw_header
from kbxt_merge.model.mime_parts import Part, uuencoded
from kbxt_merge.model.out_folder import safe_name

WORKBOOKS = {
    ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "vnd.ms-excel.sheet.macroEnabled.12",
    ".xltx": "vnd.openxmlformats-officedocument.spreadsheetml.template",
    ".xltm": "vnd.ms-excel.template.macroEnabled.12",
}
"""The media types of workbooks, below `application/`, by ending."""

NAMELESS = "未命名文件"
"""A number behind it, or the word 附件, would be taken for a form's."""

_ENDINGS = {
    **{f"application/{kind}": ending for ending, kind in WORKBOOKS.items()},
    "application/vnd.ms-excel": ".xls",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
}
"""By type the ending of a file that has no name; merge goes by what a file holds."""


def is_text(part: Part) -> bool:
    """True for what a reader sees as the mail itself."""
    attached = raw_header(part, "Content-Disposition").strip().lower().startswith("attachment")
    return part.kind in ("text/plain", "text/html") and not attachment_name(part) and not attached


def files_in(parts: Iterable[Part]) -> Iterator[tuple[str, bytes]]:
    """The files of these parts, those without a name under a made one; two may have one name."""
    for part in parts:
        if is_text(part):
            yield from uuencoded(part.content)
        elif (name := safe_name(attachment_name(part))) or part.content.strip():
            yield name or NAMELESS + _ending(part), part.content


def _ending(part: Part) -> str:
    return ".eml" if part.kind.startswith(("multipart/", "message/")) else _ENDINGS.get(part.kind, ".bin")
