"""Who gets a mail, and what it is about: read from OUT, as the last merge left it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.errors import MailError
from kbxt_merge.model.out_folder import DATA_FOLDER, FINDINGS_FILE, RETURN_FOLDER, school_folder
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster, School


@dataclass(frozen=True, slots=True)
class Recipient:
    """A school of the roster: how much was found, what of it did not come, and the files that go back to it.

    `missing` are the sentences of the findings that say so, without names or numbers of children.
    """

    school: School
    counts: Mapping[Severity, int]
    missing: tuple[str, ...]
    files: tuple[Path, ...]


def read_recipients(
    out: Path, roster: Roster, missing_rules: Collection[str], only: Collection[str] = (), remind: bool = False
) -> list[Recipient]:
    """The schools to write to, in roster order; `remind` leaves those of which something is missing.

    `missing_rules` are the rules that say that something of a school did not come. Raises MailError where OUT holds no
    merge, or `only` names a school that the roster does not have.
    """
    chosen = _chosen(roster, only)
    counts: Counter[tuple[str, str]] = Counter()
    missing: dict[str, list[str]] = {}
    for row in _findings(out):
        counts[row["school"], row["severity"]] += 1
        if row["rule"] in missing_rules:
            missing.setdefault(row["school"], []).append(row["message"])
    recipients = [
        Recipient(
            school,
            {severity: counts[school.name, severity.value] for severity in Severity},
            tuple(missing.get(school.name, ())),
            _files(out / RETURN_FOLDER / school_folder(school.name)),
        )
        for school in chosen
    ]
    return [each for each in recipients if each.missing or not remind]


def _chosen(roster: Roster, only: Collection[str]) -> list[School]:
    if not only:
        return list(roster.schools)
    found = {name: roster.find(name) for name in only}
    unknown = [name for name, school in found.items() if school is None]
    if unknown:
        names = "、".join(unknown)
        raise MailError(
            f"学校名册里没有：{names}。请核对 --only 后的学校名称。",
            f"the roster does not have: {', '.join(unknown)}; check the names after --only.",
        )
    wanted = {school.name for school in found.values() if school}
    return [school for school in roster.schools if school.name in wanted]


def _findings(out: Path) -> list[dict[str, str]]:
    path = out / DATA_FOLDER / FINDINGS_FILE
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    except FileNotFoundError as fault:
        raise MailError(
            f"{out} 里没有汇总结果，请先运行 kbxt merge。", f"{out} holds no merge; run kbxt merge first."
        ) from fault


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(each for each in folder.iterdir() if each.is_file())) if folder.is_dir() else ()
