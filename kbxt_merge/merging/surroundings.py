"""What a bureau knows besides the returns: in these surroundings a district is assembled, and a file looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.model.at_once import AtOnce
from kbxt_merge.model.decision import Decisions
from kbxt_merge.model.district import District, Records, Rows
from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster
from kbxt_merge.model.seal import Seal


@dataclass(frozen=True)
class Surroundings:
    """The forms, the roster, the period and its day, the seal of what was asked, and what the bureau decided.

    What is very much is done `at_once`.
    """

    forms: Forms
    roster: Roster | None
    period: Period
    as_of: dt.date
    seal: Seal | None
    decisions: Decisions
    at_once: AtOnce

    def district(
        self, readings: Sequence[Reading], *, whole: bool, before: Mapping[str, Records | Rows] | None = None
    ) -> District:
        """The district that these readings make; see `assemble`."""
        return assemble(
            readings,
            self.forms,
            self.roster,
            self.period,
            self.as_of,
            whole=whole,
            seal=self.seal,
            decisions=self.decisions,
            before=before,
            at_once=self.at_once,
        )

    def look_at(self, reading: Reading) -> FirstLook:
        """Judge one file by the rules that need no other, as `kbxt check` of it alone does: to judge the whole district
        takes several times as long."""
        from kbxt_merge.rules.run import check  # pandera takes its time

        sheets = [replace(each) for each in reading.sheets]  # these may let go of cells that the district is made of
        district = self.district([replace(reading, sheets=sheets)], whole=False)
        findings = check(district)
        errors, warnings = (findings.count(each.value) for each in (Severity.ERROR, Severity.WARNING))
        rows = sum(len(records) for records in district.records.values())
        return FirstLook(reading.file.path, rows, errors, warnings)
