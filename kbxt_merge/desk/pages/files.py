"""文件: every file of the inbox and what became of it; what is dropped onto the page comes in here."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, room_of
from kbxt_merge.desk.uploads import TooLargeError, batch_folder, chunks_of, place_below, take_in
from kbxt_merge.desk.words import words_of
from kbxt_merge.errors import KbxtError

_BATCH, _PATH = "x-kbxt-batch", "x-kbxt-path"
_TOO_LARGE, _NOT_TAKEN = 413, 400
_MOST_FILES = 5_000


def listed(request: Request) -> Response:
    """Every file, those first that need a look."""
    return page(request, "desk-files.html")


async def dropped(request: Request) -> Response:
    """One file that was dropped: its bytes are the whole body, its batch and path stand in the headers."""
    room = room_of(request)
    batch, path = (unquote(request.headers.get(name, "")) for name in (_BATCH, _PATH))
    target = await _kept(room, batch, path, request.stream())
    if isinstance(target, int):
        return JSONResponse({"file": path}, target)
    return JSONResponse({"kept": target.relative_to(room.place.inbox).as_posix()})


async def chosen(request: Request) -> Response:
    """Files of a form, for a browser that runs no script."""
    room = room_of(request)
    async with request.form(max_files=_MOST_FILES) as form:
        batch = batch_folder(dt.datetime.now())
        for each in form.getlist("files"):
            if not isinstance(each, str) and each.filename:
                await _kept(room, batch, each.filename, chunks_of(each))
    room.worker.want_merge()
    return RedirectResponse("/", 303)


async def _kept(room: Room, batch: str, path: str, stream: AsyncIterator[bytes]) -> Path | int:
    """Where a file was kept; the status that says why it was not, which the log of every page says as well."""
    words = words_of(room.language)
    try:
        target = room.place.inbox / place_below(batch, path)
        return await take_in(room.place, target, stream, room.place.settings().limits.file_bytes)
    except TooLargeError:
        status, told = _TOO_LARGE, words.too_large
    except (OSError, KbxtError):
        status, told = _NOT_TAKEN, words.not_sent
    room.tell(told.format(file=path), "error")
    return status


ROUTES = [
    Route("/files", listed),
    Route("/files", dropped, methods=["PUT"]),
    Route("/files", chosen, methods=["POST"]),
]
