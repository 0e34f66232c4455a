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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.out_folder import MADE_ANEW
from kbxt_merge.outputs.publish.lock import hold
from kbxt_merge.outputs.publish.os_errors import told_to_operator
from kbxt_merge.outputs.publish.swap import swap

PATIENCE = 600.0
"""Seconds to wait for another run on the same folder."""

_RUN_MARK = ".kbxt-run"
"""Names the run that made a folder, until that run ends: it tells an old folder from one that was never published."""
_LEDGER_COMPANIONS = ("-wal", "-shm", "-journal")


@contextmanager
def publish(out: Path, patience: float = PATIENCE) -> Iterator[Path]:
    """A folder to write into, which becomes the output folder at the end unless something was raised.

    A `kbxt.db` written there replaces the one in `out`; all else but MADE_ANEW stays as it is. The folder is held for
    this run meanwhile. Raises OutputError where it can't be written, is no folder, or another run holds it.
    """
    out = out.resolve()
    with told_to_operator(out):
        _refuse_unfit(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with hold(out, patience):
            _mend(out)
            stage = Path(tempfile.mkdtemp(prefix=f".{out.name}.tmp-{os.getpid()}-", dir=out.parent))  # 0700
            try:
                (stage / _RUN_MARK).write_text(_run_of(stage), encoding="ascii")
                yield stage
                _keep_private(stage)
                _put_in_place(stage, out)
            finally:
                shutil.rmtree(stage, ignore_errors=True)


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
    for folder, _, files in os.walk(stage):
        os.chmod(folder, 0o700)
        for name in files:
            os.chmod(os.path.join(folder, name), 0o600)


def _put_in_place(stage: Path, out: Path) -> None:
    if not out.exists():
        os.rename(stage, out)
    else:
        for name in _kept(out, stage):
            link(out / name, stage / name)
        old = swap(stage, out)
        _bring_over(old, out)
        shutil.rmtree(old, ignore_errors=True)
    (out / _RUN_MARK).unlink()


def _kept(out: Path, stage: Path) -> list[str]:
    """What goes over from the old folder: all that is neither managed nor written anew."""
    new = {*os.listdir(stage), *MADE_ANEW}
    new |= {name + companion for name in new for companion in _LEDGER_COMPANIONS}
    return [name for name in os.listdir(out) if name not in new]


def link(source: Path, target: Path) -> None:
    """Give a file, or all files of a folder, a second name; where the system can't, a copy."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir(mode=0o700, exist_ok=True)
        for each in source.iterdir():
            link(each, target / each.name)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):  # file systems without hard links
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def _bring_over(old: Path, out: Path) -> None:
    """Bring over what somebody put into the old folder after its files were linked."""
    for name in _kept(old, out):
        os.replace(old / name, out / name)


def _mend(out: Path) -> None:
    """Finish or undo what a killed run left; the lock is ours, so that no other run is at it."""
    for old in _left(out, "old"):
        if not out.exists():
            os.rename(old, out)
    for left in [*_left(out, "tmp"), *_left(out, "old")]:
        if _run_mark(out) == _run_of(left):
            _bring_over(left, out)
        shutil.rmtree(left)


def _left(out: Path, kind: str) -> list[Path]:
    beginning = f".{out.name}.{kind}-"
    return [each for each in out.parent.iterdir() if each.name.startswith(beginning) and each.is_dir()]


def _run_mark(out: Path) -> str | None:
    mark = out / _RUN_MARK
    return mark.read_text(encoding="ascii") if mark.is_file() else None
