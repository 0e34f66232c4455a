"""An inbox at a URL is merged as the same files on disk are, here and on a cluster, and no password is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from merges import command, few, merged, merged_here, outputs
from servers import PASSWORD, PASSWORD_IN_URL, USER, Store, s3_server, sftp_server

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.assembly.roster import find_roster, read_roster
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.inbox import remote
from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.reading.cache import ReadingCache
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.intake.registers.folder import RegistersFolder, find_registers
from kbxt_merge.model.inbox import Inbox, RemoteInbox, parse_inbox
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Reading, SourceFile
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.rules.catalogue import CATALOGUE

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of drivers, and of a killed worker

LIMITS = Limits()


@pytest.fixture(scope="module")
def environ() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def store(environ: pytest.MonkeyPatch) -> Iterator[Store]:
    with s3_server(environ) as store:
        yield store


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few(tmp_path_factory.mktemp("district") / "收件")


@pytest.fixture(scope="module")
def url(store: Store, inbox: Path) -> str:
    """Where the same files are on the S3 server."""
    return store.take_over(inbox, "2021春/收件")


@pytest.fixture(scope="module")
def here(inbox: Path, url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this machine makes of the folder, whose files have the times that they have on the server."""
    return merged_here(inbox, tmp_path_factory.mktemp("here") / "out", "--engine", "local", "--jobs", "0")


def at(text: str) -> RemoteInbox:
    inbox = parse_inbox(text)
    assert isinstance(inbox, RemoteInbox)
    return inbox


def listed(files: Sequence[SourceFile]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(file.path, file.size, file.members) for file in files]


def test_a_bucket_is_merged_to_the_same_bytes_as_a_folder(here: dict[str, bytes], url: str, tmp_path: Path) -> None:
    assert len(here) > 30
    assert {Path(path).suffix or path for path in here} == {".csv", ".docx", ".html", ".json", ".xlsx", "data/log"}
    assert merged(url, tmp_path / "out", "--engine", "local") == here


@pytest.fixture(scope="module")
def cluster(environ: pytest.MonkeyPatch) -> Iterator[LocalCluster]:
    """Two workers that may start the processes in which files are read."""
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
    ):
        yield cluster


def test_two_workers_of_a_cluster_merge_a_folder_to_the_same_bytes(
    here: dict[str, bytes], inbox: Path, tmp_path: Path, cluster: LocalCluster
) -> None:
    on_it = ("--engine", "dask", "--scheduler", cluster.scheduler_address)
    assert merged(inbox, tmp_path / "out", *on_it) == here


def test_two_workers_of_a_cluster_merge_a_bucket_to_the_same_bytes_though_one_is_killed_at_work(
    here: dict[str, bytes], url: str, tmp_path: Path, cluster: LocalCluster
) -> None:
    merge = command(url, tmp_path / "out", "--engine", "dask", "--scheduler", cluster.scheduler_address)
    with subprocess.Popen(merge, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        killed = kill_one_at_work(cluster)
        said = process.communicate()[1]
    assert killed not in worker_pids(cluster).values()
    assert (process.returncode, said) == (0, b"")
    assert outputs(tmp_path / "out") == here


def worker_pids(cluster: LocalCluster) -> dict[str, int]:
    return {nanny.worker_address: nanny.pid for nanny in cluster.workers.values()}


def kill_one_at_work(cluster: LocalCluster) -> int:
    """Kill the first worker that is seen to have a batch; it is started anew by its nanny."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for address, state in list(cluster.scheduler.workers.items()):
            if state.processing:
                pid = worker_pids(cluster)[address]
                os.kill(pid, signal.SIGKILL)
                return pid
        time.sleep(0.01)
    raise TimeoutError


def test_a_merge_by_sftp_tells_the_password_nowhere(
    here: dict[str, bytes], inbox: Path, tmp_path: Path, environ: pytest.MonkeyPatch
) -> None:
    with sftp_server(tmp_path / "home", environ) as host:
        named = f"sftp://{USER}:{PASSWORD_IN_URL}@{host}{inbox}"
        assert merged_here(named, tmp_path / "out", "--jobs", "0") == here
    written = [path.read_bytes() for path in (tmp_path / "out").parent.rglob("*") if path.is_file()]
    assert not [data for data in written if PASSWORD.encode() in data or PASSWORD_IN_URL.encode() in data]


def test_an_sftp_server_that_is_gone_or_unknown_or_refuses_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").mkdir()
    with sftp_server(tmp_path / "home", monkeypatch) as host:
        refused = told(f"sftp://{USER}:not-{PASSWORD_IN_URL}@{host}{tmp_path}/inbox")
        missing = told(f"sftp://{USER}:{PASSWORD_IN_URL}@{host}{tmp_path}/no-inbox")
        monkeypatch.setenv("HOME", str(tmp_path))
        unknown = told(f"sftp://{USER}:{PASSWORD_IN_URL}@{host.replace('127.0.0.1', 'localhost')}{tmp_path}/inbox")
        gone = told(f"sftp://{USER}:{PASSWORD_IN_URL}@127.0.0.1:1{tmp_path}/inbox")
    assert len({refused, missing, unknown, gone}) == 4
    assert "known_hosts" in unknown


def told(named: str) -> str:
    """What a clerk is told of an inbox that can't be listed, its own name left out."""
    inbox = at(named)
    with pytest.raises(InboxError) as caught:
        walk(inbox)
    for language in ("zh", "en"):
        sentence = caught.value.sentence(language)
        assert str(inbox) in sentence
        assert PASSWORD_IN_URL not in sentence
        assert PASSWORD not in sentence
    return caught.value.sentence("en").replace(str(inbox), "")


def test_by_sftp_links_are_listed_and_not_followed_and_a_folder_that_is_closed_is_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inbox"
    (folder / "梅林小学").mkdir(parents=True)
    (folder / "梅林小学" / "附件2.xlsx").write_bytes(b"data")
    (folder / "passwords").symlink_to("/etc/passwd")
    stage = ReadReturn(load_forms({}), LIMITS)
    with sftp_server(tmp_path / "home", monkeypatch) as host:
        files = walk(at(f"sftp://{USER}:{PASSWORD_IN_URL}@{host}{folder}"))
        problem = stage(files[0]).problem
    assert [file.path for file in files] == ["passwords", "梅林小学/附件2.xlsx"]
    assert problem is not None
    assert (problem.slug, problem.facts["what"]) == ("file-other", "link")


def test_an_archive_on_a_server_is_an_inbox_and_so_is_a_folder_in_it(store: Store, tmp_path: Path) -> None:
    inbox = few(tmp_path / "inbox")
    archive = Path(shutil.make_archive(str(tmp_path / "district"), "zip", inbox))
    store.put("all/district.zip", archive.read_bytes())
    whole, part = f"zip://::{store.url}/all/district.zip", f"zip://沙地松林学校::{store.url}/all/district.zip"
    files = walk(parse_inbox(whole))
    assert listed(files) == listed(walk(archive))
    assert [content(file, LIMITS) for file in files] == [content(file, LIMITS) for file in walk(archive)]
    in_part = ["district.zip/沙地松林学校/附件1-2.xlsx"]
    assert [file.path for file in walk(at(part))] == in_part
    on_disk = walk(at(f"zip://沙地松林学校::{archive}"))
    assert [file.path for file in on_disk] == in_part
    assert content(on_disk[0], LIMITS) == (inbox / "沙地松林学校" / "附件1-2.xlsx").read_bytes()


def test_the_roster_beside_an_inbox_on_a_server_is_found(store: Store) -> None:
    store.put("with-roster/inbox/a.xlsx", b"")
    inbox = at(f"{store.url}/with-roster/inbox")
    assert find_roster(inbox) is None
    store.put("with-roster/学校名册.csv", "学校标识码,学校名称\n2136000001,梅林小学\n".encode())
    found = find_roster(inbox)
    assert str(found) == f"{store.url}/with-roster/学校名册.csv"
    assert [school.name for school in read_roster(found, ()).schools] == ["梅林小学"]


ROLL = "姓名,身份证件号,学校名称,学生状态\n赖小满,360704200805210315,梅林小学,{}\n"


def registers_at(place: Inbox | None, out: Path) -> list[tuple[list[str], list[str]]]:
    """The files of the registers that were read at a place, and what 学籍 says of its one child."""
    assert place is not None
    read = RegistersFolder(place, load_forms(CATALOGUE), LIMITS, jobs=0, out=out).read(Period.parse("2021春"))
    assert [each.trouble for each in read.files] == [None] * len(read.files)
    return [(list(each.files), each.column("status").texts.tolist()) for each in read.registers.values()]


def test_registers_beside_an_inbox_on_a_server_are_found_and_fetched_again_only_when_they_are_others(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("with-registers/收件/a.xlsx", b"")
    inbox = at(f"{store.url}/with-registers/收件")
    assert find_registers(inbox) is None
    store.put("with-registers/比对库/学籍.csv", ROLL.format("在读").encode("gbk"))
    found = find_registers(inbox)
    assert str(found) == f"{store.url}/with-registers/比对库"
    expected = [(["比对库/学籍.csv"], ["在读"])]
    assert registers_at(found, tmp_path / "out") == expected
    fetched: list[str] = []
    steady = remote.steady
    monkeypatch.setattr(remote, "steady", lambda place, limits: fetched.append(place) or steady(place, limits))
    assert registers_at(found, tmp_path / "out") == expected
    assert fetched == []
    store.put("with-registers/比对库/学籍.csv", ROLL.format("辍学").encode("gbk"))
    assert registers_at(found, tmp_path / "out") == [(["比对库/学籍.csv"], ["辍学"])]
    assert len(fetched) == 1
    kept = [path.read_bytes() for path in (tmp_path / ".out.registers").iterdir()]
    assert len(kept) == 1
    assert b"s3://" not in kept[0]


def test_registers_in_an_archive_and_on_an_sftp_server_are_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "局" / "比对库"
    folder.mkdir(parents=True)
    (folder.parent / "收件").mkdir()
    (folder / "学籍.csv").write_bytes(ROLL.format("在读").encode("gbk"))
    archive = Path(shutil.make_archive(str(tmp_path / "导出"), "zip", folder.parent))
    store.put("registers/导出.zip", archive.read_bytes())
    expected = [(["导出.zip/比对库/学籍.csv"], ["在读"])]
    for place in (f"zip://比对库::{store.url}/registers/导出.zip", f"zip://比对库::{archive}", f"zip://::{archive}"):
        assert registers_at(parse_inbox(place), tmp_path / "out") == expected
    with sftp_server(tmp_path / "home", monkeypatch) as host:
        found = find_registers(at(f"sftp://{USER}:{PASSWORD_IN_URL}@{host}{folder.parent}/收件"))
        assert registers_at(found, tmp_path / "out") == [(["比对库/学籍.csv"], ["在读"])]
        nowhere = find_registers(at(f"sftp://{USER}:{PASSWORD_IN_URL}@{host}{tmp_path}/收件"))
    assert nowhere is None
    assert PASSWORD not in str(found)


def test_a_merge_holds_a_bucket_against_registers_named_by_their_url(store: Store, inbox: Path, tmp_path: Path) -> None:
    store.put("elsewhere/学籍.csv", ROLL.format("在读").encode("gbk"))
    store.put("few/附件1-2.xlsx", (inbox / "沙地松林学校" / "附件1-2.xlsx").read_bytes())
    named = f"{store.url}/elsewhere"
    made = merged_here(f"{store.url}/few", tmp_path / "out", "--jobs", "0", "--registers", named)
    facts = made["data/run.json"].decode()
    assert f'"registers": "{named}"' in facts
    assert '"file": "elsewhere/学籍.csv"' in facts


def test_what_was_read_from_a_server_is_read_again_only_when_it_is_another(
    store: Store, inbox: Path, tmp_path: Path
) -> None:
    place = at(store.take_over(inbox, "kept"))
    kept = tmp_path / "kept"
    first, asked = read(place, kept)
    assert len(asked) > 10
    assert read(place, kept) == (first, [])
    changed = "沙地松林学校/附件1-2.xlsx"
    store.put(f"kept/{changed}", (inbox / changed).read_bytes() + b"\0")
    assert read(place, kept)[1] == [changed]
    assert b"s3://" not in kept.read_bytes()


def read(place: RemoteInbox, kept: Path) -> tuple[list[Reading], list[str]]:
    """The readings by a new run, and which files it had to read."""
    stage = ReadReturn(load_forms({}), LIMITS)
    asked: list[str] = []

    def read_all(files: Sequence[SourceFile]) -> list[Reading]:
        asked.extend(file.path for file in files)
        return [stage(file) for file in files]

    with ResultStore(kept) as known:
        return ReadingCache(known, stage).read(walk(place), read_all, lambda count: None), asked


def test_a_bucket_that_is_not_there_is_told_to_the_operator(store: Store) -> None:
    told("s3://no-such-bucket/inbox")
    told(f"{store.url}/no-such-folder")
