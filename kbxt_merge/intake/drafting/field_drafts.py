"""Columns of a table, or labels of a card → the fields that they may be, each with the reason of its guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kbxt_merge.intake.definitions.field_names import name_of
from kbxt_merge.intake.drafting.card import Label
from kbxt_merge.intake.drafting.drafted import DraftedField
from kbxt_merge.intake.drafting.headings import Headings, in_chinese
from kbxt_merge.intake.drafting.legend import LEGEND, is_day, of_legend
from kbxt_merge.intake.drafting.limits import put_limits
from kbxt_merge.intake.drafting.options import Offered, known_vocabulary, of_boxes, of_drop_down, of_header, of_notes
from kbxt_merge.intake.drafting.page import Page
from kbxt_merge.intake.drafting.required import require_by_header, require_by_note
from kbxt_merge.intake.drafting.shape import COUNTED, names_school
from kbxt_merge.intake.drafting.table import Column, Table
from kbxt_merge.intake.drafting.types import Typed
from kbxt_merge.intake.drafting.types import typed as typed_by_header
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.text import bare_header, plain

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
_BEGINS_FILE = re.compile(r"[建立]档|建卡|立卡|发卡")
"""Words by a date on which a file begins: what it tells of comes later."""
_NUMBER = re.compile(r"[1-9][0-9]*|(?:0|[1-9][0-9]*)\.[0-9]+")
_WEIGHED = re.compile(r"品名|食品|食材|原料|粮油")
"""What is weighed as well as counted."""
_MONEY = re.compile(r"单位\s*[:：]\s*[（(]?(万?元)[）)]?\s*$")
"""The line of the unit says that all is money."""
_MEASURED = re.compile(r"平方米|㎡|元|面积|经费|金额|[率%]")
"""What printed rows count that is no whole number."""


def _counts_up(page: Page, column: int, body: int) -> bool:
    """Tell a column in which the blank prints 1, 2, 3."""
    texts = [page.texts[row].get(column, "").strip() for row in range(body, min(body + 3, len(page.rows)))]
    return texts == ["1", "2", "3"]


def _digits_of(header: str, note: str) -> int:
    """Of how many digits a note says that a column's code is; 0 where it says nothing."""
    found = re.search(rf"{re.escape(bare_header(header))}(?:应?为|是|统一为)([0-9]{{1,2}})位(?:数字|数|编码)", note)
    return int(found[1]) if found else 0


def _is_said_once(header: str, note: str) -> bool:
    """Tell a note by which no two rows hold the same: 票据编号不得重复."""
    within, but_some = r"(?:在?[本同全][\u4e00-\u9fff]{1,4})?", "(?![(（][^)）]*除外)"
    pattern = f"{re.escape(header)}{within}(?:不得|不能|不可|不应|不允许)重复{but_some}"
    return re.search(pattern, note) is not None


_PLACES_OF_NOTE = re.compile(r"保留(?:到|至)?(?:小数点后)?([一二两三四1-4])位(?:小数)?")
_DIGITS = {sign: str(at) for at, signs in enumerate(("", "一1", "二两2", "三3", "四4")) for sign in signs}


def _keep_places(fields: Sequence[DraftedField], note: str) -> None:
    """How many decimal places a part of a note says its numbers have; what is said of a rate is of all in the note."""
    numbers = [each for each in fields if each.tree["type"] in ("数值", "金额")]
    for part in re.split(r"[。；;]", note):
        found = _PLACES_OF_NOTE.search(part)
        if found is None:
            continue
        named = [each for each in numbers if bare_header(str(each.tree["header"])) in plain(part)]
        rates = [each for each in numbers if each.tree.get("unit") == "%"]
        if not named or any(each.tree.get("unit") == "%" for each in named):
            named += [each for each in rates if not named or bare_header(str(each.tree["header"])) in plain(note)]
        for each in named:
            each.tree["places"] = _DIGITS[found[1]]
            each.guessed.add("places")


def _take_printed(fields: Sequence[DraftedField], table: Table) -> None:
    """What a blank prints beside the labels of its rows."""
    for at, texts in table.printed.beside.items():
        if fields[at].tree["type"] == "序号":
            continue
        is_number = all(_NUMBER.fullmatch(each) for each in texts if each)
        fields[at].tree.update({"type": "数值" if is_number else "文字", "printed": list(texts)})
        for key in ("required", "unit", "places"):
            fields[at].tree.pop(key, None)


@dataclass
class FieldDrafts:
    """The work on the fields of one page; `vocabularies` are those of the words that it offers.

    Of a list inside a card `outside` are the fields of the card, and `over` is the list's title.
    """

    page: Page
    headings: Headings
    known: Mapping[str, Vocabulary]
    vocabularies: dict[str, Tree] = field(default_factory=dict)
    outside: Sequence[DraftedField] = ()
    over: Sequence[str] = ()

    def of_table(self, table: Table, shape: str, notes: Sequence[str] = ()) -> list[DraftedField]:
        """The fields of a table's columns; `notes` are those of the card that it stands in."""
        fields = self.typed(table.columns, shape, [*self.headings.notes, *table.notes, *notes], (), table)
        if shape == "rows":
            _take_printed(fields, table)
        if shape == "statistics" and not any(each.tree["type"] == "学校" for each in fields):
            first = next(at for at, each in enumerate(table.columns) if names_school(each))
            fields[first].tree["type"] = "学校"
        self._measure(fields, table, shape)
        return fields

    def _measure(self, fields: Sequence[DraftedField], table: Table, shape: str) -> None:
        """What is counted may be money, by the line of the unit, or be measured or weighed."""
        unit = _MONEY.search(self.headings.unit or table.unit_below) if shape != "list" else None
        printed = "".join((*table.printed.labels, *(text for each in table.printed.beside.values() for text in each)))
        is_measured = shape == "rows" and _MEASURED.search(printed)
        is_weighed = _WEIGHED.search("".join((self.headings.title, *(each.header for each in table.columns))))
        for each in (each for each in fields if each.tree["type"] == "人数"):
            if unit:
                each.tree.update({"type": "金额", "unit": unit[1], "places": "2"})
            elif is_measured or (is_weighed and bare_header(str(each.tree["header"])) == "数量"):
                each.tree["type"] = "数值"

    def typed(
        self,
        columns: Sequence[Column],
        shape: str,
        notes: Sequence[str],
        labels: Sequence[Label] = (),
        table: Table | None = None,
    ) -> list[DraftedField]:
        """The fields of columns, or of the labels of a card."""
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
            _keep_places(made, note)
            put_limits(note, made)
            for each in made:
                if _is_said_once(bare_header(str(each.tree["header"])), plain(note)):
                    each.tree["unique"] = True
                    each.guessed.add("unique")
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
        guess = typed_by_header(column.header, column.groups, counts=shape in ("statistics", "rows"))
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
            signs = (sign, str(at + 1) if sign and sign in _CIRCLED else "", *offered.alike.get(word, ()))
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
