"""`kbxt pack`: what a higher office asks for, in one locked archive."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.ledger.correspondence import files_that_came
from kbxt_merge.mail.encrypt import sealed_files
from kbxt_merge.mail.outbox import Sent, mails_of
from kbxt_merge.model.china_time import in_china
from kbxt_merge.model.out_folder import (
    DATA_FOLDER,
    DIFFERENCE_LIST,
    FILES_FILE,
    REMINDER_LIST,
    REPORT,
    ROWS_LEFT_OUT_FILE,
    RUN_FILE,
    SUMMARY_FOLDER,
)
from kbxt_merge.outputs.data.no_formula import no_formula
from kbxt_merge.outputs.data.run_file import bureau_of_last, period_of_last, read_run
from kbxt_merge.settings import Settings

CORRESPONDENCE = "往来登记.csv"
"""In the archive: a line a file that came and a mail that went."""

_STAYS = frozenset({DIFFERENCE_LIST, REMINDER_LIST})
"""What is the bureau's own: the registers' numbers, and the telephones of those who fill in the forms."""
_ACCOUNT = (FILES_FILE, ROWS_LEFT_OUT_FILE, RUN_FILE)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 12
_HEADER = ("时间", "方向", "学校", "文件或邮箱", "结果")


@dataclass(frozen=True, slots=True)
class Packed:
    """The archive that was written, what is in it, and the password that was made for it."""

    path: Path
    names: Sequence[str]
    password: str


def pack(out: Path, to: Path, settings: Settings) -> Packed:
    """Write summaries, report, account of files and correspondence of the last merge into OUT as a 7z under AES-256.

    Raises OutputError where OUT holds no merge, or something stands at `to`.
    """
    read_run(out)
    if to.exists() or to.resolve().is_relative_to(out.resolve()):
        raise OutputError(
            f"“{to}”已有文件，或在结果文件夹里面：请换一个 --to", f"{to} exists, or lies in OUT: choose another --to"
        )
    contents = dict(_contents(out, settings))
    password = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    to.parent.mkdir(parents=True, exist_ok=True)
    half = to.with_name(f".{to.name}.half")
    half.touch(mode=0o600)
    half.write_bytes(sealed_files(contents, password))
    half.replace(to)
    return Packed(to, list(contents), password)


def _contents(out: Path, settings: Settings) -> Iterator[tuple[str, bytes]]:
    yield REPORT, (out / REPORT).read_bytes()
    for path in sorted((out / SUMMARY_FOLDER).rglob("*")):
        if path.is_file() and path.name not in _STAYS:
            yield path.relative_to(out).as_posix(), path.read_bytes()
    for name in _ACCOUNT:
        yield f"{DATA_FOLDER}/{name}", (out / DATA_FOLDER / name).read_bytes()
    yield CORRESPONDENCE, _correspondence(out, settings).encode("utf-8-sig")


def _correspondence(out: Path, settings: Settings) -> str:
    """A line a file that came and a mail that went, in the order of time."""
    came = [
        (each.at, "收到", each.school, each.path, f"{each.verdict}{'，已不在收件夹' if each.gone else ''}")
        for each in files_that_came(out, settings.ledger, period_of_last(out), bureau_of_last(out))
    ]
    went = [
        # of what was begun and has no end nobody knows whether it arrived
        (each.at, "发出", each.school, each.address, each.event.replace("begin", Sent.UNCERTAIN.value))
        for each in mails_of(out)
    ]
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(_HEADER)
    for at, *rest in sorted([*came, *went], key=lambda each: each[0]):
        writer.writerow([f"{in_china(at):%Y-%m-%d %H:%M}", *map(no_formula, rest)])
    return told.getvalue()
