"""What schools owe, by what was found and by what the mailbox waits for: asked by a merge, told in what it writes."""

from __future__ import annotations

from pathlib import Path

from kbxt_merge.mail.waiting import last_sent, waiting
from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.owed import Owed
from kbxt_merge.settings import Settings


def what_schools_owe(checked: Checked, out: Path, inbox: Path | None, settings: Settings) -> tuple[Owed, ...]:
    """The schools that owe something; `inbox` is where the returns lie, if on disk."""
    from kbxt_merge.rules.owed import owed  # brings all rules, which other commands need not

    district, verdicts = checked.district, checked.verdicts
    arrival = {each.file.path: each.file.arrival for each in district.readings}
    came: dict[str, float] = {}
    for file, school in zip(verdicts["file"], verdicts["school"], strict=True):
        came[school] = max(arrival[file], came.get(school, arrival[file]))
    newest = {school: moment_of(at) for school, at in came.items()}
    awaited = waiting(out, inbox, settings.mail, district.period, newest)
    return owed(district, checked.findings, verdicts, awaited, last_sent(out))
