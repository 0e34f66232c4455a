"""Drafts of form definitions in 办理/表格草稿: each a folder with its workbook, until it is put in force.

What drafts and proves brings the rules, which a desk that only shows pages need not wait for.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import ParamSpec, TypeVar

from kbxt_merge.desk.place import Place
from kbxt_merge.edited_file import edited, free
from kbxt_merge.errors import KbxtError, SchemaError, SettingsError
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.form import Forms
from kbxt_merge.model.text import Words

_FOLDER, _OLD = "表格草稿", "旧表格定义"
_PATIENCE = 300.0
"""Seconds that a process of its own may take."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: its name, the forms that it defines, or why it can't be used yet."""

    folder: Path
    forms: Forms | None
    fault: Words | None

    @property
    def name(self) -> str:
        """What it is called: the moment at which it was made."""
        return self.folder.name

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
    return [_loaded(each, each.stat().st_mtime_ns) for each in books]


def draft_blanks(place: Place, blanks: Sequence[Path]) -> Sequence[Words]:
    """Draft the definition of these blanks; what of it is in doubt, and which sheets none was found on."""
    from kbxt_merge.form_definitions.drafting import draft

    folder = _new_folder(place)
    try:
        made = apart(draft, blanks, folder)
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


def try_draft(place: Place, made: Draft, files: Sequence[Path]) -> Sequence[Words]:
    """Write the page that shows how each cell of these files is read by a draft: it says itself what is in doubt."""
    from kbxt_merge.form_definitions.trying import try_out

    apart(try_out, files, replace(place.settings(), schemas=made.book), made.folder)
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


def apart(work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """Do it in a process of its own: what a file from elsewhere does to whoever reads it ends there."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(work, *args, **more).result(_PATIENCE)
        except (BrokenProcessPool, TimeoutError) as fault:
            for process in list((pool._processes or {}).values()):
                process.kill()
            raise SchemaError(
                "这个文件读不出来：读它的进程中断了", "the file can't be read: what read it did not end well"
            ) from fault


@lru_cache(maxsize=32)
def _loaded(book: Path, _: int) -> Draft:
    from kbxt_merge.form_definitions.in_force import forms_of

    try:
        return Draft(book.parent, forms_of(book), None)
    except SchemaError as fault:
        return Draft(book.parent, None, fault.words)


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
