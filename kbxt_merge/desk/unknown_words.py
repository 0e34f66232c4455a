"""The words of a board that no vocabulary has, for the bureau to say what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kbxt_merge.desk.lines import UnknownWord
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.text import compact_value

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class UnknownWords:
    """What the findings of a board are about, where that is a word; never a number."""

    findings: pd.DataFrame
    forms: Forms

    @cached_property
    def all(self) -> Sequence[UnknownWord]:
        """Each once, by how often it stands."""
        about_words = {each.rule for each in self._vocabularies.values()}
        found: dict[str, UnknownWord] = {}
        for number in self.findings.index[self.findings["rule"].isin(about_words)]:
            if (word := self.of(int(number))) is not None:
                found.setdefault(word.key, word)
        return sorted(found.values(), key=lambda each: -each.count)

    def of(self, number: int) -> UnknownWord | None:
        """What a finding is about, where it is about a word that a vocabulary does not have."""
        if number not in self.findings.index:
            return None
        row = self.findings.loc[number]
        rule, form, field, typed = (str(row[name]) for name in ("rule", "form", "field", "value"))
        vocabulary = self._vocabularies.get((form, field))
        if vocabulary is None or rule != vocabulary.rule or not typed or MASKED.text[typed] != typed:
            return None
        places = self._places[vocabulary.name, compact_value(typed)]
        stood = " › ".join(MASKED.words[str(row[name])] for name in ("file", "sheet", "cell") if row[name])
        return UnknownWord(number, stood, vocabulary.name, typed, vocabulary.values, len(places), len(set(places)))

    @cached_property
    def _vocabularies(self) -> Mapping[tuple[str, str], Vocabulary]:
        """Of each field that has one its vocabulary."""
        fields = ((form.slug, each) for form in self.forms.forms for each in form.fields)
        return {(form, each.name): each.vocabulary for form, each in fields if each.vocabulary}

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """By vocabulary and word, compacted, the schools of the cells in which it stands."""
        found: dict[tuple[str, str], list[str]] = {}
        columns = (self.findings[name] for name in ("rule", "form", "field", "value", "school"))
        for rule, form, field, typed, school in zip(*columns, strict=True):
            vocabulary = self._vocabularies.get((form, field))
            if vocabulary is not None and rule == vocabulary.rule:
                found.setdefault((vocabulary.name, compact_value(typed)), []).append(school)
        return found
