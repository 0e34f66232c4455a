"""What a file says by itself, told as soon as it is read: to judge the whole district takes several times as long."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.model.decision import Decisions
from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.form import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster
from kbxt_merge.model.seal import Seal


@dataclass(frozen=True)
class FirstLooks:
    """Looks at files one by one, in the surroundings in which the district will be judged."""

    forms: Forms
    roster: Roster | None
    period: Period
    as_of: dt.date
    seal: Seal | None
    decisions: Decisions

    def at(self, reading: Reading) -> FirstLook:
        """Judge a file by the rules that need no other, as `kbxt check` of it alone does."""
        from kbxt_merge.rules.run import check  # pandera takes its time

        district = assemble(
            [reading],
            self.forms,
            self.roster,
            self.period,
            self.as_of,
            whole=False,
            seal=self.seal,
            decisions=self.decisions,
        )
        findings = check(district)
        errors, warnings = (findings.count(each.value) for each in (Severity.ERROR, Severity.WARNING))
        rows = sum(len(records) for records in district.records.values())
        return FirstLook(reading.file.path, rows, errors, warnings)
