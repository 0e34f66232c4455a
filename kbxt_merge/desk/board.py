"""What the pages show: one state of the round, made after a merge and never changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kbxt_merge.desk.cells import cells_of
from kbxt_merge.desk.lines import FileLine, FindingLine, SchoolLine
from kbxt_merge.desk.marks import Marks
from kbxt_merge.desk.unknown_words import UnknownWords
from kbxt_merge.model.answer import IDENTITY_COLUMNS
from kbxt_merge.model.decision import Act, Decision, Decisions
from kbxt_merge.model.overview import Overview
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.round import Fixed, Life
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.model.verdict import Verdict

if TYPE_CHECKING:  # the first page is shown before pandas is there
    import pandas as pd

    from kbxt_merge.model.merge_result import Checked

_GRAVEST_FIRST = {each.value: place for place, each in enumerate(Severity)}


@dataclass(frozen=True)
class Board:
    """One state of the round; `number` counts the boards of this desk: an act on an older one holds where
    what it is about stands the same on this."""

    number: int
    checked: Checked
    overview: Overview
    decisions: Decisions
    made: dt.datetime
    language: Language = "zh"

    @cached_property
    def bureau(self) -> str:
        """Whose desk it is."""
        return self.checked.district.forms.bureau

    @cached_property
    def period(self) -> str:
        """The period in words."""
        return self.checked.district.period.words.of(self.language)

    @cached_property
    def forms(self) -> Mapping[str, str]:
        """The forms in force: what each is called."""
        return {form.slug: form.label.of(self.language) for form in self.checked.district.forms.forms}

    @cached_property
    def schools(self) -> tuple[SchoolLine, ...]:
        """The schools in the roster's order."""
        roster = self.checked.district.roster
        listed = {each.name: each for each in roster.schools} if roster else {}
        changes = self.checked.changes
        fixed = _by_school((each.school, each.form) for each in changes.fixed) if changes else {}
        frame = self._frame
        fresh = frame[frame["life"].isin([Life.NEW.value, Life.BACK.value])]
        is_first = self.overview.rounds <= 1
        new = {} if is_first else _by_school(zip(fresh["school"], fresh["form"], strict=True))
        return tuple(
            SchoolLine(number, each.name, listed.get(each.name), each, new.get(each.name, {}), fixed.get(each.name, {}))
            for number, each in enumerate(self.overview.schools)
        )

    @cached_property
    def files(self) -> tuple[FileLine, ...]:
        """Every file of the inbox, those first that need a look."""
        digests = {each.file.path: each.sha256 for each in self.checked.district.readings}
        about: dict[str, list[Decision]] = {}
        for decision in self.decisions.all:
            about.setdefault(decision.about.get("sha256", ""), []).append(decision)
        lines = [
            FileLine(
                number,
                str(row["file"]),
                MASKED.words[str(row["file"])],
                Verdict(row["verdict"]),
                str(row["school"]),
                str(row["forms"]),
                int(row["rows_read"]),
                int(row["rows_merged"]),
                int(row["rows_left_out"]),
                self._reasons.get(str(row["file"]), "") if row["reason"] else "",
                digests.get(str(row["file"]), ""),
                tuple(about.get(digests.get(str(row["file"])) or "-", ())),
            )
            for number, row in enumerate(self.checked.verdicts.to_dict("records"))
        ]
        return tuple(sorted(lines, key=lambda each: (not each.needs_a_look, each.path)))

    @cached_property
    def _reasons(self) -> Mapping[str, str]:
        """By file the sentence about all of it, in the language of the page: files.csv tells them in Chinese."""
        frame = self._frame
        about = frame[(frame["record"] < 0) & (frame["file"] != "")].drop_duplicates("file")
        return dict(zip(about["file"].astype(str), about["message"].astype(str), strict=True))

    @property
    def fixed(self) -> Sequence[Fixed]:
        """What the last round found and this one no longer does."""
        return self.checked.changes.fixed if self.checked.changes else ()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The findings by severity."""
        counted = Counter(self.checked.findings.frame["severity"])
        return {each.value: counted[each.value] for each in Severity}

    @cached_property
    def rules(self) -> Sequence[tuple[str, str, str, int, int]]:
        """What was found by rule: its slug, title and severity, how many and in how many schools; the gravest first."""
        frame = self._frame
        frame = frame[frame["severity"] != Severity.INFO.value]
        counted = frame.groupby(["severity", "rule"], sort=False, as_index=False).agg(
            count=("file", "size"), schools=("school", "nunique")
        )
        lines = [
            (row["rule"], self._title(row["rule"]), row["severity"], row["count"], row["schools"])
            for row in counted.to_dict("records")
        ]
        return sorted(lines, key=lambda each: (_GRAVEST_FIRST[each[2]], -each[3]))

    def of_school(self, school: str) -> list[FindingLine]:
        """What a school must see to, and what was confirmed; by form, the gravest first."""
        frame = self._frame
        return self._lines(frame[(frame["school"] == school) & self._lives(frame)])

    def of_rule(self, rule: str) -> list[FindingLine]:
        """All that one rule found, school by school."""
        frame = self._frame
        return self._lines(frame[(frame["rule"] == rule) & self._lives(frame)])

    @cached_property
    def words(self) -> UnknownWords:
        """The words that no vocabulary has."""
        return UnknownWords(self.checked.findings.frame, self.checked.district.forms)

    @cached_property
    def marks(self) -> Marks:
        """The marks of the warnings."""
        frame = self.checked.findings.frame
        return Marks(frame[frame["severity"] == Severity.WARNING.value], self.checked.district.records)

    @cached_property
    def _frame(self) -> pd.DataFrame:
        """The findings with the state of their lives and their masked sentences."""
        checked = self.checked
        frame = checked.findings.frame
        told = checked.findings.sentences(checked.district.forms, self.language)
        if checked.changes is None:
            return frame.assign(message=told, life="", since="")
        lives = checked.changes.lives.reindex(frame.index)
        if self.overview.rounds <= 1:
            lives = lives.replace({"life": {Life.NEW.value: ""}})  # in a first round all is new
        return frame.assign(message=told, life=lives["life"].fillna(""), since=lives["first_seen"].fillna(""))

    @staticmethod
    def _lives(frame: pd.DataFrame) -> pd.Series[bool]:
        return (frame["severity"] != Severity.INFO.value) | (frame["life"] == Life.CONFIRMED.value)

    def _lines(self, frame: pd.DataFrame) -> list[FindingLine]:
        places = {slug: place for place, slug in enumerate(self.forms)}
        keyed = frame.assign(grave=frame["severity"].map(_GRAVEST_FIRST), place=frame["form"].map(places).fillna(-1))
        order = keyed.sort_values(["school", "place", "grave"], kind="stable")
        wording = self.checked.findings.wording(self.checked.district.forms, self.language)
        values = wording.values(order)
        suggested = wording.values(order, "suggestion")
        marks = self.marks.of(order.index)
        return [
            self._line(int(label), row, value, suggestion, marks.get(label, ""))
            for label, row, value, suggestion in zip(
                order.index, order.to_dict("records"), values, suggested, strict=True
            )
        ]

    def _line(self, label: int, row: Mapping[Any, Any], value: str, suggestion: str, mark: str) -> FindingLine:
        district = self.checked.district
        form = district.forms.by_slug.get(row["form"])
        known = form.by_name.get(row["field"]) if form else None
        return FindingLine(
            label,
            row["school"],
            row["form"],
            row["rule"],
            self._title(row["rule"]),
            row["severity"],
            row["life"],
            row["since"],
            MASKED.words[row["file"]],
            MASKED.words[row["sheet"]],
            row["cell"],
            known.label.of(self.language) if known else "",
            row["message"],
            value,
            suggestion,
            tuple(MASKED.text[each] for each in row["related"].split("\n") if each),
            cells_of(district, row["form"], row["record"], row["field"], self.language),
            self._decision(label),
            self.words.of(label),
            mark,
        )

    def _title(self, rule: str) -> str:
        card = self.checked.findings.catalogue.get(rule)
        return card.title.of(self.language) if card else rule

    def _decision(self, label: int) -> Decision | None:
        """The bureau's decision by which a finding is confirmed; None where a school confirmed it, or nobody."""
        answer = self.checked.confirmed.get(label)
        if answer is None or not answer.decided:
            return None
        return next(
            (
                each
                for each in reversed(self.decisions.all)
                if each.act is Act.CONFIRM
                and all(each.about[name] == getattr(answer, name) for name in IDENTITY_COLUMNS)
            ),
            None,
        )


def _by_school(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """How many of these there are, by school and form."""
    counted: dict[str, Counter[str]] = {}
    for school, form in pairs:
        counted.setdefault(school, Counter())[form] += 1
    return counted
