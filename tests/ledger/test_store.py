"""Where the ledger lies: its editions, its damage, its neighbours; always a real file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from traceback import format_exception

import pytest
from bureau_rounds import FORMS, SCHOOLS, Bureau, id_number, listed, reading
from sqlalchemy import Column, Connection, Engine, String, inspect, text

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger import held
from kbxt_merge.ledger.ledger import ledger_of
from kbxt_merge.ledger.published import published_ledger
from kbxt_merge.ledger.store import (
    MIGRATIONS,
    as_sqlite_uri,
    bring_up_to_date,
    connect,
    file_url,
    is_on_share,
    read_url,
)
from kbxt_merge.ledger.tables import METADATA, runs
from kbxt_merge.model.out_folder import LEDGER_FILE
from kbxt_merge.model.seal import Seal

FILES = [reading(SCHOOLS[0], {"1-2": [listed("赖晓青", id_number(101)), listed("谢松林", "")]}, "2021-03-10")]
OTHERS = [reading(SCHOOLS[1], {"1-2": [listed("谢竹青", id_number(555))]}, "2021-03-11")]
"""What comes in another round."""
TABLES = ("files", "returns", "records", "findings")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """A ledger with one run."""
    Bureau(tmp_path / "out").merge("2021春", FILES)
    return tmp_path / "out" / LEDGER_FILE


def test_the_ledger_keeps_a_journal_holds_its_keys_and_leaves_no_file_beside_it(merged: Path) -> None:
    assert rows(merged, "PRAGMA journal_mode") == [("wal",)]
    assert rows(merged, "PRAGMA integrity_check") == [("ok",)]
    assert rows(merged, "PRAGMA foreign_key_check") == []
    assert [each.name for each in merged.parent.iterdir()] == [LEDGER_FILE]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (
            PureWindowsPath(r"\\server\共享\结果\kbxt.db"),
            "file:////server/%E5%85%B1%E4%BA%AB/%E7%BB%93%E6%9E%9C/kbxt.db",
        ),
        (PureWindowsPath(r"C:\结果\a?b.db"), "file:///C:/%E7%BB%93%E6%9E%9C/a%3Fb.db"),
        (PurePosixPath("/out/kbxt.db"), "file:///out/kbxt.db"),
        (PurePosixPath("//out/kbxt.db"), "file:////out/kbxt.db"),
    ],
)
def test_a_path_on_another_machine_is_one_that_sqlite_takes(path: PurePath, uri: str) -> None:
    assert as_sqlite_uri(path) == uri


def test_a_ledger_on_a_share_is_read_and_written_without_shared_memory(tmp_path: Path) -> None:
    """Two slashes lead to the same place here, and are what a share begins with."""
    share = Path(f"/{tmp_path}")
    assert str(share).startswith("//")
    (share / "a").mkdir()
    engine = connect(file_url(share / "a" / LEDGER_FILE))
    bring_up_to_date(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "delete"
    engine.dispose()
    with published_ledger(share / "a", "") as connection:
        assert connection.execute(text("SELECT count(*) FROM versions")).scalar() == len(MIGRATIONS)
    assert [is_on_share(each) for each in (r"\\server\x", "//server/x", r"\\?\C:\x", r"C:\x", "/x")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_a_run_that_belongs_to_no_period_is_refused(merged: Path) -> None:
    engine = connect(file_url(merged))
    wrong = "INSERT INTO runs (period, uid, out, made, state, version, new, still, back, fixed, confirmed) "
    with pytest.raises(Exception, match="FOREIGN KEY"), engine.begin() as connection:
        connection.execute(text(wrong + "VALUES (99, 'x', '', '', 'done', '', 0, 0, 0, 0, 0)"))
    engine.dispose()


def test_a_merge_in_which_nothing_changes_writes_no_row(tmp_path: Path) -> None:
    bureau, ledger = Bureau(tmp_path / "out"), tmp_path / "out" / LEDGER_FILE
    bureau.merge("2021春", FILES)
    before = {table: rows(ledger, f"SELECT * FROM {table}") for table in (*TABLES, "runs")}
    bureau.merge("2021春", FILES)
    assert {table: rows(ledger, f"SELECT * FROM {table}") for table in (*TABLES, "runs")} == before


def add_a_note(connection: Connection) -> None:
    """A migration as the next edition may bring one: a table, a column, and what older rows hold in it."""
    connection.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT)"))
    connection.execute(text("ALTER TABLE runs ADD COLUMN note TEXT"))
    connection.execute(text("UPDATE runs SET note = 'of edition 1'"))


def shape(engine: Engine) -> dict[str, object]:
    """What SQLite knows of every table: its columns in order, its keys and indexes."""
    asked = inspect(engine)
    return {
        table: (
            [(each["name"], str(each["type"]), each["nullable"]) for each in asked.get_columns(table)],
            asked.get_pk_constraint(table)["constrained_columns"],
            sorted((each["constrained_columns"], each["referred_table"]) for each in asked.get_foreign_keys(table)),
            sorted((each["name"], each["column_names"], each["unique"]) for each in asked.get_indexes(table)),
            [each["column_names"] for each in asked.get_unique_constraints(table)],
        )
        for table in asked.get_table_names()
    }


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(file_url(tmp_path / "empty.db"))
    yield engine
    engine.dispose()


def test_the_migrations_make_of_nothing_what_the_tables_say(empty: Engine, tmp_path: Path) -> None:
    bring_up_to_date(empty)
    as_said = connect(file_url(tmp_path / "said.db"))
    METADATA.create_all(as_said)
    assert shape(empty) == shape(as_said)
    as_said.dispose()


def test_a_column_that_is_added_to_the_tables_comes_alike_to_an_old_and_to_a_new_ledger(
    merged: Path, empty: Engine
) -> None:
    def add_column(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE runs ADD COLUMN note VARCHAR"))

    old, note = connect(file_url(merged)), Column("note", String)
    runs.append_column(note)
    try:
        for engine in (old, empty):
            bring_up_to_date(engine, (*MIGRATIONS, add_column))
    finally:
        runs._columns.remove(note)
    assert shape(old) == shape(empty)
    assert rows(merged, "SELECT note FROM runs") == [(None,)]
    old.dispose()


def test_a_ledger_of_the_first_edition_gets_a_seal_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    engine = connect(file_url(tmp_path / "out" / LEDGER_FILE))
    bring_up_to_date(engine, MIGRATIONS[:1])
    engine.dispose()
    Bureau(tmp_path / "out").merge("2021春", FILES)
    keys = []
    for stage in (tmp_path / "stage1", tmp_path / "stage2"):
        stage.mkdir()
        with ledger_of(tmp_path / "out", stage, "") as ledger:
            keys.append((ledger.seal(FORMS.bureau).key, ledger.seal("别的局").key))
        shutil.copy(stage / LEDGER_FILE, tmp_path / "out" / LEDGER_FILE)
    assert keys[0] == keys[1]
    assert keys[0][0] != keys[0][1]
    assert repr(Seal(keys[0][0])) == "Seal()"


def fail(connection: Connection) -> None:
    add_a_note(connection)
    raise RuntimeError("killed half-way")


def test_an_older_ledger_is_migrated_after_a_copy(merged: Path, tmp_path: Path) -> None:
    engine, copy = connect(file_url(merged)), tmp_path / "copy.db"
    bring_up_to_date(engine, (*MIGRATIONS, add_a_note), copy)
    bring_up_to_date(engine, (*MIGRATIONS, add_a_note), copy)
    engine.dispose()
    assert rows(merged, "SELECT note FROM runs") == [("of edition 1",)]
    editions = [(number,) for number, _ in enumerate((*MIGRATIONS, add_a_note), 1)]
    assert rows(merged, "SELECT version FROM versions") == editions
    assert rows(copy, "SELECT version FROM versions") == editions[:-1]
    assert rows(copy, "SELECT count(*) FROM records") == rows(merged, "SELECT count(*) FROM records")


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(merged: Path) -> None:
    before = merged.read_bytes()
    engine = connect(file_url(merged))
    with pytest.raises(RuntimeError, match="half-way"):
        bring_up_to_date(engine, (*MIGRATIONS, fail))
    engine.dispose()
    assert merged.read_bytes() == before


def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(merged: Path, tmp_path: Path) -> None:
    engine = connect(file_url(merged))
    bring_up_to_date(engine, (*MIGRATIONS, add_a_note), tmp_path / "copy.db")
    engine.dispose()
    before = merged.read_bytes()
    with pytest.raises(LedgerError, match="newer"):
        Bureau(merged.parent).merge("2021春", FILES)
    assert merged.read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "truncated", "foreign"])
def test_a_file_that_is_no_sound_ledger_is_refused_in_a_sentence(merged: Path, damage: str) -> None:
    if damage == "text":
        merged.write_text("这不是数据库" * 200, encoding="utf-8")
    elif damage == "truncated":
        merged.write_bytes(merged.read_bytes()[: 3 * 4096])
    else:
        merged.unlink()
        with closing(sqlite3.connect(merged)) as connection:
            connection.execute("CREATE TABLE cats (name TEXT)")
    with pytest.raises(LedgerError) as refused:
        Bureau(merged.parent).merge("2021春", FILES)
    assert LEDGER_FILE in refused.value.sentence("zh")


@pytest.mark.parametrize("table", ["runs", "findings"])
def test_a_text_of_the_ledger_that_is_none_is_damage(merged: Path, table: str) -> None:
    change(merged, *(f"UPDATE {table} SET {name} = CAST(x'FF31' AS TEXT)" for name in texts_of(merged, table)))
    with pytest.raises(LedgerError, match=r"kbxt\.db: the file is damaged") as refused:
        Bureau(merged.parent).merge("2021春", OTHERS)
    assert f"{merged}：文件已损坏" in refused.value.sentence("zh")
    with pytest.raises(LedgerError, match="damaged"), published_ledger(merged.parent, "") as connection:
        connection.execute(text(f"SELECT * FROM {table}")).all()


def texts_of(path: Path, table: str) -> list[object]:
    columns = rows(path, f"SELECT name, type FROM pragma_table_info('{table}')")
    return [name for name, kind in columns if "CHAR" in str(kind)]


@pytest.mark.parametrize("table", TABLES)
def test_a_ledger_that_refuses_a_row_is_told_without_the_row(merged: Path, table: str) -> None:
    change(merged, f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'not this one'); END")
    before = merged.read_bytes()
    with pytest.raises(LedgerError, match="not this one") as refused:
        Bureau(merged.parent).merge("2021春", OTHERS)
    told = "".join(format_exception(refused.value))
    assert "IntegrityError" in told
    assert str(merged) in refused.value.sentence("zh")
    assert not any(secret in told for secret in (id_number(555), "谢竹青"))
    assert merged.read_bytes() == before


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for each in statements:
            connection.execute(each)
        connection.commit()


def test_a_ledger_that_another_program_holds_is_not_replaced(merged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_SECONDS_FOR_OTHERS", 0.1)
    (stage := merged.parent.with_name("stage")).mkdir()
    with closing(sqlite3.connect(merged, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="another program holds it"), ledger_of(merged.parent, stage, ""):
            pytest.fail("it was held from the beginning")
        other.execute("ROLLBACK")
        with pytest.raises(LedgerError, match="another program holds it"), ledger_of(merged.parent, stage, ""):
            other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        with pytest.raises(LedgerError, match="changed it during this merge"), ledger_of(merged.parent, stage, ""):
            other.execute("UPDATE runs SET version = 'of the other'")
        with ledger_of(merged.parent, stage, ""):  # looked at only
            assert other.execute("SELECT version FROM runs").fetchall() == [("of the other",)]
    assert rows(merged, "SELECT version FROM runs") == [("of the other",)]


def test_what_another_program_wrote_beside_the_ledger_is_heeded(merged: Path) -> None:
    held = sqlite3.connect(merged)
    held.execute("UPDATE runs SET version = 'seen'")
    held.commit()
    assert merged.with_name(f"{LEDGER_FILE}-wal").exists()
    stage = merged.parent.with_name("stage")
    stage.mkdir()
    with ledger_of(merged.parent, stage, ""):
        pass
    held.close()
    assert rows(stage / LEDGER_FILE, "SELECT version FROM runs") == [("seen",)]


@pytest.mark.parametrize("url", ["gibberish", "oracle+nothing://x/y", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_an_address_that_leads_nowhere_is_told_in_a_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(LedgerError):
        Bureau(tmp_path / "out", url).merge("2021春", FILES)


def test_a_password_in_the_address_is_never_told(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody:geheim@127.0.0.1:1/none"
    with pytest.raises(LedgerError) as refused:
        Bureau(tmp_path / "out", url).merge("2021春", FILES)
    assert "geheim" not in refused.value.sentence("zh") + refused.value.sentence("en")
    assert read_url(url).password == "geheim"
