"""下发: a set of blanks a school, with what is still open filled in; and the mails that hand them out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.next_period import begin
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, room_of
from kbxt_merge.desk.words import words_of
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.period import Period
from kbxt_merge.roster_file import read_for_editing

_FOLDER = "下发"


@dataclass(frozen=True, slots=True)
class Sets:
    """A folder of blanks: its name, and how many workbooks are in it."""

    name: str
    files: int


def listed(request: Request) -> Response:
    """What can be made, and what was made before."""
    room = room_of(request)
    settings = room.place.settings()
    period = _period_now(room)
    return page(
        request,
        "desk-blanks.html",
        made=_made(room),
        period=period,
        following=period.following(),
        account=settings.mail,
        has_roster=bool(read_for_editing(room.place.inbox, settings).lines),
        can_carry=room.place.was_merged,
        open_errors=_open_errors(room),
    )


async def make(request: Request) -> Response:
    """Write the blanks; the worker does it, and the first page tells how it went."""
    room = room_of(request)
    async with request.form() as form:
        text, carries = str(form.get("period", "")).strip(), form.get("carry") == "1"
        bundle, overwrite = form.get("bundle") == "1", form.get("overwrite") == "1"
    period = _period(text)
    folder = room.place.folder / safe_name(f"{_FOLDER}{period.label}")
    room.worker.do(partial(_make, room, folder, period, carries=carries, bundle=bundle, overwrite=overwrite))
    return RedirectResponse("/", 303)


async def begin_next(request: Request) -> Response:
    """Begin another period, once it was asked whether to; the worker does it, for no merge may be at work meanwhile."""
    room = room_of(request)
    async with request.form() as form:
        begins, is_sure = _period(str(form.get("period", "")).strip()), form.get("sure") == "1"
    ends = _period_now(room)
    if begins == ends:
        raise HTTPException(400, "same_period")
    if not is_sure:
        return page(request, "desk-period.html", ends=ends, begins=begins, open_errors=_open_errors(room))
    room.worker.do(partial(_begin, room, ends, begins))
    return RedirectResponse("/", 303)


async def send(request: Request) -> Response:
    """Mail each school the blanks of a folder; no school gets the same ones twice."""
    room = room_of(request)
    async with request.form() as form:
        name, code = str(form.get("folder", "")), str(form.get("code", ""))
    if name not in {each.name for each in _made(room)}:
        raise HTTPException(404)
    folder = room.place.folder / name
    from kbxt_merge import post

    prepare = partial(post.prepare_blanks, room.place.out, folder, room.place.settings())
    room.worker.do(partial(room.mailbox.send, prepare, code))
    return RedirectResponse("/", 303)


def _make(room: Room, folder: Path, period: Period, *, carries: bool, bundle: bool, overwrite: bool) -> None:
    from kbxt_merge import post

    settings = room.place.settings_for(period)
    carry = room.place.out if carries else None
    into = period if carries else None
    made = post.hand_out(folder, settings, bundle=bundle, carry=carry, into=into, overwrite=overwrite)
    for line in post.lines_of_blanks(made, Path(folder.name), room.language):
        room.tell(line)


def _begin(room: Room, ends: Period, begins: Period) -> None:
    aside = begin(room.place, ends, begins)
    room.worker.forget_board()
    words = words_of(room.language)
    told = words.period_begun.format(period=begins.words.of(room.language))
    room.tell(told + (words.laid_aside.format(folder=aside.name) if aside else ""))


def _period_now(room: Room) -> Period:
    """The period of the board, else of the settings, else today's."""
    settings = room.place.settings()
    this = room.board.checked.district.period if room.board else settings.period
    return this or Period.of(settings.as_of or dt.date.today())


def _open_errors(room: Room) -> int:
    return room.board.counts["error"] if room.board else 0


def _made(room: Room) -> list[Sets]:
    """The folders of blanks beside the inbox, by name."""
    found = sorted(each for each in room.place.folder.glob(f"{_FOLDER}*") if each.is_dir())
    return [Sets(each.name, sum(1 for _ in each.rglob("*.xlsx"))) for each in found]


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except (ValueError, KbxtError) as fault:
        raise HTTPException(400, "no_period") from fault


ROUTES = [
    Route("/blanks", listed),
    Route("/blanks", make, methods=["POST"]),
    Route("/blanks/send", send, methods=["POST"]),
    Route("/period", begin_next, methods=["POST"]),
]
