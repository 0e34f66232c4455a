"""The ledger on a real PostgreSQL server, which Debian's package brings: shared by folders, settled after a kill."""

from __future__ import annotations

import dataclasses
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bureau_rounds import FORMS, SCHOOLS, Bureau, id_number, listed, reading
from sqlalchemy import Connection, create_engine, text

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger.forgetting import Wanted, forget_child, forget_period
from kbxt_merge.ledger.store import MIGRATIONS, bring_up_to_date, connect, read_url

HERE = SCHOOLS[0]
WRONG = [reading(HERE, {"1-2": [listed("谢松林", "360704200905151020")]}, "2021-03-10")]
SOUND = [reading(HERE, {"1-2": [listed("谢松林", id_number(102))]}, "2021-03-10")]
BESIDE = [reading(SCHOOLS[1], {"1-2": []}, "2021-03-10")]


def programs() -> Path:
    """Where Debian keeps the newest server's programs; an error where there is none, for a test must not skip."""
    return max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])).parent


def run(*command: str | Path) -> None:
    """Run a program of the server, which refuses to be run by root."""
    as_its_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_its_user, *map(str, command)], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a server of our own, but for the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="kbxt-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    data, control = folder / "data", programs() / "pg_ctl"
    try:
        run(programs() / "initdb", "-D", data, "-U", "kbxt", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(control, "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
        yield f"postgresql+psycopg://kbxt@/{{}}?host={folder}"
        run(control, "stop", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    name = f"t{abs(hash(request.node.name))}"
    engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.format(name)


def scalars(url: str, query: str) -> list[object]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.scalars(text(query)))
    engine.dispose()
    return found


def test_rounds_live_on_a_server_as_they_do_in_a_file(url: str, tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "out", url)
    lives = [bureau.merge("2021春", files).lives("id-checksum") for files in (WRONG, WRONG + BESIDE, SOUND, WRONG)]
    assert [[life for *_, life in each] for each in lives] == [["new"], ["open"], [], ["back"]]
    assert not (tmp_path / "out" / "kbxt.db").exists()
    assert scalars(url, "SELECT state FROM runs") == ["done"] * 4


def test_earlier_periods_are_asked_of_the_server(url: str, tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "out", url)
    bureau.merge("2021-03", SOUND)
    none = [reading(HERE, {"1-2": []}, "2021-04-10")]
    assert bureau.merge("2021-04", none).found("vanished-without-return") == [("vanished-without-return", HERE, "")]


def test_a_run_whose_outputs_never_appeared_is_undone_by_the_next(url: str, tmp_path: Path) -> None:
    bureau, killed = Bureau(tmp_path / "out", url), Bureau(tmp_path / "out", url, publishes=False)
    bureau.merge("2021春", WRONG)
    killed.merge("2021春", SOUND)
    assert scalars(url, "SELECT state FROM runs ORDER BY id") == ["done", "pending"]
    again = bureau.merge("2021春", WRONG)
    assert (again.changes.number, again.changes.again) == (1, True)
    assert scalars(url, "SELECT state FROM runs ORDER BY id") == ["done"]
    assert scalars(url, "SELECT count(*) FROM records WHERE closed IS NULL") == [1]


def test_a_run_that_was_killed_after_its_outputs_appeared_is_kept(url: str, tmp_path: Path) -> None:
    bureau, killed = Bureau(tmp_path / "out", url), Bureau(tmp_path / "out", url, publishes=False)
    bureau.merge("2021春", WRONG)
    killed.merge("2021春", SOUND)
    shutil.rmtree(bureau.out)
    bureau.out.with_name(".out.stage").rename(bureau.out)
    back = bureau.merge("2021春", WRONG)
    assert [life for *_, life in back.lives("id-checksum")] == ["back"]
    assert scalars(url, "SELECT state FROM runs ORDER BY id") == ["done"] * 3


def test_two_bureaus_share_a_server_and_see_nothing_of_each_other(url: str, tmp_path: Path) -> None:
    Bureau(tmp_path / "one", url).merge("2021-03", SOUND)
    theirs = dataclasses.replace(FORMS, bureau="南康区教育局")
    other = Bureau(tmp_path / "two", url, forms=theirs).merge("2021-04", [reading(HERE, {"1-2": []}, "2021-04-10")])
    assert other.district.earlier is None
    assert other.changes.number == 1


def test_an_older_ledger_on_a_server_is_migrated_after_a_copy(url: str, tmp_path: Path) -> None:
    Bureau(tmp_path / "out", url).merge("2021春", WRONG)

    def add(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE runs ADD COLUMN note TEXT"))

    engine = connect(read_url(url))
    bring_up_to_date(engine, (*MIGRATIONS, add))
    engine.dispose()
    last = len(MIGRATIONS)
    assert scalars(url, "SELECT version FROM versions ORDER BY version") == list(range(1, last + 2))
    assert scalars(url, f"SELECT max(version) FROM kbxt_v{last}.versions") == [last]
    assert scalars(url, f"SELECT count(*) FROM kbxt_v{last}.findings") == scalars(url, "SELECT count(*) FROM findings")


def test_a_child_and_a_period_are_forgotten_on_a_server_too(url: str, tmp_path: Path) -> None:
    other = Bureau(tmp_path / "other", url, forms=dataclasses.replace(FORMS, bureau="另一个教育局"))
    other.merge("2020秋", SOUND, "2020-09-20T09:00:00+08:00")
    bureau = Bureau(tmp_path / "out", url)
    bureau.merge("2020秋", WRONG + BESIDE, "2020-09-20T09:00:00+08:00")
    bureau.merge("2021春", SOUND)
    child = Wanted(id_number(102), "", "", frozenset({"id_number"}), frozenset({"name"}))
    with forget_child(tmp_path / "out", url, child) as forgotten:
        assert (forgotten.rows["records"], list(forgotten.traces)) == (1, ["2021春"])
    with forget_period(tmp_path / "out", url, "2020秋") as forgotten:
        assert forgotten.rows["periods"] == 1
    with pytest.raises(LedgerError), forget_period(tmp_path / "out", url, "2020秋"):
        pass
    assert scalars(url, "select bureau || label from periods order by 1") == [
        "另一个教育局2020秋",
        f"{FORMS.bureau}2021春",
    ]
    assert scalars(url, "select count(*) from records") == [1]  # the other bureau's
