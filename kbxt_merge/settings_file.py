"""kbxt.toml as a clerk changes it: one key after the other, what else stands there as it was, the old one kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbxt_merge.edited_file import edited
from kbxt_merge.errors import SettingsError
from kbxt_merge.model.inbox import SETTINGS_NAME
from kbxt_merge.settings import SETTINGS, load_settings

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def written(folder: Path) -> Mapping[str, str]:
    """What kbxt.toml in a folder says, by key, as it may be typed; raises SettingsError where it can't be read."""
    document = _document(folder / SETTINGS_NAME).unwrap()
    tables = {"": document, **{name: each for name, each in document.items() if isinstance(each, dict)}}
    found = {each.key: tables.get(each.table, {}).get(each.key.rpartition(".")[2]) for each in SETTINGS}
    return {key: _typed(value) for key, value in found.items() if value is not None}


def change(folder: Path, changes: Mapping[str, str], old: Path) -> None:
    """Write these values, a blank one not at all; the file that was there is copied into `old`.

    Raises SettingsError, and changes nothing, for a value that can't be.
    """
    import tomlkit  # only who writes needs it

    path = folder / SETTINGS_NAME
    document = _document(path)
    for key, value in changes.items():
        table, _, name = key.rpartition(".")
        if table and table not in document:
            document[table] = tomlkit.table()
        place: Any = document[table] if table else document
        if value.strip():
            place[name] = value.strip()
        elif name in place:
            place.remove(name)
    beside = path.with_name(f"{path.name}.new")
    with edited(path, beside, old, SettingsError):
        beside.write_text(tomlkit.dumps(document), encoding="utf-8")
        load_settings({"config": beside}, {}, folder)


def _document(path: Path) -> TOMLDocument:
    import tomlkit

    load_settings({}, {}, path.parent)
    return tomlkit.parse(path.read_text(encoding="utf-8-sig")) if path.exists() else tomlkit.document()


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
