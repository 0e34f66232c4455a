"""Drafts of form definitions in 办理/表格草稿: each a folder with its workbook, until it is put in force.

What drafts and proves brings the rules, which a desk that only shows pages need not wait for.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kbxt_merge.desk.place import Place
from kbxt_merge.edited_file import edited, free
from kbxt_merge.errors import KbxtError, SettingsError
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import Language, Words

_FOLDER, _OLD, _BEFORE = "表格草稿", "旧表格定义", "改前"

if TYPE_CHECKING:
    from kbxt_merge.form_definitions.editing import LoadedBook
    from kbxt_merge.model.definition_book.tables import NewSheet, TableEdit
    from kbxt_merge.model.limits import Limits


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in its folder, and what its workbook says."""

    folder: Path
    loaded: LoadedBook

    @property
    def name(self) -> str:
        """What it is called: the moment at which it was made."""
        return self.folder.name

    @property
    def forms(self) -> Forms | None:
        """The forms that it defines; None where it can't be used yet."""
        return self.loaded.forms

    @property
    def edition(self) -> str:
        """A text that is another whenever the workbook is."""
        return str(self.book.stat().st_mtime_ns)

    @property
    def book(self) -> Path:
        """The workbook in which it is changed."""
        return self.folder / BOOK

    @property
    def trial(self) -> Path | None:
        """The page of the last trial, where there was one."""
        return next(self.folder.glob("*.html"), None)


def drafts_of(place: Place) -> Sequence[Draft]:
    """The drafts, the latest first."""
    books = sorted((place.own / _FOLDER).glob(f"*/{BOOK}"), reverse=True)
    limits = place.settings().limits
    return [Draft(each.parent, _loaded(each, each.stat().st_mtime_ns, limits)) for each in books]


def draft_named(place: Place, name: str) -> Draft | None:
    """The draft of that name."""
    return next((each for each in drafts_of(place) if each.name == name), None)


def draft_blanks(place: Place, blanks: Sequence[Path]) -> Sequence[Words]:
    """Draft the definition of these blanks; what of it is in doubt, and which sheets none was found on."""
    from kbxt_merge.form_definitions.apart import apart, patient
    from kbxt_merge.form_definitions.drafting import draft

    folder = _new_folder(place)
    try:
        made = apart(patient(place.settings().limits), draft, blanks, folder)
    except KbxtError:
        shutil.rmtree(folder)
        raise
    left = [Words(f"{each.file} {each.sheet}：{each.words.zh}", f"{each.file}: {each.words.en}") for each in made.left]
    return [*left, *made.doubts]


def draft_of_forms(place: Place) -> Sequence[Words]:
    """Make a draft that is the definitions in force, to be changed: nothing of it is in doubt."""
    from kbxt_merge.form_definitions.exporting import export

    folder = _new_folder(place)
    try:
        export(folder, place.settings().schemas)
    except KbxtError:
        shutil.rmtree(folder)
        raise
    return ()


def keep_book(place: Place, written: Path) -> None:
    """A workbook that was changed elsewhere becomes a draft, faulty or not."""
    written.replace(_new_folder(place) / BOOK)


def edit_draft(place: Place, made: Draft, edit: TableEdit) -> None:
    """Change a table of a draft, faulty or not; the workbook as it was is kept. Raises SchemaError or SettingsError."""
    from kbxt_merge.form_definitions.editing import write_edited

    with _anew(made) as beside:
        write_edited(made.book, beside, edit, place.settings().limits)


def add_sheet(place: Place, made: Draft, new: NewSheet, language: Language) -> str:
    """Add a sheet to a draft and say what it is called; as `edit_draft`."""
    from kbxt_merge.form_definitions.editing import write_longer

    with _anew(made) as beside:
        return write_longer(made.book, beside, new, language, place.settings().limits)


def strike_sheet(place: Place, made: Draft, sheet: str) -> None:
    """Take a sheet out of a draft; as `edit_draft`."""
    from kbxt_merge.form_definitions.editing import write_shorter

    with _anew(made) as beside:
        write_shorter(made.book, beside, sheet, place.settings().limits)


def try_draft(place: Place, made: Draft, files: Sequence[Path]) -> Sequence[Words]:
    """Write the page that shows how each cell of these files is read by a draft: it says itself what is in doubt."""
    from kbxt_merge.form_definitions.apart import apart, patient
    from kbxt_merge.form_definitions.trying import try_out

    settings = place.settings()
    apart(patient(settings.limits), try_out, files, replace(settings, schemas=made.book), made.folder)
    return ()


def put_in_force(place: Place, made: Draft) -> None:
    """Let a draft be what schools are asked for; raises SchemaError for one that its own blanks do not survive."""
    from kbxt_merge.form_definitions.in_force import forms_of
    from kbxt_merge.form_definitions.proving import refuse_unproven

    _refuse_options(place)
    refuse_unproven(forms_of(made.book))
    target = place.folder / BOOK
    beside = target.with_name(f"~${BOOK}")
    with edited(target, beside, place.own / _OLD, SettingsError):
        shutil.copyfile(made.book, beside)
    place.change_settings({"schemas": BOOK})


def back_to_shipped(place: Place) -> None:
    """Ask for the forms again that the program brings along."""
    _refuse_options(place)
    place.change_settings({"schemas": ""})


@contextmanager
def _anew(made: Draft) -> Iterator[Path]:
    """Where the workbook is written anew, which then takes its place; as it was it is kept."""
    beside = made.book.with_name(f"~${BOOK}")
    with edited(made.book, beside, made.folder / _BEFORE, SettingsError):
        yield beside


@lru_cache(maxsize=32)
def _loaded(book: Path, _: int, limits: Limits) -> LoadedBook:
    from kbxt_merge.form_definitions.editing import load_book

    return load_book(book, limits)


def _new_folder(place: Place) -> Path:
    folder = free(place.own / _FOLDER / f"{dt.datetime.now():%Y-%m-%d %H%M%S}")
    folder.mkdir(mode=0o700, parents=True)
    return folder


def _refuse_options(place: Place) -> None:
    if place.options.get("schemas") or place.options.get("config"):
        raise SettingsError(
            "工作台是用 --schemas 或 --config 打开的，在用的表不能在这里换：请不带它们重新打开",
            "the desk was opened with --schemas or --config: open it without them to put other forms in force",
        )
