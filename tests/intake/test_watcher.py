"""A watched inbox: what comes is told when it is at rest, and only then."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.inbox.watcher import Arrivals

REST = 0.3
WATCHING: list[Watched] = []


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """No watch outlives its test."""
    yield
    while WATCHING:
        WATCHING.pop().end()


class Watched:
    """An inbox watched by a thread of its own."""

    def __init__(self, inbox: Path, beside: tuple[Path, ...] = (), **how: float) -> None:
        self.inbox = inbox
        self.arrivals = Arrivals(inbox, beside, rest=REST, **how)
        self._told: queue.Queue[list[str]] = queue.Queue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        WATCHING.append(self)

    def _run(self) -> None:
        for paths in self.arrivals:
            self._told.put([path.name for path in paths])

    def end(self) -> None:
        self.arrivals.stop.set()
        self._thread.join(15)
        assert not self._thread.is_alive()

    def told(self, within: float = 15) -> list[str]:
        return self._told.get(timeout=within)

    def is_silent(self, seconds: float = 4 * REST) -> bool:
        try:
            self._told.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "早到.xlsx").write_bytes(b"1")
    return tmp_path / "inbox"


@pytest.fixture
def watched(inbox: Path) -> Iterator[Watched]:
    """A watch that has told what was there."""
    made = Watched(inbox)
    assert made.told() == ["早到.xlsx"]
    return made  # type: ignore[return-value]


def test_a_file_that_comes_changes_or_goes_is_told(watched: Watched) -> None:
    path = watched.inbox / "江口小学" / "附件3.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"1")
    assert watched.told() == ["附件3.xlsx"]
    path.write_bytes(b"22")
    assert watched.told() == ["附件3.xlsx"]
    path.rename(watched.inbox / "附件3（改）.xlsx")
    assert sorted(watched.told()) == ["附件3.xlsx", "附件3（改）.xlsx"]
    assert watched.is_silent()


def test_files_of_one_size_and_time_that_change_places_or_bytes_are_told(watched: Watched) -> None:
    one, other = (watched.inbox / name for name in ("附件3.xlsx", "附件4.xlsx"))
    for path, data in ((one, b"1"), (other, b"2")):
        path.write_bytes(data)
        os.utime(path, (1_600_000_000, 1_600_000_000))
    assert sorted(watched.told()) == ["附件3.xlsx", "附件4.xlsx"]
    aside = watched.inbox.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    assert sorted(watched.told()) == ["附件3.xlsx", "附件4.xlsx"]
    one.write_bytes(b"3")
    os.utime(one, (1_600_000_000, 1_600_000_000))
    assert watched.told() == ["附件3.xlsx"]
    assert watched.is_silent()


def test_the_files_of_a_folder_that_is_moved_here_are_told(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "江口小学").mkdir()
    (tmp_path / "江口小学" / "附件3.xlsx").write_bytes(b"1")
    (tmp_path / "江口小学").rename(watched.inbox / "江口小学")
    assert watched.told() == ["附件3.xlsx"]


def test_a_file_is_told_when_it_has_stopped_growing(watched: Watched) -> None:
    path = watched.inbox / "大文件.xlsx"
    with path.open("wb") as stream:
        for _ in range(8):
            stream.write(b"x" * 1000)
            stream.flush()
            grown = time.monotonic()
            time.sleep(REST / 2)
    assert watched.told() == ["大文件.xlsx"]
    assert time.monotonic() - grown >= REST
    assert watched.is_silent()


def test_files_that_come_one_after_the_other_are_told_together(watched: Watched) -> None:
    for number in range(5):
        (watched.inbox / f"{number}.xlsx").write_bytes(b"1")
        time.sleep(REST / 4)
    assert watched.told() == [f"{number}.xlsx" for number in range(5)]


@pytest.mark.parametrize("lock", ["~$表.xlsx", ".~lock.表.xlsx#"])
def test_a_file_that_is_open_in_an_office_program_is_waited_for(watched: Watched, lock: str) -> None:
    beside = watched.inbox / lock
    beside.write_bytes(b"clerk")
    (watched.inbox / "表.xlsx").write_bytes(b"1")
    assert watched.is_silent()
    beside.unlink()
    assert watched.told() == ["表.xlsx"]


def test_a_file_that_stays_open_is_taken_as_it_was_saved(inbox: Path) -> None:
    watched = Watched(inbox, lock_patience=1.0)
    assert watched.told() == ["早到.xlsx"]
    (inbox / "~$表.xlsx").write_bytes(b"clerk")
    (inbox / "表.xlsx").write_bytes(b"1")
    assert watched.told() == ["表.xlsx"]
    assert watched.is_silent()


def test_locks_and_temporary_files_are_told_of_no_one(watched: Watched) -> None:
    for name in ("~$表.xlsx", ".DS_Store", "下载.crdownload"):
        (watched.inbox / name).write_bytes(b"1")
    assert watched.is_silent()


def test_what_the_system_did_not_tell_is_found_by_looking(inbox: Path) -> None:
    watched = Watched(inbox, rescan=0.5)
    assert watched.told() == ["早到.xlsx"]
    # nobody is told of what is written through another name of the same file
    outside = inbox.parent / "other.xlsx"
    (inbox / "早到.xlsx").unlink()
    assert watched.told() == ["早到.xlsx"]
    outside.write_bytes(b"1")
    (inbox / "早到.xlsx").hardlink_to(outside)
    assert watched.told() == ["早到.xlsx"]
    with outside.open("ab") as stream:
        stream.write(b"23")
    assert watched.told() == ["早到.xlsx"]


def test_changes_can_be_told_once_more(watched: Watched) -> None:
    watched.arrivals.again_in(2 * REST)
    assert watched.told() == []
    assert watched.is_silent()


def test_an_inbox_that_goes_away_is_waited_for(watched: Watched) -> None:
    away = watched.inbox.rename(watched.inbox.with_name("away"))
    time.sleep(4 * REST)
    (away / "新到.xlsx").write_bytes(b"1")
    away.rename(watched.inbox)
    told = set()
    while "新到.xlsx" not in told:
        told |= set(watched.told())


def test_an_inbox_that_is_renamed_and_made_anew_is_the_new_one(inbox: Path) -> None:
    """As another period begins at the desk: nobody looks around meanwhile."""
    watched = Watched(inbox, rescan=1e9)
    assert watched.told() == ["早到.xlsx"]
    inbox.rename(inbox.with_name("旧"))
    inbox.mkdir()
    assert watched.told() == ["早到.xlsx"]  # it is gone
    (inbox / "秋.xlsx").write_bytes(b"x")
    assert watched.told() == ["秋.xlsx"]


def test_a_single_file_can_be_watched(tmp_path: Path) -> None:
    path, other = tmp_path / "报送.zip", tmp_path / "别的.zip"
    path.write_bytes(b"1")
    watched = Watched(path)
    assert watched.told() == ["报送.zip"]
    other.write_bytes(b"1")
    assert watched.is_silent()
    replaced = tmp_path / "new"
    replaced.write_bytes(b"22")
    replaced.replace(path)
    assert watched.told() == ["报送.zip"]


def test_an_inbox_named_from_the_current_folder_is_told_of_once_an_arrival(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inbox.parent)
    watched = Watched(Path("inbox"))
    assert watched.told() == ["早到.xlsx"]
    assert watched.is_silent()
    (inbox / "新到.xlsx").write_bytes(b"1")
    assert watched.told() == ["新到.xlsx"]
    assert watched.is_silent()


def test_an_inbox_that_never_was_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InboxError):
        next(iter(Arrivals(tmp_path / "none")))


def test_what_lies_beside_the_inbox_is_told_though_it_comes_late_and_goes(inbox: Path) -> None:
    beside = inbox.parent / "比对库"
    watched = Watched(inbox, (beside,))
    assert watched.told() == ["早到.xlsx"]
    beside.mkdir()
    (beside / "学籍.csv").write_bytes(b"1")
    assert watched.told() == ["学籍.csv"]
    (beside / "学籍.csv").write_bytes(b"22")
    assert watched.told() == ["学籍.csv"]
    (inbox / "又一份.xlsx").write_bytes(b"1")
    assert watched.told() == ["又一份.xlsx"]
    (beside / "学籍.csv").unlink()
    beside.rmdir()
    assert watched.told() == ["学籍.csv"]
    assert watched.is_silent()
