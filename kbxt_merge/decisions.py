"""The clerk's word → the next merge: decisions are lines in OUT/办理/decisions.jsonl, whoever writes them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock

from kbxt_merge.errors import SettingsError
from kbxt_merge.mail.journal import Journal
from kbxt_merge.model.decision import Act, Decision, Decisions
from kbxt_merge.model.out_folder import CLERKS_FOLDER

_FILE = "decisions.jsonl"
_SHOWN_FILE = "显示记录.jsonl"
_LOGINS_FILE = "登录记录.jsonl"
_KEY_BYTES = 6


def decided(out: Path) -> Decisions:
    """The decisions that hold in OUT; raises SettingsError for a line that is none."""
    return Decisions.of(every_decision(out))


def every_decision(out: Path) -> Sequence[Decision]:
    """All that was ever decided in OUT, also what was withdrawn, in its order."""
    path = out / CLERKS_FOLDER / _FILE
    try:
        return [_decision(line) for line in Journal(path).events()]
    except (ValueError, KeyError, TypeError) as fault:
        raise SettingsError(
            f"“{path}”中有一行不是本程序写的，或被改动过：请把该文件改名留存后再运行",
            f"a line of {path} was not written by this program, or was changed; rename the file and run again",
        ) from fault


def decide(
    out: Path, act: Act, abouts: Iterable[Mapping[str, str]], *, reason: str = "", by: str = ""
) -> Sequence[Decision]:
    """Decide the same about each of these; all have reached the disk when this returns."""
    path = out / CLERKS_FOLDER / _FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [Decision(secrets.token_hex(_KEY_BYTES), act, _now(), dict(about), reason, by) for about in abouts]
    with FileLock(path.with_suffix(".lock")):
        journal = Journal(path)
        for each in made:
            journal.write(asdict(each))
    return made


def withdraw(out: Path, keys: Iterable[str], *, by: str = "") -> Sequence[Decision]:
    """Let earlier decisions hold no more."""
    return decide(out, Act.WITHDRAW, ({"key": key} for key in keys), by=by)


def note_shown(out: Path, what: str, whose: str, by: str = "") -> None:
    """Write down that a whole number was shown: what, whose, when, and to whom."""
    _note(out / CLERKS_FOLDER / _SHOWN_FILE, {"at": _now(), "what": what, "whose": whose, "by": by})


def note_login(out: Path, name: str, client: str, *, came_in: bool) -> None:
    """Write down that somebody came in by an account, or tried to, and from which machine."""
    _note(out / CLERKS_FOLDER / _LOGINS_FILE, {"at": _now(), "name": name, "from": client, "came_in": came_in})


def _note(path: Path, event: Mapping[str, object]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        Journal(path).write(event)


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def _decision(line: Mapping[str, Any]) -> Decision:
    about = {str(name): str(value) for name, value in line["about"].items()}
    return Decision(line["key"], Act(line["act"]), line["at"], about, line["reason"], line["by"])
