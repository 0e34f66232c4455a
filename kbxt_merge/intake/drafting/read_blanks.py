"""Blanks as files → the drafts of all forms on them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.intake.drafting.draft import draft_form
from kbxt_merge.intake.drafting.drafted import DraftedForm, NoFormError
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.split_pages import parts_of
from kbxt_merge.intake.formats.drop_downs import DropDown, drop_downs
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.own_workbook import is_own_sheet
from kbxt_merge.model.returns import Kind
from kbxt_merge.model.text import Words


@dataclass(frozen=True, slots=True)
class NotDrafted:
    """A blank, or a sheet of it, that no draft could be made of, and why."""

    file: str
    sheet: str
    words: Words


@dataclass(frozen=True, slots=True)
class Drafted:
    """All drafts by the names of their files, and what could not be drafted."""

    forms: Mapping[str, DraftedForm]
    left: Sequence[NotDrafted]


def draft_blanks(paths: Sequence[Path], known: Mapping[str, Vocabulary]) -> Drafted:
    """Draft every sheet of these blanks that holds a form; two drafts never have one number or one name."""
    forms: dict[str, DraftedForm] = {}
    left: list[NotDrafted] = []
    numbers: set[str] = set()
    for path in paths:
        try:
            pages = list(_pages(path))
        except (OSError, Unreadable) as error:
            said = error.strerror if isinstance(error, OSError) else None
            words = Words(f"无法读取（{said or '不是能读的表格，或者有密码'}）", f"can't be read ({said or error})")
            left.append(NotDrafted(path.name, "", words))
            continue
        drafts: list[DraftedForm] = []
        for part in (part for page in pages for part in parts_of(page)):
            try:
                drafts.append(draft_form(part.page, f"b{len(forms) + len(drafts) + 1}", known, part.unit))
            except NoFormError as error:
                left.append(NotDrafted(path.name, part.page.grid.sheet, error.words))
        for draft in drafts:
            _add(draft, forms, numbers)
    return Drafted(forms, left)


def _add(draft: DraftedForm, forms: dict[str, DraftedForm], numbers: set[str]) -> None:
    name, number = safe_name(draft.label), str(draft.tree["form"])
    while name in forms:
        name += "_2"
    while number in numbers:
        number += "a"
    draft.tree["form"] = number
    numbers.add(number)
    forms[name] = draft


def _pages(path: Path) -> Iterator[Page]:
    data = path.read_bytes()
    kind = kind_of(data, path.name)
    choices: Mapping[str, list[DropDown]] = {}
    if kind is Kind.XLSX:
        try:
            choices = drop_downs(data)
        except (KeyError, ValueError, zipfile.BadZipFile):  # a part that openpyxl can't read: without drop-downs
            choices = {}
    for grid in read_workbook(data, kind, Limits(), (), path.name).grids:
        if not grid.hidden and not is_own_sheet(grid.sheet) and any(any(row) for row in grid.rows):
            yield Page(grid, choices.get(grid.sheet, ()))
