"""What every answer needs at hand: where the desk works, who merges, who listens, who asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kbxt_merge.desk.accounts import Accounts, Sessions, Tries
from kbxt_merge.desk.errands import Mailbox
from kbxt_merge.desk.events import Events
from kbxt_merge.desk.place import Place
from kbxt_merge.desk.roles import Visitor
from kbxt_merge.desk.worker import Worker
from kbxt_merge.model.text import Language

if TYPE_CHECKING:  # there is none on the first page
    from kbxt_merge.desk.board import Board


@dataclass
class Network:
    """What a desk that colleagues may open has besides: the accounts, who came in, who tried in vain."""

    origin: str
    accounts: Accounts
    sessions: Sessions
    tries: Tries = field(default_factory=Tries)

    @property
    def is_encrypted(self) -> bool:
        """Whether what passes over the network can't be read on its way."""
        return self.origin.startswith("https://")


@dataclass
class Room:
    """The desk's one of everything; `leave` ends it, `opened` is another with every start.

    `seen` is set when a page was answered.
    """

    place: Place
    worker: Worker
    events: Events
    mailbox: Mailbox
    language: Language
    network: Network | None = None
    leave: Callable[[], None] = lambda: None
    seen: Event = field(default_factory=Event)
    opened: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def board(self) -> Board | None:
        """What the last merge came to."""
        return self.worker.board

    def tell(self, text: str, tone: str = "done") -> None:
        """Tell every page, also those that are opened later."""
        self.events.tell(text, tone)


def room_of(request: Request) -> Room:
    """The room in which a request is answered."""
    room = request.app.state.room
    assert isinstance(room, Room)
    return room


def board_of(request: Request) -> Board:
    """The board that a page shows; there is nothing to show before the first merge."""
    board = room_of(request).board
    if board is None:
        raise HTTPException(404, "no_board")
    return board


def visitor_of(request: Request) -> Visitor:
    """Who asks."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)
    return visitor


def network_of(request: Request) -> Network:
    """What the desk has of accounts; one that only its own machine may open has none."""
    network = room_of(request).network
    if network is None:
        raise HTTPException(404)
    return network
