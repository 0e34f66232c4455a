"""How a finding on a file or a sheet is made: its place, its severity and its sentences in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kbxt_merge.model.district import Returned
from kbxt_merge.model.rule import RuleCard, Severity
from kbxt_merge.model.text import Words, mask
from kbxt_merge.rules.checks.file_rules import FILE_RULES, STATISTICS_NOT_RETURNED

_CARDS: Mapping[str, RuleCard] = {**FILE_RULES, "form-not-returned": STATISTICS_NOT_RETURNED}


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
    message_zh: str = ""
    message_en: str = ""
    suggestion: str = ""
    related: str = ""
    record: int = -1


def on_sheet(returned: Returned, rule: str, cell: str = "", field: str = "", value: str = "") -> FileFinding:
    """A finding on a returned form, as yet without its words."""
    place = FileFinding(returned.file.path, rule, returned.sheet.sheet, cell, returned.form.slug, returned.school)
    place.field, place.value = field, value
    return place


def worded(finding: FileFinding, severity: Severity | None = None, **facts: Words | str) -> FileFinding:
    """The finding with its severity and its sentences, each fact in its place."""
    card: RuleCard = _CARDS[finding.rule]
    zh = {name: fact.zh if isinstance(fact, Words) else mask(fact) for name, fact in facts.items()}
    en = {name: fact.en if isinstance(fact, Words) else mask(fact) for name, fact in facts.items()}
    finding.severity = (severity or card.severity).value
    finding.message_zh, finding.message_en = card.message.zh.format(**zh), card.message.en.format(**en)
    return finding
