"""Which rows under a header are records: every row that holds something, but for what forms.md says is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.recognition.unit_line import is_unit_line
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Form
from kbxt_merge.model.left_out import Reason, RowLeftOut
from kbxt_merge.model.returns import Cell, Grid, first_filled, is_blank
from kbxt_merge.model.text import plain

_TOTAL = re.compile(
    r"(?:本校|全校|本表)?(?:合计|小计|总计|共计|累计|总?人数)(?:\(?人数?\)?)?:?(?:[0-9]+(?:人|名)?)?:?|共[0-9]+(?:人|名)"
)
_EXAMPLE = re.compile(r"示例|例|样例|填写示例|范例")
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|填报说明|附注|注意)(?:[:：]|[0-9]+[.、．])|※")
_PRINTED_NUMBER = re.compile(r"[(.、]?[0-9一二三四五六七八九十]{1,4}[).、]?")
_NUMBERED = re.compile(r"\(?[0-9一二三四五六七八九十]{1,2}\)?[.、．:：)].{4,}")
_LABELLED = re.compile(r"(?!(?:学生|儿童|姓名))[\u4e00-\u9fff()]{2,12}[:：].*")
_SIGNATURE = re.compile(
    r"(?:填表|填报|制表|审核|审批|经办|联系|负责|主管|分管|校领导|统计)[^:：]{0,6}(?:人|领导|负责人|校长|员)?(?:签字|签名|签章)?"
    r"(?:\((?:签字|签名|签章|盖章)\))?[:：]|(?:校长|园长|单位负责人|联系电话|(?:填表|填报|报送|上报)?(?:日期|时间)|盖章)"
    r"\(?(?:签字|签名|签章|盖章)?\)?[:：]"
)
_SIGNED_BESIDE = re.compile(
    r"(?:填表|填报|制表|审核|审批|经办|联系|负责|单位负责|学校负责)人|(?:主管|分管)(?:校?领导|校长)|校长|园长"
    r"|(?:填表|填报|制表|上报)(?:日期|时间)"
)
"""A label whose value stands in the next cell."""

_CLOSING = re.compile(
    r".*\((?:盖章|公章|签章|章)\)[0-9年月日._/-]*|第[0-9]+页(?:[,、/]?共[0-9]+页)?|以上.*(?:属实|有效|无误|真实).*|特此(?:证明|说明|报告|上报)[。.]?"
)
_DATE = re.compile(
    r"(?=.*[0-9日〇○零])(?:20[0-9_]{0,2}|[〇○零一二三四五六七八九]{4})?年[0-9_一二三四五六七八九十]{0,3}月(?:[0-9_一二三四五六七八九十]{0,3}日)?"
    r"|20[0-9]{2}([-./])[0-9]{1,2}(?:\1[0-9]{1,2})?|20[0-9]{2}年?[春秋]季?(?:学期)?"
)
_SCHOOL = re.compile(r".{2,}(?:学校|小学|中学|教学点)")
_HEADING = re.compile(
    r"[一二三四五六七八九1-9]年级.{0,6}|[一二三四五六七八九0-9]{1,3}(?:\([一二三四五六七八九十0-9]+\))?班|(?:小学|初中|高中)(?:部|段|阶段)"
)
"""Over the children of a class or stage, in the column of their names."""

_NOTHING_TO_REPORT = re.compile(
    r"\(?(?:零报告|以下空白|以下为空|以下无正文|空白|无|本校无.*|无此类.*|暂无.*|没有"
    r"|(?:本学期|本月|本校|我校|目前|经.{0,4}[排核]查).{0,12}(?:无|没有|未发现|不存在).*)\)?[。.]?"
)
_NOTHING_BESIDE = re.compile(r"[/\\—-]+|无|零|0")
_NO_NAMES = (
    (_NOTHING_BESIDE, Reason.ZERO_RETURN),
    (_HEADING, Reason.HEADING),
    (_NUMBERED, Reason.NOTE),
    (_LABELLED, Reason.SIGNATURE),
)
"""What stands alone in the column of names and is none."""

_NAME = re.compile(r"(?!.*(?:计|报告|空|无|没有))[\u4e00-\u9fff]{2,4}")
"""What can only be a name: no total and no word for `nothing to report` is written without one of these characters."""


_MOST_TEXT = 200
"""Characters of a row left out that are kept: enough to find it again."""


class RecordRows:
    """What is a record below one header, row by row."""

    def __init__(self, grid: Grid, form: Form, columns: Mapping[str, int]) -> None:
        """Prepare for rows of this grid whose fields stand in these columns."""
        self._form = form
        self._rows = grid.rows
        self._dates = {column for name, column in columns.items() if form.by_name[name].type == "date"}
        self._left = grid.left
        self._sequence = next(
            (columns[each.name] for each in form.fields if each.type == "sequence" and each.name in columns), None
        )
        self._columns = sorted(columns.values())
        self._first = min(columns.values())
        self._headers = {
            column: {header_text(form.by_name[name].header), *map(header_text, form.by_name[name].also)}
            for name, column in columns.items()
        }
        self._notes = tuple(plain(note) for note in form.notes)
        self._name_column = columns.get(form.record_field)
        in_order = self._columns[:2] == [self._sequence, self._name_column]
        self._numbered = self._columns[0] - grid.left if in_order else None
        self._wide = _wide_rows(grid)
        self._top = grid.top

    def below(self, position: int) -> tuple[list[int], tuple[RowLeftOut, ...]]:
        """The positions of the records from this one on, and the rows left out; blank rows are neither."""
        taken: list[int] = []
        left_out: list[RowLeftOut] = []
        for at in range(position, len(self._rows)):
            row = self._rows[at]
            if self._is_numbered_name(row):
                taken.append(at)
            elif (begin := first_filled(row)) is not None:
                inside = self._inside(row)
                if self._is_only_number(inside):
                    continue
                reason = self._why_none(at, row, inside)
                if reason is None:
                    taken.append(at)
                else:
                    left_out.append(RowLeftOut(self._top + at, self._left + begin, reason, _text(row)))
        return taken, tuple(left_out)

    def _why_none(self, position: int, row: Sequence[Cell], inside: Sequence[tuple[int, Cell]]) -> Reason | None:
        """Why a row that holds something is no record; None where it is one."""
        if not inside:
            return Reason.BESIDE_TABLE
        if self._reports_nothing(inside):
            return Reason.ZERO_RETURN
        if is_unit_line(shown(inside[0][1]), self._form.unit_line.labels) and self._begins_line(row):
            return Reason.UNIT_LINE
        if self._closes(inside) or self._is_school_above_date(position, inside):
            return Reason.SIGNATURE
        column, first = inside[0]
        if not isinstance(first, str):
            is_total = any(isinstance(cell, str) and _TOTAL.fullmatch(plain(cell)) for _, cell in inside[1:2])
            return Reason.TOTAL if is_total else None
        text = plain(first)
        alone = self._why_single_line(position, column, text) if len(inside) == 1 else None
        line = self._why_line(text, row) or self._why_header(inside)
        return alone or line or (Reason.NOTE if len(inside) == 1 and column == self._sequence else None)

    def _inside(self, row: Sequence[Cell]) -> list[tuple[int, Cell]]:
        """The row's filled cells in columns of the form."""
        width = self._left + len(row)
        return [
            (column, cell)
            for column in self._columns
            if column < width and not is_blank(cell := row[column - self._left])
        ]

    def _closes(self, inside: Sequence[tuple[int, Cell]]) -> bool:
        """A line of those that close a sheet, in whatever column they stand: signatures, a stamp, the date."""
        first = plain(shown(inside[0][1]))
        if _SIGNATURE.match(first) or _SIGNED_BESIDE.fullmatch(first):
            return True
        texts = ((column, plain(shown(cell))) for column, cell in inside)
        return all(
            _CLOSING.fullmatch(text) or (column not in self._dates and _DATE.fullmatch(text)) for column, text in texts
        )

    def _is_school_above_date(self, position: int, inside: Sequence[tuple[int, Cell]]) -> bool:
        """The school's name alone, where it signs: what comes next closes the sheet."""
        if self._form.child_name is None or len(inside) > 1 or not _SCHOOL.fullmatch(plain(shown(inside[0][1]))):
            return False
        below = next(filter(None, map(self._inside, self._rows[position + 1 :])), None)
        return below is not None and self._closes(below)

    def _is_numbered_name(self, row: Sequence[Cell]) -> bool:
        """Whether the row begins with a number and a name, as almost every record does."""
        at = self._numbered
        if at is None or len(row) <= (beside := self._columns[1] - self._left):
            return False
        name = row[beside]
        return type(row[at]) is float and type(name) is str and _NAME.fullmatch(name) is not None

    def _is_only_number(self, inside: Sequence[tuple[int, Cell]]) -> bool:
        """Nothing but the number that the blank prints before each empty row."""
        return (
            len(inside) == 1
            and inside[0][0] == self._sequence
            and bool(_PRINTED_NUMBER.fullmatch(plain(shown(inside[0][1]))))
        )

    def _reports_nothing(self, inside: Sequence[tuple[int, Cell]]) -> bool:
        """`1, 零报告`, or `1, 无, 无, /`: where the child should stand nobody does, and nothing else says anything."""
        if self._form.child_name is None or self._name_column is None:
            return False
        name = next((plain(shown(cell)) for column, cell in inside if column == self._name_column), "")
        if not (_NOTHING_TO_REPORT.fullmatch(name) or _NOTHING_BESIDE.fullmatch(name)):
            return False
        beside = (cell for column, cell in inside if column not in (self._sequence, self._name_column))
        return all(_NOTHING_BESIDE.fullmatch(plain(shown(cell))) for cell in beside)

    def _why_single_line(self, position: int, column: int, text: str) -> Reason | None:
        """A text alone in its row: spread over several columns, a note, or a word for `nothing to report`."""
        if _NOTHING_TO_REPORT.fullmatch(text):
            return Reason.ZERO_RETURN
        if column == self._name_column:
            for pattern, reason in _NO_NAMES:
                if pattern.fullmatch(text):
                    return reason
        is_wide = self._top + position in self._wide and column == self._first and len(text) > 4
        return Reason.NOTE if is_wide or (column == self._first and _NUMBERED.fullmatch(text)) else None

    def _begins_line(self, row: Sequence[Cell]) -> bool:
        """Whether the row begins before the child's own columns do."""
        return self._left + (first_filled(row) or 0) <= max(self._first, self._name_column or 0, self._sequence or 0)

    def _why_line(self, text: str, row: Sequence[Cell]) -> Reason | None:
        """A total, a note or the example: known by the text that the row begins with."""
        if not self._begins_line(row):
            return None
        begin = self._left + (first_filled(row) or 0)
        if _TOTAL.fullmatch(text):
            return Reason.TOTAL
        if begin in (self._first, self._sequence) and _EXAMPLE.fullmatch(text):
            return Reason.EXAMPLE
        printed = any(note.startswith(text) or text.startswith(note) for note in self._notes if len(text) > 5)
        return Reason.NOTE if printed or _NOTE.match(text) else None

    def _why_header(self, inside: Sequence[tuple[int, Cell]]) -> Reason | None:
        """A header printed again for a further page: three cells or more say what stands above them."""
        again = sum(isinstance(cell, str) and header_text(cell) in self._headers[column] for column, cell in inside)
        return Reason.HEADER if again >= min(3, len(self._columns)) else None


def _text(row: Sequence[Cell]) -> str:
    return " ".join(shown(cell).strip() for cell in row if not is_blank(cell))[:_MOST_TEXT]


def _wide_rows(grid: Grid) -> frozenset[int]:
    """The sheet rows in which a cell is merged over three columns or more."""
    return frozenset(first for first, left, _, right in grid.merged if right - left >= 2)
