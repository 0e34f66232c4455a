"""The reference pages: every rule, form and setting, as the code has them."""

from __future__ import annotations

from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.outputs.data.example_page import examples_page
from kbxt_merge.outputs.data.reference_pages import (
    SettingLine,
    forms_json,
    forms_page,
    rules_json,
    rules_page,
    settings_json,
    settings_page,
)
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.examples import examples
from kbxt_merge.settings import SETTINGS, Settings


def rules_reference(settings: Settings, layout: str, *, with_examples: bool = False) -> str:
    """The catalogue of rules, as Markdown or JSON; or, as Markdown, each rule with an example."""
    if with_examples:
        return examples_page(CATALOGUE, examples(), settings.language)
    forms = forms_of(settings.schemas)
    return rules_json(CATALOGUE, forms) if layout == "json" else rules_page(CATALOGUE, forms, settings.language)


def forms_reference(settings: Settings, layout: str) -> str:
    """The forms in force, as Markdown or JSON."""
    forms = forms_of(settings.schemas)
    return forms_json(forms) if layout == "json" else forms_page(forms, settings.language)


def settings_reference(settings: Settings, layout: str) -> str:
    """Every setting, as Markdown or JSON."""
    lines = [SettingLine(each.key, each.variable, each.words, each.kind.wanted, each.default) for each in SETTINGS]
    return settings_json(lines) if layout == "json" else settings_page(lines, settings.language)
