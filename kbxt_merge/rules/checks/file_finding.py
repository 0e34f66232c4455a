"""How a finding on a file or a sheet is made: its place, its severity and its facts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.wording import Fact, Facts
from kbxt_merge.rules.checks.file_rules import FILE_RULES


@dataclass(slots=True)
class FileFinding:
    """One finding on a file or a sheet, with the fields of FINDING_COLUMNS."""

    file: str
    rule: str
    sheet: str = ""
    cell: str = ""
    form: str = ""
    school: str = ""
    field: str = ""
    severity: str = ""
    value: str = ""
    facts: Facts = dataclasses.field(default_factory=Facts)
    suggestion: str = ""
    related: str = ""
    record: int = -1

    def telling(self, severity: Severity | None = None, /, **facts: Fact) -> FileFinding:
        """The finding with the facts of its sentence, and with this severity where the rule's own does not hold."""
        self.severity = (severity or FILE_RULES[self.rule].severity).value
        self.facts = Facts.of(**facts)
        return self


def on_sheet(returned: Returned, rule: str, cell: str = "", field: str = "", value: str = "") -> FileFinding:
    """A finding on a returned form, as yet without its facts."""
    place = FileFinding(returned.file.path, rule, returned.sheet.sheet, cell, returned.form.slug, returned.school)
    place.field, place.value = field, value
    return place
