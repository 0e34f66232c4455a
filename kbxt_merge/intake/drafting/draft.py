"""One sheet of a blank → the YAML that may define it, with the reason of every guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kbxt_merge.intake.drafting.bearer import bearer_of, rules_of_person
from kbxt_merge.intake.drafting.card import Card, card_at, card_of_labels_above
from kbxt_merge.intake.drafting.drafted import DraftedField, DraftedForm, NoFormError
from kbxt_merge.intake.drafting.field_drafts import FieldDrafts
from kbxt_merge.intake.drafting.headings import (
    Headings,
    county_of,
    headings_of,
    is_dated_by_month,
    signs,
    title_with_places,
    unit_line,
)
from kbxt_merge.intake.drafting.limits import orders_of
from kbxt_merge.intake.drafting.named import Named
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.shape import COUNTED, asks_for_all, is_flat, shape_of
from kbxt_merge.intake.drafting.sums import sums_of
from kbxt_merge.intake.drafting.table import Column, Table, table_at
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.text import Words

_LONGEST_LABEL = 30
_BETWEEN = "    "
_MOST_ROWS = 100
_MAY_BE_BLANK = re.compile(r"空着不填|(?:没有|无)的?[，,]?(?:可|可以)?(?:不填|空着)|可以?不填")
"""A note by which cells may be left blank."""


def draft_form(page: Page, number: str, known: Mapping[str, Vocabulary], unit: str = "") -> DraftedForm:
    """The draft of a page; `number` is the form's where the blank prints none, `unit` the line of its unit.

    Raises NoFormError.
    """
    headings = headings_of(page)
    headings = headings if headings.unit else replace(headings, unit=unit)
    flat = headings.below < len(page.rows) and is_flat(page, headings)
    card = card_of_labels_above(page, headings.below) if flat else card_at(page, headings.below)
    if card is not None:
        return _Drafting(page, headings, number, known).card(card)
    table = table_at(page, headings.below)
    if table is None or len(table.columns) < 2:
        raise NoFormError(
            Words(
                "没有找到表头：标题下面要有一行（或几行）栏目名称，或一格标签、一格空白的登记卡",
                "no header was found: below the title there must be rows of headers, or labels with empty cells",
            )
        )
    return _Drafting(page, headings, number, known).table(table)


@dataclass
class _Drafting:
    """The work on one page."""

    page: Page
    headings: Headings
    number: str
    known: Mapping[str, Vocabulary]
    inside: Sequence[DraftedField] = ()

    @cached_property
    def drafts(self) -> FieldDrafts:
        """The work on its fields."""
        return FieldDrafts(self.page, self.headings, self.known)

    def table(self, table: Table) -> DraftedForm:
        """A list, statistics, or printed rows."""
        headings, shape = self.headings, shape_of(table, self.headings.title)
        fields = self.drafts.of_table(table, shape)
        notes = [*headings.notes, *(each for each in table.notes if not signs(each))]
        if any(map(_MAY_BE_BLANK.search, notes)) or (shape == "rows" and not asks_for_all(fields, table)):
            for each in (each for each in fields if each.tree.get("required") is True):
                del each.tree["required"]
        tree = self._head(headings, shape, table.unit_below)
        if shape == "list":
            tree |= bearer_of(fields, headings.title)
        printed: dict[str, Tree] = {"rows": list(table.printed.labels), "sections": dict(table.printed.sections)}
        tree |= {key: each for key, each in printed.items() if each}
        if signatures := _BETWEEN.join(filter(signs, table.notes)):
            tree["signatures"] = signatures
        tree["fields"] = [dict(each.tree) for each in fields]
        tree |= {key: each for key, each in {"column_codes": list(table.codes), "notes": notes}.items() if each}
        if shape != "rows":
            tree["printed_rows"] = self._empty_rows(table) if shape == "list" else "1"
        groups, headers = [each.groups for each in table.columns], [each.header for each in table.columns]
        self._put_rules(tree, fields, notes, Named([], headers, groups, table.codes, [], table.printed))
        return DraftedForm(tree, fields, self.drafts.vocabularies, county_of(headings.title))

    def _empty_rows(self, table: Table) -> str:
        """How many rows the blank has below its header: down to what stands there, else as far as its drop-downs go."""
        is_closed = table.notes or table.unit_below
        offered = 0 if is_closed else self.page.offered_down_to({each.column for each in table.columns}) - table.body
        return str(min(max(table.count, offered, 1), _MOST_ROWS))

    def _put_rules(
        self, tree: dict[str, Tree], fields: Sequence[DraftedField], notes: Sequence[str], named: Named
    ) -> None:
        """What the blank says must add up, and what holds of every person."""
        names = [str(each.tree["name"]) for each in fields]
        counted = [each.tree["type"] in COUNTED and "printed" not in each.tree for each in fields]
        sums = sums_of(replace(named, names=names, counted=counted), notes)
        if rules := [*sums, *orders_of(fields, notes), *rules_of_person(tree, fields)]:
            tree["rules"] = rules

    def card(self, card: Card) -> DraftedForm:
        """A card, and the list printed in it."""
        labels = [label for row in card.rows for label in row]
        columns = [Column(label.text, (), label.place[1]) for label in labels]
        notes = [*self.headings.notes, *card.notes]
        fields = self.drafts.typed(columns, "card", notes, labels)
        names = [str(each.tree["name"]) for each in fields]
        tree = self._head(self.headings, "card", "")
        tree |= bearer_of(fields, self.headings.title, is_card=True)
        tree["fields"] = [dict(each.tree) for each in fields]
        tree["layout"] = _layout(card, names)
        if card.labels_above:
            tree["labels_above"] = True
        if notes:
            tree["notes"] = notes
        texts = [each.text for each in labels]
        self._put_rules(tree, fields, notes, Named([], texts, [()] * len(texts), (), []))
        page = self.page.without(card.list_band) if card.list_band else self.page
        inside = table_at(page, card.list_at, card.list_end) if card.list_at is not None else None
        if inside:
            self.drafts.outside, self.drafts.over = fields, (card.list_title,)
            tree["table"] = self._inside(card, inside)
        return DraftedForm(tree, fields, self.drafts.vocabularies, county_of(self.headings.title), self.inside)

    def _inside(self, card: Card, table: Table) -> dict[str, Tree]:
        fields = self.drafts.of_table(table, "list", card.notes)
        self.inside = fields
        title = card.list_title or "名单"
        tree: dict[str, Tree] = {"title": title, **bearer_of(fields, title)}
        if title == str(self.headings.title):
            tree["title"] = f"{title}名单"
        tree["fields"] = [dict(each.tree) for each in fields]
        tree["printed_rows"] = self._empty_rows(table)
        return tree

    def _head(self, headings: Headings, shape: str, unit_below: str) -> dict[str, Tree]:
        title = headings.title or self.page.grid.sheet
        printed, labels = unit_line(headings.unit or unit_below)
        number = "-".join(re.findall(r"[0-9]+", headings.attachment)) or self.number
        label = re.sub(
            r"第?\{quarter\}季度?|\{[a-z]+\}(?:学年初?|年度?|月份?|季学期|季)?|学期|[_＿]+",
            "",
            title_with_places(title),
        )
        label = re.sub(r"[（(]\s*[）)]", "", label)
        label = label.removeprefix(county_of(title)).strip() or title
        unit: dict[str, Tree] = {"labels": list(labels), "printed": printed}
        if unit_below and not headings.unit:
            unit["below"] = True
        if is_dated_by_month(headings.unit or unit_below):
            unit["by_month"] = True
        tree: dict[str, Tree] = {"form": number}
        if headings.attachment:
            tree["attachment"] = headings.attachment
        return tree | {
            "title": title_with_places(title),
            "label": label[:_LONGEST_LABEL],
            "shape": shape,
            "version": "1",
            "unit_line": unit,
        }


def _layout(card: Card, names: Sequence[str]) -> list[Tree]:
    """The card's bands; the last value of a row takes what is left of the width."""
    widths = [sum(label.span + 1 for label in row) for row in card.rows]
    widest = max(widths)
    at = row_at = 0
    bands: list[Tree] = []
    for band, rows in card.bands:
        placed: list[Tree] = []
        for row in rows:
            spans = [label.span for label in row]
            spans[-1] += widest - widths[row_at]
            placed.append([[name, str(span)] for name, span in zip(names[at : at + len(row)], spans, strict=True)])
            at += len(row)
            row_at += 1
        if placed:
            bands.append({"band": band or "基本信息", "rows": placed})
    return bands
