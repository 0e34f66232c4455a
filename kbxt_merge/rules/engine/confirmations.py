"""Warnings answered with 核实无误 and a reason, by a school or the bureau: they are told, and no longer asked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kbxt_merge.model.answer import Answer, AnswerStanding
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings, objects
from kbxt_merge.model.fingerprints import identify
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.seal import Seal
from kbxt_merge.model.wording import Facts

_SAME = ("rule", "form", "school", "field", "value_digest")
"""What an answer and a warning must share besides the child."""


_ByKey = Mapping[tuple[str, ...], Sequence[tuple["Answer", "_Child"]]]


@dataclass(frozen=True, slots=True)
class _Child:
    """By what a finding's child is known; a finding about no child is known by its sheet."""

    by_id: str
    by_name: str
    sheet: str

    def is_same(self, other: _Child) -> bool:
        """Tell whether both are one child: by ID number where both have one, else by name."""
        if not (self.by_id or self.by_name):
            return not (other.by_id or other.by_name) and self.sheet == other.sheet
        if self.by_id and other.by_id:
            return self.by_id == other.by_id
        return self.by_name != "" and self.by_name == other.by_name


def confirmations(
    district: District, findings: Findings, remembered: Iterable[Answer] = (), seal: Seal | None = None
) -> Mapping[int, Answer]:
    """The answer that confirms a warning, by the warning's label in the findings' frame: one of the district's, which
    speak of digests by the seal, else one that is remembered.

    Errors can't be confirmed away; nor are warnings by an answer without a reason, of another school, or for another
    child or value.
    """
    told = _by_key(district, district.answers if seal else ())
    known = _by_key(district, remembered)
    warnings = findings.frame[findings.frame["severity"] == Severity.WARNING.value]
    if not (told or known) or not len(warnings):
        return {}
    asked = pd.concat([warnings, identify(warnings, district.records)], axis="columns")
    found: dict[int, Answer] = {}
    for label, row in zip(asked.index, asked.to_dict(orient="records"), strict=True):
        answer = _answer(told, _tokens(row, seal), district) if seal and told else None
        if answer is not None:
            digests = {"child_id": row["child_id"], "child_name": row["child_name"], "value": row["value_digest"]}
            found[label] = replace(answer, **digests)
            continue
        answer = _answer(known, row, district)
        if answer is not None:
            found[label] = answer
    return found


def _tokens(row: Mapping[Hashable, str], seal: Seal) -> Mapping[Hashable, str]:
    """A warning, with what stands on a sheet for its digests."""
    return {**row, **{name: seal.token(row[name]) for name in ("child_id", "child_name", "value_digest")}}


def _answer(by_key: _ByKey, row: Mapping[Hashable, str], district: District) -> Answer | None:
    """The first answer about the same."""
    key = tuple(row[name] for name in _SAME)
    child = _child(district, row["form"], row["child_id"], row["child_name"], row["sheet"])
    return next((each for each, of in by_key.get(key, ()) if of.is_same(child)), None)


def confirmed(findings: Findings, confirmations: Mapping[int, Answer]) -> Findings:
    """The findings, where every confirmed warning is only information, and says who confirmed it and why."""
    frame = findings.frame.copy()
    facts: dict[int, Facts] = dict(frame["facts"])
    for label, answer in confirmations.items():
        who = answer.answered_by if answer.decided else answer.school
        facts[label] = facts[label].and_also(verified_by=who, reason=answer.explanation)
    frame.loc[list(confirmations), "severity"] = Severity.INFO.value
    return replace(findings, frame=frame.assign(facts=objects(facts.values())))


def _by_key(district: District, answers: Iterable[Answer]) -> _ByKey:
    """The answers that can confirm something, by what they share with a warning."""
    found: dict[tuple[str, ...], list[tuple[Answer, _Child]]] = {}
    for answer in answers:
        if answer.confirms and answer.standing is AnswerStanding.TAKEN:
            key = (answer.rule, answer.form, answer.school, answer.field, answer.value)
            child = _child(district, answer.form, answer.child_id, answer.child_name, answer.sheet)
            found.setdefault(key, []).append((answer, child))
    return found


def _child(district: District, form: str, by_id: str, by_name: str, sheet: str) -> _Child:
    """A form without children (the statistics) has one record a school: there the sheet's name says nothing."""
    about = district.forms.by_slug.get(form)
    return _Child(by_id, by_name, "" if about is not None and about.child_name is None else sheet)
