"""What every answer needs at hand: where the desk works, who merges, who listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kbxt_merge.desk.board import Board
from kbxt_merge.desk.errands import Mailbox
from kbxt_merge.desk.events import Events
from kbxt_merge.desk.place import Place
from kbxt_merge.desk.worker import Worker
from kbxt_merge.model.text import Language


@dataclass
class Room:
    """The desk's one of everything; `leave` ends it."""

    place: Place
    worker: Worker
    events: Events
    mailbox: Mailbox
    language: Language
    leave: Callable[[], None] = lambda: None

    @property
    def board(self) -> Board | None:
        """What the last merge came to."""
        return self.worker.board


def room_of(request: Request) -> Room:
    """The room in which a request is answered."""
    room = request.app.state.room
    assert isinstance(room, Room)
    return room


def board_of(request: Request) -> Board:
    """The board that a page shows; there is nothing to show before the first merge."""
    board = room_of(request).board
    if board is None:
        raise HTTPException(404)
    return board
