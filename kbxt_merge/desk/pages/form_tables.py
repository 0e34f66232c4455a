"""一份草稿: the definitions of a draft as tables; what is saved stands in its workbook, and mistakes at their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.drafts import Draft, draft_named, edit_draft
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, room_of
from kbxt_merge.desk.typed_table import NEW, Typed, edit_of
from kbxt_merge.errors import KbxtError, SettingsError
from kbxt_merge.model.definition_book.layout import (
    BUREAU_SHEET,
    HEADER_SHEET,
    OTHER_SHEET,
    REGISTER_RULE_SHEET,
    REGISTER_SHEET,
    RELATION_SHEET,
    RULE_SHEET,
    WORD_SETTING_SHEET,
    WORD_SHEET,
    Item,
    Kind,
)
from kbxt_merge.model.definition_book.offers import words_offered
from kbxt_merge.model.definition_book.tables import COLUMNS, BookTable, TableCell
from kbxt_merge.model.text import Words

if TYPE_CHECKING:
    from kbxt_merge.form_definitions.editing import CellMistake

_STALE = 409
_MOST_FIELDS = 40_000
_LONGEST_TEXT = 5_000
_TOO_LONG = Words(
    f"每格最多 {_LONGEST_TEXT} 字，没有保存：请写短一些。",
    f"At most {_LONGEST_TEXT} characters a cell; nothing was saved: shorten it.",
)
_NEW_LINES = 3
_WIDE = 60.0
"""Columns of the workbook that are wider hold many words."""
_LONG = 14
"""Characters that the room for one value shows."""

_SHEETS = {
    BUREAU_SHEET: Words(BUREAU_SHEET, "Bureau"),
    WORD_SHEET: Words(WORD_SHEET, "Vocabularies"),
    WORD_SETTING_SHEET: Words(WORD_SETTING_SHEET, "Of vocabularies"),
    RULE_SHEET: Words(RULE_SHEET, "Rules"),
    HEADER_SHEET: Words(HEADER_SHEET, "Headers"),
    RELATION_SHEET: Words(RELATION_SHEET, "Relations"),
    REGISTER_SHEET: Words(REGISTER_SHEET, "Registers"),
    REGISTER_RULE_SHEET: Words(REGISTER_RULE_SHEET, "Against registers"),
    OTHER_SHEET: Words(OTHER_SHEET, "Other"),
}
"""What the sheets are called that are no form's."""


@dataclass(frozen=True)
class Shown:
    """What the page shows of a draft: one of its tables, and what is wrong at which cell."""

    draft: Draft
    table: BookTable
    rare: bool
    others: Sequence[CellMistake]
    """Mistakes of no cell that is shown."""

    @property
    def items(self) -> list[Item]:
        """The columns."""
        return self.table.column_items(rare=self.rare)

    @property
    def has_rare(self) -> bool:
        """Whether there are columns that are shown only when they are asked for."""
        return len(self.table.column_items(rare=True)) > len(self.table.column_items(rare=False))

    @property
    def mistakes(self) -> Sequence[CellMistake]:
        """All that is wrong with the draft."""
        return self.draft.loaded.mistakes

    def wrong_at(self, cell: TableCell | None) -> Sequence[Words]:
        """What is wrong at a cell of the table."""
        here = [each for each in self.mistakes if each.sheet == self.table.sheet]
        return [each.words for each in here if cell and each.cell == cell.address]

    def wrong_in(self, sheet: str) -> int:
        """How many mistakes a sheet has."""
        return sum(each.sheet == sheet for each in self.mistakes)

    @property
    def head_is_open(self) -> bool:
        """Whether what is said beside labels is to be looked at: else the fields are what is edited."""
        lines = self.table.lines.values()
        return not self.table.rows or any(each.is_guess or self.wrong_at(each) for each in lines)

    @property
    def lacking(self) -> Sequence[str]:
        """The sheets of our own that the workbook does not have."""
        have = {each.sheet for each in self.draft.loaded.tables}
        return [each for each in COLUMNS if each not in have]

    @property
    def new_lines(self) -> Sequence[str]:
        """The names of lines that may be added."""
        return [f"{NEW}{number}" for number in range(_NEW_LINES)]

    def offered(self, item: Item) -> Sequence[str]:
        """What a line or column offers to choose from."""
        return self.table.offered.get(item.key) or words_offered(item)

    def called(self, cells: Mapping[str, TableCell]) -> str:
        """What a row is called: a field by its header, any other by what it begins with."""
        named = cells.get("header") or cells[self.items[0].key]
        return named.text

    @staticmethod
    def why(cells: Mapping[str, TableCell]) -> str:
        """Why a field was guessed to be what it is."""
        return cells["why"].text if "why" in cells else ""

    def is_long(self, item: Item, text: str = "") -> bool:
        """Whether lines are typed into it."""
        return item.kind is Kind.LINES or item.width > _WIDE or "\n" in text

    def is_wide(self, item: Item, text: str) -> bool:
        """Whether a line's value wants the room of two."""
        return self.is_long(item, text) or len(text) > _LONG


def shown(request: Request) -> Response:
    """A table of a draft, by the name of its sheet; the first form's, where none is named."""
    made = draft_named(room_of(request).place, request.path_params["name"])
    return show_table(request, made, request.query_params.get("sheet", ""))


async def saved(request: Request) -> Response:
    """Write what was typed into the draft's workbook, right or wrong; its mistakes are shown then."""
    room = room_of(request)
    async with request.form(max_fields=_MOST_FIELDS) as form:
        sheet, edition = str(form.get("sheet", "")), str(form.get("edition", ""))
        typed, leaves = _typed(form), frozenset(str(each) for each in form.getlist("leaves"))
    return await run_in_threadpool(_saved, request, room, sheet, edition, typed, leaves)


def _saved(request: Request, room: Room, sheet: str, edition: str, typed: Typed, leaves: frozenset[str]) -> Response:
    made = draft_named(room.place, request.path_params["name"])
    if made is None:
        raise HTTPException(404)
    if made.edition != edition:
        raise HTTPException(_STALE, "draft_changed")
    table = next((each for each in made.loaded.tables if each.sheet == sheet), None)
    if table is None:
        raise HTTPException(404)
    edit = edit_of(table, typed, leaves)
    if edit.changes_nothing:
        return show_table(request, made, sheet)
    if edit.longest > _LONGEST_TEXT:
        return show_table(request, made, sheet, SettingsError(_TOO_LONG.zh, _TOO_LONG.en))
    try:
        edit_draft(room.place, made, edit)
    except KbxtError as fault:
        return show_table(request, made, sheet, fault)
    return RedirectResponse(f"{request.url.path}?{urlencode({'sheet': sheet})}", 303)


def show_table(request: Request, made: Draft | None, sheet: str, fault: KbxtError | None = None) -> Response:
    """A table of a draft by the name of its sheet, else its first form's; with why it could not be changed."""
    if made is None or not made.loaded.tables:
        raise HTTPException(404)
    tables = made.loaded.tables
    first = next((each for each in tables if each.is_form), tables[0])
    table = next((each for each in tables if each.sheet == sheet), first)
    rare = request.query_params.get("all") == "1"
    seen = Shown(made, table, rare, ())
    if any(each.sheet == table.sheet and each.cell not in _cells(seen) for each in made.loaded.mistakes):
        rare = True  # what is wrong may stand in a column that is folded away
    cells = _cells(Shown(made, table, rare, ()))
    others = [each for each in made.loaded.mistakes if each.sheet == table.sheet and each.cell not in cells]
    others += [each for each in made.loaded.mistakes if not each.sheet]
    return page(
        request,
        "desk-form-tables.html",
        400 if fault else 200,
        shown=Shown(made, table, rare, others),
        tables=tables,
        sheet_words={name: each.of(room_of(request).language) for name, each in _SHEETS.items()},
        fault=fault,
        longest=_LONGEST_TEXT,
        too_long=_TOO_LONG,
    )


def _cells(seen: Shown) -> frozenset[str]:
    """The addresses of the cells that are shown."""
    keys = [item.key for item in seen.items]
    rows = (row[key] for row in seen.table.rows.values() for key in keys)
    return frozenset(each.address for each in (*seen.table.lines.values(), *rows))


def _typed(form: FormData) -> Typed:
    lines: dict[str, dict[str, str]] = {}
    for name, value in form.multi_items():
        line, dot, column = name.partition(".")
        if dot and isinstance(value, str):
            lines.setdefault(line, {})[column] = value.replace("\r\n", "\n")
    return lines


ROUTES = [
    Route("/forms/{name}/tables", shown),
    Route("/forms/{name}/tables", saved, methods=["POST"]),
]
