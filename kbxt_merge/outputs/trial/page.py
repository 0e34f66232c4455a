"""试读.html: each sheet as it stands, every field in its colour, and what was read of each cell."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from kbxt_merge.model.returns import column_letters
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.trial.trial import As, Trial

TRIAL = "试读.html"
_COLOURS = 12


def write_trial(path: Path, trial: Trial, language: Language) -> None:
    """Write the page; raises OSError where it can't be saved."""
    page = _template().render(
        sheets=trial.sheets, zh=language == "zh", letters=column_letters, colours=_COLOURS, As=As, language=language
    )
    path.write_text(page, encoding="utf-8")


@cache
def _template() -> Template:
    text = files("kbxt_merge.templates").joinpath("trial.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(text)
