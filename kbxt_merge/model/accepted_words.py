"""Words that the bureau accepts on top of its vocabularies: what schools write, and the value that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms

Words = Mapping[str, Mapping[str, str]]
"""By the name of a vocabulary, what schools write, compacted (`model.text.compact_value`), and the value it means."""


def with_words(forms: Forms, words: Words) -> Forms:
    """The forms, their vocabularies reading these words; a value that a vocabulary does not have means nothing."""
    if not words:
        return forms
    known = {name: _with(each, words.get(name, {})) for name, each in forms.vocabularies.items()}
    return replace(forms, forms=tuple(_of_form(form, known) for form in forms.forms), vocabularies=known)


def _of_form(form: Form, known: Mapping[str, Vocabulary]) -> Form:
    fields = tuple(
        replace(each, vocabulary=known[each.vocabulary.name])
        if each.vocabulary is not None and each.vocabulary.name in known
        else each
        for each in form.fields
    )
    return replace(form, fields=fields)


def _with(vocabulary: Vocabulary, words: Mapping[str, str]) -> Vocabulary:
    accepted = {word: value for word, value in words.items() if value in vocabulary.values}
    return replace(vocabulary, variants={**vocabulary.variants, **accepted}) if accepted else vocabulary
