"""What a rule is held to: returned sheets, and everything that asks something of a school on them.

Every rule of the catalogue has a case that fails, one that holds and a blank one (`test_every_rule_is_tested`).  A case
tells all errors and warnings of its district, so that none is raised without cause beside the one it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sheets import Content, district, failing_checks, findings

from kbxt_merge.model.rule import Severity
from kbxt_merge.rules.catalogue import RULES

FILE, SHEET = "附件.xlsx", "Sheet1"
_OF_NO_RECORD = {"register-not-returned"}
"""What it finds stands on no record: no schema can fail of it."""


class Kind(StrEnum):
    """What becomes of a rule in a case."""

    FAILS = "fails"
    HOLDS = "holds"
    BLANK = "blank"


@dataclass(frozen=True)
class At:
    """Where a finding is expected, of the case's own rule unless another is named; None: not asserted."""

    cell: str
    file: str = FILE
    sheet: str = SHEET
    rule: str = ""
    severity: str | None = None
    field: str | None = None
    suggestion: str | None = None
    related: str | None = None


@dataclass(frozen=True)
class Case:
    """Returned files, and what is found in them; `setting` goes to the district."""

    slug: str
    kind: Kind
    why: str
    returns: Mapping[str, Content]
    expected: tuple[At, ...]
    setting: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.slug} {self.kind}: {self.why}"

    def hold(self) -> None:
        """Assert that the district yields the expected findings and nothing else that asks something of a school.

        The schemas of its forms must fail by the rules that ask something, and by no other.
        """
        with failing_checks() as failed:
            found = findings(district(self.returns, **self.setting))
        asked = [each for each in found if each.severity != Severity.INFO or each.rule == self.slug]
        on_records = [each for each in asked if each.file and each.rule in RULES.keys() - _OF_NO_RECORD]
        assert failed == {each.rule for each in on_records if each.severity != Severity.INFO}
        expected = sorted(
            self.expected, key=lambda at: (at.file, at.sheet, at.cell, at.rule or self.slug, at.field or "")
        )
        ordered = sorted(asked, key=lambda each: (each.file, each.sheet, each.cell, each.rule, each.field))
        places = [(each.file, each.sheet, each.cell, each.rule) for each in ordered]
        wanted = [(at.file, at.sheet, at.cell, at.rule or self.slug) for at in expected]
        assert places == wanted, f"found {places}, not {wanted}"
        for at, each in zip(expected, ordered, strict=True):
            for name in ("severity", "field", "suggestion", "related"):
                told, told_of = getattr(each, name), getattr(at, name)
                assert told_of in (None, told), f"{name} at {at.file} {at.cell} is {told!r}, not {told_of!r}"


def fails(slug: str, why: str, returns: Mapping[str, Content] | Content, *found: At, **setting: Any) -> Case:
    """The rule finds something."""
    return _case(slug, Kind.FAILS, why, returns, found, setting)


def holds(slug: str, why: str, returns: Mapping[str, Content] | Content, *beside: At, **setting: Any) -> Case:
    """The rule finds nothing, for what it looks at is sound, or not its affair."""
    return _case(slug, Kind.HOLDS, why, returns, beside, setting)


def blank(slug: str, why: str, returns: Mapping[str, Content] | Content, *beside: At, **setting: Any) -> Case:
    """The rule finds nothing, for what it looks at is not there."""
    return _case(slug, Kind.BLANK, why, returns, beside, setting)


def _case(
    slug: str,
    kind: Kind,
    why: str,
    returns: Mapping[str, Content] | Content,
    expected: tuple[At, ...],
    setting: Mapping[str, Any],
) -> Case:
    own = any(at.rule in ("", slug) for at in expected)
    assert own == (kind is Kind.FAILS), f"{slug}: a case that {kind} expects the rule's own finding, or does not"
    return Case(slug, kind, why, returns if isinstance(returns, Mapping) else {FILE: returns}, expected, setting)
