"""一份草稿: a sheet is added to it, or the sheet of a form is taken out."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.drafts import Draft, add_sheet, draft_named, strike_sheet
from kbxt_merge.desk.pages.form_tables import show_table
from kbxt_merge.desk.room import Room, room_of
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.definition_book.tables import COLUMNS, NewSheet

_STALE = 409


async def added(request: Request) -> Response:
    """Add a sheet of our own, or that of a form, which wants a name."""
    room = room_of(request)
    async with request.form() as form:
        what, name, edition = (str(form.get(key, "")).strip() for key in ("what", "name", "edition"))
    new = NewSheet(what) if what in COLUMNS else NewSheet(name, what)
    if not new.name or (new.name in COLUMNS and new.like):
        raise HTTPException(400, "sheet_unnamed")
    return await run_in_threadpool(
        _changed, request, room, edition, what, lambda made: add_sheet(room.place, made, new, room.language)
    )


async def struck(request: Request) -> Response:
    """Take out the sheet of a form."""
    room = room_of(request)
    async with request.form() as form:
        sheet, edition = str(form.get("sheet", "")), str(form.get("edition", ""))

    def strike(made: Draft) -> str:
        if not any(each.is_form and each.sheet == sheet for each in made.loaded.tables):
            raise HTTPException(404)
        strike_sheet(room.place, made, sheet)
        return ""

    return await run_in_threadpool(_changed, request, room, edition, sheet, strike)


def _changed(request: Request, room: Room, edition: str, sheet: str, change: Callable[[Draft], str]) -> Response:
    made = draft_named(room.place, request.path_params["name"])
    if made is None:
        raise HTTPException(404)
    if made.edition != edition:
        raise HTTPException(_STALE, "draft_changed")
    try:
        sheet = change(made)
    except KbxtError as fault:
        return show_table(request, made, sheet, fault)
    return RedirectResponse(f"/forms/{quote(made.name)}/tables?{urlencode({'sheet': sheet})}", 303)


ROUTES = [
    Route("/forms/{name}/sheets", added, methods=["POST"]),
    Route("/forms/{name}/sheets/strike", struck, methods=["POST"]),
]
