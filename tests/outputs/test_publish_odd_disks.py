"""What Windows and odd disks do to a new result: it stands in its place or the last one does, and one sentence tells.

There is no Windows here: what it refuses is refused by what stands in for the system's calls.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kbxt_merge.errors import OutputError
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.publish import hidden, open_files
from kbxt_merge.outputs.publish import publish as publishing
from kbxt_merge.outputs.publish import swap as swapping
from kbxt_merge.outputs.publish.lock import lock_file
from kbxt_merge.outputs.publish.publish import publish
from kbxt_merge.outputs.publish.result_store import ResultStore, store_file

RENAME, EXCHANGE = os.rename, swapping.exchange
BOOK = "汇总/附件1-1.xlsx"


def write(stage: Path, generation: str) -> None:
    for name in ("核查报告.html", BOOK):
        (stage / name).parent.mkdir(exist_ok=True)
        (stage / name).write_text(generation)


def generation(out: Path) -> str:
    (found,) = {(out / name).read_text() for name in ("核查报告.html", BOOK)}
    return found


def beside(out: Path) -> list[str]:
    return sorted(each.name for each in out.parent.iterdir() if each != out and not each.name.endswith(".lock"))


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The last good result, with a ledger and a mail that no run makes anew, on a system that exchanges no folders."""
    monkeypatch.setattr(swapping, "exchange", lambda one, other: False)
    monkeypatch.setattr(swapping, "_POLL", 0.001)
    monkeypatch.setattr(publishing, "RENAMING", 0.05)
    monkeypatch.setattr(publishing, "SECONDS_TO_CLOSE", 0.1)
    out = tmp_path / "结果"
    with publish(out) as stage:
        write(stage, "1")
    (out / "发件").mkdir()
    (out / "发件" / "outbox.jsonl").write_text("mail")
    (out / "kbxt.db").write_text("ledger")
    return out


@dataclass
class Renames:
    """Stands in for os.rename: refuses what `refused` tells, so many times."""

    refused: Callable[[Path, Path], bool]
    times: float = float("inf")
    number: int = errno.EACCES
    asked: list[tuple[Path, Path]] = field(default_factory=list)

    def __call__(self, source: Path, target: Path) -> None:
        if self.refused(Path(source), Path(target)) and self.times > 0:
            self.times -= 1
            self.asked.append((Path(source), Path(target)))
            raise OSError(self.number, "refused", str(source), None, str(target))
        RENAME(source, target)


def is_of(kind: str) -> Callable[[Path], bool]:
    return lambda path: f".{kind}-" in path.name


def first_step(out: Path) -> Callable[[Path, Path], bool]:
    return lambda source, target: source == out


def second_step(out: Path) -> Callable[[Path, Path], bool]:
    return lambda source, target: target == out and is_of("tmp")(source)


def anything_to(out: Path) -> Callable[[Path, Path], bool]:
    return lambda source, target: target == out


def kept_is_whole(out: Path) -> None:
    assert (out / "kbxt.db").read_text() == "ledger"
    assert (out / "发件" / "outbox.jsonl").read_text() == "mail"


@pytest.mark.parametrize("step", [first_step, second_step])
def test_a_rename_that_is_refused_for_a_while_is_tried_again(
    out: Path, step: Callable[[Path], Callable[[Path, Path], bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "RENAMING", 60.0)
    renames = Renames(step(out), times=3)
    monkeypatch.setattr(os, "rename", renames)
    with publish(out) as stage:
        write(stage, "2")
    assert len(renames.asked) == 3
    assert generation(out) == "2"
    kept_is_whole(out)
    assert beside(out) == []


@pytest.mark.parametrize("step", [first_step, second_step, anything_to])
def test_a_rename_that_is_refused_for_good_leaves_the_last_good_one_and_keeps_the_new(
    out: Path, step: Callable[[Path], Callable[[Path, Path], bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `anything_to` the old folder can't be renamed back either: a copy of it stands in its place."""
    with monkeypatch.context() as windows:
        windows.setattr(os, "rename", Renames(step(out)))
        with pytest.raises(OutputError) as told, publish(out) as stage:
            write(stage, "2")
    assert "新结果已保存" in told.value.sentence("zh")
    assert generation(out) == "1"
    kept_is_whole(out)
    (waiting,) = beside(out)
    assert ".done-" in waiting
    (out / "发件" / "outbox.jsonl").write_text("mail, and on")
    with pytest.raises(KeyError), publish(out):  # the next run puts it in its place, however that one ends
        raise KeyError
    assert generation(out) == "2"
    assert (out / "发件" / "outbox.jsonl").read_text() == "mail, and on"
    assert beside(out) == []


@pytest.mark.parametrize("number", [errno.EIO, errno.EXDEV])
def test_a_second_step_that_fails_otherwise_leaves_the_last_good_one(
    out: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "rename", Renames(second_step(out), number=number))
    with pytest.raises(OutputError if number == errno.EXDEV else OSError), publish(out) as stage:
        write(stage, "2")
    assert generation(out) == "1"
    kept_is_whole(out)
    assert beside(out) == []


@pytest.mark.parametrize("exchanges", [False, True])
def test_a_copy_that_was_broken_off_is_replaced_by_what_it_was_of(
    out: Path, tmp_path: Path, exchanges: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill while the last good one was copied back, for nothing could be renamed."""
    if exchanges:
        monkeypatch.setattr(swapping, "exchange", EXCHANGE)
    old = tmp_path / f".{out.name}.old-1-x"
    RENAME(out, old)
    (old / swapping.LAST_GOOD).touch()
    out.mkdir()
    (out / "核查报告.html").write_text("1")
    with pytest.raises(KeyError), publish(out):
        raise KeyError
    assert generation(out) == "1"
    kept_is_whole(out)
    assert not (out / swapping.LAST_GOOD).exists()
    assert beside(out) == []


@dataclass
class Office:
    """An office program that holds one output open, on a system where that keeps the folders above it in place."""

    out: Path
    holds: str = BOOK
    closes_after: float = float("inf")
    """Times that it is asked for until it is closed."""

    def renames(self, source: Path, target: Path) -> None:
        self._ask(Path(source))
        RENAME(source, target)

    def _ask(self, folder: Path) -> None:
        if folder == self.out and self.is_open():
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(folder))

    def is_open(self) -> bool:
        self.closes_after -= 1
        return self.closes_after > 0

    def open_elsewhere(self, out: Path) -> list[str]:
        return [self.holds] if self.closes_after > 0 else []


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with monkeypatch.context() as patched:
        yield patched


def at_work(windows: pytest.MonkeyPatch, office: Office) -> list[Words]:
    windows.setattr(os, "rename", office.renames)
    windows.setattr(publishing, "open_elsewhere", office.open_elsewhere)
    return []


def test_an_open_workbook_is_told_at_once_and_swapped_when_it_is_closed(out: Path, windows: pytest.MonkeyPatch) -> None:
    windows.setattr(publishing, "RENAMING", 0.0)
    windows.setattr(publishing, "SECONDS_TO_CLOSE", 60.0)
    told = at_work(windows, Office(out, closes_after=60))
    with publish(out, on_open=told.append) as stage:
        assert len(told) == 1  # before the work begins
        write(stage, "2")
    assert all(BOOK in words.zh and BOOK in words.en for words in told)
    assert len(told) == 2
    assert generation(out) == "2"
    assert beside(out) == []


def test_a_workbook_that_stays_open_is_named_and_the_result_kept(out: Path, windows: pytest.MonkeyPatch) -> None:
    told = at_work(windows, Office(out))
    for number in ("2", "3"):
        with pytest.raises(OutputError) as refused, publish(out, on_open=told.append) as stage:
            write(stage, number)
        assert BOOK in refused.value.sentence("zh")
        assert BOOK in refused.value.sentence("en")
        assert generation(out) == "1"
    windows.undo()
    with pytest.raises(KeyError), publish(out):
        raise KeyError
    assert generation(out) == "3"
    kept_is_whole(out)
    assert beside(out) == []


def test_an_output_that_nobody_may_write_is_open_where_that_holds_folders(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refused(path: Path, mode: str = "r", *more: object, **named: object) -> object:
        if path.suffix == ".xlsx" and "+" in mode:
            raise PermissionError(errno.EACCES, "in use", str(path))
        return opened(path, mode, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    assert open_files.open_elsewhere(out) == []
    (out / "办理").mkdir()
    (out / "办理" / "口令单.xlsx").write_text("")
    monkeypatch.setattr(open_files, "HOLDS_FOLDERS", True)
    assert open_files.open_elsewhere(out) == ["办理/口令单.xlsx", BOOK]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_without_hard_links_what_stays_is_the_very_same_file(
    out: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(source: Path, target: Path, **named: object) -> None:
        raise OSError(number, "refused", str(source), None, str(target))

    monkeypatch.setattr(os, "link", refused)
    ledger = (out / "kbxt.db").stat().st_ino
    with (out / "kbxt.db").open("a") as still_open, publish(out) as stage:
        write(stage, "2")
        still_open.write(", and on")
    assert generation(out) == "2"
    assert (out / "kbxt.db").read_text() == "ledger, and on"
    assert (out / "kbxt.db").stat().st_ino == ledger
    assert (out / "发件" / "outbox.jsonl").read_text() == "mail"
    assert beside(out) == []


def test_a_disk_without_modes_is_written_all_the_same(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, mode: int, **named: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", path)

    monkeypatch.setattr(os, "chmod", refused)
    with publish(out) as stage:
        write(stage, "2")
    assert generation(out) == "2"


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.fail("only root may mount a file system: run the tests as root, as .ci/run does")
    place = tmp_path / "盘"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("where", ["itself", "in it"])
def test_a_mount_point_is_refused_before_the_work(mounted: Path, where: str) -> None:
    begun = []
    out = mounted if where == "itself" else mounted.parent
    with pytest.raises(OutputError) as told, publish(out):
        begun.append(1)
    assert not begun
    assert str(mounted) in told.value.sentence("zh")


def test_a_folder_inside_a_mounted_disk_is_fine(mounted: Path) -> None:
    for number in ("1", "2"):
        with publish(mounted / "结果") as stage:
            write(stage, number)
    assert generation(mounted / "结果") == "2"


@pytest.mark.parametrize(("length", "word"), [(300, "路径太长"), (0, "临时文件夹被移走")])
def test_what_windows_calls_missing_is_told_for_what_it_is(out: Path, length: int, word: str) -> None:
    with pytest.raises(OutputError) as told, publish(out) as stage:  # noqa: PT012
        if not length:
            shutil.rmtree(stage)
        name = str(stage / ("长" * length) / "a.xlsx")
        raise FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", name)
    assert word in told.value.sentence("zh")
    assert generation(out) == "1"


def test_a_file_that_the_program_itself_misses_stays_a_crash(out: Path) -> None:
    with pytest.raises(FileNotFoundError), publish(out) as stage:
        (stage / "汇总" / "a.xlsx").read_bytes()


def test_a_name_that_the_system_can_not_write_is_told(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "gbk")
    with pytest.raises(OutputError) as told, publish(out):
        "退回/𠮷田小学".encode("gbk")
    assert "𠮷田小学" in told.value.sentence("zh")
    assert generation(out) == "1"


def test_what_stands_beside_is_hidden_by_attribute_and_the_result_never(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attribute goes with what is renamed: here it stands in the file's inode."""
    attributes: dict[int, bool] = {}

    def set_hidden(path: Path, is_hidden: bool) -> None:
        attributes[path.stat().st_ino] = is_hidden

    monkeypatch.setattr(hidden, "set_hidden", set_hidden)
    for number in ("2", "3"):
        with publish(out) as stage, ResultStore(store_file(out)) as store:
            assert attributes[stage.stat().st_ino]
            write(stage, number)
            store.put(b"k" * 32, b"payload")
        assert not attributes.get(out.stat().st_ino)
    with monkeypatch.context() as windows:
        windows.setattr(os, "rename", Renames(first_step(out)))
        with pytest.raises(OutputError), publish(out) as stage:
            write(stage, "4")
    assert not attributes.get(out.stat().st_ino)
    for each in (lock_file(out), store_file(out), *(out.parent / name for name in beside(out))):
        assert attributes[each.stat().st_ino], each
