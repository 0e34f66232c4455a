"""Charts where a look beats a table, drawn by pygal into the page and dressed by the page's own style sheet.

pygal reckons every character as narrow and would cut Chinese labels off; `_LABEL_ROOM` tells it to leave the room
that they take.  Its style sheet, script and tooltips are left out: the page's policy allows none but its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.text import Language, mask
from kbxt_merge.outputs.report.matrix import Matrix
from kbxt_merge.outputs.report.register import Register

MOST_BARS = 12
_WIDTH = 640
_BAR_HEIGHT = 27
_AROUND_BARS = 34
_LABEL_ROOM = {"zh": 22.0, "en": 13.0}
"""The font size in which pygal reckons a label, in pixels, for labels that the page sets in 13."""
_LONGEST_LABEL = {"zh": 16, "en": 30}


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
    matrix: Matrix,
    register: Register | None,
    findings: pd.DataFrame,
    catalogue: Mapping[str, RuleCard],
    words: Mapping[str, str],
    language: Language,
) -> list[Chart]:
    """The charts that have something to show."""
    drawn = [
        _by_rule(findings, catalogue, words, language),
        _by_school(matrix, words),
        _dropouts(register, words),
    ]
    return [each for each in drawn if each.labels]


def drawing(chart: Chart, language: Language) -> Markup:
    """The chart as SVG without a style, a script or an identifier of its own."""
    import pygal  # here: a run without a chart is spared it
    from lxml import etree

    longest = _LONGEST_LABEL[language]
    picture = pygal.HorizontalStackedBar(
        js=[], css=[], show_legend=False, print_values=True, print_zeroes=False, truncate_label=-1, spacing=4, margin=4,
        width=_WIDTH, height=len(chart.labels) * _BAR_HEIGHT + _AROUND_BARS, show_x_labels=False, show_x_guides=False,
        show_y_guides=False, value_formatter=lambda value: f"{value:,.0f}",
        style=pygal.style.Style(label_font_size=_LABEL_ROOM[language], value_font_size=12),
    )  # fmt: skip
    labels = (each if len(each) <= longest else f"{each[: longest - 1]}…" for each in chart.labels)
    picture.x_labels = list(reversed(list(labels)))
    for name, values in chart.series:
        picture.add(name, list(reversed(values)))
    tree = picture.render_tree()
    for part in [*tree.iter("{*}defs", "{*}desc", "{*}title", "{*}script", "{*}style", etree.Comment)]:
        part.getparent().remove(part)
    for part in tree.iter():
        part.attrib.pop("id", None)
        part.attrib.pop("style", None)
    return Markup(etree.tostring(tree, encoding="unicode"))


def _by_rule(
    findings: pd.DataFrame, catalogue: Mapping[str, RuleCard], words: Mapping[str, str], language: Language
) -> Chart:
    open_ones = findings[findings["severity"] != Severity.INFO.value]
    counted = _counted(open_ones, "rule", "severity", [Severity.ERROR.value, Severity.WARNING.value])
    titles = [catalogue[slug].title.of(language) if slug in catalogue else slug for slug in counted.index]
    return _chart(words["chart_rules"], titles, counted, [words["errors"], words["warnings"]])


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
    """How often each series occurs in each bar; the longest bars, the longest first."""
    counted = frame.groupby([bars, series], sort=True).size().unstack(fill_value=0)
    counted = counted.reindex(columns=list(order), fill_value=0)
    return counted.loc[counted.sum(axis=1).sort_values(ascending=False, kind="stable").index].head(MOST_BARS)


def _chart(
    title: str, labels: Sequence[Any], counted: pd.DataFrame, names: Sequence[str], dress: str = "severities"
) -> Chart:
    series = tuple((name, tuple(counted.iloc[:, at].astype(int))) for at, name in enumerate(names))
    return Chart(title, tuple(mask(str(each)) for each in labels), series, dress)
