"""The blanks go out to the schools, with what is still open filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kbxt_merge.model.carry_over import Carried
from kbxt_merge.model.form import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster, School
from kbxt_merge.post.at_hand import forms_of, roster_beside
from kbxt_merge.settings import Settings


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The blanks written, and what they carry over; `left_out` are the schools that no blank was written for."""

    files: Sequence[Path]
    carried: Carried | None = None
    left_out: Sequence[str] = ()


def hand_out(
    out: Path, settings: Settings, *, bundle: bool = False, carry: Path | None = None, into: Period | None = None
) -> HandedOut:
    """Write the blanks for every school of the roster, or one neutral set without a roster.

    With `carry`, the folder of the last merge, they hold the children that its ledger knows as still open; without a
    roster they are for the schools that it knows. They are carried `into` a period; without one into that of the
    settings, unless it was merged before, or else the one after the last merge.
    """
    from kbxt_merge.outputs.blanks import write_blanks  # its writer is needed here only

    forms = forms_of(settings)
    roster = roster_beside(out, settings, forms)
    write = partial(write_blanks, forms, out, bundle=bundle, language=settings.language)
    if carry is None:
        return HandedOut(write(roster=roster, period=settings.period))
    carried, period = _carried(carry, settings, forms, into)
    known = roster or roster_beside(carry, settings, forms) or Roster(tuple(School("", name) for name in carried.rows))
    placed, left_out = carried.for_roster(known)
    return HandedOut(write(roster=known, period=period, carried=placed), placed, left_out)


def _carried(out: Path, settings: Settings, forms: Forms, into: Period | None) -> tuple[Carried, Period]:
    """What the last merge into OUT leaves open, and the period that it is carried into."""
    from kbxt_merge.ledger.open_records import left_open  # SQLAlchemy and the rules take their time
    from kbxt_merge.rules.months.carry_over import carried

    since, period, last = left_open(out, settings.ledger, forms, into, settings.period)
    return carried(last, since, forms, period, settings.due_in(period)), period
