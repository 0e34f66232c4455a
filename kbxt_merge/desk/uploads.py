"""Files that are dropped onto the page: streamed beside the inbox, and moved into it whole."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.datastructures import UploadFile

from kbxt_merge.desk.place import Place
from kbxt_merge.edited_file import free, old_name
from kbxt_merge.model.out_folder import safe_name

_ON_THE_WAY = "上传中"
"""In the clerk's folder: what has not wholly come."""
_PARTS = re.compile(r"[/\\]+")
_MOST_FOLDERS = 8
_CHUNK = 1 << 16


class TooLargeError(Exception):
    """A file is larger than a return may be."""


def batch_folder(moment: dt.datetime) -> str:
    """The folder of what is dropped at a time, as fetched mails have theirs.

    >>> batch_folder(dt.datetime(2021, 3, 15, 9, 8, 7))
    '2021-03-15 090807'
    """
    return f"{moment:%Y-%m-%d %H%M%S}"


def place_below(batch: str, path: str) -> Path:
    """Where a dropped file goes below the inbox: its own folders stay, and nothing leads out of the batch's.

    >>> place_below("2021-03-15 090807", "../梅林小学/附件3.xlsx").as_posix()
    '2021-03-15 090807/梅林小学/附件3.xlsx'
    """
    parts = [name for part in _PARTS.split(path) if part not in ("", ".", "..") and (name := safe_name(part))]
    return Path(safe_name(batch) or "未命名", *(parts[-_MOST_FOLDERS:] or ["未命名"]))


async def take_in(place: Place, target: Path, stream: AsyncIterator[bytes], most_bytes: int) -> Path:
    """Keep a file that is being sent, where it is wanted; a name that is there already stays another file's.

    Raises TooLargeError, and keeps nothing, where it has more bytes than it may.
    """
    way = place.own / _ON_THE_WAY
    way.mkdir(mode=0o700, exist_ok=True)
    part = way / secrets.token_hex(8)
    try:
        size = 0
        with part.open("xb") as kept:
            async for chunk in stream:
                size += len(chunk)
                if size > most_bytes:
                    raise TooLargeError
                kept.write(chunk)
        target = free(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


async def chunks_of(upload: UploadFile) -> AsyncIterator[bytes]:
    """A file of a form, piece by piece."""
    while chunk := await upload.read(_CHUNK):
        yield chunk


def set_aside(path: Path, folder: Path) -> Path:
    """Move a file into a folder of what held before, under the moment's name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = old_name(path, folder)
    _move(path, target)
    path.unlink(missing_ok=True)
    return target


def clear_up(place: Place) -> None:
    """Take away what an earlier desk left half sent."""
    shutil.rmtree(place.own / _ON_THE_WAY, ignore_errors=True)


def _move(part: Path, target: Path) -> None:
    """Rename; over the border of a disk, copy beside the target first, under a name that no merge reads."""
    try:
        part.replace(target)
    except OSError:
        beside = target.with_name(f"~${target.name}")
        shutil.copyfile(part, beside)
        os.replace(beside, target)
