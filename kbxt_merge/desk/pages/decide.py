"""The bureau's word: confirm, withdraw, set a file aside, say whose it is; each is a line that every merge obeys."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.decisions import decide, decided, every_decision, withdraw
from kbxt_merge.desk.board import Board
from kbxt_merge.desk.lines import FileLine
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, board_of, room_of, visitor_of
from kbxt_merge.model.decision import Act, Decisions

_STALE = 409
_MOST_FIELDS = 20_000


async def confirm(request: Request) -> Response:
    """Warnings are right as they stand, for a reason; one decision for many."""
    async with request.form(max_fields=_MOST_FIELDS) as form:
        board, reason = _current(request, form), _reason(form)
        numbers = [int(each) for each in _texts(form, "finding") if each.isdecimal()]
    abouts = board.identities(numbers)
    if not abouts:
        raise HTTPException(400)
    return _decided(request, form, Act.CONFIRM, abouts, reason)


async def aside(request: Request) -> Response:
    """A file does not count, for a reason."""
    async with request.form() as form:
        file, reason = _file(_current(request, form), form), _reason(form)
    return _decided(request, form, Act.ASIDE, [{"path": file.path, "sha256": file.sha256}], reason)


async def owner(request: Request) -> Response:
    """A file is that school's, whatever it says of itself."""
    async with request.form() as form:
        board = _current(request, form)
        file, school = _file(board, form), _text(form, "school")
    if school not in {each.name for each in board.schools}:
        raise HTTPException(400)
    return _decided(request, form, Act.OWNER, [{"path": file.path, "sha256": file.sha256, "school": school}])


async def word(request: Request) -> Response:
    """What schools write means a value: in every cell in which it stands, now and later."""
    async with request.form() as form:
        board, means = _current(request, form), _text(form, "means")
        number = _text(form, "finding")
    found = board.word(int(number)) if number.isdecimal() else None
    if found is None or means not in found.choices:
        raise HTTPException(400)
    about = {"vocabulary": found.vocabulary, "word": found.typed, "means": means, "stood": found.stood}
    return _decided(request, form, Act.WORD, [about])


async def take_back(request: Request) -> Response:
    """A decision holds no more; which board its page was made of does not matter, nor that it was withdrawn before."""
    async with request.form() as form:
        key = _text(form, "key")
    room = room_of(request)
    if key in {each.key for each in decided(room.place.out).all}:
        withdraw(room.place.out, [key], by=visitor_of(request).name)
    return _merged_anew(room, form)


def listed(request: Request) -> Response:
    """Everything that was ever decided, the latest first."""
    room = room_of(request)
    every = every_decision(room.place.out)
    holding = {each.key for each in Decisions.of(every).all}
    board = room.board
    titles = (
        {slug: card.title.of(room.language) for slug, card in board.checked.findings.catalogue.items()} if board else {}
    )
    return page(request, "desk-decisions.html", decisions=every[::-1], holding=holding, titles=titles)


def _decided(
    request: Request, form: FormData, act: Act, abouts: Sequence[dict[str, str]], reason: str = ""
) -> Response:
    room = room_of(request)
    decide(room.place.out, act, abouts, reason=reason, by=visitor_of(request).name)
    return _merged_anew(room, form)


def _merged_anew(room: Room, form: FormData) -> Response:
    room.worker.want_merge()
    back = _text(form, "back")
    return RedirectResponse(back if back.startswith("/") and not back.startswith("//") else "/", 303)


def _current(request: Request, form: FormData) -> Board:
    """The board, if the page was made of it: what stands on an older page may be something else by now."""
    board = board_of(request)
    if _text(form, "board") != str(board.number):
        raise HTTPException(_STALE)
    return board


def _file(board: Board, form: FormData) -> FileLine:
    number = _text(form, "file")
    found = next((each for each in board.files if str(each.number) == number and each.sha256), None)
    if found is None:
        raise HTTPException(400)
    return found


def _reason(form: FormData) -> str:
    if not (reason := _text(form, "reason").strip()):
        raise HTTPException(400)
    return reason


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> list[str]:
    return [each for each in form.getlist(name) if isinstance(each, str)]


ROUTES = [
    Route("/confirm", confirm, methods=["POST"]),
    Route("/aside", aside, methods=["POST"]),
    Route("/owner", owner, methods=["POST"]),
    Route("/word", word, methods=["POST"]),
    Route("/withdraw", take_back, methods=["POST"]),
    Route("/decisions", listed),
]
