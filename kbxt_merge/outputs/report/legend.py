"""What every page of a run says beside its findings: severities, states of life, forms, rules and its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.round import Life
from kbxt_merge.model.rule import RuleCard, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report.encoded import encoded, listed
from kbxt_merge.outputs.report.words import PRINTED, words

_NO_LIFE = {"slug": "", "title": ""}
_NO_FORM = {"slug": "", "title": "", "fields": []}


@dataclass(frozen=True)
class Legend:
    """The names of things, in the language of the pages."""

    forms: Forms
    catalogue: Mapping[str, RuleCard]
    language: Language

    @cached_property
    def words(self) -> dict[str, str]:
        """The words around the findings."""
        return words(self.language, self.forms.returns)

    @cached_property
    def severities(self) -> dict[str, str]:
        """What each severity is called."""
        return {each.value: each.words.of(self.language) for each in Severity}

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each form is called."""
        return {slug: form.label.of(self.language) for slug, form in self.forms.by_slug.items()}

    @cached_property
    def data(self) -> bytes:
        """What is the same in the data of every page, as JSON; the blank form and life stand last, as 'none'."""
        return encoded(
            {
                "severities": [{"slug": slug, "title": title} for slug, title in self.severities.items()],
                "lives": [*({"slug": each.value, "title": each.words.of(self.language)} for each in Life), _NO_LIFE],
                "forms": [*map(self._form, self.forms.by_slug.values()), _NO_FORM],
                "words": {name: text for name, text in self.words.items() if name not in PRINTED},
                "title": self.words["title"],
            }
        )

    def rules(self, slugs: Sequence[str]) -> bytes:
        """The title of each of these rules, and when it speaks, as JSON."""
        return listed([self._rules[slug] if slug in self._rules else self._rule(slug) for slug in slugs])

    @cached_property
    def _rules(self) -> dict[str, bytes]:
        return {slug: self._rule(slug) for slug in self.catalogue}

    def _rule(self, slug: str) -> bytes:
        card = self.catalogue.get(slug)
        title, when = (card.title.of(self.language), card.when.of(self.language)) if card else (slug, "")
        return encoded({"slug": slug, "title": title, "when": when})

    def _form(self, form: Form) -> dict[str, Any]:
        return {
            "slug": form.slug,
            "title": form.label.of(self.language),
            "fields": [each.label.of(self.language) for each in form.fields],
            "card": form.shape == "card",
        }
