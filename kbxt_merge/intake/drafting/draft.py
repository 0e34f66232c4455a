"""One sheet of a blank → the YAML that may define it, with the reason of every guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kbxt_merge.intake.definitions.field_names import name_of
from kbxt_merge.intake.drafting.bearer import bearer_of, rules_of_person
from kbxt_merge.intake.drafting.card import Card, Label, card_at, card_of_labels_above
from kbxt_merge.intake.drafting.drafted import DraftedField, DraftedForm, NoFormError
from kbxt_merge.intake.drafting.headings import (
    Headings,
    county_of,
    headings_of,
    in_chinese,
    title_with_places,
    unit_line,
)
from kbxt_merge.intake.drafting.legend import LEGEND, is_day, of_legend
from kbxt_merge.intake.drafting.named import Named
from kbxt_merge.intake.drafting.options import Offered, known_vocabulary, of_boxes, of_drop_down, of_header, of_notes
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.required import require_by_header, require_by_note
from kbxt_merge.intake.drafting.shape import COUNTED, asks_for_all, is_flat, shape_of
from kbxt_merge.intake.drafting.sums import sums_of
from kbxt_merge.intake.drafting.table import Column, Table, table_at
from kbxt_merge.intake.drafting.types import Typed, typed
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.form import Vocabulary
from kbxt_merge.model.text import Words, bare_header, plain

_WIDTHS: Mapping[str, str] = {
    "序号": "6",
    "sex": "6",
    "身份证号": "21",
    "证件号码": "21",
    "学籍号": "21",
    "电话": "14",
    "学校": "20",
    "编码": "18",
}
_LEAST_WIDTH, _DAY_WIDTH = 8, 4
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_LONGEST_LABEL = 30
_MAY_BE_BLANK = re.compile(r"空着不填|(?:没有|无)的?[，,]?(?:可|可以)?(?:不填|空着)|可以?不填")
"""A note by which cells may be left blank."""
_BEGINS_FILE = re.compile(r"[建立]档|建卡|立卡|发卡")
"""Words by a date on which a file begins: what it tells of comes later."""
_MEASURED = re.compile(r"平方米|㎡|元|面积|经费|金额|[率%]")
"""What printed rows count that is no whole number."""


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


def _counts_up(page: Page, column: int, body: int) -> bool:
    """Tell a column in which the blank prints 1, 2, 3."""
    texts = [page.texts[row].get(column, "").strip() for row in range(body, min(body + 3, len(page.rows)))]
    return texts == ["1", "2", "3"]


def _digits_of(header: str, note: str) -> int:
    """Of how many digits a note says that a column's code is; 0 where it says nothing."""
    found = re.search(rf"{re.escape(bare_header(header))}(?:应?为|是|统一为)([0-9]{{1,2}})位(?:数字|数|编码)", note)
    return int(found[1]) if found else 0


@dataclass
class _Drafting:
    """The work on one page."""

    page: Page
    headings: Headings
    number: str
    known: Mapping[str, Vocabulary]
    vocabularies: dict[str, Tree] = field(default_factory=dict)
    inside: Sequence[DraftedField] = ()
    outside: Sequence[DraftedField] = ()
    """The fields of the card in which a list stands."""
    over: Sequence[str] = ()
    """The title of that list."""

    def table(self, table: Table) -> DraftedForm:
        """A list, statistics, or printed rows."""
        headings, shape = self.headings, shape_of(table, self.headings.title)
        fields = self._fields(table, shape)
        notes = [*headings.notes, *table.notes]
        if any(map(_MAY_BE_BLANK.search, notes)) or (shape == "rows" and not asks_for_all(fields, table)):
            for each in (each for each in fields if each.tree.get("required") is True):
                del each.tree["required"]
        tree = self._head(headings, shape, table.unit_below)
        if shape == "list":
            tree |= bearer_of(fields, headings.title)
        printed: dict[str, Tree] = {"rows": list(table.printed.labels), "sections": dict(table.printed.sections)}
        tree |= {key: each for key, each in printed.items() if each}
        tree["fields"] = [dict(each.tree) for each in fields]
        tree |= {key: each for key, each in {"column_codes": list(table.codes), "notes": notes}.items() if each}
        if shape != "rows":
            tree["printed_rows"] = str(max(1, min(table.count, 15))) if shape == "list" else "1"
        groups, headers = [each.groups for each in table.columns], [each.header for each in table.columns]
        self._put_rules(tree, fields, notes, Named([], headers, groups, table.codes, [], table.printed))
        return DraftedForm(tree, fields, self.vocabularies, county_of(headings.title))

    def _put_rules(
        self, tree: dict[str, Tree], fields: Sequence[DraftedField], notes: Sequence[str], named: Named
    ) -> None:
        """What the blank says must add up, and what holds of every person."""
        names = [str(each.tree["name"]) for each in fields]
        counted = [each.tree["type"] in COUNTED and "printed" not in each.tree for each in fields]
        sums = sums_of(replace(named, names=names, counted=counted), notes)
        if rules := [*sums, *rules_of_person(tree, fields)]:
            tree["rules"] = rules

    def card(self, card: Card) -> DraftedForm:
        """A card, and the list printed in it."""
        labels = [label for row in card.rows for label in row]
        columns = [Column(label.text, (), label.place[1]) for label in labels]
        notes = [*self.headings.notes, *card.notes]
        fields = self._typed_fields(columns, "card", notes, labels)
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
            self.outside, self.over = fields, (card.list_title,)
            tree["table"] = self._inside(card, inside)
        return DraftedForm(tree, fields, self.vocabularies, county_of(self.headings.title), self.inside)

    def _inside(self, card: Card, table: Table) -> dict[str, Tree]:
        fields = self._fields(table, "list")
        self.inside = fields
        title = card.list_title or "名单"
        tree: dict[str, Tree] = {"title": title, **bearer_of(fields, title)}
        if title == str(self.headings.title):
            tree["title"] = f"{title}名单"
        tree["fields"] = [dict(each.tree) for each in fields]
        tree["printed_rows"] = str(max(1, min(table.count, 15)))
        return tree

    def _head(self, headings: Headings, shape: str, unit_below: str) -> dict[str, Tree]:
        title = headings.title or self.page.grid.sheet
        printed, labels = unit_line(headings.unit or unit_below)
        number = "-".join(re.findall(r"[0-9]+", headings.attachment)) or self.number
        label = re.sub(r"\{[a-z]+\}(?:学年初?|年度?|月份?|季学期|季)?|学期|第季度|[_＿]+", "", title_with_places(title))
        label = re.sub(r"[（(]\s*[）)]", "", label)
        label = label.removeprefix(county_of(title)).strip() or title
        unit: dict[str, Tree] = {"labels": list(labels), "printed": printed}
        if unit_below and not headings.unit:
            unit["below"] = True
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

    def _fields(self, table: Table, shape: str) -> list[DraftedField]:
        fields = self._typed_fields(table.columns, shape, [*self.headings.notes, *table.notes], (), table)
        for at, texts in table.printed.beside.items() if shape == "rows" else ():
            if fields[at].tree["type"] == "序号":
                continue
            is_number = all(each.isdigit() and each[0] != "0" for each in texts if each)
            fields[at].tree.update({"type": "数值" if is_number else "文字", "printed": list(texts)})
            for key in ("required", "unit", "places"):
                fields[at].tree.pop(key, None)
        said = "".join((*table.printed.labels, *(text for texts in table.printed.beside.values() for text in texts)))
        for each in fields if shape == "rows" and _MEASURED.search(said) else ():
            if each.tree["type"] == "人数":
                each.tree["type"] = "数值"
        return fields

    def _typed_fields(
        self,
        columns: Sequence[Column],
        shape: str,
        notes: Sequence[str],
        labels: Sequence[Label] = (),
        table: Table | None = None,
    ) -> list[DraftedField]:
        hints = [each.hint for each in labels]
        taken = {str(each.tree["name"]) for each in self.outside}
        made: list[DraftedField] = []
        kinds = any("证件类" in each.header for each in columns)
        for at, column in enumerate(columns):
            row, until = (table.body, None) if table else (labels[at].place[0], labels[at].place[0])
            offered = of_drop_down(self.page.offered(column.column, row, until))
            offered = offered or of_header(column.header) or of_notes(column.header, notes)
            offered = offered or (of_boxes(hints[at]) if at < len(hints) else None)
            offered = offered or (of_legend(notes) if is_day(column.header) else None)
            is_label = table is not None and shape == "rows" and at == table.printed.at
            is_numbered = table is not None and at == 0 and _counts_up(self.page, column.column, table.body)
            guess = Typed("行名", "各行名称印在这一栏") if is_label else self._type(column, offered, shape, notes)
            if is_numbered and not is_label:
                guess = Typed("序号", "各行的号已经印好")
            if kinds and guess.type in ("身份证号", "证件号码") and "证件" in column.header:
                paper = next(bare_header(in_chinese(each.header)) for each in columns if "证件类" in each.header)
                guess = Typed("证件号码", f"{guess.why}，又有证件类型一栏", {**guess.more, "kind": paper})
            name = name_of((*self.over, *column.groups, in_chinese(column.header)), taken)
            taken.add(name)
            made.append(self._field(column, name, guess, shape, hints[at] if at < len(hints) else ""))
        for each in made:
            require_by_header(each, made, self._values)
        for note in notes:
            require_by_note(plain(note), made, self._values)
        return made

    def _values(self, type_: str) -> Sequence[str]:
        if type_ in self.known:
            return self.known[type_].values
        own = self.vocabularies.get(type_)
        values = own.get("values") if isinstance(own, Mapping) else None
        return list(values) if isinstance(values, Mapping) else []

    def _type(self, column: Column, offered: Offered | None, shape: str, notes: Sequence[str]) -> Typed:
        if shape == "rows" and bare_header(column.header) in ("编号", "代码", "行次"):
            return Typed("文字", "印好的行号")
        guess = typed(column.header, column.groups, counts=shape in ("statistics", "rows"))
        digits = next((found for note in notes if (found := _digits_of(column.header, plain(note)))), 0)
        if digits and guess.type == "文字":
            return Typed("编码", f"表下的注：{digits} 位数字", {"mask": "#" * digits})
        if offered:
            known = known_vocabulary(column.header, offered, self.known)
            if known:
                return Typed(known, f"{offered.why}，是已有的词表")
            if not (guess.type in COUNTED and len(offered.words) < 2):
                called = LEGEND if is_day(column.header) else column.header
                return Typed(self._vocabulary(called, offered), offered.why)
        return guess

    def _vocabulary(self, header: str, offered: Offered) -> str:
        """A vocabulary of the words that the blank offers; what stands for a word there is read as it."""
        name = re.sub(r"\W+", "", bare_header(header)) or "词表"
        values: dict[str, Tree] = {}
        for at, word in enumerate(offered.words):
            sign = offered.numbers[at] if at < len(offered.numbers) else ""
            signs = (sign, str(at + 1) if sign in _CIRCLED else "", *offered.alike.get(word, ()))
            values[word] = [each for each in signs if each]
        tree: dict[str, Tree] = {"values": values}
        unique, number = name, 1
        while unique in self.known or self.vocabularies.get(unique, tree) != tree:
            number += 1
            unique = f"{name}{number}"
        self.vocabularies[unique] = tree
        return unique

    def _field(self, column: Column, name: str, guess: Typed, shape: str, hint: str) -> DraftedField:
        tree: dict[str, Tree] = {"name": name, "type": guess.type}
        guessed = {"type"}
        in_ten_thousands = "万元" in self.headings.unit and "元" not in f"{''.join(column.groups)}{column.header}"
        is_count = shape in ("statistics", "rows") and guess.type in COUNTED
        if is_count and guess.more.get("unit") != "%":
            tree["required"] = True
            guessed.add("required")
        if column.groups:
            tree["group"] = list(column.groups) if len(column.groups) > 1 else column.groups[0]
        tree["header"] = column.header
        if (zh := in_chinese(column.header)) != column.header:
            tree["label"] = {"zh": bare_header(zh), "en": " ".join(column.header.removeprefix(zh).split())}
        for key, each in guess.more.items():
            tree[key] = "万元" if each == "元" and in_ten_thousands else each
            guessed.add(key)
        if guess.type == "日期" and "出生" not in column.header and _BEGINS_FILE.search(self.headings.unit):
            tree["may_lie_ahead"] = True
            guessed.add("may_lie_ahead")
        if hint:
            tree["hint"] = " ".join(hint.split())
        if shape != "card":
            least = _DAY_WIDTH if is_day(column.header) else _LEAST_WIDTH
            width = min(max(2 * len(bare_header(column.header)) + 2, least), 20)
            tree["width"] = _WIDTHS.get(guess.type, str(width))
        return DraftedField(tree, guess.why, guessed)


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
