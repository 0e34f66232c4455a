"""What the pages ask for behind the scenes: events, their style and script; and merge now, and quit."""

from __future__ import annotations

import secrets

from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kbxt_merge.desk.render import asset, page
from kbxt_merge.desk.room import room_of


def events(request: Request) -> Response:
    """What happens, as it happens, and what happened since the page was made or the line was lost."""
    happened = room_of(request).events
    known = request.headers.get("last-event-id") or request.query_params.get("after", "")
    after = int(known) if known.isdecimal() else happened.kept
    return StreamingResponse(happened.stream(after), media_type="text/event-stream")


def state(request: Request) -> Response:
    """How things stand now, for a page that was away for a while."""
    worker = room_of(request).worker
    looked = f"{worker.looked:%H:%M:%S}" if worker.looked else ""
    number = worker.board.number if worker.board else 0
    told = {
        "number": number,
        "busy": worker.busy,
        "checking": worker.is_checking,
        "fault": worker.fault,
        "looked": looked,
    }
    return JSONResponse({**told, "opened": room_of(request).opened})


def merge_now(request: Request) -> Response:
    """Merge once more."""
    room_of(request).worker.want_merge()
    return RedirectResponse("/", 303)


def leave(request: Request) -> Response:
    """End the desk, when this answer has gone."""
    nonce = secrets.token_hex(16)
    answer = page(request, "desk-quit.html", style=Markup(asset("text/css")), nonce=nonce)
    # the desk is gone before a browser could ask for its style
    answer.headers["content-security-policy"] = f"default-src 'none'; style-src 'nonce-{nonce}'; frame-ancestors 'none'"
    answer.background = BackgroundTask(room_of(request).leave)
    return answer


def style(_: Request) -> Response:
    """The style of all pages."""
    return Response(asset("text/css"), media_type="text/css")


def script(_: Request) -> Response:
    """The script of all pages."""
    return Response(asset("text/javascript"), media_type="text/javascript")


ROUTES = [
    Route("/events", events),
    Route("/state", state),
    Route("/merge", merge_now, methods=["POST"]),
    Route("/quit", leave, methods=["POST"]),
    Route("/desk.css", style),
    Route("/desk.js", script),
]
