"""Folder, zip or single files → the files in it, each with the name that every output gives it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.archives import archive_kind, extracted, member_files
from kbxt_merge.intake.unreadable import Unreadable
from kbxt_merge.intake.workers import Pool
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.submission import Kind, Problem, SourceFile

IGNORED_NAME = re.compile(r"~\$.*|\.~.*|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|.*\.(tmp|temp|crdownload|part)", re.I)
IGNORED_FOLDERS = frozenset({"__MACOSX"})
# not every platform has each of these
OPEN_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def is_ignored(path: str) -> bool:
    """Whether a path below the inbox is no return: a lock, a system's own file, a temporary one."""
    *folders, name = path.split("/")
    return bool(IGNORED_NAME.fullmatch(name)) or not IGNORED_FOLDERS.isdisjoint(folders)


def walk(inbox: Path | Sequence[Path], limits: Limits | None = None) -> list[SourceFile]:
    """Every file below the inbox, and every member of an archive there, sorted by path; nothing is read but archives.

    Links are listed and never followed; `content` refuses them, as it does pipes and devices.
    An archive in a folder is listed itself, before its members; an inbox that is an archive only by its members.
    Raises InboxError where there is no such folder or file, or where it may not be listed.
    """
    limits = limits or Limits()
    roots = [inbox] if isinstance(inbox, Path) else list(inbox)
    for root in roots:
        _check_there(root)
    base = _base(roots)
    files: dict[str, SourceFile] = {}
    for root in roots:
        for path in _below(root.absolute()):
            for file in _listed(path, base, limits, is_inbox=root.absolute() == path):
                files.setdefault(file.path, file)
    return sorted(files.values(), key=lambda file: file.path)


def _check_there(root: Path) -> None:
    try:
        if root.is_dir():
            next(root.iterdir(), None)
        else:
            root.stat()
    except FileNotFoundError as error:
        raise InboxError(f"没有“{root}”这个文件夹或文件：请检查路径", f"there is no {root}; check the path") from error
    except OSError as error:
        raise InboxError(
            f"无法读取“{root}”（{error.strerror}）：请检查权限", f"{root} can't be read ({error.strerror})"
        ) from error


def content(file: SourceFile, limits: Limits, passwords: Sequence[str] = ()) -> bytes:
    """The file's bytes as they stood still while they were read; raises Unreadable."""
    if file.members:
        return extracted(file, limits, passwords)
    for _ in range(2):
        data = _steady(file.location, limits)
        if data is not None:
            return data
    raise Unreadable("file-unreadable", "changing")


def _base(roots: Sequence[Path]) -> Path:
    if len(roots) == 1 and roots[0].is_dir():
        return roots[0].absolute()
    return Path(os.path.commonpath([root.absolute().parent for root in roots]))


def _below(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    for folder, subfolders, names in os.walk(root):
        links = [name for name in subfolders if os.path.islink(os.path.join(folder, name))]
        for name in (*names, *links):
            yield Path(folder, name)


def _listed(path: Path, base: Path, limits: Limits, is_inbox: bool) -> Iterable[SourceFile]:
    status = path.lstat()
    file = SourceFile(_shown(os.path.relpath(path, base)), str(path), status.st_size, status.st_mtime)
    if not stat.S_ISREG(status.st_mode) or is_ignored(file.path):
        return [file]
    kind = archive_kind(path)
    if kind is None:
        return [file]
    try:
        members = member_files(file, limits) if kind is Kind.ZIP else _listed_apart(file, limits)
    except Unreadable:
        return [file]
    return members if is_inbox else [file, *members]


def _listed_apart(file: SourceFile, limits: Limits) -> list[SourceFile]:
    """The members of an archive whose directory is itself compressed, listed in a process of its own."""
    pool = Pool(partial(member_files, limits=limits), _unlisted, 1, limits)
    return [member for _, members in pool.over([file]) for member in members]


def _unlisted(file: SourceFile, problem: Problem) -> list[SourceFile]:
    return []


def _shown(path: str) -> str:
    """The path with `/`, its bytes read as UTF-8, else as GBK, else escaped."""
    raw = os.fsencode(path.replace(os.sep, "/"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def _steady(location: str, limits: Limits) -> bytes | None:
    """The file's bytes, or None when it changed while it was read."""
    try:
        handle = os.open(location, OPEN_FLAGS)
    except OSError as error:
        if os.path.islink(location):
            raise Unreadable("file-other", "link") from error
        raise Unreadable("file-unreadable", "cannot-open", reason=error.strerror) from error
    with os.fdopen(handle, "rb") as stream:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise Unreadable("file-other", "not-a-file")
        if before.st_size > limits.file_bytes:
            raise Unreadable("file-unsafe", "file-size", limit=limits.file_bytes, found=before.st_size)
        data = stream.read(limits.file_bytes + 1)
        after = os.fstat(handle)
    still = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return data if still and len(data) == after.st_size else None
