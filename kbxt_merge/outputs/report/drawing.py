"""A chart as SVG: bars from left to right, their labels before them, dressed by the page's own style sheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from markupsafe import Markup, escape

from kbxt_merge.outputs.report.charts import Chart

_WIDTH = 480
_BAR_HEIGHT = 23
_MARGIN = 6
"""Pixels around the picture, and between labels and bars."""
_THICKNESS = 0.86
"""Of a bar, in parts of the height that is its own."""
_LABEL_SIZE, _VALUE_SIZE = 12.0, 11.0
"""Pixels of the letters as the page sets them; a wide character takes all of it, a narrow one rather more than half."""
_BELOW_MIDDLE = 0.35
"""Where the foot of a text stands under the middle of its bar, in font sizes."""
_LONGEST_LABEL = 15.0
"""Wide characters of a label before it is cut."""


def drawing(chart: Chart) -> Markup:
    """The chart as SVG without a style, a script or an identifier of its own."""
    return _Drawing(chart).svg


@dataclass(frozen=True)
class _Drawing:
    chart: Chart

    @property
    def svg(self) -> Markup:
        height = len(self.chart.labels) * _BAR_HEIGHT + 2 * _MARGIN
        parts = [_group("labels", self._labels())]
        parts += [_group(f"color-{at}", bars) for at, bars in enumerate(self._bars())]
        parts.append(_group("values", self._values()))
        return Markup(f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}">{"".join(parts)}</svg>')

    @property
    def _series(self) -> list[tuple[int, ...]]:
        return [values for _, values in self.chart.series]

    @cached_property
    def _texts(self) -> list[str]:
        return list(map(_shortened, self.chart.labels))

    @cached_property
    def _left(self) -> float:
        """Where the bars begin."""
        return _LABEL_SIZE * max(map(_room, self._texts)) + 2 * _MARGIN

    @cached_property
    def _ends(self) -> list[list[float]]:
        """By bar where each of its series ends, the beginning first."""
        sums = [list(accumulate(values, initial=0)) for values in zip(*self._series, strict=True)]
        scale = (_WIDTH - _MARGIN - self._left) / (max(ends[-1] for ends in sums) or 1)
        return [[self._left + scale * end for end in ends] for ends in sums]

    def _labels(self) -> Iterator[str]:
        for bar, label in enumerate(self._texts):
            yield f'<text x="{self._left - _MARGIN:.1f}" y="{_foot(bar, _LABEL_SIZE):.1f}">{escape(label)}</text>'

    def _bars(self) -> Iterator[list[str]]:
        """The bars of each series, but for those of nothing."""
        height = _BAR_HEIGHT * _THICKNESS
        for at, values in enumerate(self._series):
            yield [
                f'<rect class="rect" x="{ends[at]:.1f}" y="{_middle(bar) - height / 2:.1f}" '
                f'width="{ends[at + 1] - ends[at]:.1f}" height="{height:.1f}"/>'
                for bar, ends in enumerate(self._ends)
                if values[bar]
            ]

    def _values(self) -> Iterator[str]:
        for at, values in enumerate(self._series):
            for bar, ends in enumerate(self._ends):
                if values[bar]:
                    x = (ends[at] + ends[at + 1]) / 2
                    yield f'<text x="{x:.1f}" y="{_foot(bar, _VALUE_SIZE):.1f}">{values[bar]:,}</text>'


def _group(name: str, parts: Iterable[str]) -> str:
    return f'<g class="{name}">{"".join(parts)}</g>'


def _middle(bar: int) -> float:
    return _MARGIN + _BAR_HEIGHT * (bar + 0.5)


def _foot(bar: int, size: float) -> float:
    return _middle(bar) + _BELOW_MIDDLE * size


def _room(label: str) -> float:
    """The width of a label in wide characters."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.58 for character in label)


def _shortened(label: str) -> str:
    while _room(label) > _LONGEST_LABEL:
        label = f"{label.removesuffix('…')[:-1]}…"
    return label
