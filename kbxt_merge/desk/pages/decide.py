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
from kbxt_merge.desk.lines import FileLine, UnknownWord
from kbxt_merge.desk.render import page, refusal
from kbxt_merge.desk.room import Room, board_of, room_of, visitor_of
from kbxt_merge.model.decision import Act, Decisions

_STALE = 409
_MOST_FIELDS = 20_000
LONGEST_REASON = 200


async def confirm(request: Request) -> Response:
    """Warnings are right as they stand, for a reason; one decision for many.

    Of those chosen on an older page all hold that stand the same; which do not is told.
    """
    async with request.form(max_fields=_MOST_FIELDS) as form:
        board, reason = board_of(request), _reason(form)
        numbers, gone = _findings(board, form)
    abouts = board.marks.identities(numbers)
    if not abouts and not gone:
        raise HTTPException(400, "none_chosen")
    if not gone:
        return _decided(request, form, Act.CONFIRM, abouts, reason)
    if abouts:
        _decided(request, form, Act.CONFIRM, abouts, reason)
    return refusal(request, _STALE, gone=gone, done=len(abouts))


async def aside(request: Request) -> Response:
    """A file does not count, for a reason."""
    async with request.form() as form:
        file, reason = _file(board_of(request), form), _reason(form)
    return _decided(request, form, Act.ASIDE, [{"path": file.path, "sha256": file.sha256}], reason)


async def owner(request: Request) -> Response:
    """A file is that school's, whatever it says of itself."""
    async with request.form() as form:
        board = board_of(request)
        file, school = _file(board, form), _text(form, "school")
    if school not in {each.name for each in board.schools}:
        raise HTTPException(_STALE)
    return _decided(request, form, Act.OWNER, [{"path": file.path, "sha256": file.sha256, "school": school}])


async def word(request: Request) -> Response:
    """What schools write means a value: in every cell in which it stands, now and later."""
    async with request.form() as form:
        board, means = board_of(request), _text(form, "means")
        found = _word(board, form)
    if means not in found.choices:
        raise HTTPException(_STALE)
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
    return page(
        request, "desk-decisions.html", decisions=every[::-1], holding=holding, titles=titles,
        by_key={each.key: each for each in every},
    )  # fmt: skip


def _decided(
    request: Request, form: FormData, act: Act, abouts: Sequence[dict[str, str]], reason: str = ""
) -> Response:
    room = room_of(request)
    decide(room.place.out, act, abouts, reason=reason, by=visitor_of(request).name)
    return _merged_anew(room, form)


def _merged_anew(room: Room, form: FormData) -> Response:
    room.worker.want_merge(noted=True)
    back = _text(form, "back")
    return RedirectResponse(back if back.startswith("/") and not back.startswith("//") else "/", 303)


def _is_of(board: Board, form: FormData) -> bool:
    """Whether the page was made of this board: what stood on an older one may have another number by now."""
    return _text(form, "board") == str(board.number)


def _findings(board: Board, form: FormData) -> tuple[list[int], list[str]]:
    """The numbers of the findings that were chosen, and where those stood that are not the same any more."""
    asked = [each.partition(".") for each in _texts(form, "finding")]
    own = [int(number) for number, _, _ in asked if number.isdecimal()] if _is_of(board, form) else []
    marks = board.marks.of(own)
    numbers, gone = [], []
    for number, _, known in asked:
        mark, _, place = known.partition(".")
        if number.isdecimal() and int(number) in own and mark in ("", marks.get(int(number))):
            numbers.append(int(number))
        elif (found := board.marks.numbers.get(mark)) is not None:
            numbers.append(found)
        else:
            gone.append(place)
    return numbers, gone


def _file(board: Board, form: FormData) -> FileLine:
    """The file that was chosen, if nobody decided anything about it since."""
    number, _, known = _text(form, "file").partition(".")
    number = number if _is_of(board, form) else ""
    for each in board.files:
        is_meant = each.key == known if known else str(each.number) == number
        if each.sha256 and is_meant and not each.decisions:
            return each
    raise HTTPException(_STALE)


def _word(board: Board, form: FormData) -> UnknownWord:
    """The word that was chosen, if it is still one that nobody knows; on a page of this board, where it was seen."""
    number, _, known = _text(form, "finding").partition(".")
    seen = board.words.of(int(number)) if _is_of(board, form) and number.isdecimal() else None
    if seen is not None and known in ("", seen.key):
        return seen
    for each in board.words.all:
        if each.key == known:
            return each
    raise HTTPException(_STALE)


def _reason(form: FormData) -> str:
    if not (reason := _text(form, "reason").strip()):
        raise HTTPException(400)
    if len(reason) > LONGEST_REASON:
        raise HTTPException(400, "reason_too_long")
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
