"""催报名单: who owes what and whom to call, and the same as a message for a group chat."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kbxt_merge.decisions import note_shown
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import board_of, room_of, visitor_of


def listed(request: Request) -> Response:
    """The schools that owe something, the telephones hidden."""
    return _listed(request, show_phones=False)


def phones(request: Request) -> Response:
    """The same with telephones; that they were shown is written down."""
    out, by = room_of(request).place.out, visitor_of(request).name
    for each in board_of(request).checked.owed:
        if each.phone:
            note_shown(out, "phone", each.school, by)
    return _listed(request, show_phones=True)


def _listed(request: Request, *, show_phones: bool) -> Response:
    from kbxt_merge.status import reminder

    room, board = room_of(request), board_of(request)
    return page(
        request,
        "desk-owing.html",
        owed=[each for each in board.checked.owed if each.anything],
        numbers={each.name: each.number for each in board.schools},
        as_text=reminder(room.place.out, room.place.settings()),
        show_phones=show_phones,
    )


ROUTES = [Route("/owing", listed), Route("/owing/phones", phones, methods=["POST"])]
