"""A ledger as the last merge published it, to be read; free of pandas, for `kbxt status` must answer at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Row, func, select

from kbxt_merge.errors import LedgerError
from kbxt_merge.ledger.store import check_edition, connect, known_as, published_url, read_url, told_to_operator
from kbxt_merge.ledger.tables import passwords, periods, runs
from kbxt_merge.model.out_folder import LEDGER_FILE


@contextmanager
def published_ledger(out: Path, url: str) -> Iterator[Connection]:
    """The ledger in OUT, or at the URL; raises LedgerError where there is none."""
    place = read_url(url) if url else published_url(out / LEDGER_FILE)
    if not url and not (out / LEDGER_FILE).is_file():
        raise LedgerError(
            f"“{out}”里没有账本 {LEDGER_FILE}：请先运行 kbxt merge，或检查路径",
            f"there is no ledger ({LEDGER_FILE}) in {out}; run kbxt merge first, or check the path",
        )
    engine = connect(place, "" if url else str(out / LEDGER_FILE))
    try:
        with told_to_operator(known_as(engine)), engine.begin() as connection:
            check_edition(connection)
            yield connection
    finally:
        engine.dispose()


def last_merged(connection: Connection, out: Path, url: str, label: str, bureau: str = "") -> Row:  # type: ignore[type-arg]
    """The period of that label and bureau, or the one last merged: of a ledger that several folders share, last into
    this one."""
    wanted = select(periods, func.max(runs.c.id)).join(runs, runs.c.period == periods.c.id).group_by(*periods.c)
    if label:
        wanted = wanted.where(periods.c.label == label)
    if bureau:
        wanted = wanted.where(periods.c.bureau == bureau)
    elif url:
        here = select(periods.c.bureau).join(runs).where(runs.c.out == str(out.resolve()))
        wanted = wanted.where(periods.c.bureau.in_(here))
    found = connection.execute(wanted.order_by(func.max(runs.c.id).desc()).limit(1)).first()
    if found is None:
        raise LedgerError(
            f"账本里没有{label or '任何一期'}的汇总：请检查 --period",
            f"the ledger knows no round of {label or 'any period'}; check --period",
        )
    return found


def passwords_kept(out: Path, url: str) -> list[tuple[str, str]]:
    """The passwords that the ledger in OUT, or at the URL, keeps; raises LedgerError."""
    with published_ledger(out, url) as connection:
        return passwords_of(connection)


def passwords_of(connection: Connection) -> list[tuple[str, str]]:
    """The schools and the passwords that were made for them, the latest first."""
    found = select(passwords.c.school, passwords.c.password).order_by(passwords.c.id.desc())
    return [(row.school, row.password) for row in connection.execute(found)]
