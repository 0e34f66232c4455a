"""What a disk, a clock or another program can do to a merge: a sentence says so, and nothing is lost."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fictional import make_district
from merge_driver import settings
from test_kills import State, assert_ledger_agrees, state

from kbxt_merge import merging
from kbxt_merge.errors import KbxtError, LedgerError, OutputError
from kbxt_merge.outputs.publish import publish, swap

KBXT = Path(sys.executable).with_name("kbxt")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_district(folder, schools=2, seed=7, variants=False)
    return folder


@pytest.fixture
def inbox(world: Path, tmp_path: Path) -> Path:
    shutil.copytree(world / "inbox", tmp_path / "inbox")
    shutil.copy(world / "roster.xlsx", tmp_path / "roster.xlsx")
    return tmp_path / "inbox"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB of its own."""
    if os.geteuid() != 0:
        pytest.fail("only root may mount a small file system: run the tests as root, as .ci/run does")
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def merge(inbox: Path, out: Path) -> State:
    merging.merge(inbox, out, settings(inbox))
    assert_ledger_agrees(out)
    return state(out)


def add_a_file(inbox: Path) -> None:
    """Something for the next merge to change."""
    shutil.copy(sorted(inbox.rglob("*附件3*"))[0], inbox / "又一份.xlsx")


def assert_stands(out: Path, before: State) -> None:
    """The last result is there, whole, and nothing beside it."""
    assert state(out) == before
    assert_ledger_agrees(out)
    assert [each.name for each in out.parent.iterdir() if ".tmp-" in each.name or each.name.endswith(".new")] == []


@pytest.mark.parametrize("free", [0, 40, 200])
def test_a_full_disk_costs_no_result(inbox: Path, small: Path, free: int) -> None:
    """`free` KB are left: nothing, less than the ledger, less than the outputs."""
    out = small / "out"
    before = merge(inbox, out)
    add_a_file(inbox)
    left = os.statvfs(small)
    ballast = small / "ballast"
    ballast.write_bytes(b"x" * max(left.f_bavail * left.f_frsize - free * 1024, 0))
    with pytest.raises(KbxtError) as told:
        merge(inbox, out)
    assert isinstance(told.value, LedgerError | OutputError)
    assert "磁盘" in told.value.sentence("zh")
    assert_stands(out, before)
    ballast.unlink()
    assert merge(inbox, out) != before


@pytest.mark.parametrize("most", [8_000, 60_000])
def test_a_disk_that_takes_no_large_file_is_told(inbox: Path, most: int) -> None:
    out = inbox.parent / "out"
    before = merge(inbox, out)
    add_a_file(inbox)
    places = [str(inbox), "--out", str(out), "--roster", str(inbox.parent / "roster.xlsx")]
    command = [str(KBXT), "merge", *places, "--period", "2021春", "--as-of", "2021-03-20", "--jobs", "1"]
    said = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert said.returncode == 2, said.stderr
    assert "Traceback" not in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
    assert_stands(out, before)


def test_a_disk_that_became_read_only_is_told(inbox: Path, small: Path) -> None:
    out = small / "out"
    before = merge(inbox, out)
    add_a_file(inbox)
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    with pytest.raises(OutputError):
        merge(inbox, out)
    assert_stands(out, before)
    subprocess.run(["mount", "-o", "remount,rw", small], check=True)
    assert merge(inbox, out) != before


@pytest.mark.parametrize("seconds", [-1.5e9, 1e12], ids=["1922", "the year 33658"])
def test_a_file_of_any_time_is_merged(inbox: Path, seconds: float) -> None:
    """What cameras, archives and other disks say of a file; none of it is a day that Windows or a calendar knows.

    But whether a return was late is told by it, on paper too.
    """
    out = inbox.parent / "out"
    before = merge(inbox, out)
    for each in inbox.rglob("*.xlsx"):
        os.utime(each, (seconds, seconds))
    again = merge(inbox, out)
    assert [name for name in before if before[name] != again.get(name)] in ([], ["汇总/情况汇报.docx"])
    assert again.keys() == before.keys()


def test_an_output_that_is_open_in_excel_on_windows_is_told(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows renames no folder of which a file is open: simulated, for there is no Windows here."""
    out = inbox.parent / "out"
    before = merge(inbox, out)
    add_a_file(inbox)
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(source) == out:
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(source))
        rename(source, target)

    with monkeypatch.context() as windows:
        windows.setattr(swap, "exchange", lambda one, other: False)
        windows.setattr(publish, "RENAMING", 0.0)
        windows.setattr(os, "rename", refuse)
        with pytest.raises(OutputError) as told:
            merge(inbox, out)
    assert "Excel" in told.value.sentence("zh")
    assert_stands(out, before)
    assert merge(inbox, out) != before
    with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
        assert ledger.execute("SELECT count(*) FROM runs").fetchone() == (2,)  # nothing changed since the kept one
