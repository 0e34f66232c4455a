"""All outputs appear at once, or none: written beside the output folder, then put in its place.

Whoever is killed, whenever: the folder is the last good one or the new one. What a run does not write (`kbxt.db`, the
mails, a clerk's own files) goes over into the new folder by hard links, so that no byte of it moves.
What a killed run left beside the folder, the next run clears away.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.out_folder import MADE_ANEW
from kbxt_merge.outputs.publish.hidden import hide, show
from kbxt_merge.outputs.publish.lock import hold
from kbxt_merge.outputs.publish.open_files import OnOpen, open_elsewhere, to_close
from kbxt_merge.outputs.publish.os_errors import told_to_operator
from kbxt_merge.outputs.publish.swap import LAST_GOOD, of_kind, rename, swap
from kbxt_merge.outputs.publish.swap import PATIENCE as RENAMING

PATIENCE = 600.0
"""Seconds to wait for another run on the same folder."""
SECONDS_TO_CLOSE = 120.0
"""Seconds to wait for an output to be closed, once it is told that it is open."""

_RUN_MARK = ".kbxt-run"
"""Names the run that made a folder, until that run ends: it tells an old folder from one that was never published."""
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EINVAL, errno.ENOSYS})
"""What file systems without hard links answer: exFAT, some network ones, Windows' drivers for them."""
_LEDGER_COMPANIONS = ("-wal", "-shm", "-journal")


@contextmanager
def publish(out: Path, patience: float = PATIENCE, on_open: OnOpen = lambda words: None) -> Iterator[Path]:
    """A folder to write into, which becomes the output folder at the end unless something was raised.

    A `kbxt.db` written there replaces the one in `out`; all else but MADE_ANEW stays as it is. The folder is held for
    this run meanwhile. Raises OutputError where it can't be written, is no folder, or another run holds it.
    `on_open` is told of outputs that are open in another program and keep the new ones out, at once and at the end:
    should they stay open, the new folder waits beside `out`, and the next run puts it in its place.
    """
    out = out.resolve()
    with told_to_operator(out):
        _refuse_unfit(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with hold(out, patience):
            _mend(out)
            _tell_open(out, on_open)
            stage = Path(tempfile.mkdtemp(prefix=f".{out.name}.tmp-{os.getpid()}-", dir=out.parent))  # 0700
            hide(stage)
            try:
                (stage / _RUN_MARK).write_text(_run_of(stage), encoding="ascii")
                yield stage
                _keep_private(stage)
                _put_or_keep(stage, out, on_open)
            except FileNotFoundError as error:
                if stage.exists():
                    raise
                raise _taken_away(out) from error
            finally:
                shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def at_rest(out: Path, patience: float) -> Iterator[None]:
    """Hold an output folder to take things out of it in place, once what killed runs left beside it is cleared away.

    Raises OutputError where it can't be written, another run holds it, or results wait to be put in its place.
    """
    out = out.resolve()
    with told_to_operator(out), hold(out, patience):
        _mend(out)
        if _left(out, "done"):
            raise _waiting(out, open_elsewhere(out))
        yield


def refuse_overlap(inbox: Path, out: Path) -> None:
    """Raise OutputError where the output folder lies in the inbox, or the inbox in it: the inbox is never written."""
    inbox, out = inbox.resolve(), out.resolve()
    if out.is_relative_to(inbox) or inbox.is_relative_to(out):
        raise OutputError(
            f"输出文件夹“{out}”与收件文件夹“{inbox}”相互包含：请把 --out 放到收件文件夹之外",
            f"the output folder {out} and the inbox {inbox} overlap: choose an --out outside the inbox",
        )


def _refuse_unfit(out: Path) -> None:
    nearest = next(path for path in (out, *out.parents) if path.exists())
    if not nearest.is_dir():
        raise OutputError(
            f"“{nearest}”是一个文件，不是文件夹：请换一个 --out",
            f"{nearest} is a file, not a folder: choose another --out",
        )
    mounted = next((each for each in (out, *(out.iterdir() if out.exists() else ())) if os.path.ismount(each)), None)
    if mounted is not None:
        raise OutputError(
            f"“{mounted}”是挂载点或磁盘的根目录，不能整个替换：请把 --out 改为它里面的一个子文件夹",
            f"{mounted} is a mount point or the root of a disk, and can't be replaced: choose a folder inside it",
        )
    for name in MADE_ANEW:
        os.fsencode(name)  # an encoding that can't is told before the work
    if out.exists() and not os.access(out, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out))
    if any(place.is_relative_to(out) for place in (Path.cwd(), Path(os.path.expanduser("~")))):
        raise OutputError(
            f"“{out}”是当前文件夹或主文件夹（或其上级），会被整个替换：请在 --out 写一个新文件夹",
            f"{out} is (or holds) the current or the home folder, and would be replaced: name a new folder as --out",
        )


def _run_of(left: Path) -> str:
    """The run that a folder beside the output folder belongs to: pid and a random word."""
    return left.name.rpartition(".")[2].partition("-")[2]


def _keep_private(stage: Path) -> None:
    """Let only the owner read: by modes, where the disk has such; on Windows the folder's access list says so."""
    with suppress(PermissionError, NotImplementedError):  # exFAT and its like: nobody can be kept out
        for folder, _, files in os.walk(stage):
            os.chmod(folder, 0o700)
            for name in files:
                os.chmod(os.path.join(folder, name), 0o600)


def _put_or_keep(stage: Path, out: Path, on_open: OnOpen) -> None:
    """Put the new folder in its place, when the outputs that are open are closed; else keep it for the next run."""
    try:
        try:
            _put_in_place(stage, out)
        except PermissionError:
            if not _tell_open(out, on_open):
                raise
            _put_in_place(stage, out, SECONDS_TO_CLOSE)
    except PermissionError as refused:
        done = of_kind(stage, "done")
        rename(stage, done)
        hide(done)
        raise _waiting(out, open_elsewhere(out)) from refused
    for old in _left(out, "done"):
        shutil.rmtree(old, ignore_errors=True)


def _tell_open(out: Path, on_open: OnOpen) -> bool:
    names = open_elsewhere(out)
    if names:
        on_open(to_close(names))
    return bool(names)


def _waiting(out: Path, names: Sequence[str]) -> OutputError:
    zh = "、".join(f"“{name}”" for name in names) or "其中有文件"
    en = ", ".join(f"“{name}”" for name in names) or "a file"
    return OutputError(
        f"无法换上新结果：输出文件夹“{out}”{zh}正在 Excel/WPS 等程序中打开，或没有写权限。"
        "原来的结果没有动，新结果已保存；关闭后再运行一次就换上",
        f"the new results can't be put in place: in {out}, {en} is open in another program (Excel, WPS), or can't be "
        "written. The last results stand, the new ones are kept; close it and run again to have them",
    )


def _taken_away(out: Path) -> OutputError:
    return OutputError(
        f"无法写入输出文件夹“{out}”：运行时它旁边的临时文件夹被移走或删除（清理软件、同步盘？），请重新运行",
        f"the output folder {out}: the folder beside it in which this run wrote was taken away meanwhile "
        "(by a cleaner or a sync?); run again",
    )


def _put_in_place(stage: Path, out: Path, patience: float | None = None) -> None:
    patience = RENAMING if patience is None else patience
    show(stage)
    if not out.exists():
        rename(stage, out, patience)
    else:
        names = _kept(out, stage)
        copied = [each for name in names for each in link(out / name, stage / name)]
        try:
            old = swap(stage, out, patience)
        except OSError:
            for name in names:  # by another try they may be others
                _remove(stage / name)
            raise
        hide(old)
        for path in copied:  # where no links can be: the very file, with what was written to it since
            with suppress(FileNotFoundError):
                os.replace(old / path.relative_to(stage), out / path.relative_to(stage))
        _bring_over(old, out)
        shutil.rmtree(old, ignore_errors=True)
    (out / _RUN_MARK).unlink()


def _kept(out: Path, stage: Path) -> list[str]:
    """What goes over from the old folder: all that is neither managed nor written anew."""
    new = {*os.listdir(stage), *MADE_ANEW}
    new |= {name + companion for name in new for companion in _LEDGER_COMPANIONS}
    return [name for name in os.listdir(out) if name not in new]


def link(source: Path, target: Path) -> list[Path]:
    """Give a file, or all files of a folder, a second name; the paths of what had to be copied instead are returned."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir(mode=0o700, exist_ok=True)
        return [copied for each in source.iterdir() for copied in link(each, target / each.name)]
    if _linked(source, target):
        return []
    shutil.copy2(source, target, follow_symlinks=False)
    return [target]


def _linked(source: Path, target: Path) -> bool:
    """Make a hard link; False where the file system or the system has none."""
    try:
        os.link(source, target, follow_symlinks=False)
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _bring_over(old: Path, out: Path) -> None:
    """Bring over what somebody put into the old folder after its files were linked."""
    for name in _kept(old, out):
        os.replace(old / name, out / name)


def _mend(out: Path) -> None:
    """Finish or undo what a killed run left; the lock is ours, so that no other run is at it.

    What can't be cleared away, for a file in it is open, is left to the next run.
    """
    for old in _left(out, "old"):
        if not out.exists():
            rename(old, out)
            show(out)
        elif (old / LAST_GOOD).exists():  # what stands there is a copy of it that was broken off
            shutil.rmtree(swap(old, out), ignore_errors=True)
            show(out)
        (out / LAST_GOOD).unlink(missing_ok=True)
    for left in [*_left(out, "tmp"), *_left(out, "old")]:
        if _run_mark(out) == _run_of(left):
            _bring_over(left, out)
        shutil.rmtree(left, ignore_errors=True)
    for done in sorted(_left(out, "done"), key=lambda each: each.stat().st_mtime):
        with suppress(PermissionError):  # still open
            _put_in_place(done, out, 0.0)


def _left(out: Path, kind: str) -> list[Path]:
    beginning = f".{out.name}.{kind}-"
    return [each for each in out.parent.iterdir() if each.name.startswith(beginning) and each.is_dir()]


def _run_mark(out: Path) -> str | None:
    mark = out / _RUN_MARK
    return mark.read_text(encoding="ascii") if mark.is_file() else None
