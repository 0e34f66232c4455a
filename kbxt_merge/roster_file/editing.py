"""The order of work: read the roster with its places, compare, refuse what can't stand, write beside, put in place."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kbxt_merge.edited_file import edited
from kbxt_merge.errors import RosterError
from kbxt_merge.intake.assembly.roster import (
    ROSTER_COLUMNS,
    RosterRow,
    RosterTable,
    find_roster,
    read_roster,
    read_roster_table,
)
from kbxt_merge.model.inbox import ROSTER_NAMES
from kbxt_merge.model.text import plain
from kbxt_merge.roster_file.faults import CellFault, faults_in, parted
from kbxt_merge.roster_file.writing import Change, write_csv, write_new, write_workbook
from kbxt_merge.settings import Settings

_WRITERS = {".csv": write_csv, ".xlsx": write_workbook}
HEADERS: Mapping[str, str] = {key: wordings[0] for key, wordings in ROSTER_COLUMNS.items()}
"""What each column is called where the file has none yet."""


class ChangedError(Exception):
    """The file is another than the one that was shown."""


@dataclass(frozen=True)
class RosterFile:
    """The roster as it stands: `lines` by the number of their row, each with its columns' texts; `digest` is of its
    bytes, blank where there is no file yet."""

    path: Path
    digest: str = ""
    lines: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    table: RosterTable | None = field(default=None, repr=False)

    @property
    def can_be_edited(self) -> bool:
        """Whether it is of a kind that is written here."""
        return self.path.suffix.lower() in _WRITERS


@dataclass(frozen=True, slots=True)
class Edited:
    """What the clerk typed: lines by the key of their row, those of new schools by any other, and who leaves."""

    lines: Mapping[str, Mapping[str, str]] = field(repr=False)
    leaves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Done:
    """What a saving came to: how many cells changed, schools came and left; or the faults for which nothing did."""

    changed: int = 0
    came: int = 0
    left: int = 0
    faults: Sequence[CellFault] = ()


def read_for_editing(inbox: Path, settings: Settings) -> RosterFile:
    """The roster that a merge of this inbox reads; a new one beside it where there is none. Raises RosterError."""
    path = settings.roster or find_roster(inbox)
    if path is None:
        return RosterFile(inbox.parent / ROSTER_NAMES[0])
    assert isinstance(path, Path)
    table = read_roster_table(path, settings.limits, settings.passwords)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return RosterFile(path, digest, {str(each.row): _texts(each) for each in table.rows}, table)


def save(shown: str, edited: Edited, inbox: Path, settings: Settings, old: Path) -> Done:
    """Write what was typed over the roster that was shown (its digest); the old one is copied into `old`.

    A school that is renamed keeps its old name as an alias: files and rounds are known by it. Raises ChangedError where
    the file is another by now, RosterError where it can't be written; of faults nothing is written.
    """
    roster = read_for_editing(inbox, settings)
    if roster.digest != shown:
        raise ChangedError
    typed = {key: _typed(line) for key, line in edited.lines.items() if key not in edited.leaves}
    wanted = {
        key: _with_old_name(line, roster.lines.get(key, {}))
        for key, line in typed.items()
        if key in roster.lines or any(line.values())
    }
    kept = {key: line for key, line in roster.lines.items() if key not in edited.lines and key not in edited.leaves}
    if faults := faults_in({**kept, **wanted}, roster.lines):
        return Done(faults=faults)
    changes = [
        Change(int(key), column, text)
        for key, line in wanted.items()
        if key in roster.lines
        for column, text in line.items()
        if text != roster.lines[key].get(column, "")
    ]
    new = [line for key, line in wanted.items() if key not in roster.lines]
    gone = sorted(int(key) for key in edited.leaves if key in roster.lines)
    if changes or new or gone:
        _write(roster, changes, new, gone, settings, old)
    return Done(len(changes), len(new), len(gone))


def _write(
    roster: RosterFile,
    changes: Sequence[Change],
    new: Sequence[Mapping[str, str]],
    gone: Sequence[int],
    settings: Settings,
    old: Path,
) -> None:
    path = roster.path
    beside = path.with_name(f"~${path.name}")
    with edited(path, beside, old, RosterError):
        if roster.table is None:
            write_new(beside, HEADERS, new)
        else:
            shutil.copyfile(path, beside)
            _WRITERS[path.suffix.lower()](beside, roster.table, HEADERS, changes, new, gone)
        _check(beside, roster, changes, new, gone, settings)


def _check(
    written: Path,
    roster: RosterFile,
    changes: Sequence[Change],
    new: Sequence[Mapping[str, str]],
    gone: Sequence[int],
    settings: Settings,
) -> None:
    """Raise RosterError where a merge would not read what was meant: then the old file stays."""
    read_roster(written, (), settings.limits)
    wanted = {key: dict(line) for key, line in roster.lines.items() if int(key) not in gone}
    for each in changes:
        wanted[str(each.row)][each.column] = each.text
    meant = [*wanted.values(), *({**dict.fromkeys(ROSTER_COLUMNS, ""), **line} for line in new)]
    for line in meant:
        line["aliases"] = "、".join(parted(line["aliases"]))
    if [_texts(each) for each in read_roster_table(written, settings.limits).rows] != meant:
        raise RosterError(
            f"{roster.path.name} 在这里改了读出来不一样：请用 Excel 或 WPS 改",
            f"{roster.path.name} would not be read as meant: edit it in Excel",
        )


def _texts(row: RosterRow) -> dict[str, str]:
    """The columns of a school as they are typed."""
    school = row.school
    return {key: "、".join(school.aliases) if key == "aliases" else getattr(school, key) for key in ROSTER_COLUMNS}


def _typed(line: Mapping[str, str]) -> dict[str, str]:
    return {key: plain(text) if key == "name" else text.strip() for key, text in line.items() if key in ROSTER_COLUMNS}


def _with_old_name(line: Mapping[str, str], before: Mapping[str, str]) -> Mapping[str, str]:
    was, name = before.get("name", ""), line.get("name", "")
    aliases = parted(line.get("aliases", before.get("aliases", "")))
    if not was or not name or was == name or was in aliases:
        return line
    return {**line, "aliases": "、".join([*(each for each in aliases if each != name), was])}
