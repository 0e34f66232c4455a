"""What every errand of the post asks for first: the forms in force, and the roster."""

from __future__ import annotations

from pathlib import Path

from kbxt_merge.form_definitions import in_force
from kbxt_merge.intake.assembly.roster import find_roster, read_roster
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.school import Roster
from kbxt_merge.settings import Settings


def forms_of(settings: Settings) -> Forms:
    """The forms as the bureau defines them."""
    return in_force.forms_of(settings.schemas)


def roster_beside(beside: Path, settings: Settings, forms: Forms) -> Roster | None:
    """The roster that the settings name, or that lies beside a folder; None where there is none."""
    path = settings.roster or find_roster(beside)
    return read_roster(path, (forms.city, forms.county), settings.limits, settings.passwords) if path else None
