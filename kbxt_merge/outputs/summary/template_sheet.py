"""A sheet drawn once and filled many times: only texts, looks and heights differ, no cell moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.returns import address
from kbxt_merge.outputs.summary.bulk_sheet import text_xml


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Cells that hold one text, from the first to the last row and column, all counted from zero."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Template:
    """The rows of a sheet as XML with gaps.

    A gap of a text is named by whoever puts it there, and so is its look; that of a row's height is the row's number.
    """

    merged: list[str] = field(default_factory=list)
    _rows: dict[int, dict[int, str]] = field(default_factory=dict)
    _xml: str = ""

    def put(self, cells: Rectangle, text: str, look: Format) -> None:
        """Write the same text on every sheet."""
        style = str(look._get_xf_index())
        self._put(cells, style, text_xml(text).replace("%", "%%"))

    def leave(self, cells: Rectangle, name: str) -> None:
        """Leave a gap of this name."""
        self._put(cells, f"%(look of {name})s", f"%({name})s")

    @property
    def last_row(self) -> int:
        """The last row that holds anything, from zero."""
        return max(self._rows)

    @property
    def last_column(self) -> int:
        """The last column that holds anything, from zero."""
        return max(max(row) for row in self._rows.values())

    def filled(self, texts: Mapping[str, tuple[str, Format]], heights: Mapping[int, float]) -> str:
        """The rows as XML with every gap filled."""
        if not self._xml:
            self._xml = "".join(
                f'<row r="{row + 1}" ht="%(height of {row})s" customHeight="1">'
                + "".join(cell for _, cell in sorted(cells.items()))
                + "</row>"
                for row, cells in sorted(self._rows.items())
            )
        gaps: dict[str, object] = {f"height of {row}": f"{height:g}" for row, height in heights.items()}
        for name, (text, look) in texts.items():
            gaps[name] = text_xml(text)
            gaps[f"look of {name}"] = look._get_xf_index()
        return self._xml % gaps

    def _put(self, cells: Rectangle, style: str, content: str) -> None:
        for row in range(cells.top, cells.bottom + 1):
            for column in range(cells.left, cells.right + 1):
                is_first = (row, column) == (cells.top, cells.left)
                xml = f'<c r="{address(row, column)}" s="{style}"' + (content if is_first else "/>")
                self._rows.setdefault(row, {})[column] = xml
        if (cells.top, cells.left) != (cells.bottom, cells.right):
            first, last = address(cells.top, cells.left), address(cells.bottom, cells.right)
            self.merged.append(f'<mergeCell ref="{first}:{last}"/>')


class TemplateSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose rows are those of a filled template."""

    def fill(self, template: Template, texts: Mapping[str, tuple[str, Format]], heights: Mapping[int, float]) -> None:
        """Take a template's rows: by gap a text and its look, by row a height in points."""
        self._rows_xml = template.filled(texts, heights)
        self._merged_xml = f'<mergeCells count="{len(template.merged)}">{"".join(template.merged)}</mergeCells>'
        self._check_dimensions(0, 0)
        self._check_dimensions(template.last_row, template.last_column)

    def _write_rows(self) -> None:
        self.fh.write(self._rows_xml)

    def _write_merge_cells(self) -> None:
        self.fh.write(self._merged_xml)
