"""各校: the whole round on one page, and each school on one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kbxt_merge.desk.last_state import last_state
from kbxt_merge.desk.next_steps import steps
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, board_of, room_of, visitor_of
from kbxt_merge.desk.words import words_of

if TYPE_CHECKING:
    from kbxt_merge.desk.board import Board
    from kbxt_merge.desk.lines import FindingLine, SchoolLine

_STATES = ("missing", "errors", "warnings", "clean")


def overview(request: Request) -> Response:
    """The sentence, what comes next, what just happened, and the matrix."""
    room = room_of(request)
    board = room.board
    shown = board or last_state(room)
    counts = dict.fromkeys(_STATES, 0)
    for school in shown.schools if shown else ():
        counts[school.state] += 1
    changed = sum(each.changed for each in shown.schools) if shown else 0
    return page(
        request,
        "desk-schools.html",
        shown=shown,
        steps=[] if shown and not board else steps(room),
        counts=counts,
        changed=changed,
        log=list(room.events.log),
    )


def school(request: Request) -> Response:
    """What a school has to see to, cell by cell, beside what passed between it and the bureau."""
    return _school(request)


def phone(request: Request) -> Response:
    """The same, with its contact's telephone; that it was shown is written down."""
    from kbxt_merge.decisions import note_shown

    _, line = _asked(request)
    note_shown(room_of(request).place.out, "phone", line.name, visitor_of(request).name)
    return _school(request, show_phone=True)


def _school(request: Request, *, show_phone: bool = False) -> Response:
    from kbxt_merge.desk.thread import thread
    from kbxt_merge.status import latest_mails

    room = room_of(request)
    board, line = _asked(request)
    found = board.of_school(line.name)
    fixed = [each for each in board.fixed if each.school == line.name]
    files = [each for each in board.files if line.name in each.school.split("、")]
    mails = [each for each in latest_mails(room.place.out) if each.school == line.name]
    return page(
        request,
        "desk-school.html",
        school=line,
        groups=[(form, list(lines)) for form, lines in groupby(found, key=attrgetter("form"))],
        fixed=fixed,
        files=files,
        thread=thread(board, line, files, mails, room.language),
        as_text=_as_text(room, board, line, found),
        show_phone=show_phone,
    )


def _asked(request: Request) -> tuple[Board, SchoolLine]:
    board, number = board_of(request), request.path_params["number"]
    if number >= len(board.schools):
        raise HTTPException(404)
    return board, board.schools[number]


def _as_text(room: Room, board: Board, line: SchoolLine, found: Iterable[FindingLine]) -> str:
    """What can be pasted into a chat: the same sentences, masked."""
    words = words_of(room.language)
    open_ones = [each for each in found if each.severity != "info"]
    told = (
        f"{number}. {' '.join(filter(None, (board.forms.get(each.form, ''), each.place)))}：{each.message}"
        for number, each in enumerate(open_ones, 1)
    )
    return "\n".join([words.text_head.format(school=line.name, period=board.period), *told, words.text_foot])


ROUTES = [
    Route("/", overview),
    Route("/school/{number:int}", school),
    Route("/school/{number:int}/phone", phone, methods=["POST"]),
]
