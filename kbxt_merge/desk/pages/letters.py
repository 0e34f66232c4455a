"""信件: what was sent and what became of it, and what the mailbox waits for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import room_of
from kbxt_merge.status import mails_of


def listed(request: Request) -> Response:
    """The mails, the latest first."""
    return page(request, "desk-letters.html", mails=mails_of(room_of(request).place.out))


ROUTES = [Route("/letters", listed)]
