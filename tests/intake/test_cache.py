"""What was read is kept: the same readings come back, and only of bytes, definitions and limits that are the same."""

from __future__ import annotations

import os
import pickle
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.cache import ReadingCache
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.packed_cells import PackedCells
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Reading, SourceFile
from kbxt_merge.outputs.publish.result_store import _ENTRY, _HEADER, ResultStore, _digest

EXAMPLES = Path(__file__).parents[2] / "examples" / "returned"
STAGE = ReadReturn(load_forms({}), Limits())


class Reader:
    """Reads, and remembers what it was asked for."""

    def __init__(self, stage: ReadReturn = STAGE) -> None:
        self.stage = stage
        self.asked: list[str] = []

    def __call__(self, files: Sequence[SourceFile]) -> list[Reading]:
        self.asked += [file.path for file in files]
        return [self.stage(file) for file in files]


def read(inbox: Path, kept: Path, stage: ReadReturn = STAGE) -> tuple[list[Reading], list[str]]:
    """The readings of an inbox by a new run, and which files it had to read."""
    reader = Reader(stage)
    with ResultStore(kept) as store:
        return ReadingCache(store, stage).read(walk(inbox), reader, lambda count: None), reader.asked


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A few files of every kind from the examples."""
    kinds: dict[str, Path] = {}
    for path in sorted(EXAMPLES.rglob("*")):
        if path.is_file():
            kinds.setdefault(path.suffix, path)
    (tmp_path / "inbox").mkdir()
    for path in kinds.values():
        shutil.copy(path, tmp_path / "inbox")
    (tmp_path / "inbox" / "~$lock.xlsx").write_bytes(b"lock")
    return tmp_path / "inbox"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / ".out.kept"


def test_the_same_readings_come_back_without_a_file_being_read(inbox: Path, kept: Path) -> None:
    fresh = [STAGE(file) for file in walk(inbox)]
    first, asked = read(inbox, kept)
    assert len(asked) == len(fresh) - 1
    again, asked = read(inbox, kept)
    assert asked == []
    assert fresh == first == again
    assert sum(len(reading.sheets) for reading in again) > 0


def test_what_is_at_hand_is_not_unpacked_and_what_is_gone_is_let_go(inbox: Path, kept: Path) -> None:
    at_hand: dict[bytes, Reading] = {}

    def merged() -> list[Reading]:
        with ResultStore(kept) as store:
            return ReadingCache(store, STAGE, at_hand).read(walk(inbox), Reader(), lambda count: None)

    first = merged()
    assert len(at_hand) == len(first) - 1
    again = merged()
    assert again == first
    assert all(mine.sheets is theirs.sheets for mine, theirs in zip(first, again, strict=True) if mine.sheets)
    gone = sorted(inbox.glob("*.xlsx"))[0]
    gone.unlink()
    assert merged() == [each for each in first if each.file.path != gone.name]
    assert len(at_hand) == len(first) - 2


def test_it_is_told_how_many_need_not_be_read(inbox: Path, kept: Path) -> None:
    told: list[int] = []
    for _ in range(2):
        with ResultStore(kept) as store:
            ReadingCache(store, STAGE).read(walk(inbox), Reader(), told.append)
    assert told == [1, len(walk(inbox))]


def test_only_the_file_with_other_bytes_is_read_again(inbox: Path, kept: Path) -> None:
    read(inbox, kept)
    changed, other = sorted(inbox.glob("*.xlsx"))[0], sorted(EXAMPLES.rglob("*.xlsx"))[-1]
    times = os.stat(changed)
    changed.write_bytes(other.read_bytes())
    os.utime(changed, ns=(times.st_atime_ns, times.st_mtime_ns))
    readings, asked = read(inbox, kept)
    assert asked == [changed.name]
    assert readings == [STAGE(file) for file in walk(inbox)]


def test_a_file_touched_but_not_changed_is_not_read_and_has_its_new_time(inbox: Path, kept: Path) -> None:
    read(inbox, kept)
    path = sorted(inbox.glob("*.xlsx"))[0]
    os.utime(path, (1, 1))
    readings, asked = read(inbox, kept)
    assert asked == []
    assert next(each.file.modified for each in readings if each.file.path == path.name) == 1


def test_a_members_reading_is_kept_as_long_as_its_archive_is_the_same(inbox: Path, kept: Path) -> None:
    folder = inbox.parent / "folder"
    folder.mkdir()
    shutil.copy(sorted(EXAMPLES.rglob("*.xlsx"))[0], folder / "表.xlsx")
    shutil.make_archive(str(inbox / "报送"), "zip", folder)
    read(inbox, kept)
    assert read(inbox, kept)[1] == []
    (folder / "说明.txt").write_text("多一个文件", encoding="utf-8")
    shutil.make_archive(str(inbox / "报送"), "zip", folder)
    assert sorted(read(inbox, kept)[1]) == ["报送.zip", "报送.zip/表.xlsx", "报送.zip/说明.txt"]


@pytest.mark.parametrize(
    "stage",
    [
        ReadReturn(replace(STAGE.forms, bureau="南康区教育局"), Limits()),
        ReadReturn(STAGE.forms, replace(Limits(), cells=10_000)),
    ],
    ids=["definitions", "limits"],
)
def test_what_was_read_by_other_rules_is_read_again(inbox: Path, kept: Path, stage: ReadReturn) -> None:
    _, everything = read(inbox, kept)
    assert read(inbox, kept, stage)[1] == everything


def test_another_password_makes_only_what_may_be_locked_be_read_again(inbox: Path, kept: Path) -> None:
    plain = sorted(inbox.glob("*.xlsx"))[0]
    for name, password in (("甲.xlsx", "1234"), ("乙.xlsx", "5678")):
        (inbox / name).write_bytes(sealed(plain.read_bytes(), password))
    one = ReadReturn(STAGE.forms, Limits(), Passwords(("1234",)))
    both = ReadReturn(STAGE.forms, Limits(), Passwords(("1234", "5678")))
    read(inbox, kept, one)
    assert read(inbox, kept, one)[1] == []
    readings, asked = read(inbox, kept, both)
    assert [each for each in asked if "/" not in each] == ["乙.xlsx", "甲.xlsx"]  # what an archive holds may be, too
    assert all(each.problem is None for each in readings if each.file.path in asked)


def test_files_that_are_gone_are_forgotten(inbox: Path, kept: Path) -> None:
    read(inbox, kept)
    size = kept.stat().st_size
    path = sorted(inbox.glob("*.xlsx"))[0]
    data = path.read_bytes()
    path.unlink()
    assert read(inbox, kept)[1] == []
    assert kept.stat().st_size < size
    path.write_bytes(data)
    assert read(inbox, kept)[1] == [path.name]


@pytest.mark.parametrize("damage", ["flipped", "truncated", "emptied", "text", "gone"])
def test_a_damaged_cache_costs_no_more_than_reading(inbox: Path, kept: Path, damage: str) -> None:
    fresh, _ = read(inbox, kept)
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 0xFF
    damaged = {"flipped": bytes(data), "truncated": bytes(data[:-7]), "emptied": b"", "text": b"x" * 99, "gone": None}
    if damaged[damage] is None:
        kept.unlink()
    else:
        kept.write_bytes(damaged[damage] or b"")
    readings, asked = read(inbox, kept)
    assert readings == fresh
    assert asked != []
    assert read(inbox, kept)[1] == []


def test_an_entry_that_would_do_something_is_damaged(inbox: Path, kept: Path, tmp_path: Path) -> None:
    read(inbox, kept)
    entries = len(list(payloads(kept)))
    evil = pickle.dumps(Evil(tmp_path / "done"))
    alter(kept, lambda payload: evil)
    _, asked = read(inbox, kept)
    assert len(asked) == entries
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("what", ["something is done", "no cells", "no bytes at all"])
def test_an_entry_whose_cells_are_others_than_were_packed_is_damaged(
    inbox: Path, kept: Path, tmp_path: Path, what: str
) -> None:
    fresh, _ = read(inbox, kept)
    others = {
        "something is done": pickle.dumps({"name": [Evil(tmp_path / "done")]}),
        "no cells": pickle.dumps({"name": 1}),
        "no bytes at all": b"",
    }

    def with_other_cells(payload: bytes) -> bytes:
        reading: Reading = pickle.loads(payload)
        for sheet in reading.sheets:
            sheet.cells = PackedCells(others[what])
        return pickle.dumps(reading, protocol=4)

    alter(kept, with_other_cells)
    again, asked = read(inbox, kept)
    assert sorted(asked) == sorted(reading.file.path for reading in fresh if reading.sheets)
    assert again == fresh
    assert not (tmp_path / "done").exists()


def payloads(kept: Path) -> Iterator[tuple[bytes, bytes]]:
    """What is kept, by its key."""
    data, at = kept.read_bytes(), len(_HEADER)
    while at < len(data):
        key, _, length = _ENTRY.unpack_from(data, at)
        at += _ENTRY.size
        yield key, data[at : at + length]
        at += length


def alter(kept: Path, change: Callable[[bytes], bytes]) -> None:
    """Change each entry, and its digest with it."""
    changed = [(key, change(payload)) for key, payload in payloads(kept)]
    entries = (_ENTRY.pack(key, _digest(payload), len(payload)) + payload for key, payload in changed)
    kept.write_bytes(_HEADER + b"".join(entries))


class Evil:
    """Makes a folder when it is unpickled as pickle does it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def test_children_in_the_cache_are_their_owners_only(inbox: Path, kept: Path) -> None:
    read(inbox, kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_where_no_cache_can_be_written_everything_is_read(inbox: Path, tmp_path: Path) -> None:
    kept = tmp_path / "no such folder" / ".out.kept"
    assert read(inbox, kept)[1] == read(inbox, kept)[1] != []


def test_a_run_that_fails_leaves_what_was_kept(inbox: Path, kept: Path) -> None:
    read(inbox, kept)
    before = kept.read_bytes()
    sorted(inbox.glob("*.xlsx"))[0].unlink()
    with pytest.raises(RuntimeError):
        fail_after_reading(inbox, kept)
    assert kept.read_bytes() == before
    assert [each.name for each in kept.parent.iterdir() if "kept" in each.name] == [kept.name]


def fail_after_reading(inbox: Path, kept: Path) -> None:
    with ResultStore(kept) as store:
        ReadingCache(store, STAGE).read(walk(inbox), Reader(), lambda count: None)
        raise RuntimeError
