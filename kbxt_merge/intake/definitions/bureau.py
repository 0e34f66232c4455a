"""bureau.yaml: who hands the forms out, and which are in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.forms import RETURNS
from kbxt_merge.model.text import Words


@dataclass(frozen=True, slots=True)
class Bureau:
    """Who hands the forms out, the names of the files of those in force, and what the returns are called.

    `asked` counts the misnamed as well.
    """

    bureau: str = ""
    city: str = ""
    county: str = ""
    names: tuple[str, ...] = ()
    asked: int = 0
    returns: Words = RETURNS
    full_name: str = ""


def read_bureau(entry: Entry | None, available: Collection[str]) -> Bureau:
    """What the file says; `available` are the names of the forms' files that there are."""
    if entry is None:
        return Bureau()
    keys = {
        "bureau": Key(Entry.text, "", required=True),
        "city": Key(Entry.text, "", required=True),
        "county": Key(Entry.text, "", required=True),
        "returns": Key(Entry.words, RETURNS),
        "full_name": Key(Entry.text, ""),
        "forms": Key(partial(_form_names, available=available), (), required=True),
    }
    read = read_keys(entry, keys)
    names = tuple(name for name in read["forms"] if name is not None)
    told = read["returns"], read["full_name"] or ""
    return Bureau(read["bureau"], read["city"], read["county"], names, len(read["forms"]), *told)


def _form_names(entry: Entry, available: Collection[str]) -> tuple[str | None, ...]:
    names: list[str | None] = []
    for item in entry.items():
        name = item.one_of(available, "表格文件", "form file")
        if name is not None and name in names:
            item.fault(f"“{name}”写了两次，请删去一个", f"`{name}` is given twice; delete one")
        else:
            names.append(name)
    return tuple(names)
