"""Who gets a mail, and what it is about: read from OUT, as the last merge left it."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kbxt_merge.errors import MailError
from kbxt_merge.model.addresses import roster_addresses
from kbxt_merge.model.out_folder import (
    DATA_FOLDER,
    FILES_FILE,
    FINDINGS_FILE,
    RETURN_FOLDER,
    safe_name,
    school_folder,
)
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster, School

_STATE = ("rule", "severity", "form", "file", "sheet", "cell", "field", "value", "suggestion", "related")
"""What of a finding makes it another one; not its wording, which a new edition of the program changes."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A school of the roster: how much was found in its returns, what did not come, and the files that go back to it.

    `missing` are the sentences of the findings that say so, without names or numbers of children; `nothing_came` that
    they are about all forms. `forms` leads from a file's stem to the numbers of the forms in it. `state` is a digest
    of all that was found. `open_files` are those of its files that hold no child and go unlocked.
    """

    school: School
    counts: Mapping[Severity, int]
    missing: tuple[str, ...]
    files: tuple[Path, ...]
    nothing_came: bool = False
    forms: Mapping[str, tuple[str, ...]] | None = None
    state: str = ""
    open_files: frozenset[Path] = frozenset()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where its mail goes; none where the roster's cell can't be trusted."""
        return roster_addresses(self.school.email)

    def forms_in(self, file: Path) -> tuple[str, ...]:
        """The numbers of the forms in one of its files, none where nobody knows."""
        return (self.forms or {}).get(file.stem, ())


def read_recipients(
    out: Path, roster: Roster, missing_rules: Collection[str], only: Collection[str] = (), remind: bool = False
) -> list[Recipient]:
    """The schools to write to, in roster order; `remind` leaves those that owe a return or a correction.

    `missing_rules` are the rules that say that something of a school did not come. Raises MailError where OUT holds no
    merge, or `only` names a school that the roster does not have.
    """
    found: dict[str, list[Row]] = {}
    for row in _rows(out, FINDINGS_FILE):
        found.setdefault(row["school"], []).append(row)
    forms = _forms_of_files(_rows(out, FILES_FILE))
    recipients = [
        _recipient(school, found.get(school.name, []), missing_rules, out, forms.get(school.name, {}))
        for school in chosen(roster, only)
    ]
    return [each for each in recipients if each.missing or each.counts[Severity.ERROR] or not remind]


def _recipient(
    school: School,
    found: list[Row],
    missing_rules: Collection[str],
    out: Path,
    forms: Mapping[str, tuple[str, ...]],
) -> Recipient:
    counts = Counter(row["severity"] for row in found if row["rule"] not in missing_rules)
    missing = [row for row in found if row["rule"] in missing_rules]
    nothing_came = any(not row["form"] for row in missing) and not counts[Severity.ERROR.value]
    if not nothing_came:  # something did come, if only a file that can't be read
        missing = [row for row in missing if row["form"]]
    return Recipient(
        school,
        {severity: counts[severity.value] for severity in Severity},
        tuple(row["message"] for row in missing),
        () if nothing_came else _files(out / RETURN_FOLDER / school_folder(school.name)),
        nothing_came,
        forms,
        _state(found),
    )


def _state(found: Iterable[Row]) -> str:
    """A digest of what asks something of the school, in whatever order it was found."""
    asking = (row for row in found if row["severity"] != Severity.INFO.value)
    lines = sorted("\0".join(row.get(name, "") for name in _STATE) for row in asking)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _forms_of_files(files: Iterable[Row]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The forms in each school's workbooks, by the stem under which they go back; none where two of a name differ."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in files:
        stem = Path(safe_name(PurePosixPath(row["file"]).name)).stem
        forms = tuple(filter(None, row["forms"].split(",")))
        for school in row["school"].split("、"):
            known = found.setdefault(school, {})
            known[stem] = forms if known.get(stem, forms) == forms else ()
    return found


def chosen(roster: Roster, only: Collection[str]) -> list[School]:
    """The schools to write to, in roster order; raises MailError where `only` names one that the roster lacks."""
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


def _rows(out: Path, name: str) -> list[Row]:
    try:
        with (out / DATA_FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    except FileNotFoundError as fault:
        raise MailError(
            f"{out} 里没有汇总结果，请先运行 kbxt merge。", f"{out} holds no merge; run kbxt merge first."
        ) from fault


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(each for each in folder.iterdir() if each.is_file())) if folder.is_dir() else ()
