"""比对清单.xlsx: one row a difference between returns and registers, a sheet for each office that keeps a register.

It holds the registers' whole numbers: it is the bureau's own, and goes to no school.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.comparison import COMPARED, Comparison, Outcome
from kbxt_merge.model.district import District
from kbxt_merge.model.out_folder import DIFFERENCE_LIST
from kbxt_merge.model.register import Register
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.sheets.bulk_sheet import Block, BulkColumn, BulkSheet
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import printed_day, span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, height_of, line_count, tall_rows
from kbxt_merge.outputs.sheets.workbook import open_book

_TITLE = Words("{period}与{label}核对清单", "{label}: differences, {period}")
_TO = Words("交：{office}", "To: {office}")
_FROM = Words("{bureau}  {day}", "{bureau}  {day}")
_NOBODY = Words("没有差异。", "No difference.")
_SIGNED = Words("核实人：　　　　　　　　　　日期：　　　年　　月　　日", "Verified by:                    Date:")
_PRIVATE = Words(
    "本清单含完整的身份证号码，仅供局内和保管名册的单位核实使用，不得外传。",
    "This list holds whole ID numbers: for the bureau and the office that keeps the register only.",
)
_COLUMNS = (
    (Words("序号", "No."), 5.0, "number"),
    (Words("学校", "school"), 22.0, "text"),
    (Words("表", "form"), 9.0, "text"),
    (Words("姓名", "name"), 10.0, "text"),
    (Words("学校报的身份证号码", "ID number returned"), 20.0, "code"),
    (Words("差异", "difference"), 14.0, "text"),
    (Words("学校所填", "returned"), 22.0, "text"),
    (Words("名册登记", "register"), 22.0, "text"),
    (Words("名册中的姓名", "name on it"), 10.0, "text"),
    (Words("名册中的身份证号码", "ID number on it"), 20.0, "code"),
    (Words("名册中的位置", "row of the register"), 24.0, "long_text"),
    (Words("核实结果", "verified"), 14.0, "text"),
)
_WHAT = {
    "register-name-differs": Words("姓名不同", "name"),
    "register-id-differs": Words("身份证号码不同", "ID number"),
}
_ABSENCE, _MISSING, _DIFFERS = (
    Words("报了、不在册", "not on it"), Words("在册、没有报", "not returned"), Words("{field}不同", "{field}")
)  # fmt: skip
_OVERVIEW = (
    (Words("名册", "register"), 14.0),
    (Words("表", "form"), 9.0),
    (Words("核对人数", "compared"), 11.0),
    *((each.words, 13.0) for each in Outcome),
)
_FIRST_ROW = 3


def write_differences(comparison: Comparison, district: District, folder: Path, language: Language = "zh") -> Path:
    """Write the list into a folder; its path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DIFFERENCE_LIST
    differences, registers = comparison.differences, district.forms.registers
    known = set(comparison.counts["register"]) | set(differences["register"])
    with open_book(path, district.as_of, len(differences)) as book:
        styles, names = Styles(book), Names()
        _write_overview(book, styles, names, district, comparison, language)
        for register in registers:
            if register.slug in known:
                rows = differences[differences["register"] == register.slug]
                _List(book, styles, names, district, language).write(register, _in_order(rows, district))
    return path


_SAME = ["rule", "school", "name", "number", "value", "theirs", "theirs_name", "theirs_number", "place"]
"""What is one difference to the office, in however many forms it stands."""


def _in_order(rows: pd.DataFrame, district: District) -> pd.DataFrame:
    """School by school as in the roster, and each difference once, with all `forms` that it stands in."""
    places = {name: at for at, name in enumerate(district.schools)}
    at = rows["school"].map(places).fillna(len(places) + (rows["school"] == ""))
    called = rows["form"].map({slug: form.called for slug, form in district.forms.by_slug.items()})
    ordered = rows.assign(at=at, forms=called).sort_values(["at", "form"], kind="stable")
    once = ordered.groupby(_SAME, sort=False, dropna=False)["forms"].agg(lambda told: "、".join(dict.fromkeys(told)))
    first = ordered.drop_duplicates(_SAME)
    return first.assign(forms=once.to_numpy()).sort_values(["at", "name"], kind="stable")


def _write_overview(
    book: Workbook, styles: Styles, names: Names, district: District, comparison: Comparison, language: Language
) -> None:
    sheet = book.add_worksheet(names.sheet(Words("汇总", "Overview").of(language)))
    sheet.set_default_row(LEAST_HEIGHT)
    title = Words("{period}比对情况汇总", "Registers, {period}").of(language)
    last = len(_OVERVIEW) - 1
    span(sheet, 0, 0, last, title.format(period=district.period.words.of(language)), styles.look("title"))
    sheet.set_row(0, 36)
    for column, (words, width) in enumerate(_OVERVIEW):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, words.of(language), styles.look("screen_header"))
    labels = {each.slug: each.label.of(language) for each in district.forms.registers}
    row = 2
    for (register, form), counts in comparison.totals.items():
        sheet.write_string(row, 0, labels[register], styles.look("text"))
        sheet.write_string(row, 1, district.forms.by_slug[form].called, styles.look("text"))
        sheet.write_number(row, 2, sum(counts[each] for each in COMPARED), styles.look("number"))
        for column, outcome in enumerate(Outcome, 3):
            sheet.write_number(row, column, counts[outcome], styles.look("number"))
        row += 1
    notes = [_PRIVATE.of(language)]
    read = district.references
    notes += [f"{each.path}：{each.why(language)}" for each in (read.files if read else ()) if each.trouble]
    room = sum(width for _, width in _OVERVIEW)
    for note in notes:
        span(sheet, row, 0, last, note, styles.look("note"))
        sheet.set_row(row, height_of(line_count(note, room)))
        row += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


class _List:
    """The sheet of one register."""

    def __init__(self, book: Workbook, styles: Styles, names: Names, district: District, language: Language) -> None:
        self._book, self._styles, self._names = book, styles, names
        self._district, self._language = district, language

    def write(self, register: Register, rows: pd.DataFrame) -> None:
        """Title, office, and a row a difference."""
        language, styles = self._language, self._styles
        sheet = self._book.add_worksheet(self._names.sheet(register.label.of(language)), BulkSheet)
        sheet.set_default_row(LEAST_HEIGHT)
        last = len(_COLUMNS) - 1
        period = self._district.period.words.of(language)
        title = _TITLE.of(language).format(period=period, label=register.label.of(language))
        span(sheet, 0, 0, last, title, styles.look("title"))
        sheet.set_row(0, 36)
        bureau, day = self._district.forms.bureau, printed_day(self._district.as_of)
        span(sheet, 1, 0, 5, _TO.of(language).format(office=register.office.of(language)), styles.look("unit"))
        span(sheet, 1, 6, last, _FROM.of(language).format(bureau=bureau, day=day), styles.look("date"))
        sheet.set_row(1, 24)
        for column, (words, width, _) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, words.of(language), styles.look("screen_header"))
        sheet.set_row(2, height_of(2))
        cells = self._cells(rows)
        looks = [styles.look(look) for _, _, look in _COLUMNS]
        heights = tall_rows([(column, width) for column, (_, width, _) in zip(cells, _COLUMNS, strict=True)])
        bulk = [BulkColumn(column, look) for column, look in zip(cells, looks, strict=True)]
        sheet.add_block(Block(_FIRST_ROW, bulk, heights))
        self._write_foot(sheet, _FIRST_ROW + len(rows), last, bool(len(rows)))

    def _write_foot(self, sheet: BulkSheet, row: int, last: int, any_rows: bool) -> None:
        notes = [_SIGNED, _PRIVATE] if any_rows else [_NOBODY]
        for at, words in enumerate(notes, row):
            span(sheet, at, 0, last, words.of(self._language), self._styles.look("note"))
            sheet.set_row(at, 24)
        sheet.freeze_panes(_FIRST_ROW, 4)
        sheet.autofilter(2, 0, max(row - 1, 3), last)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_footer("&C&10第 &P 页，共 &N 页")

    def _cells(self, rows: pd.DataFrame) -> list[Sequence[str | int]]:
        kinds = zip(rows["rule"], rows["outcome"], rows["form"], rows["field"], strict=True)
        what = [self._what(*each) for each in kinds]
        is_number = rows["rule"] == "register-id-differs"
        valued = (rows["rule"] == "register-value-differs").tolist()
        return [
            range(1, len(rows) + 1),
            rows["school"].tolist(),
            rows["forms"].tolist(),
            rows["name"].tolist(),
            rows["number"].tolist(),
            what,
            [value if has else "" for value, has in zip(rows["value"], valued, strict=True)],
            [theirs if has else "" for theirs, has in zip(rows["theirs"], valued, strict=True)],
            rows["theirs_name"].tolist(),
            rows["theirs_number"].where(~is_number, rows["theirs"]).tolist(),
            rows["place"].tolist(),
            [""] * len(rows),
        ]

    def _what(self, rule: str, outcome: str, form: str, field: str) -> str:
        language = self._language
        if outcome == Outcome.NOT_RETURNED.value:
            return _MISSING.of(language)
        label = self._district.forms.by_slug[form].by_name[field].label.of(language) if field else ""
        if outcome == Outcome.NOT_ON_IT.value:
            return _ABSENCE.of(language)
        return _WHAT[rule].of(language) if rule in _WHAT else _DIFFERS.of(language).format(field=label)
