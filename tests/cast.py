"""A cast of invented children, and whole forms around the few columns that a test is about.

A form here is dated 2021-03-12, and sound in every cell that the test does not show: a row that names a child of the
cast is filled in from it, any other row from the child of its position.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sheets import FORMS, PRIMARY, cells_of, typed

from kbxt_merge.intake.recognition.recogniser import header_text
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.returns import Cell, Grid, is_blank

DAY = "2021年3月12日"


@dataclass(frozen=True)
class Child:
    """Whatever a form asks of a child."""

    name: str
    sex: str
    id_number: str
    birth_date: str
    age: float
    grade: str


CAST = {
    child.name: child
    for child in (
        Child("赖小满", "男", "360704200805210315", "2008年5月21日", 12.0, "七年级"),
        Child("温小暑", "女", "360721200707070423", "2007年7月7日", 13.0, "八年级"),
        Child("钟立秋", "男", "360704201108070534", "2011年8月7日", 9.0, "四年级"),
        Child("刘白露", "女", "360704200909070644", "2009年9月7日", 11.0, "五年级"),
        Child("曾谷雨", "男", "360704201004200752", "2010年4月20日", 10.0, "五年级"),
        Child("谢霜降", "女", "360721201210230860", "2012年10月23日", 8.0, "二年级"),
    )
}

ANYONE: Mapping[str, Cell] = {
    "registration_type": "失学辍学",
    "dropout_date": "2020年9月",
    "address": "赣县区某乡某村",
    "guardian": "赖大暑",
    "phone": "13800000001",
    "disability": "肢体残疾",
    "enrolment": "是",
    "reason": "重度肢体残疾",
    "ethnicity": "汉族",
    "health": "良好",
    "guardian1": "赖大暑",
    "guardian1_relation": "父子",
    "guardian1_phone": "13800000001",
    "household_address": "赣县区某乡某村",
    "roll_address": "赣县区某乡",
    "home_address": "赣县区某乡某村",
    "dropout_reason": "厌学",
    "persuaded": "是",
    "persuasion_count": 2.0,
    "persuasion_result": "仍在外务工",
    "not_returned_reason": "厌学",
    "persuasion_log": "2021年3月1日，班主任家访，家长答应再劝",
}
"""What every form says of everyone; a field that stands in neither table is left blank."""


def listed(
    slug: str,
    text: str,
    *,
    school: str = PRIMARY,
    date: str = DAY,
    sheet: str = "Sheet1",
    without: Iterable[str] = (),
) -> Grid:
    """A list or the statistics: the columns of the table first, from A on, then the form's others but `without`.

    Title and unit line stand in rows 1 and 2, the header in row 3 (the statistics: 3 and 4), records below it.
    """
    form = FORMS.by_slug[slug]
    header, *lines = cells_of(text)
    shown = [field_called(form, label) for label in header]
    left_out = [field_called(form, label) for label in without]
    fields = shown + [field for field in form.fields if field not in (*shown, *left_out)]
    rows = [_row(fields, list(map(typed, line)), number, school) for number, line in enumerate(lines, 1)]
    groups: list[list[Cell]] = [[field.group or field.header for field in fields]] if form.header_rows == 2 else []
    headers: list[Cell] = [None if groups and not field.group else field.header for field in fields]
    unit = f"{form.unit_line.labels[0]}：{school}（盖章）  时间：{date}"
    return Grid(sheet, [[form.title.format(year=2021, term="春")], [unit], *groups, headers, *rows])


def statistics(text: str, **options: Any) -> Grid:
    """A school's row of counts: a label and its count a line, the first in A5, the next in B5, the others 0."""
    labels, counts = zip(*cells_of(text), strict=True)
    return listed("1-1", f"| {' | '.join(labels)} |\n| {' | '.join(counts)} |", **options)


def card(name: str, text: str = "", *, date: str = DAY, sheet: str = "Sheet1") -> Grid:
    """The card of a child of the cast, but for the labels and values of the table; nobody's card is a blank.

    Title and date line stand in rows 1 and 2, the printed rows from row 3 on: labels in B, D, F, H, each value to the
    right of its label (姓名: C3, 居民身份证号码: E3, 出生日期: C4, 性别: E4, 年龄: G4, 民族: I4, 全国学籍号: E5).
    """
    form = FORMS.by_slug["5"]
    shown = {field_called(form, label).name: typed(value) for label, value in cells_of(text)}
    known = {**ANYONE, **vars(CAST[name]), **shown} if name else shown
    rows: list[list[Cell]] = [[form.title], [f"设区市：赣州市  县(市、区)：赣县区  填表日期：{date}"]]
    for band in form.bands:
        for position, printed in enumerate(band.rows):
            pairs = [(form.by_name[each].header, known.get(each)) for each, _ in printed]
            rows.append([None if position else band.label, *(cell for pair in pairs for cell in pair)])
    return Grid(sheet, rows)


def field_called(form: Form, label: str) -> Field:
    """The field that a test calls by its label or by a header that it may have."""
    by_label = {field.label.zh: field for field in form.fields}
    by_header = {header_text(text): field for field in form.fields for text in (field.header, *field.also)}
    return by_label.get(label) or by_header[label]


def _row(fields: Iterable[Field], shown: list[Cell], number: int, school: str) -> list[Cell]:
    """What is shown, then what the form needs besides; a row that shows nothing but a number stays as it is."""
    fields = list(fields)
    if all(is_blank(cell) for field, cell in zip(fields, shown, strict=False) if field.type != "sequence"):
        return shown
    called = dict(zip((field.name for field in fields), shown, strict=False)).get("name")
    child = CAST.get(str(called)) or list(CAST.values())[(number - 1) % len(CAST)]
    return shown + [_cell(field, child, number, school) for field in fields[len(shown) :]]


def _cell(field: Field, child: Child, number: int, school: str) -> Cell:
    if field.type == "sequence":
        return float(number)
    if field.type == "count" and field.required:
        return 0.0
    if field.type == "school" and field.name != "return_school":
        return school
    return {**ANYONE, **vars(child)}.get(field.name)
