"""OpenDocument spreadsheets in one XML file (.fods) → grids; their elements are those of the zipped ones."""

from __future__ import annotations

from kbxt_merge.intake.formats.ods import content_of, marks_in
from kbxt_merge.intake.formats.ods_looks import looks_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Workbook


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    content = content_of(data, limits, looks_of(data))
    return Workbook(content.grids, content.marks | marks_in(data))
