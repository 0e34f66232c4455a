"""How things stood after the last merge, for the pages that are opened before the first one of this desk has ended."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.desk.lines import SchoolLine
from kbxt_merge.desk.room import Room
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.overview import Overview


@dataclass(frozen=True)
class LastState:
    """What the ledger knows of the period: its schools, and the forms by their numbers."""

    overview: Overview
    schools: tuple[SchoolLine, ...]

    @property
    def forms(self) -> dict[str, str]:
        """The forms, which only a merge calls by their names."""
        return {slug: slug for slug in self.overview.forms}


def last_state(room: Room) -> LastState | None:
    """The state that the last merge left; None where there was none, or it was of another period."""
    settings = room.place.settings()
    if not room.place.was_merged:
        return None
    from kbxt_merge.status import status  # brings SQLAlchemy

    try:
        overview = status(room.place.out, settings)
    except KbxtError:
        return None  # whatever is wrong with it, the merge that is at work says so
    if settings.period is not None and overview.period != settings.period.label:
        return None
    lines = tuple(SchoolLine(number, each.name, None, each, {}, {}) for number, each in enumerate(overview.schools))
    return LastState(overview, lines)
