"""名册: the schools as a table to edit; what is saved goes into the roster's file, which the command line reads too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.decisions import note_shown
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, room_of, visitor_of
from kbxt_merge.desk.words import words_of
from kbxt_merge.errors import RosterError
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.roster_file import CellFault, ChangedError, Edited, RosterFile, read_for_editing, save

_OLD = "旧名册"
_STALE = 409
_MOST_FIELDS = 40_000
_NEW_LINES = 3
_HIDDEN = ("phone", "password")
"""Columns that are shown only when they are asked for; what is not typed into them stays."""
COLUMNS = ("name", "aliases", "stage", "contact", "phone", "email", "password", "centre", "code")


@dataclass(frozen=True)
class Shown:
    """What the table shows: lines by key, the hints where something is hidden, the faults by line and column."""

    lines: Mapping[str, Mapping[str, str]] = field(repr=False)
    hints: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    faults: Mapping[tuple[str, str], CellFault] = field(default_factory=dict)
    leaves: frozenset[str] = frozenset()
    show_all: bool = False


def listed(request: Request) -> Response:
    """The roster, telephones and passwords hidden."""
    room = room_of(request)
    try:
        roster = _read(room)
    except RosterError as fault:
        return page(request, "desk-roster.html", 400, roster=None, shown=None, columns=COLUMNS, fault=fault)
    return _page(request, roster, _shown(roster, show_all=False))


def shown_whole(request: Request) -> Response:
    """The roster with telephones and passwords; that they were shown is written down."""
    room = room_of(request)
    note_shown(room.place.out, "roster", "", visitor_of(request).name)
    roster = _read(room)
    return _page(request, roster, _shown(roster, show_all=True))


async def saved(request: Request) -> Response:
    """Write what was typed; a mistake is told at its cell, and nothing is written."""
    room = room_of(request)
    async with request.form(max_fields=_MOST_FIELDS) as form:
        show_all, digest = form.get("show_all") == "1", str(form.get("digest", ""))
        typed = _typed(form)
        leaves = frozenset(str(each) for each in form.getlist("leaves"))
    roster = _read(room)
    lines = typed if show_all else _with_hidden(typed, roster.lines)
    try:
        done = save(digest, Edited(lines, leaves), room.place.inbox, room.place.settings(), room.place.own / _OLD)
    except ChangedError as fault:
        raise HTTPException(_STALE, "roster_changed") from fault
    except RosterError as fault:
        return _page(request, roster, _as_typed(roster, typed, leaves, (), show_all=show_all), fault)
    if done.faults:
        return _page(request, roster, _as_typed(roster, typed, leaves, done.faults, show_all=show_all))
    if done.changed or done.came or done.left:
        told = words_of(room.language).roster_saved
        room.tell(told.format(changed=done.changed, came=done.came, left=done.left))
        room.worker.want_merge(noted=True)
    return RedirectResponse("/roster", 303)


def _read(room: Room) -> RosterFile:
    return read_for_editing(room.place.inbox, room.place.settings())


def _shown(roster: RosterFile, *, show_all: bool) -> Shown:
    lines = {key: line if show_all else {**line, **dict.fromkeys(_HIDDEN, "")} for key, line in roster.lines.items()}
    return Shown({**lines, **_blank_lines()}, _hints(roster, show_all=show_all), show_all=show_all)


def _as_typed(
    roster: RosterFile,
    typed: Mapping[str, Mapping[str, str]],
    leaves: frozenset[str],
    faults: Sequence[CellFault],
    *,
    show_all: bool,
) -> Shown:
    by_cell = {(each.line, each.column): each for each in reversed(faults)}
    return Shown(typed, _hints(roster, show_all=show_all), by_cell, leaves, show_all)


def _hints(roster: RosterFile, *, show_all: bool) -> Mapping[str, Mapping[str, str]]:
    """What stands in place of a hidden telephone or password."""
    if show_all:
        return {}
    mask = MASKED.text
    return {
        key: {"phone": mask[line["phone"]], "password": "••••" if line["password"] else ""}
        for key, line in roster.lines.items()
    }


def _blank_lines() -> Mapping[str, Mapping[str, str]]:
    return {f"new{number}": dict.fromkeys(COLUMNS, "") for number in range(_NEW_LINES)}


def _typed(form: FormData) -> dict[str, dict[str, str]]:
    """What was typed, by line and column: the names of inputs are `line.column`."""
    lines: dict[str, dict[str, str]] = {}
    for name, value in form.multi_items():
        line, dot, column = name.partition(".")
        if dot and column in COLUMNS and isinstance(value, str):
            lines.setdefault(line, dict.fromkeys(COLUMNS, ""))[column] = value
    return lines


def _with_hidden(
    typed: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """The lines with what was hidden, where nothing was typed in its place."""
    return {
        key: {**line, **{name: line[name].strip() or before.get(key, {}).get(name, "") for name in _HIDDEN}}
        for key, line in typed.items()
    }


def _page(request: Request, roster: RosterFile, shown: Shown, fault: RosterError | None = None) -> Response:
    status = 400 if fault or shown.faults else 200
    return page(request, "desk-roster.html", status, roster=roster, shown=shown, columns=COLUMNS, fault=fault)


ROUTES = [
    Route("/roster", listed),
    Route("/roster", saved, methods=["POST"]),
    Route("/roster/shown", shown_whole, methods=["POST"]),
]
