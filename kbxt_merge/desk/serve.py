"""`kbxt desk`: one desk a folder, on this machine only; a second start opens the first one's page."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable

import uvicorn
from filelock import FileLock, Timeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from kbxt_merge.desk.accounts import Accounts, Sessions
from kbxt_merge.desk.door import door, left_behind, url_of_other
from kbxt_merge.desk.errands import Mailbox
from kbxt_merge.desk.events import Events
from kbxt_merge.desk.guard import ENTRANCE, Guard, Keys
from kbxt_merge.desk.listening import HERE, Lan, listening
from kbxt_merge.desk.navigation import view_at
from kbxt_merge.desk.opening import Others, begin
from kbxt_merge.desk.pages import live, login, schools
from kbxt_merge.desk.place import Place, not_workable
from kbxt_merge.desk.render import page, refusal
from kbxt_merge.desk.room import Network, Room, room_of
from kbxt_merge.desk.uploads import clear_up
from kbxt_merge.desk.words import words_of
from kbxt_merge.desk.worker import Worker
from kbxt_merge.errors import KbxtError

_LOCK_FILE = "desk.lock"
_FIRST = (schools, login, live)
"""The pages of which one may be the first; the others are imported when one of them is asked for, or nothing else is
to be done."""

Open = Callable[[str], object]


def desk(
    place: Place,
    port: int = 0,
    *,
    lan: Lan | None = None,
    open_page: Open | None = None,
    told: Open = lambda url: None,
    told_open: Open | None = None,
) -> bool:
    """Work at the desk of a place until it is left, and return True; where one is open already, show that.

    `told` is given the address, which opens once, `told_open` that of one that is open already; `port` 0 takes a free
    one. `open_page` is the system's browser. With `lan`, colleagues may come in by accounts.
    """
    if lan is not None:
        lan.check()
    open_page = open_page or webbrowser.open
    lock = FileLock(place.own / _LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        url = url_of_other(place)
        (told_open or told)(url)
        open_page(url)
        return False
    except OSError as fault:
        raise not_workable(place.own, fault) from fault
    try:
        _serve(place, port, lan, open_page, told)
    finally:
        lock.release()
    return True


def application(room: Room, origin: str, keys: Keys) -> ASGIApp:
    """All pages, behind the guard."""
    routes = [route for each in _FIRST for route in each.ROUTES]
    app = Starlette(
        routes=[*routes, Mount("/", Others())], exception_handlers={HTTPException: _refused, KbxtError: _fault}
    )
    app.state.room = room
    return Guard(app, origin, keys, _may_not, room.seen.set, room.network.sessions if room.network else None)


def _serve(place: Place, port: int, lan: Lan | None, open_page: Open, told: Open) -> None:
    clear_up(place)
    left = left_behind(place) if lan is None else {}
    events, keys = Events(), Keys()
    worker = Worker(place, events)
    language = place.settings().language
    with listening(lan.address if lan else HERE, port, int(left.get("port", 0))) as (listener, host, is_the_same):
        if is_the_same:  # the pages of a desk that was killed find this one, where they left it
            keys = Keys(known_by=bytes.fromhex(left["known_by"]))
        origin = f"{lan.scheme if lan else 'http'}://{host}"
        room = Room(place, worker, events, Mailbox(place, events, language, worker.leaving), language)
        room.network = _network(place, origin) if lan else None
        config = uvicorn.Config(
            application(room, origin, keys), log_level="warning", lifespan="off", access_log=False, server_header=False,
            timeout_graceful_shutdown=2, ws="none",
            ssl_certfile=lan.certificate if lan else None, ssl_keyfile=lan.key if lan else None,
        )  # fmt: skip
        server = uvicorn.Server(config)

        def leave() -> None:
            events.end()
            server.should_exit = True

        room.leave = leave
        with door(place, origin, keys):
            beginning = begin(room)
            try:
                url = f"{origin}{ENTRANCE}?ticket={keys.ticket()}"
                told(url)
                open_page(url)
                server.run(sockets=[listener])
            finally:
                worker.leaving.set()
                beginning.join()
                worker.stop()


def _network(place: Place, origin: str) -> Network:
    accounts = Accounts(place.own)
    return Network(origin, accounts, Sessions(accounts))


def _may_not(request: Request) -> Response:
    """That a role is not enough, and whom to ask."""
    return refusal(request, 403, said="may_not")


def _refused(request: Request, error: Exception) -> Response:
    """Why something can't be done: the page is out of date, lacks a reason, or is not there."""
    assert isinstance(error, HTTPException)
    if error.detail == "no_board" and (view := view_at(request.url.path)) is not None:
        return page(request, "desk-nothing.html", view=view)  # it is there, also when there is nothing to see yet
    usual = {409: "stale", 400: "reason_needed"}.get(error.status_code, "not_here")
    said = error.detail if hasattr(words_of(room_of(request).language), error.detail) else usual
    return refusal(request, error.status_code, said=said)


def _fault(request: Request, error: Exception) -> Response:
    """A sentence for what the operator can put right."""
    assert isinstance(error, KbxtError)
    return refusal(request, 500, fault=error)
