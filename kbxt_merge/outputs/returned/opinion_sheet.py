"""The sheet 核查意见: every finding of one workbook with a link to its cell, and room for the school's answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from kbxt_merge.model.answer import (
    EXPLANATION,
    FILL_COLUMN,
    IDENTITY_COLUMNS,
    IDENTITY_PREFIX,
    OPINION_SHEET,
    TREATMENT,
    Treatment,
)
from kbxt_merge.model.rule_card import Severity
from kbxt_merge.model.submission import address, column_letters
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.package import Element, as_part
from kbxt_merge.outputs.returned.styles import FILLS, Styles

_VISIBLE = (
    (Words("序号", "No."), 6),
    (Words("级别", "Severity"), 11),
    (Words("工作表", "Sheet"), 16),
    (Words("单元格", "Cell"), 9),
    (Words("项目", "Field"), 16),
    (Words("填写内容", "As filled in"), 20),
    (Words("问题", "What is wrong"), 58),
    (Words("建议", "Suggestion"), 22),
    (Words("相关位置", "See also"), 26),
    (TREATMENT, 14),
    (EXPLANATION, 30),
)
"""The columns that a clerk sees, and their widths in characters."""

_CELL, _TREATMENT_COLUMN, _EXPLANATION_COLUMN = 3, 9, 10
_HEADER_ROW = 2
_FIRST_ROW = 3
_TITLE = Words("核查意见：{file}", "Findings: {file}")
_GUIDE = Words(
    "点“单元格”跳到有问题的格子，改正后在“处理”选“已改”。级别为“请核实”的，若原来填写无误，选“核实无误”并在“说明”写明原因。"
    "改完保存，把本文件原样交回。",
    "Click the cell's address to go there. Correct it and choose “Corrected”. "
    "Where a warning is wrong and the cell is right, choose “Verified correct” and say why. "
    "Save, and send this file back.",
)
_CHOICES = {
    Severity.ERROR: (Treatment.CORRECTED,),
    Severity.WARNING: (Treatment.CORRECTED, Treatment.VERIFIED),
    Severity.INFO: (),
}
"""What a school may answer to a finding; an error can't be confirmed away."""

_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_CELL = 32767
_POINTS_A_LINE = 15


@dataclass(frozen=True, slots=True)
class Opinion:
    """One line of the sheet.

    `identity` holds IDENTITY_COLUMNS; `treatment` and `explanation` are what the school answered in a round before.
    """

    severity: Severity
    sheet: str
    cell: str
    field: str
    value: str
    message: str
    suggestion: str
    related: str
    identity: Mapping[str, str]
    treatment: Treatment = Treatment.NONE
    explanation: str = ""


Fills = Mapping[tuple[str, str], str]
"""By sheet and cell of every cell that is marked: the fill that it had, as XML; blank for none."""


class _Looks:
    """The cell formats of the sheet."""

    def __init__(self, styles: Styles) -> None:
        wrapped = {"vertical": "top", "wrapText": "1"}
        self.title = styles.added(font='<b/><sz val="14"/><name val="宋体"/>')
        self.guide = styles.added(font='<sz val="10"/><name val="宋体"/>', alignment=wrapped)
        self.header = styles.added(
            font='<b/><sz val="10"/><name val="宋体"/>', fill="FFD9D9D9", border=True,
            alignment={"horizontal": "center", "vertical": "center", "wrapText": "1"},
        )  # fmt: skip
        plain = '<sz val="10"/><name val="宋体"/>'
        self.text = styles.added(font=plain, border=True, alignment=wrapped)
        self.answer = styles.added(font=plain, fill="FFFFFFE5", border=True, alignment=wrapped)
        link = '<u/><sz val="10"/><color rgb="FF0563C1"/><name val="宋体"/>'
        self.link = styles.added(font=link, border=True, alignment=wrapped)
        self.severity = {
            each: styles.added(font=plain, fill=FILLS[each], border=True, alignment=wrapped) for each in Severity
        }


class OpinionSheet:
    """Writes the worksheet part of one workbook's findings."""

    def __init__(self, book: Book, styles: Styles, language: Language) -> None:
        """Prepare the formats in the workbook that the sheet will stand in."""
        self._book = book
        self._looks = _Looks(styles)
        self._language = language

    def name(self) -> str:
        """A name for the sheet that the workbook's own sheets leave free."""
        taken = {each.name.casefold() for each in self._book.sheets()}
        wanted = OPINION_SHEET.of(self._language)
        names = [wanted] + [f"{wanted}({n})" for n in range(2, len(taken) + 3)]
        return next(name for name in names if name.casefold() not in taken)

    def part(self, file: str, opinions: Sequence[Opinion], fills: Fills) -> bytes:
        """The worksheet's XML."""
        root = self._book.root("worksheet")
        self._add(self._add(root, "sheetPr"), "tabColor", rgb="FFC00000")
        self._add_view(root)
        self._add_columns(root)
        data = self._add(root, "sheetData")
        title = _TITLE.of(self._language).format(file=file)
        self._add_row(data, 0, {0: (title, self._looks.title)})
        self._add_row(data, 1, {0: (_GUIDE.of(self._language), self._looks.guide)}, height=32)
        self._add_row(data, _HEADER_ROW, {i: (text, self._looks.header) for i, text in enumerate(self._headers())})
        for number, opinion in enumerate(opinions):
            self._add_opinion(data, number, opinion, fills)
        self._add(self._add(root, "mergeCells", count="1"), "mergeCell", ref=f"A2:{address(1, _EXPLANATION_COLUMN)}")
        self._add_choices(root, opinions)
        self._add_links(root, opinions, fills)
        self._add(root, "pageMargins", left="0.4", right="0.4", top="0.5", bottom="0.5", header="0.3", footer="0.3")
        self._add(root, "pageSetup", paperSize="9", orientation="landscape", fitToHeight="0")
        return as_part(root)

    def _tag(self, name: str) -> str:
        return self._book.tag(name)

    def _add(self, parent: Element, name: str, **attributes: str) -> Element:
        return etree.SubElement(parent, self._tag(name), attributes)

    def _headers(self) -> list[str]:
        hidden = (*IDENTITY_COLUMNS, FILL_COLUMN)
        return [words.of(self._language) for words, _ in _VISIBLE] + [IDENTITY_PREFIX + name for name in hidden]

    def _add_view(self, root: Element) -> None:
        self._add(root[0], "pageSetUpPr", fitToPage="1")
        view = self._add(self._add(root, "sheetViews"), "sheetView", workbookViewId="0")
        first = address(_FIRST_ROW, 0)
        self._add(view, "pane", ySplit=str(_FIRST_ROW), topLeftCell=first, activePane="bottomLeft", state="frozen")

    def _add_columns(self, root: Element) -> None:
        columns = self._add(root, "cols")
        for place, (_, width) in enumerate(_VISIBLE, 1):
            self._add(columns, "col", min=str(place), max=str(place), width=str(width), customWidth="1")
        first, last = len(_VISIBLE) + 1, len(self._headers())
        self._add(columns, "col", min=str(first), max=str(last), width="9", hidden="1", customWidth="1")

    def _add_row(
        self, data: Element, row: int, cells: Mapping[int, tuple[str, int]], height: float | None = None
    ) -> None:
        line = self._add(data, "row", r=str(row + 1))
        if height is not None:
            line.attrib.update({"ht": f"{height:g}", "customHeight": "1"})
        for column, (text, style) in cells.items():
            cell = self._add(line, "c", r=address(row, column), s=str(style))
            if text:
                cell.set("t", "inlineStr")
                words = self._add(self._add(cell, "is"), "t")
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                words.text = _NOT_IN_XML.sub("", text)[:_LONGEST_CELL]

    def _add_opinion(self, data: Element, number: int, opinion: Opinion, fills: Fills) -> None:
        looks = self._looks
        place = opinion.sheet, opinion.cell
        answer = looks.answer if _CHOICES[opinion.severity] else looks.text
        shown = (
            (str(number + 1), looks.text),
            (opinion.severity.words.of(self._language), looks.severity[opinion.severity]),
            (opinion.sheet, looks.text),
            (opinion.cell, looks.link if place in fills else looks.text),
            (opinion.field, looks.text),
            (opinion.value, looks.text),
            (opinion.message, looks.text),
            (opinion.suggestion, looks.text),
            (opinion.related, looks.text),
            (opinion.treatment.words.of(self._language), answer),
            (opinion.explanation, answer),
        )
        hidden = [opinion.identity[name] for name in IDENTITY_COLUMNS] + [fills.get(place, "")]
        cells = dict(enumerate([*shown, *((text, 0) for text in hidden)]))
        lines = max(_lines(text, width) for (text, _), (_, width) in zip(shown, _VISIBLE, strict=True))
        self._add_row(data, _FIRST_ROW + number, cells, height=min(lines * _POINTS_A_LINE + 3, 400))

    def _add_choices(self, root: Element, opinions: Sequence[Opinion]) -> None:
        """The drop-downs: one list a severity, over the runs of rows that have it (the rows are sorted by it)."""
        lists = []
        for severity, choices in _CHOICES.items():
            rows = [_FIRST_ROW + i for i, each in enumerate(opinions) if each.severity is severity]
            if rows and choices:
                lists.append((rows[0], rows[-1], choices))
        if not lists:
            return
        validations = self._add(root, "dataValidations", count=str(len(lists)))
        letters = column_letters(_TREATMENT_COLUMN)
        for first, last, choices in lists:
            validation = self._add(
                validations, "dataValidation", type="list", allowBlank="1", showErrorMessage="1",
                sqref=f"{letters}{first + 1}:{letters}{last + 1}",
            )  # fmt: skip
            words = ",".join(each.words.of(self._language) for each in choices)
            self._add(validation, "formula1").text = f'"{words}"'

    def _add_links(self, root: Element, opinions: Sequence[Opinion], fills: Fills) -> None:
        linked = [(i, each) for i, each in enumerate(opinions) if (each.sheet, each.cell) in fills]
        if not linked:
            return
        links = self._add(root, "hyperlinks")
        for number, opinion in linked:
            target = f"'{opinion.sheet.replace(chr(39), chr(39) * 2)}'!{opinion.cell}"
            self._add(
                links, "hyperlink", ref=address(_FIRST_ROW + number, _CELL), location=target, display=opinion.cell
            )


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column this many characters wide; a Chinese character counts for two."""
    return sum(1 + sum(1 + (ord(each) > 255) for each in line) // width for line in text.split("\n"))
