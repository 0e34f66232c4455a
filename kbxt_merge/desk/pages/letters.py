"""信件: the very mail before it goes, whom it goes to, what became of those that went, what the mailbox waits for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, board_of, room_of
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.out_folder import safe_name

if TYPE_CHECKING:
    from kbxt_merge import post

_STALE = 409
_MOST_SCHOOLS = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be sent: to all, or as a reminder to those that owe something, and until when they must answer."""

    remind: bool
    by: dt.date | None

    @classmethod
    def of(cls, given: QueryParams | FormData) -> Wanted:
        """As the page says it."""
        day = given.get("by") or ""
        try:
            return cls(given.get("remind") == "1", dt.date.fromisoformat(str(day)) if day else None)
        except ValueError as fault:
            raise HTTPException(400) from fault

    def sending(self, room: Room, only: Collection[str] = ()) -> post.Sending:
        """The mails, put together of what the last merge wrote."""
        from kbxt_merge import post

        return post.prepare(room.place.out, room.place.settings(), only=only, remind=self.remind, by=self.by)


def listed(request: Request) -> Response:
    """Who would get a mail now, and what was sent."""
    from kbxt_merge.status import latest_mails

    room = room_of(request)
    wanted = Wanted.of(request.query_params)
    sending, fault = None, None
    if room.board is not None:
        try:
            sending = wanted.sending(room)
        except KbxtError as error:
            fault = error
    settings = room.place.settings()
    mails = latest_mails(room.place.out)
    last = {each.school: each for each in reversed(mails)}
    return page(
        request, "desk-letters.html", letters=sending.letters if sending else (), wanted=wanted, fault=fault,
        mails=mails, last=last, account=settings.mail,
        numbers={each.name: each.number for each in room.board.schools} if room.board else {},
    )  # fmt: skip


def preview(request: Request) -> Response:
    """The very mail that would go to a school, but for its date."""
    wanted, school, message = _asked(request)
    body = message.get_body(("plain",))
    text, number = body.get_content() if body else "", request.path_params["number"]
    return page(
        request, "desk-letter.html", school=school, message=message, wanted=wanted, number=number,
        query=request.url.query, text=text, attachments=_attachments(message),
    )  # fmt: skip


def as_file(request: Request) -> Response:
    """The same to be opened in a mail program; its attachments may hold whole numbers."""
    _, school, message = _asked(request)
    headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(safe_name(school))}.eml"}
    return Response(message.as_bytes(), media_type="message/rfc822", headers=headers)


def _asked(request: Request) -> tuple[Wanted, str, EmailMessage]:
    room, board = room_of(request), board_of(request)
    number = request.path_params["number"]
    if number >= len(board.schools):
        raise HTTPException(404)
    wanted, school = Wanted.of(request.query_params), board.schools[number].name
    letters = wanted.sending(room, [school]).shown_letters
    if not letters:
        raise HTTPException(404)
    return wanted, school, letters[0].message(dt.datetime.now().astimezone())


async def send(request: Request) -> Response:
    """Send to the schools that were chosen; the worker does it, and every page hears how it goes."""
    room = room_of(request)
    async with request.form(max_fields=_MOST_SCHOOLS) as form:
        if str(form.get("board", "")) != str(board_of(request).number):
            raise HTTPException(_STALE)
        wanted, code = Wanted.of(form), str(form.get("code", ""))
        only = [str(each) for each in form.getlist("school")]
    if not only:
        raise HTTPException(400)
    room.worker.do(partial(room.mailbox.send, partial(wanted.sending, room, only), code))
    return RedirectResponse("/", 303)


async def fetch(request: Request) -> Response:
    """Look into the mailbox now."""
    room = room_of(request)
    async with request.form() as form:
        code = str(form.get("code", ""))
    room.worker.do(partial(room.mailbox.fetch, code))
    room.worker.want_merge()
    return RedirectResponse("/", 303)


def _attachments(message: EmailMessage) -> list[tuple[str, int]]:
    """Each by its name, with its bytes."""
    parts = message.iter_attachments()
    return [(part.get_filename() or "", len(part.get_payload(decode=True) or b"")) for part in parts]


ROUTES = [
    Route("/letters", listed),
    Route("/letters/{number:int}", preview),
    Route("/download/letters/{number:int}", as_file),
    Route("/letters/send", send, methods=["POST"]),
    Route("/letters/fetch", fetch, methods=["POST"]),
]
