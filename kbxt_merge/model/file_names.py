"""What a file's name promises: the one list of endings. What a file is, its bytes tell (intake/formats/sniff.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Promise(StrEnum):
    """What someone expects who reads a file's name."""

    WORKBOOK = "workbook"
    VALUES = "values"
    WRITING = "writing"
    CONTAINER = "container"
    VOLUME = "volume"
    HALF = "half-download"
    SHORTCUT = "shortcut"
    SEALED = "sealed-mail"
    SIGNATURE = "signature"
    MAIL_TEXT = "mail-text"
    CONTACT = "contact"
    MEDIA = "media"
    PROGRAM = "program"
    PASSING = "passing"


RETURNS = frozenset({Promise.WORKBOOK, Promise.VALUES, Promise.WRITING, Promise.CONTAINER, Promise.VOLUME})
"""What a return may come as."""
BESIDE = frozenset({Promise.SIGNATURE, Promise.MAIL_TEXT, Promise.CONTACT, Promise.MEDIA, Promise.PROGRAM})
"""What comes beside a return, and is none even where it can't be read."""
ENDINGS: Mapping[Promise, str] = {
    Promise.WORKBOOK: "xlsx xlsm xltx xltm xlsb xls xlt et ett ods ots fods numbers slk dif",
    Promise.VALUES: "csv tsv tab",
    Promise.WRITING: "docx docm dotx dotm doc dot rtf wps wpt odt ott pages",
    Promise.CONTAINER: "zip 7z rar eml msg",
    Promise.SHORTCUT: "url lnk webloc desktop website",
    Promise.SEALED: "p7m",
    Promise.SIGNATURE: "p7s asc sig",
    Promise.CONTACT: "vcf ics vcs",
    Promise.MEDIA: "mp4 m4v mov avi wmv mkv flv 3gp mpg mpeg webm rm rmvb mp3 m4a wav wma amr aac ogg flac silk",
    Promise.PROGRAM: "exe com scr bat cmd msi apk dll js vbs ps1",
}
_ENDINGS = {ending: promise for promise, endings in ENDINGS.items() for ending in endings.split()}
_NAMES: tuple[tuple[re.Pattern[str], Promise], ...] = (
    (re.compile(r"~\$.*|\.~.*|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|~WRL\d+\.tmp", re.I | re.S), Promise.PASSING),
    (re.compile(r"ATT\d{3,}.*\.(htm|html|txt)", re.I), Promise.MAIL_TEXT),
    (re.compile(r"winmail.*\.dat", re.I), Promise.CONTAINER),
    (re.compile(r".*\.(z\d\d|r\d\d|(7z|zip|rar)\.\d{2,3}|part\d+\.rar)", re.I | re.S), Promise.VOLUME),
)
"""What a whole name promises; the first that fits."""
_UNFINISHED = re.compile(
    r"(?P<finished>.*?)(\.baiduyun)?(\.p)?"
    r"\.(?P<ending>tmp|temp|crdownload|part|partial|download|downloading|opdownload|td|xltd|bc!|aria2)",
    re.I | re.S,
)
"""What browsers and download programs call a file of which a part has come."""
_OF_BROWSERS = frozenset({"crdownload", "opdownload"})
"""Endings of files to which browsers give their names only when all of them came."""


def promise_of(path: str) -> Promise | None:
    """What the name of a file promises, by its last ending; None for a name that promises nothing we know.

    >>> [str(promise_of(name)) for name in ("甲/附件3.XLSX", "材料.7z.001", "附件3.xlsx.part", "a.part", "甲")]
    ['workbook', 'volume', 'half-download', 'passing', 'None']
    """
    name = path.rpartition("/")[2]
    for pattern, promise in _NAMES:
        if pattern.fullmatch(name):
            return promise
    unfinished = _UNFINISHED.fullmatch(name)
    if unfinished:
        return _promise_of_half(unfinished)
    return _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None


def _promise_of_half(unfinished: re.Match[str]) -> Promise:
    """What a part of a file promises: a return too where a browser (未确认 4711.crdownload) keeps its name back."""
    finished = unfinished["finished"]
    kept_back = "." not in finished and unfinished["ending"].lower() in _OF_BROWSERS
    return Promise.HALF if kept_back or promise_of(finished) in RETURNS else Promise.PASSING


def finished_name(path: str) -> str:
    """The path that a half download has once all of it came.

    >>> finished_name("甲/附件3.xlsx.baiduyun.p.downloading")
    '甲/附件3.xlsx'
    """
    folder, slash, name = path.rpartition("/")
    unfinished = _UNFINISHED.fullmatch(name)
    return f"{folder}{slash}{unfinished['finished']}" if unfinished else path
