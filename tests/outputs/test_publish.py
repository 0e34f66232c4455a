import errno
import multiprocessing
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kbxt_merge.errors import OutputError
from kbxt_merge.model.out_folder import MADE_ANEW
from kbxt_merge.outputs.publish import publish as publishing
from kbxt_merge.outputs.publish import swap as swapping
from kbxt_merge.outputs.publish.lock import hold
from kbxt_merge.outputs.publish.publish import publish, refuse_overlap


def write_generation(stage: Path, generation: str) -> None:
    (stage / "核查报告.html").write_text(generation)
    for folder in ("汇总", "退回", "data"):
        (stage / folder).mkdir()
        for number in range(3):
            (stage / folder / f"{number}.txt").write_text(generation)


def write_twice(stage: Path) -> None:
    """Fail halfway."""
    write_generation(stage, "2")
    (stage / "data").mkdir()


def write_on_full_disk(stage: Path) -> None:
    (stage / "核查报告.html").symlink_to("/dev/full")
    write_generation(stage, "2")


def generations(out: Path) -> set[str]:
    files = [out / "核查报告.html", *(path for name in MADE_ANEW[1:] for path in (out / name).iterdir())]
    assert len(files) == 10
    return {path.read_text() for path in files}


def beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out and not path.name.endswith(".lock"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "输出"


@pytest.fixture(params=["exchange", "two steps"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the system's exchange of two folders, and as on a system that has none."""
    if request.param == "two steps":
        monkeypatch.setattr(swapping, "exchange", lambda one, other: False)
    elif sys.platform == "linux":
        assert swapping.exchange is not None
    return str(request.param)


class TestPublishing:
    def test_the_first_run_makes_the_folder_and_those_above_it(self, tmp_path: Path) -> None:
        out = tmp_path / "a" / "b" / "out"
        with publish(out) as stage:
            write_generation(stage, "1")
            assert not out.exists()
        assert generations(out) == {"1"}
        assert sorted(path.name for path in out.iterdir()) == sorted(MADE_ANEW)

    def test_a_later_run_replaces_what_it_manages(self, out: Path, way: str) -> None:
        for generation in ("1", "2", "3"):
            with publish(out) as stage:
                write_generation(stage, generation)
                (stage / "退回" / f"only in {generation}").write_text(generation)
            (out / "退回" / f"only in {generation}").unlink()
            assert generations(out) == {generation}
        assert beside(out) == []

    def test_a_folder_may_be_called_as_those_beside_it_are(self, tmp_path: Path, way: str) -> None:
        out = tmp_path / "结果.tmp-1.old-2"
        for generation in ("1", "2"):
            with publish(out) as stage:
                write_generation(stage, generation)
        assert generations(out) == {"2"}
        assert beside(out) == []

    def test_an_output_that_is_not_written_again_goes(self, out: Path, way: str) -> None:
        with publish(out) as stage:
            write_generation(stage, "1")
        with publish(out) as stage:
            (stage / "data").mkdir()
        assert [name for name in MADE_ANEW if (out / name).exists()] == ["data"]

    def test_what_no_run_writes_stays_the_very_same(self, out: Path, way: str) -> None:
        with publish(out) as stage:
            write_generation(stage, "1")
        (out / "kbxt.db").write_text("ledger")
        (out / "发件" / "梅林中学").mkdir(parents=True)
        (out / "发件" / "梅林中学" / "mail.eml").write_text("mail")
        (out / "link").symlink_to("kbxt.db")
        ledger = (out / "kbxt.db").stat().st_ino
        with (out / "kbxt.db").open("a") as still_open, publish(out) as stage:
            write_generation(stage, "2")
            still_open.write(", and on")
        assert (out / "kbxt.db").read_text() == "ledger, and on"
        assert (out / "kbxt.db").stat().st_ino == ledger
        assert (out / "发件" / "梅林中学" / "mail.eml").read_text() == "mail"
        assert (out / "link").is_symlink()
        assert generations(out) == {"2"}

    def test_a_ledger_written_by_the_run_replaces_the_old_one_and_its_log(self, out: Path, way: str) -> None:
        with publish(out) as stage:
            write_generation(stage, "1")
        (out / "kbxt.db").write_text("old")
        (out / "kbxt.db-wal").write_text("of the old one")
        with publish(out) as stage:
            write_generation(stage, "2")
            (stage / "kbxt.db").write_text("new")
        assert (out / "kbxt.db").read_text() == "new"
        assert not (out / "kbxt.db-wal").exists()

    def test_what_is_put_there_while_a_run_ends_is_brought_over(
        self, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with publish(out) as stage:
            write_generation(stage, "1")

        def late_swap(new: Path, old: Path, patience: float) -> Path:
            (old / "盖章扫描件.pdf").write_text("scan")
            return swapping.swap(new, old, patience)

        monkeypatch.setattr(publishing, "swap", late_swap)
        with publish(out) as stage:
            write_generation(stage, "2")
        assert (out / "盖章扫描件.pdf").read_text() == "scan"

    def test_a_run_that_fails_leaves_the_last_good_one(self, out: Path, way: str) -> None:
        with publish(out) as stage:
            write_generation(stage, "1")
        with pytest.raises(FileExistsError), publish(out) as stage:
            write_twice(stage)
        assert generations(out) == {"1"}
        assert beside(out) == []

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
    def test_only_the_owner_can_read(self, out: Path, way: str) -> None:
        for generation in ("1", "2"):
            with publish(out) as stage:
                write_generation(stage, generation)
                (stage / "data" / "0.txt").chmod(0o644)
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (out, *out.rglob("*"))}
        assert modes == {(True, 0o700), (False, 0o600)}

    def test_a_link_to_the_folder_is_followed(self, out: Path, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(out)
        for generation in ("1", "2"):
            with publish(link) as stage:
                write_generation(stage, generation)
        assert link.is_symlink()
        assert generations(out) == {"2"}


class TestRefusals:
    def test_a_file_is_no_folder(self, out: Path) -> None:
        out.write_text("a letter")
        with pytest.raises(OutputError), publish(out):
            pass
        assert out.read_text() == "a letter"

    def test_a_folder_below_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError), publish(tmp_path / "file" / "out"):
            pass

    def test_the_working_folder_and_those_above_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        for folder in (Path(), Path("..")):
            with pytest.raises(OutputError), publish(folder):
                pass

    @pytest.mark.parametrize(
        ("inbox", "out"),
        [("in", "in"), ("in", "in/out"), ("out/in", "out"), ("out/a.xlsx", "out"), ("in", "x/../in/out")],
    )
    def test_an_inbox_that_overlaps_is_refused(self, tmp_path: Path, inbox: str, out: str) -> None:
        with pytest.raises(OutputError):
            refuse_overlap(tmp_path / inbox, tmp_path / out)

    def test_an_inbox_beside_is_fine(self, tmp_path: Path) -> None:
        refuse_overlap(tmp_path / "return", tmp_path / "returned")

    def test_a_full_disk_is_told_and_loses_nothing(self, out: Path) -> None:
        with publish(out) as stage:
            write_generation(stage, "1")
        with pytest.raises(OutputError) as told, publish(out) as stage:
            write_on_full_disk(stage)
        assert isinstance(told.value.__cause__, OSError)
        assert told.value.__cause__.errno == errno.ENOSPC
        assert generations(out) == {"1"}
        assert beside(out) == []

    @pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX users")
    @pytest.mark.parametrize("is_made", [False, True])
    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path: Path, is_made: bool) -> None:
        out = tmp_path / "shut" / "out"
        out.mkdir(parents=True)
        if not is_made:
            out.rmdir()
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(folder.stat().st_mode | 0o755)
        for folder in (out, out.parent):
            if folder.exists():
                folder.chmod(0o555)
        me = os.geteuid()
        try:
            os.seteuid(me or 65534)  # root may write everywhere
            with pytest.raises(OutputError), publish(out):
                pass
        finally:
            os.seteuid(me)

    def test_a_fault_elsewhere_stays_what_it_is(self, out: Path, tmp_path: Path) -> None:
        with pytest.raises(PermissionError), publish(out):
            raise PermissionError(errno.EACCES, "no", str(tmp_path / "inbox" / "a.xlsx"))


class TestLock:
    def test_a_second_run_names_the_holder(self, out: Path) -> None:
        with publish(out), pytest.raises(OutputError) as told, publish(out, patience=0):
            pass
        assert str(os.getpid()) in told.value.sentence("zh")
        assert str(os.getpid()) in told.value.sentence("en")

    def test_a_second_run_waits_for_the_first(self, out: Path) -> None:
        def first() -> None:
            with publish(out) as stage:
                write_generation(stage, "1")
                holding.set()
                time.sleep(0.2)

        holding = threading.Event()
        thread = threading.Thread(target=first)
        thread.start()
        assert holding.wait(5)
        with publish(out) as stage:
            assert generations(out) == {"1"}
            write_generation(stage, "2")
        thread.join()
        assert generations(out) == {"2"}

    def test_a_worker_does_not_hold_what_its_parent_held(self, out: Path) -> None:
        context = multiprocessing.get_context("fork")
        done = context.Event()
        with hold(out, 0):
            worker = context.Process(target=done.wait)
            worker.start()
            time.sleep(0.1)
        try:
            with hold(out, 0):
                pass
        finally:
            done.set()
            worker.join()


ENDLESS_RUNS = """
import itertools, os
from pathlib import Path
from kbxt_merge.outputs.publish import swap
from kbxt_merge.outputs.publish.publish import publish
if {way!r} == "two steps":
    swap.exchange = lambda one, other: False
for run in itertools.count():
    generation = f"{{os.getpid()}}.{{run}}"
    with publish(Path({out!r})) as stage:
        (stage / "核查报告.html").write_text(generation)
        for path in [stage / folder / f"{{number}}.txt" for folder in ("汇总", "退回", "data") for number in range(3)]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(generation)
    print(run, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize(("way", "kills"), [("exchange", 30), ("two steps", 15)])
def test_a_killed_run_leaves_the_last_good_state_or_the_new_one(out: Path, way: str, kills: int) -> None:
    with publish(out) as stage:
        write_generation(stage, "0")
    (out / "kbxt.db").write_text("ledger")
    code = ENDLESS_RUNS.format(way=way, out=str(out))
    chance = random.Random(2021)
    for _ in range(kills):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
        if way == "exchange":  # without it, the next run mends what stands between two steps
            assert len(generations(out)) == 1
            assert (out / "kbxt.db").read_text() == "ledger"
        with publish(out) as stage:
            assert len(generations(out)) == 1
            write_generation(stage, "mine")
        assert generations(out) == {"mine"}
        assert (out / "kbxt.db").read_text() == "ledger"
        assert beside(out) == []
