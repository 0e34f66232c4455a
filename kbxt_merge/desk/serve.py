"""`kbxt desk`: one desk a folder, on this machine only; a second start opens the first one's page."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn
from filelock import FileLock, Timeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from kbxt_merge.desk.errands import Mailbox
from kbxt_merge.desk.events import Events
from kbxt_merge.desk.guard import ENTRANCE, Guard, Keys
from kbxt_merge.desk.pages import blanks, decide, downloads, files, findings, letters, live, schools, settings
from kbxt_merge.desk.place import Place
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room
from kbxt_merge.desk.uploads import clear_up
from kbxt_merge.desk.worker import Worker
from kbxt_merge.errors import KbxtError, OutputError

HERE = "127.0.0.1"
_DOOR_FILE, _LOCK_FILE = "desk.json", "desk.lock"
_PAGES = (schools, findings, files, letters, blanks, downloads, decide, settings, live)

Open = Callable[[str], object]


def desk(place: Place, port: int = 0, *, open_page: Open | None = None, told: Open = lambda url: None) -> None:
    """Work at the desk of a place until it is left; where one is open already, show that.

    `told` is given the address, which opens once; `port` 0 takes a free one. `open_page` is the system's browser.
    """
    open_page = open_page or webbrowser.open
    lock = FileLock(place.own / _LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        url = _url_of_other(place)
        told(url)
        open_page(url)
        return
    try:
        _serve(place, port, open_page, told)
    finally:
        lock.release()


def application(room: Room, host: str, keys: Keys) -> ASGIApp:
    """All pages, behind the guard."""
    routes = [route for each in _PAGES for route in each.ROUTES]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _refused, KbxtError: _fault})
    app.state.room = room
    return Guard(app, host, keys)


def _serve(place: Place, port: int, open_page: Open, told: Open) -> None:
    clear_up(place)
    events, keys = Events(), Keys()
    worker = Worker(place, events)
    language = place.settings().language
    room = Room(place, worker, events, Mailbox(place, events, language, worker.leaving), language)
    with _listening(port) as (listener, taken):
        host = f"{HERE}:{taken}"
        config = uvicorn.Config(
            application(room, host, keys), log_level="warning", lifespan="off", access_log=False, server_header=False,
            timeout_graceful_shutdown=2, ws="none",
        )  # fmt: skip
        server = uvicorn.Server(config)

        def leave() -> None:
            events.end()
            server.should_exit = True

        room.leave = leave
        with _door(place, host, keys):
            worker.start()
            try:
                url = f"http://{host}{ENTRANCE}?ticket={keys.ticket()}"
                told(url)
                open_page(url)
                server.run(sockets=[listener])
            finally:
                worker.stop()


@contextmanager
def _listening(port: int) -> Iterator[tuple[socket.socket, int]]:
    """A socket that listens on this machine only, and its port."""
    listener = socket.socket()
    with contextlib.closing(listener):
        if os.name != "nt":  # there it would let another program take the port from us
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HERE, port))
        except OSError as fault:
            raise OutputError(
                f"端口 {port} 已被别的程序占用：请换一个，或不写 --port",
                f"port {port} is taken by another program: name another, or none",
            ) from fault
        listener.listen()
        yield listener, listener.getsockname()[1]


@contextmanager
def _door(place: Place, host: str, keys: Keys) -> Iterator[None]:
    """Leave word where this desk is and how to come in, for a second start; only this user may read it."""
    path = place.own / _DOOR_FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump({"host": host, "secret": keys.secret.hex()}, stream)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _url_of_other(place: Place) -> str:
    try:
        word: Mapping[str, Any] = json.loads((place.own / _DOOR_FILE).read_text(encoding="utf-8"))
        ticket = Keys(bytes.fromhex(word["secret"])).ticket()
        return f"http://{word['host']}{ENTRANCE}?ticket={ticket}"
    except (OSError, ValueError, KeyError) as fault:
        raise OutputError(
            f"“{place.out}”的工作台正在启动或退出，请过几秒再试",
            f"the desk of {place.out} is just starting or ending; try again in some seconds",
        ) from fault


def _refused(request: Request, error: Exception) -> Response:
    """Why something can't be done: the page is out of date, lacks a reason, or is not there."""
    assert isinstance(error, HTTPException)
    said = {409: "stale", 400: "reason_needed"}.get(error.status_code, "not_here")
    return page(request, "desk-refused.html", error.status_code, said=said)


def _fault(request: Request, error: Exception) -> Response:
    """A sentence for what the operator can put right."""
    assert isinstance(error, KbxtError)
    return page(request, "desk-refused.html", 500, said="", fault=error)
