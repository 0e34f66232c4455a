"""The first page is shown before most of the program is there: what else is wanted is brought when it is out."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread

from starlette.concurrency import run_in_threadpool
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from kbxt_merge.desk.last_state import last_state
from kbxt_merge.desk.render import get_ready
from kbxt_merge.desk.room import Room
from kbxt_merge.errors import KbxtError

_OTHERS = (
    "findings", "files", "letters", "owing", "blanks", "downloads", "decide", "roster", "words", "registers", "forms",
    "form_tables", "form_sheets", "settings",
)  # fmt: skip
_PATIENCE = 1.5
"""Seconds that the first page is waited for: a merge takes the processor from whoever makes it."""


class Others:
    """The pages that are not the first."""

    _router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by one of them."""
        if self._router is None:
            self._router = await run_in_threadpool(_router)
        await self._router(scope, receive, send)


def _router() -> Router:
    pages = [import_module(f"kbxt_merge.desk.pages.{name}") for name in _OTHERS]
    return Router([route for each in pages for route in each.ROUTES])


def begin(room: Room) -> Thread:
    """Make ready for the first page while the browser opens, and set the worker to work when it was seen."""
    thread = Thread(target=_begin, args=(room,), name="opening")
    thread.start()
    return thread


def _begin(room: Room) -> None:
    try:
        get_ready()
        with suppress(KbxtError):  # the page tells it
            last_state(room)
        room.seen.wait(_PATIENCE)
    finally:
        if not room.worker.leaving.is_set():
            room.worker.start()
