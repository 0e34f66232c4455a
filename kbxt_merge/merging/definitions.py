"""The definitions in force, and what reads by them, kept while they are the same."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.definitions.loader import digest_of_definitions
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.settings import Settings


def forms_in_force(settings: Settings) -> Forms:
    """The forms as the bureau defines them; raises SchemaError with every fault of its files."""
    return kept_forms(settings.schemas, digest_of_definitions(settings.schemas))


@lru_cache(maxsize=4)
def kept_forms(schemas: Path | None, digest: str) -> Forms:
    """The forms, kept while the definitions are the same: to load them takes as long as to read ten files."""
    return forms_of(schemas)


@lru_cache(maxsize=4)
def stage_of(schemas: Path | None, digest: str, limits: Limits, passwords: Passwords) -> ReadReturn:
    """What reads a file, kept with what it prepared."""
    return ReadReturn(kept_forms(schemas, digest), limits, passwords)
