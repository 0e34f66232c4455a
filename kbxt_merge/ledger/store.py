"""Where the ledger lies: opened, copied, brought to this edition, and what databases say turned into sentences."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger.first_edition import first_edition
from kbxt_merge.ledger.second_edition import second_edition
from kbxt_merge.ledger.tables import METADATA, versions

Migration = Callable[[Connection], None]

MIGRATIONS: tuple[Migration, ...] = (first_edition, second_edition)
"""What leads from each edition of the ledger to the next; all together make of an empty database what `tables` says."""

_SECONDS_FOR_OTHERS = 60
"""How long a writer waits for another one."""
_KNOWN_AS = "kbxt_known_as"
_LOCK_KEY = 0x6B627874
"""The advisory lock of PostgreSQL that one writer holds: `kbxt` in ASCII."""


def file_url(path: Path) -> URL:
    """The URL of a ledger in a file."""
    return URL.create("sqlite", database=str(path))


def published_url(path: Path) -> URL:
    """The URL by which a published ledger is read: it is never changed, but replaced; nothing is written beside it."""
    query = {"uri": "true", "mode": "ro", "immutable": "1"}
    return URL.create("sqlite", database=as_sqlite_uri(path.absolute()), query=query)


def as_sqlite_uri(path: PurePath) -> str:
    r"""The path as SQLite takes it in a URI: a server's name belongs to the path, for SQLite knows no other machine.

    >>> as_sqlite_uri(PureWindowsPath(r"\\server\share\a#b.db")), as_sqlite_uri(PureWindowsPath(r"C:\a.db"))
    ('file:////server/share/a%23b.db', 'file:///C:/a.db')
    """
    return re.sub(r"^file://(?=[^/])", "file:////", path.as_uri())


def read_url(given: str) -> URL:
    """The URL as the operator gave it; LedgerError where it is none."""
    try:
        return make_url(given)
    except ArgumentError as error:
        raise LedgerError(
            "ledger 不是数据库地址：请写成 postgresql+psycopg://用户@主机/数据库",
            "ledger is no database URL; write it as postgresql+psycopg://user@host/database",
        ) from error


def connect(url: URL, known_as: str = "") -> Engine:
    """An engine for the URL; LedgerError where its driver is not installed.

    Who is told of it reads `known_as`, if it is a copy. What it says of a fault never tells the values of rows.
    """
    try:
        engine = create_engine(
            url,
            connect_args={"timeout": _SECONDS_FOR_OTHERS} if _is_sqlite(url) else {},
            execution_options={_KNOWN_AS: known_as or _shown(url)},
            hide_parameters=True,
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise LedgerError(
            f"没有安装 {url.drivername} 的驱动：PostgreSQL 请运行 pip install 'kbxt-merge[postgresql]'",
            f"there is no driver for {url.drivername}; for PostgreSQL run pip install 'kbxt-merge[postgresql]'",
        ) from error
    if _is_sqlite(url):
        prepare = _prepare_on_share if is_on_share(str(url.database)) else _prepare
        event.listen(engine, "connect", _read_only if "immutable" in url.query else prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def is_on_share(path: str) -> bool:
    """Tell whether a file lies on another machine by its name (UNC)."""
    return path.startswith(("\\\\", "//")) and not path.startswith(("\\\\?\\", "\\\\.\\"))


def _prepare(connection: Any, _: object, journal: str = "WAL") -> None:
    connection.isolation_level = None  # `_begin` begins: Python's own way leaves out statements that define tables
    for pragma in (f"journal_mode = {journal}", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_on_share(connection: Any, _: object) -> None:
    _prepare(connection, _, "DELETE")  # WAL needs memory that all who are at it share


def _read_only(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    reads_only = "immutable" in connection.engine.url.query
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def lock(connection: Connection) -> None:
    """Let one writer in at a time until the transaction ends; SQLite's own lock is taken at its beginning."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK_KEY)))


def copy_file(source: Path, target: Path) -> None:
    """Copy a ledger as its last commit left it, whatever lies beside it."""
    with (
        told_to_operator(str(source)),
        closing(sqlite3.connect(source)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def bring_up_to_date(engine: Engine, migrations: Sequence[Migration] = MIGRATIONS, aside: Path | None = None) -> None:
    """Make the ledger one of this edition, in one transaction with the record of it; an older one is copied before.

    One in a file is copied to `aside`, one on a server into a schema of its own. Raises LedgerError for a newer one.
    """
    with engine.begin() as connection:
        lock(connection)
        found = check_edition(connection, migrations)
        if 0 < found < len(migrations):
            _keep_copy(connection, found, aside)
        for number, migrate in enumerate(migrations[found:], found + 1):
            migrate(connection)
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            connection.execute(versions.insert().values(version=number, applied=now))


def check_edition(connection: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The ledger's edition, 0 where there is none yet; LedgerError where it is newer than the program, or no ledger."""
    found = _edition(connection)
    if found > len(migrations):
        shown = known_as(connection)
        raise LedgerError(
            f"账本 {shown} 是更新版本的程序写的（{found} > {len(migrations)}）：请升级 kbxt 后再运行",
            f"the ledger {shown} is of a newer version ({found} > {len(migrations)}); upgrade kbxt",
        )
    return found


def _edition(connection: Connection) -> int:
    tables = inspect(connection).get_table_names()
    if versions.name not in tables:
        if set(tables) & set(METADATA.tables) or (tables and connection.dialect.name == "sqlite"):
            shown = known_as(connection)
            raise LedgerError(
                f"{shown} 不是 kbxt 的账本：请移走它，或用 ledger 另写一个地址",
                f"{shown} is not a ledger of kbxt; move it away, or name another one",
            )
        return 0
    return connection.scalar(select(func.coalesce(func.max(versions.c.version), 0))) or 0


def _keep_copy(connection: Connection, version: int, aside: Path | None) -> None:
    if connection.dialect.name == "sqlite":
        copy = aside or Path(f"{connection.engine.url.database}.v{version}")
        if not copy.exists():
            # the transaction has changed nothing yet: another connection sees what is to be kept
            copy_file(Path(str(connection.engine.url.database)), copy)
        return
    schema = f"kbxt_v{version}"
    quoted = connection.dialect.identifier_preparer.quote
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    for name in inspect(connection).get_table_names():
        connection.execute(text(f"CREATE TABLE {schema}.{quoted(name)} AS TABLE {quoted(name)}"))


def known_as(database: Engine | Connection) -> str:
    """What the operator knows a ledger by: its URL without the password, of a file its path."""
    return str(database.get_execution_options()[_KNOWN_AS])


@contextmanager
def told_to_operator(shown: str) -> Iterator[None]:
    """Turn whatever the database says of itself, or of what it is asked, into a LedgerError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        words = _words(error)
        raise LedgerError(f"账本 {shown}：{words[0]}", f"the ledger {shown}: {words[1]}") from error


BUSY = ("正被另一个程序占用，请稍后再试", "another program holds it; try again later")
_SQLITE_WORDS = {
    sqlite3.SQLITE_FULL: ("磁盘已满，请腾出空间后重新运行", "the disk is full; make room, and run again"),
    sqlite3.SQLITE_IOERR: (
        "磁盘读写出错（可能已满），请检查磁盘后重新运行",
        "reading or writing failed (the disk may be full); check it, and run again",
    ),
    sqlite3.SQLITE_READONLY: ("没有写权限，请检查文件夹权限", "it can't be written; check the folder's permissions"),
    sqlite3.SQLITE_CANTOPEN: ("打不开，请检查文件夹权限", "it can't be opened; check the folder's permissions"),
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_CORRUPT: (
        "文件已损坏，请用备份替换；没有备份时把它移走再运行（各轮对比从头开始）",
        "the file is damaged; put a backup in its place, or move it away and run again (rounds begin anew)",
    ),
}
_SQLITE_WORDS[sqlite3.SQLITE_NOTADB] = _SQLITE_WORDS[sqlite3.SQLITE_CORRUPT]


_UNDECODED = "Could not decode to UTF-8"
"""How Python's own part of SQLite, which gives no code, begins to tell that a text is none."""


def _words(error: DBAPIError | sqlite3.Error) -> tuple[str, str]:
    """Choose what to tell the operator; of the database's own words the first line, which has no values of rows."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    own = (str(cause).strip().splitlines() or [""])[0]
    if isinstance(cause, sqlite3.Error):
        code = sqlite3.SQLITE_CORRUPT if own.startswith(_UNDECODED) else getattr(cause, "sqlite_errorcode", 0)
        return _SQLITE_WORDS.get(code & 0xFF) or _refused(own)
    if isinstance(error, OperationalError | InterfaceError):
        return f"数据库没有回应（{own}），请检查地址和网络", f"no answer ({own}); check the URL and the network"
    return _refused(own)


def _refused(own: str) -> tuple[str, str]:
    return (
        f"写不进去或读不出来（{own}），原来的结果没有动；请用备份替换账本，或把它移走再运行",
        f"it refuses to be written or read ({own}), and the last results stand; "
        "put a backup in its place, or move it away and run again",
    )


def _shown(url: URL) -> str:
    """The URL without its password; of a file its path."""
    return str(url.database) if _is_sqlite(url) else url.render_as_string(hide_password=True)
