"""Charts where a look beats a table, drawn by pygal into the page and dressed by the page's own style sheet.

pygal reckons every character as narrow and would cut Chinese labels off; a larger font size, told only to pygal, makes
it leave the room that they take.  Its style sheet, script and tooltips are left out: the page's policy allows no others
than the page's own.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup

from kbxt_merge.model.child import Children
from kbxt_merge.model.district import District
from kbxt_merge.model.field import Field
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import allowed_in_xml
from kbxt_merge.outputs.report.counts import RuleLine
from kbxt_merge.outputs.report.matrix import Matrix


@dataclass(frozen=True)
class Register:
    """`frame` has `school`, `type` and `category`, one row a child; blank where the type or category could not be read.

    `repeated` are the records of children who stand there already: with them the rows are all records of the form.
    """

    types: tuple[str, ...]
    categories: tuple[str, ...]
    dropped_out: tuple[str, ...]
    frame: pd.DataFrame
    repeated: int = 0

    @classmethod
    def of(cls, district: District) -> Register | None:
        """The register of the form that the bureau declares to be it; None where there is none."""
        declared = district.forms.relations.dropouts
        if declared is None:
            return None
        records = district.records[declared.form]
        types, categories = (_values(records.form.by_name[name]) for name in (declared.registration, declared.category))
        shown = {"type": records.texts(declared.registration), "category": records.texts(declared.category)}
        frame = pd.DataFrame(shown).assign(school=records.school).reset_index(drop=True)
        frame["type"] = frame["type"].where(frame["type"].isin(types), "")
        frame["category"] = frame["category"].where(frame["category"].isin(categories), "")
        each_once = frame.loc[Children.of(records).at(frame.index.to_numpy()).first_of_each]
        return cls(types, categories, declared.dropped_out, each_once, len(frame) - len(each_once))

    @cached_property
    def has_unknown_category(self) -> bool:
        """Whether the category of some child could not be read."""
        return bool((self.frame["category"] == "").any())

    @property
    def dropouts(self) -> pd.DataFrame:
        """Those who dropped out, of a category that is known."""
        return self.frame[self.frame["type"].isin(self.dropped_out) & (self.frame["category"] != "")]

    @cached_property
    def lines(self) -> list[tuple[str, list[int]]]:
        """Per kind of registration how many of each category, and in all; what could not be read stands last, and only
        where there is some."""
        counted = self.frame.groupby(["type", "category"]).size()
        categories = [*self.categories, *([""] if self.has_unknown_category else [])]
        lines = []
        for kind in (*self.types, ""):
            counts = [int(counted.get((kind, category), 0)) for category in categories]
            if kind or any(counts):
                lines.append((kind, [*counts, sum(counts)]))
        return lines

    @property
    def sums(self) -> list[int]:
        """The line below them: with what is repeated, all records of the form."""
        return [sum(column) for column in zip(*(counts for _, counts in self.lines), strict=True)]


def _values(field: Field) -> tuple[str, ...]:
    return field.vocabulary.values if field.vocabulary else ()


MOST_BARS = 12
_WIDTH = 480
_BAR_HEIGHT = 23
_AROUND_BARS = 12
_LABEL_SIZE = 12.0
"""Pixels of the labels as the page sets them; a wide character takes all of it, a narrow one rather more than half."""
_BELOW_MIDDLE = 0.35
"""Where pygal sets a label's foot under the middle of its bar, in font sizes."""
_DECIMALS = re.compile(r"[0-9]+\.[0-9]+")
_LONGEST_LABEL = 15.0
"""Wide characters of a label before it is cut."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars from left to right: a label a bar, the longest first, and a value a bar in each series.

    `dress` says whether the series are severities or categories: the page has a set of patterns for each.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    dress: str = "severities"

    @property
    def told(self) -> str:
        """The chart in words, for those who hear the page."""
        bars = (
            f"{label}: " + ", ".join(f"{name} {values[at]}" for name, values in self.series if values[at])
            for at, label in enumerate(self.labels)
        )
        return "; ".join(bars)


def charts(
    matrix: Matrix, lines: Sequence[RuleLine], register: Register | None, words: Mapping[str, str]
) -> list[Chart]:
    """The charts that have something to show."""
    drawn = [_by_rule(lines, words), _by_school(matrix, words), _dropouts(register, words)]
    return [each for each in drawn if each.labels]


def drawing(chart: Chart) -> Markup:
    """The chart as SVG without a style, a script or an identifier of its own."""
    from lxml import etree

    pygal = _pygal()
    labels = [_shortened(each) for each in chart.labels]
    reckoned = _reckoned_size(labels)
    picture = pygal.HorizontalStackedBar(
        js=[], css=[], show_legend=False, print_values=True, print_zeroes=False, truncate_label=-1, spacing=4, margin=4,
        width=_WIDTH, height=len(chart.labels) * _BAR_HEIGHT + _AROUND_BARS, show_x_labels=False, show_x_guides=False,
        show_y_guides=False, value_formatter=lambda value: f"{value:,.0f}",
        style=pygal.style.Style(label_font_size=reckoned, value_font_size=11),
    )  # fmt: skip
    picture.x_labels = labels[::-1]
    for name, values in chart.series:
        picture.add(name, values[::-1])
    tree = picture.render_tree()
    for part in [*tree.iter("{*}defs", "{*}desc", "{*}title", "{*}script", "{*}style", etree.Comment)]:
        part.getparent().remove(part)
    for label in tree.iterfind(".//{*}g[@class='guides']/{*}text"):
        label.set("y", str(float(label.get("y")) - _BELOW_MIDDLE * (reckoned - _LABEL_SIZE)))
    for part in tree.iter():
        part.attrib.pop("id", None)
        part.attrib.pop("style", None)
        for name, value in part.attrib.items():
            part.set(name, _DECIMALS.sub(lambda found: f"{float(found[0]):.1f}", value))
    return Markup(etree.tostring(tree, encoding="unicode"))


def _pygal() -> Any:
    """pygal, imported when the first chart is drawn, and without its import hook.

    The hook, for plug-ins of Python 2's days, would warn at every later import of a module that is not there.
    """
    import pygal

    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != pygal.__name__]
    return pygal


def _room(label: str) -> float:
    """The width of a label in wide characters."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.58 for character in label)


def _shortened(label: str) -> str:
    while _room(label) > _LONGEST_LABEL:
        label = f"{label.removesuffix('…')[:-1]}…"
    return label


def _reckoned_size(labels: Sequence[str]) -> float:
    """The font size at which pygal, which takes every character for 0.6 of it, leaves the room that the labels need."""
    needed = _LABEL_SIZE * (max(map(_room, labels)) + 0.5)
    return needed / (0.6 * max(map(len, labels)))


def _by_rule(lines: Sequence[RuleLine], words: Mapping[str, str]) -> Chart:
    frame = pd.DataFrame(
        [(each.title, each.severity, each.count) for each in lines if each.severity != Severity.INFO],
        columns=["title", "severity", "count"],
    )
    order = [Severity.ERROR.value, Severity.WARNING.value]
    counted = frame.groupby(["title", "severity"])["count"].sum().unstack(fill_value=0)
    counted = _longest(counted.reindex(columns=order, fill_value=0))
    return _chart(words["chart_rules"], list(counted.index), counted, [words["errors"], words["warnings"]])


def _by_school(matrix: Matrix, words: Mapping[str, str]) -> Chart:
    frame = pd.DataFrame(
        [(each.tally.errors, each.tally.warnings) for each in matrix.schools],
        index=[each.school for each in matrix.schools],
        columns=["errors", "warnings"],
    )
    worst = frame[frame["errors"] > 0].sort_values("errors", ascending=False, kind="stable").head(MOST_BARS)
    return _chart(words["chart_schools"], list(worst.index), worst, [words["errors"], words["warnings"]])


def _dropouts(register: Register | None, words: Mapping[str, str]) -> Chart:
    if register is None:
        return Chart(words["chart_dropouts"], (), ())
    counted = _counted(register.dropouts, "school", "category", register.categories)
    return _chart(words["chart_dropouts"], list(counted.index), counted, register.categories, "categories")


def _counted(frame: pd.DataFrame, bars: str, series: str, order: Sequence[str]) -> pd.DataFrame:
    """Count how often each series occurs in each bar; the longest bars, the longest first."""
    counted = frame.groupby([bars, series], sort=True).size().unstack(fill_value=0)
    return _longest(counted.reindex(columns=list(order), fill_value=0))


def _longest(counted: pd.DataFrame) -> pd.DataFrame:
    return counted.loc[counted.sum(axis=1).sort_values(ascending=False, kind="stable").index].head(MOST_BARS)


def _chart(
    title: str, labels: Sequence[Any], counted: pd.DataFrame, names: Sequence[str], dress: str = "severities"
) -> Chart:
    series = tuple((name, tuple(counted.iloc[:, at].astype(int))) for at, name in enumerate(names))
    return Chart(title, tuple(allowed_in_xml(MASKED.text[str(each)]) or "?" for each in labels), series, dress)
