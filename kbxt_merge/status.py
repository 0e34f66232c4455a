"""`kbxt status`: a story of its own, for it reads no return and must answer at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kbxt_merge.ledger.overview import overview
from kbxt_merge.model.overview import Overview
from kbxt_merge.outputs.data.status_lines import status_lines
from kbxt_merge.settings import Settings


def status(out: Path, settings: Settings) -> Overview:
    """Where the period of the settings stands, or the one merged last into OUT; raises LedgerError."""
    period = settings.period.label if settings.period else ""
    return overview(out, settings.ledger, period, settings.as_of or dt.date.today())


def lines_of(found: Overview, layout: str, settings: Settings) -> str:
    """The overview as lines for a terminal or a pipe."""
    return status_lines(found, layout, settings.language)
