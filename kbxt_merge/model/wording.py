"""Facts → sentences: what a finding says, in the language of whoever reads it and through the mask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import Formatter
from typing import NamedTuple

import pandas as pd

from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.form import OWN_DAY
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.privacy import MASKED, Name, Once, Privacy
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Language, Words

Fact = str | Words
"""A text as it was found, which is masked when it is told; of a `Name`, and of words of ours, only ID numbers are."""


OWN_SENTENCE = "own sentence"
"""Names the fact that is a form's sentence in the place of the rule's."""
EXPECTED = "expected"
"""Names the fact that is the value which the cell should hold, where the rule knows it."""
READ = "read"
"""Names the fact that is the cell's own value as it was read: masked as the value itself is."""
LACKING = "lacking"
"""Names the fact that is the number of the form which did not come."""


class Facts(NamedTuple):
    """What a rule's sentence tells of one finding: the facts' names, and the facts in the same order.

    What is named `verified_by` and `reason` is no part of the rule's sentence, but says why nothing is asked any more.
    A fact named OWN_SENTENCE is the sentence itself.
    """

    names: tuple[str, ...] = ()
    told: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, **facts: Fact) -> Facts:
        """Facts by their names."""
        return cls(tuple(facts), tuple(facts.values()))

    def and_also(self, **facts: Fact) -> Facts:
        """These facts and more."""
        return Facts((*self.names, *facts), (*self.told, *facts.values()))

    def named(self, name: str) -> str:
        """The fact of that name; blank where there is none, or where it is words of ours."""
        fact = self.told[self.names.index(name)] if name in self.names else ""
        return fact if isinstance(fact, str) else ""


_FORM_WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "附件": (
        ("own_form", "附件"),
        ("same_form", "同一附件"),
        ("another_form", "另一张附件"),
        ("all_forms", "各附件"),
    ),
    "表": (
        ("own_form", "原表"),
        ("same_form", "同一张表"),
        ("another_form", "另一张表"),
        ("all_forms", "各表"),
    ),
}
"""What Chinese sentences call a form, by what its definition calls it; English ones always say form."""

_VERIFIED = Words("%s（{verified_by}已核实无误：{reason}）", "%s (verified by {verified_by}: {reason})")


@dataclass(frozen=True)
class Wording:
    """How findings are told: by the rules' sentences and the forms' labels, in one language, showing so much."""

    catalogue: Mapping[str, RuleCard]
    forms: Forms
    language: Language
    privacy: Privacy = MASKED

    def sentences(self, frame: pd.DataFrame) -> list[str]:
        """The sentence of each finding, worded at once for all that tell the same facts of the same field."""
        values, facts = self.values(frame), frame["facts"].tolist()
        groups: dict[tuple[str, str, str, tuple[str, ...], Words | None], list[int]] = {}
        keys = (frame[name].tolist() for name in ("rule", "form", "field"))
        own = [_own_sentence(each) for each in facts]
        for at, key in enumerate(zip(*keys, [each.names for each in facts], own, strict=True)):
            groups.setdefault(key, []).append(at)
        told = [""] * len(facts)
        for (rule, form, field, names, words), places in groups.items():
            columns = zip(names, zip(*(facts[at].told for at in places), strict=True), strict=True)
            own_mask = self.privacy.value(self._types.get((form, field), ""))
            texts = (self._told(column, own_mask if name == READ else self.privacy.text) for name, column in columns)
            known = {"value": [values[at] for at in places], **dict(zip(names, texts, strict=True))}
            for at, sentence in zip(places, self._filled(rule, form, field, known, words), strict=True):
                told[at] = sentence
        return told

    def values(self, frame: pd.DataFrame, name: str = "value") -> list[str]:
        """What may be shown of the values of findings, or of another column that holds values of the same fields."""
        types, shown = self._types, self.privacy.value
        columns = (frame[each].tolist() for each in ("form", "field", name))
        return [shown(types.get((form, field), ""))[text] for form, field, text in zip(*columns, strict=True)]

    @cached_property
    def _types(self) -> Mapping[tuple[str, str], str]:
        """Of each field of each form by what the mask knows its values."""
        return {(form.slug, field.name): field.mask for form in self.forms.forms for field in form.fields}

    def _told(self, column: Sequence[Fact], hidden: Once) -> list[str]:
        """A fact of several findings, as it may be told."""
        of_names = self.privacy.words
        return [
            of_names[fact.of(self.language)]
            if isinstance(fact, Words)
            else of_names[fact]
            if isinstance(fact, Name)
            else hidden[fact]
            for fact in column
        ]

    def _filled(
        self, rule: str, form: str, field: str, known: Mapping[str, Sequence[str]], own: Words | None = None
    ) -> Iterable[str]:
        """The sentence with each finding's facts in their places; `own` is the form's in the place of the rule's."""
        card = self.catalogue[rule]
        words = own or (card.message if field or card.at_file is None else card.at_file)
        if "verified_by" in known:
            words = Words(_VERIFIED.zh % words.zh, _VERIFIED.en % words.en)
        pattern, names = _pattern(words.of(self.language), (("field", self._label(form, field)), *self._called(form)))
        if not names:
            return [pattern % ()] * len(known["value"])
        return map(pattern.__mod__, zip(*(known[name] for name in names), strict=True))

    def _called(self, form: str) -> tuple[tuple[str, str], ...]:
        """What a sentence calls the form, and those whom it lists: as the definition does."""
        known = self.forms.by_slug.get(form)
        words = _FORM_WORDS[known.kind_word if known else self.forms.kind_word]
        bearer = known.bearer if known else Bearer.CHILD if self._all_of_children else Bearer.PERSON
        return (
            *words,
            ("this_child", bearer.this.of(self.language)),
            ("child_noun", bearer.noun.of(self.language)),
            ("form_day", (known.day_words if known else OWN_DAY).of(self.language)),
        )

    @cached_property
    def _all_of_children(self) -> bool:
        return all(each.bearer is Bearer.CHILD for each in self.forms.forms)

    def _label(self, form: str, field: str) -> str:
        """Name a field as people do; by its own name where the form does not have it."""
        known = self.forms.by_slug[form].by_name.get(field) if form in self.forms.by_slug else None
        return known.label.of(self.language) if known else field


def _own_sentence(facts: Facts) -> Words | None:
    if OWN_SENTENCE not in facts.names:
        return None
    words = facts.told[facts.names.index(OWN_SENTENCE)]
    return words if isinstance(words, Words) else None


@lru_cache(maxsize=4096)
def _pattern(template: str, given: tuple[tuple[str, str], ...]) -> tuple[str, Sequence[str]]:
    """The template for the % operator, which fills a column of sentences in a third of the time, and its facts.

    What is `given` is the same in every sentence.
    """
    parts = list(Formatter().parse(template))
    known: dict[str | None, str] = {name: text.replace("%", "%%") for name, text in given}
    names = [name for _, name, _, _ in parts if name is not None and name not in known]
    holes: dict[str | None, str] = {None: "", **known}
    return "".join(words.replace("%", "%%") + holes.get(name, "%s") for words, name, _, _ in parts), names
