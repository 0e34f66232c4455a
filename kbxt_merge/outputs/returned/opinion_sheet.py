"""The sheet 核查意见: every finding of one workbook with a link to its cell, and room for the school's answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice

from kbxt_merge.model.answer import (
    EXPLANATION,
    FILL_COLUMN,
    IDENTITY_COLUMNS,
    IDENTITY_PREFIX,
    OPINION_SHEET,
    SEAL_COLUMN,
    TREATMENT,
    Treatment,
)
from kbxt_merge.model.explained import Explained
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.seal import Seal
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.how_block import HowBlock
from kbxt_merge.outputs.returned.opinion import Opinion
from kbxt_merge.outputs.returned.sheet_rows import LETTERS, TextColumn, filled, frame_of, heights_of, rows_of
from kbxt_merge.outputs.returned.styles import Looks, Styles
from kbxt_merge.outputs.sheets.archive import attribute, escaped

_VISIBLE = (
    (Words("序号", "No."), 6),
    (Words("级别", "Severity"), 13),
    (Words("工作表", "Sheet"), 16),
    (Words("单元格", "Cell"), 9),
    (Words("项目", "Field"), 16),
    (Words("填写内容", "As filled in"), 20),
    (Words("问题", "What is wrong"), 58),
    (Words("怎样改", "How"), 8),
    (Words("建议", "Suggestion"), 22),
    (Words("相关位置", "See also"), 26),
    (TREATMENT, 14),
    (EXPLANATION, 30),
)
"""The columns that a clerk sees, and their widths in characters."""

_CELL, _HOW, _TREATMENT_COLUMN, _EXPLANATION_COLUMN = 3, 7, 10, 11
_HEADER_ROW = 2
HEADER_ROWS = f"${_HEADER_ROW + 1}:${_HEADER_ROW + 1}"
"""What is printed on every page."""
_FIRST_ROW = 3
_TITLE = Words("核查意见：{file}", "Findings: {file}")
_GUIDE = Words(
    "点“单元格”跳到有问题的格子，改正后在“处理”选“已改”。级别为“请核实”的，若原来填写无误，选“核实无误”并在“说明”写明原因。"
    "保存后将该文件发回。",
    "Click the cell's address to go there. Correct it and choose “Corrected”. "
    "Where a warning is wrong and the cell is right, choose “Verified correct” and say why. "
    "Save, and send this file back.",
)
_GUIDE_TO_RULES = Words(
    "点“怎样改”看这一类问题是什么意思、怎样改，附例子，在本表最后。",
    " Under “How” a click leads to what it means and how to put it right, with an example, at the foot of this sheet.",
)
_CHOICES = {
    Severity.ERROR: (Treatment.CORRECTED,),
    Severity.WARNING: (Treatment.CORRECTED, Treatment.VERIFIED),
    Severity.INFO: (),
}
"""What a school may answer to a finding; an error can't be confirmed away."""

_WIDTHS = [width for _, width in _VISIBLE]
_HIDDEN = (*IDENTITY_COLUMNS, FILL_COLUMN, SEAL_COLUMN)
_COLUMNS = len(_VISIBLE) + len(_HIDDEN)

_BEGIN = """<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<worksheet xmlns="{main}" xmlns:r="{office}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>\
<sheetViews><sheetView workbookViewId="0" tabSelected="1"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" \
state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>{head}"""
_END = """{how}</sheetData><mergeCells>{merged}</mergeCells>{choices}{links}<pageMargins left="0.4" right="0.4" \
top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>\
</worksheet>"""
_COLUMN = '<col min="{first}" max="{last}" width="{width}"{hidden} customWidth="1"/>'
_HIDES = ' hidden="1"'
_MOST_LINKS = 65_530
"""Excel opens no sheet with more."""
_CHOICE = """<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{column}{first}:{column}{last}">\
<formula1>"{words}"</formula1></dataValidation>"""

Fills = Mapping[tuple[str, str], str]
"""By sheet and cell of every cell that is marked: the fill that it had, as XML; blank for none."""


class OpinionSheet:
    """Writes the worksheet part of one workbook's findings."""

    def __init__(self, book: Book, styles: Styles, language: Language, seal: Seal, rules: Sequence[Explained]) -> None:
        """Prepare the formats in the workbook that the sheet will stand in; the `rules` are explained at its foot."""
        self._book = book
        self._seal = seal
        self._looks = Looks(styles)
        self._language = language
        self._rules = rules

    def name(self) -> str:
        """A name for the sheet that the workbook's own sheets leave free."""
        taken = {each.name.casefold() for each in self._book.sheets()}
        wanted = OPINION_SHEET.of(self._language)
        names = [wanted] + [f"{wanted}({n})" for n in range(2, len(taken) + 3)]
        return next(name for name in names if name.casefold() not in taken)

    def part(self, file: str, opinions: Sequence[Opinion], fills: Fills) -> bytes:
        """The worksheet's XML."""
        how = HowBlock(_FIRST_ROW + len(opinions) + 1, self._rules, self._looks, _WIDTHS, self._language)
        guide = f"A2:{LETTERS[_EXPLANATION_COLUMN]}2"
        named = [how.named.get(each.rule, "") if each.asks else "" for each in opinions]
        links = "".join(islice(chain(_to_cells(opinions, fills), self._to_rules(named, how)), _MOST_LINKS))
        begin = _BEGIN.format(
            main=self._book.main, office=self._book.office,
            columns=_columns(hides_how=not self._rules), head="".join(self._head(file)),
        )  # fmt: skip
        end = _END.format(
            how="".join(how.rows()), merged="".join(f'<mergeCell ref="{each}"/>' for each in (guide, *how.merged())),
            choices=self._choices(opinions), links=links and f"<hyperlinks>{links}</hyperlinks>",
        )  # fmt: skip
        return b"".join((begin.encode(), self._lines(opinions, fills, named), end.encode()))

    def _head(self, file: str) -> Iterator[str]:
        """The rows above the findings: title, guide and headers."""
        titles = [words.of(self._language) for words, _ in _VISIBLE] + [IDENTITY_PREFIX + name for name in _HIDDEN]
        looks, guide = self._looks, _GUIDE.of(self._language)
        if self._rules:
            guide += _GUIDE_TO_RULES.of(self._language)
        yield filled(frame_of([looks.title]), 0, [_TITLE.of(self._language).format(file=file)])
        yield filled(frame_of([looks.guide], high=True), 1, [guide], height=32)
        yield filled(frame_of([looks.header] * len(titles)), _HEADER_ROW, titles)

    def _lines(self, opinions: Sequence[Opinion], fills: Fills, named: Sequence[str]) -> bytes:
        """The rows of the findings."""
        if not opinions:
            return b""
        severity, sheet, cell, field, value, message, suggestion, related, identity, treatment, explanation = zip(
            *opinions, strict=True
        )
        looks, language = self._looks, self._language
        before = list(map(fills.get, zip(sheet, cell, strict=True)))
        how_looks = {each: looks.link if self._rules and each is not Severity.INFO else looks.text for each in Severity}
        answers = {each: looks.answer if _CHOICES[each] else looks.text for each in Severity}
        answer = list(map(answers.__getitem__, severity))
        levels = {each: each.words.of(language) for each in Severity}
        treatments = {each: each.words.of(language) for each in Treatment}
        shown = (
            TextColumn(list(map(str, range(1, len(opinions) + 1))), looks.text),
            TextColumn(list(map(levels.__getitem__, severity)), list(map(looks.severity.__getitem__, severity))),
            TextColumn(sheet, looks.text),
            TextColumn(cell, [looks.text if each is None else looks.link for each in before]),
            TextColumn(field, looks.text),
            TextColumn(value, looks.text),
            TextColumn(message, looks.text),
            TextColumn(named, list(map(how_looks.__getitem__, severity))),
            TextColumn(suggestion, looks.text),
            TextColumn(related, looks.text),
            TextColumn(list(map(treatments.__getitem__, treatment)), answer),
            TextColumn(explanation, answer),
        )
        hidden = (*zip(*identity, strict=True), [each or "" for each in before], self._seal.of_lines(identity))
        heights = heights_of([column.texts for column in shown], _WIDTHS)
        return rows_of(_FIRST_ROW, [*shown, *map(TextColumn, hidden)], heights)

    def _to_rules(self, named: Sequence[str], how: HowBlock) -> Iterator[str]:
        """A link to how a finding is put right, one for those of a rule that stand together."""
        column, sheet, first = LETTERS[_HOW], _quoted(self.name()), _FIRST_ROW + 1
        rows = {name: how.rows_of[rule] + 1 for rule, name in how.named.items()}
        for name, together in groupby(named):
            last = first + sum(1 for _ in together) - 1
            if name:
                cells = f"{column}{first}:{column}{last}" if last > first else f"{column}{first}"
                yield f'<hyperlink ref="{cells}" location="{sheet}!A{rows[name]}"/>'
            first = last + 1

    def _choices(self, opinions: Sequence[Opinion]) -> str:
        """The drop-downs: one list a severity, over the runs of rows that have it (the rows are sorted by it)."""
        severities = [each.severity for each in opinions]
        lists = []
        for severity, choices in _CHOICES.items():
            if choices and severity in severities:
                first = _FIRST_ROW + severities.index(severity) + 1
                words = escaped(",".join(each.words.of(self._language) for each in choices))
                last = first + severities.count(severity) - 1
                lists.append(_CHOICE.format(column=LETTERS[_TREATMENT_COLUMN], first=first, last=last, words=words))
        return f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>' if lists else ""


def _columns(*, hides_how: bool) -> str:
    hidden = {_HOW + 1: _HIDES} if hides_how else {}
    shown = [_COLUMN.format(first=n, last=n, width=each, hidden=hidden.get(n, "")) for n, each in enumerate(_WIDTHS, 1)]
    return "".join([*shown, _COLUMN.format(first=len(shown) + 1, last=_COLUMNS, width=9, hidden=_HIDES)])


def _to_cells(opinions: Sequence[Opinion], fills: Fills) -> Iterator[str]:
    """A link from each finding to its cell."""
    column = LETTERS[_CELL]
    for number, each in enumerate(opinions, _FIRST_ROW + 1):
        if (each.sheet, each.cell) in fills:  # so it is an address, without a character that XML minds
            yield f'<hyperlink ref="{column}{number}" location="{_quoted(each.sheet)}!{each.cell}"/>'


@lru_cache
def _quoted(sheet: str) -> str:
    """The name of a sheet as the target of a link names it."""
    return attribute("'{}'".format(sheet.replace("'", "''")))
