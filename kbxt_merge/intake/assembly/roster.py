"""The roster (学校名册): a workbook or CSV of the bureau's → the schools of the district."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from kbxt_merge.errors import RosterError
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.encoding import stray_control
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.listing import bytes_at, is_file_at
from kbxt_merge.intake.recognition.merged_cells import spread
from kbxt_merge.model.file_names import Promise, promise_of
from kbxt_merge.model.inbox import ROSTER_NAMES, Inbox, RemoteInbox, beside, folder_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.out_folder import school_folder
from kbxt_merge.model.returns import Cell, Grid, address
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import bare_header, plain

ROSTER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("学校标识码", "标识码", "学校代码"),
    "name": ("学校名称", "学校", "单位名称"),
    "aliases": ("别名", "简称", "曾用名"),
    "stage": ("学段", "办学类型", "学校类别"),
    "contact": ("联系人", "填报人", "负责人"),
    "phone": ("联系电话", "电话", "手机", "手机号码"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "email", "e-mail"),
    "password": ("口令", "密码"),
    "centre": ("中心校", "所属中心校", "中心学校", "所属中心学校", "中心小学", "所属学区", "学区"),
}
"""What each column may be called; only the name's must be there."""

_ONE_EACH = frozenset({"code", "name", "aliases"})
"""What each school has of its own; the others stand in one merged cell where several share a stage or a contact."""

_WORDINGS = {wording: key for key, wordings in ROSTER_COLUMNS.items() for wording in wordings}
_HEADER_DEPTH = 20
_NO_SCHOOLS = frozenset({"合计", "小计", "总计"})
_ALIAS_MARKS = re.compile(r"[、;；,，\n]")
_CODE = re.compile(r"[0-9]{6,}")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One school as the roster lists it, the row that it stands in (from zero), and the cell of its name."""

    school: School
    row: int
    place: str


@dataclass(frozen=True, slots=True)
class RosterTable:
    """Where the schools stand in their file: the sheet, the header's row and each column's place (from zero)."""

    sheet: str
    header: int
    columns: Mapping[str, int]
    rows: Sequence[RosterRow]


def find_roster(inbox: Inbox) -> Inbox | None:
    """The roster that lies beside the inbox, on disk or at its URL, or None."""
    if isinstance(inbox, RemoteInbox):
        places = (beside(inbox, name) for name in ROSTER_NAMES)
        return next((place for place in places if place and is_file_at(place)), None)
    folder = folder_of(inbox)
    return next((folder / name for name in ROSTER_NAMES if (folder / name).is_file()), None)


def read_roster(
    path: Inbox, prefixes: tuple[str, ...], limits: Limits | None = None, passwords: Sequence[str] = ()
) -> Roster:
    """The schools in the order of the file; `prefixes` are the places that may stand before their names."""
    rows = read_roster_table(path, limits, passwords).rows
    _check_names(path, rows)
    _check_folders(path, rows)
    return Roster(tuple(row.school for row in rows), prefixes)


def read_roster_table(path: Inbox, limits: Limits | None = None, passwords: Sequence[str] = ()) -> RosterTable:
    """The schools and where they stand; two that can't be told apart are left to whoever asks."""
    data, name = b"", PurePath(str(path)).name
    try:
        limits = limits or Limits()
        data = bytes_at(path, limits)
        workbook = read_workbook(data, kind_of(data, name), limits, passwords, name)
    except OSError as error:
        raise RosterError(
            f"无法打开学校名册 {path}（{error.strerror}）：请检查路径",
            f"the roster {path} can't be opened ({error.strerror}); check the path",
        ) from error
    except Unreadable as error:
        if error.problem.slug == "file-other":
            raise RosterError(
                f"学校名册 {path} 不是普通文件：请检查路径", f"the roster {path} is no regular file; check the path"
            ) from error
        if promise_of(name) is Promise.VALUES and (stray := stray_control(data)):
            raise RosterError(
                f"学校名册 {path} 第 {stray[0]} 行有控制字符（{stray[1]}）：请删去它",
                f"line {stray[0]} of the roster {path} has a control character ({stray[1]}); delete it",
            ) from error
        what = error.problem.facts["what"]
        raise RosterError(
            f"学校名册 {path} 读不出来（{what}）：请用 Excel 或 WPS 另存为 .xlsx，不要加密",
            f"the roster {path} can't be read ({what}); save it as .xlsx without a password",
        ) from error
    return _table(path, workbook.grids)


def _table(path: Inbox, grids: list[Grid]) -> RosterTable:
    for grid in grids:
        for position, cells in enumerate(grid.rows[:_HEADER_DEPTH]):
            columns = _columns(cells)
            if "name" in columns and len(columns) > 1:
                rows = list(_schools(path, grid, position + 1, columns))
                if rows:
                    at = {key: grid.left + column for key, column in columns.items()}
                    return RosterTable(grid.sheet, grid.top + position, at, rows)
    raise RosterError(
        f"学校名册 {path} 里没有找到学校：前 {_HEADER_DEPTH} 行内要有表头“学校标识码”“学校名称”，下面一行一所学校",
        f"the roster {path} lists no school: within the first {_HEADER_DEPTH} rows it needs a header "
        "with 学校标识码 and 学校名称, and below it a row a school",
    )


def _columns(cells: list[Cell]) -> dict[str, int]:
    """Where each column stands, if this row is the header; of two that could be one column, the first counts."""
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        header = bare_header(cell).lower() if isinstance(cell, str) else ""
        key = _WORDINGS.get(header)
        if key is not None:
            columns.setdefault(key, position)
    return columns


def _schools(path: Inbox, grid: Grid, first: int, columns: Mapping[str, int]) -> Iterator[RosterRow]:
    below = grid.rows[first:]
    cells = {key: [row[at] if at < len(row) else None for row in below] for key, at in columns.items()}
    together = {grid.left + columns[key]: column for key, column in cells.items() if key not in _ONE_EACH}
    spread(grid, range(grid.top + first, grid.top + len(grid.rows)), together)
    for position, row in enumerate(zip(*cells.values(), strict=True), start=first):
        values = dict(zip(cells, map(_text, row), strict=True))
        place = address(grid.top + position, grid.left + columns["name"])
        aliases = tuple(alias for part in _ALIAS_MARKS.split(values.pop("aliases", "")) if (alias := plain(part)))
        name = plain(values.pop("name"))
        if name and name not in _NO_SCHOOLS:
            yield RosterRow(School(name=name, aliases=aliases, **{"code": "", **values}), grid.top + position, place)
        elif not name and _CODE.fullmatch(values.get("code", "")):
            raise RosterError(
                f"学校名册 {path} 的 {place} 没有学校名称：请补上，或删去这一行",
                f"the roster {path} has no school name in {place}; add it, or delete the row",
            )


def _text(cell: Cell) -> str:
    """A cell as text; a code or phone that the sheet keeps as a number loses its decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _check_names(path: Inbox, rows: Sequence[RosterRow]) -> None:
    """Every name and alias means one school."""
    owners: dict[str, RosterRow] = {}
    for row in rows:
        for name in row.school.names:
            owner = owners.setdefault(plain(name), row)
            if owner is not row:
                raise RosterError(
                    f"学校名册 {path} 中“{name}”指两所学校（{owner.place} 和 {row.place}）：请改其中一处的名称或别名",
                    f"in the roster {path}, {name} means two schools ({owner.place} and {row.place}); "
                    "change the name or alias of one",
                )


def _check_folders(path: Inbox, rows: Sequence[RosterRow]) -> None:
    """No two schools share a return folder: one would be mailed the other's children."""
    owners: dict[str, RosterRow] = {}
    for row in rows:
        folder = school_folder(row.school.name)
        owner = owners.setdefault(folder.casefold(), row)
        if owner is not row:
            raise RosterError(
                f"学校名册 {path} 中“{owner.school.name}”（{owner.place}）和“{row.school.name}”（{row.place}）"
                f"会共用退回文件夹“{folder}”：请把其中一个校名改得不同",
                f"in the roster {path}, {owner.school.name} ({owner.place}) and {row.school.name} ({row.place}) "
                f"would share the folder {folder}: give one another name",
            )
