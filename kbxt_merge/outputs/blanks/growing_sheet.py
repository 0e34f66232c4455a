"""A worksheet with rows that grow with what is typed into them.

A row that was given a height keeps it for ever; one whose height is but told starts with it, and programs fit it anew
when a text that takes several lines is typed. Where nothing is typed, the strut keeps it from shrinking.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xlsxwriter.worksheet import Worksheet

STRUT_SIZE = 15
"""Points of an empty cell's font that keep a row about as tall as a printed one."""


class GrowingSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose rows are fixed, but for those in `growing` (from zero)."""

    growing: Collection[int] = ()

    def _xml_start_tag_unencoded(self, tag: str, attributes: Sequence[tuple[str, object]] = ()) -> None:
        if tag == "row" and int(str(dict(attributes)["r"])) - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The formula as it is written: it needs no search for functions of later programs, for a blank has none."""
        return formula.removeprefix("=")
