"""What every page of a run says beside its findings: severities, states of life, forms, rules and its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.round import Life
from kbxt_merge.model.rule import RuleCard, Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.report.encoded import encoded
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

    def rule(self, slug: str) -> dict[str, str]:
        """A rule's title, and when it speaks."""
        card = self.catalogue.get(slug)
        title = card.title.of(self.language) if card else slug
        return {"slug": slug, "title": title, "when": card.when.of(self.language) if card else ""}

    def _form(self, form: Form) -> dict[str, Any]:
        return {
            "slug": form.slug,
            "title": form.label.of(self.language),
            "fields": [each.label.of(self.language) for each in form.fields],
            "card": form.shape == "card",
        }
