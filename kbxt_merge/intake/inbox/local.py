"""Files on disk: listed without following links, and read while they stand still."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.formats.containers import HEAD_BYTES
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.inbox.storage import Found, Status, path_as_text
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import SourceFile

_EMPTY = os.stat_result((stat.S_IFREG, *([0] * 9)))
# not every platform has each of these
OPEN_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def listed(roots: Sequence[Path]) -> Iterator[Found]:
    """Every file below the roots, links among them; raises InboxError where one is not there or may not be listed."""
    for root in roots:
        _check_there(root)
    base = _base(roots)
    for root in roots:
        for path in _below(root.absolute()):
            found = _looked_at(path)
            if found is None:
                continue
            now = status_of(found)
            name = path_as_text(os.path.relpath(path, base))
            file = SourceFile(name, str(path), now.size, now.modified, version=now.version)
            yield Found(file, stat.S_ISREG(found.st_mode), root.absolute() == path)


def heads(locations: Sequence[str], limits: Limits) -> Iterator[bytes]:
    """The first bytes of each file; of one that can't be opened, none."""
    for location in locations:
        try:
            with open(location, "rb") as stream:
                yield stream.read(HEAD_BYTES)
        except OSError:
            yield b""


def status(location: str, limits: Limits) -> Status:
    """How the file stands now; raises Unreadable."""
    try:
        return status_of(os.stat(location))
    except OSError as error:
        raise Unreadable("file-unreadable", "cannot-open", reason=error.strerror) from error


def steady(location: str, limits: Limits) -> bytes | None:
    """The file's bytes, or None when it changed while it was read; raises Unreadable."""
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
        try:
            data = stream.read(before.st_size + 1)  # one more than there are: or nobody would see that it grew
        except OSError as error:  # a bad sector, a share that went, or what is no file but by its name
            raise Unreadable("file-unreadable", "cannot-open", reason=error.strerror) from error
        after = os.fstat(handle)
    is_steady = status_of(before).written == status_of(after).written and len(data) == after.st_size
    return data if is_steady else None


def archive(location: str, limits: Limits) -> Path:
    """An archive is opened where it lies."""
    return Path(location)


def identity(file: SourceFile, limits: Limits) -> str | None:
    """The digest of its bytes: times on a disk say too little of them."""
    data = steady(file.location, limits)
    return None if data is None else hashlib.sha256(data).hexdigest()


def versions(locations: Sequence[str]) -> Mapping[str, str]:
    """The mark of each file that is there."""
    found = {}
    for location in locations:
        try:
            found[location] = status_of(os.stat(location)).version
        except OSError:
            continue
    return found


def _looked_at(path: Path) -> os.stat_result | None:
    """How a file stands; None where it went since its folder was listed, as lock files and a browser's downloads do.

    One that is there and can't be looked at, as names on some shares can't, stands as an empty file: whoever opens it
    tells why it can't be read. To pass over it would lose a return without a word.
    """
    try:
        return path.lstat()
    except OSError:
        with suppress(FileNotFoundError):  # its folder went with it
            if path.name in os.listdir(path.parent):
                return _EMPTY
        return None


def status_of(found: os.stat_result) -> Status:
    """How a file that was looked at stands."""
    marks = found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns
    return Status(found.st_size, found.st_mtime, " ".join(map(str, marks)))


def _check_there(root: Path) -> None:
    try:
        if root.is_dir():
            next(root.iterdir(), None)
        else:
            root.stat()
    except FileNotFoundError as error:
        raise InboxError(f"没有“{root}”这个文件夹或文件：请检查路径", f"there is no {root}; check the path") from error
    except OSError as error:
        raise _unlistable(root, error) from error


def _unlistable(path: object, error: OSError) -> InboxError:
    return InboxError(
        f"无法读取“{path}”（{error.strerror}）：请检查权限", f"{path} can't be read ({error.strerror}); check who may"
    )


def _base(roots: Sequence[Path]) -> Path:
    if len(roots) == 1 and roots[0].is_dir():
        return roots[0].absolute()
    return Path(os.path.commonpath([root.absolute().parent for root in roots]))


def _below(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    too_deep: list[Path] = []

    def unlistable(error: OSError) -> None:
        """A folder that can't be listed may hold returns: to pass over it would lose them without a word."""
        if error.errno == errno.ENAMETOOLONG:
            too_deep.append(Path(error.filename))  # whoever opens it tells why it can't be read
        elif not isinstance(error, FileNotFoundError):  # taken away meanwhile
            raise _unlistable(error.filename, error) from error

    for folder, subfolders, names in os.walk(root, onerror=unlistable):
        links = [name for name in subfolders if os.path.islink(os.path.join(folder, name))]
        for name in (*names, *links):
            yield Path(folder, name)
    yield from too_deep
