"""The sheet 填表说明: how to fill the forms in, what each column takes, and an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.cell import shown_number
from kbxt_merge.model.field import ROW_LABEL, Bound, Conditions, Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.blanks.blank_book import BlankBook
from kbxt_merge.outputs.blanks.examples import example_row
from kbxt_merge.outputs.blanks.guide_texts import how_to_fill
from kbxt_merge.outputs.sheets.page import span
from kbxt_merge.outputs.sheets.text_width import height_of, line_count

SAYINGS: Mapping[str, Words] = {
    "title": Words("填表说明", "How to fill in the forms"),
    "field": Words("栏目", "column"),
    "required": Words("必填", "required"),
    "what": Words("怎么填", "what to type"),
    "yes": Words("是", "yes"),
    "example": Words("示例（仅供参照，不要填在这里）", "Example (示例; not a place to type)"),
}

_TYPES: Mapping[str, Words] = {
    "person_name": Words("姓名全称，2 至 20 个字，字间不加空格", "the full name"),
    "id_number": Words("18 位居民身份证号码，末位可为 X", "the ID number of 18 characters"),
    "roll_number": Words("G 加 18 位身份证号码", "G and the ID number"),
    "count": Words("只填数字（整数），没有的填 0", "a whole number; 0 where there is none"),
    "date": Words("如 2021年3月、2021-03-01；不写 2021.1 这样的数字", "as 2021-03 or 2021-03-01"),
    "phone": Words(
        "手机 11 位，或座机（区号-号码）；两个号码用、隔开", "a mobile number, or a landline with area code"
    ),
    "school": Words("学校全称，与学校名册一致", "the school's full name, as in the roster"),
    "text": Words("如实填写", "in your own words"),
}
_PAPERS = Words("所填证件类型的号码；居民身份证填 18 位", "the number of the paper named; of an ID card 18 characters")
_WHEN = Words("{field}为{values}时", "where {field} is {values}")
_OR = Words("、", " or ")
_ONE_OF = Words("从列表中选择：", "one of: ")


def what_to_type(field: Field, language: Language) -> str:
    """What the field takes: the values of its vocabulary, or a format."""
    if field.vocabulary is not None:
        return _ONE_OF.of(language) + "、".join(field.vocabulary.values)
    return f"{_own_words(field).of(language)}{_bounds(field).of(language)}"


def _bounds(field: Field) -> Words:
    """The least and the most that the definition sets; an age tells its own."""
    said = [
        Words(f"，{zh} {told}", f", {en} {told}")
        for bound, zh, en in ((field.least, "不小于", "at least"), (field.most, "不大于", "at most"))
        if field.type != "age" and (told := _told(bound))
    ]
    return Words("".join(each.zh for each in said), "".join(each.en for each in said))


def _told(bound: Bound | None) -> str:
    """A bound as the guide tells it; blank for none and for the form's own day, which stands in the form."""
    if isinstance(bound, dt.date):
        return bound.isoformat()
    return shown_number(bound) if isinstance(bound, float | int) else ""


def _own_words(field: Field) -> Words:
    """A format, with what this field says of it."""
    if field.code is not None:
        return field.code.shape
    if field.papers:
        return _PAPERS
    if field.type == "age":
        least, most = field.ages
        return Words(f"周岁，只填数字（{least} 至 {most}）", "full years on the form's date")
    if field.type == "number":
        return Words(
            f"数字{field.unit and f'，以{field.unit}为单位'}", f"a number{field.unit and f', in {field.unit}'}"
        )
    return _TYPES[field.type]


_A4 = 9
_COLUMNS = 10
_WIDTH = 13.0
_EXAMPLE = "示例"
"""Stands in the place of an example's number: such a row is never read as a record."""


@dataclass
class GuideSheet:
    """The sheet, and the next row that is free."""

    book: BlankBook
    sheet: Worksheet
    row: int = field(default=0)

    def write(self, forms: Sequence[Form]) -> None:
        """Write the guide of these forms."""
        self.sheet.set_column(0, 0, 8)
        self.sheet.set_column(1, _COLUMNS - 1, _WIDTH)
        self._line(SAYINGS["title"].of(self.book.language), "guide_title", 30)
        for sentence in how_to_fill(forms, self.book.language):
            self._line(sentence, "guide_text")
        for form in forms:
            self._write_form(form)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(0, 0, self.row - 1, _COLUMNS - 1)
        self.sheet.hide_gridlines(2)

    def _write_form(self, form: Form) -> None:
        say = {key: words.of(self.book.language) for key, words in SAYINGS.items()}
        self.row += 1
        self._line(f"{form.attachment}　{form.label.of(self.book.language)}".strip("　"), "guide_heading", 24)
        self._write_columns(say["field"], say["required"], say["what"], "screen_header")
        listed = self.book.forms.lists_inside.get(form.slug)
        for whole in (form, listed) if listed else (form,):
            for each in whole.printed_fields:
                if each.type not in ("sequence", ROW_LABEL) and not each.printed:
                    required = say["yes"] if each.required else self._conditions(whole, each.required_when)
                    label = each.label.of(self.book.language)
                    self._write_columns(label, required, what_to_type(each, self.book.language), "text", "long_text")
        self._line(say["example"], "guide_text", 22)
        self._write_example(form)

    def _conditions(self, form: Form, conditions: Conditions) -> str:
        """When a field must be filled in: 验收结果为不合格."""
        language, between = self.book.language, _OR.of(self.book.language)
        return "；".join(
            _WHEN.of(language).format(field=form.by_name[name].label.of(language), values=between.join(values))
            for name, values in conditions.items()
        )

    def _write_columns(self, label: str, required: str, what: str, look: str, wide_look: str = "") -> None:
        """Write one line of a form's columns: its label over three cells, whether it is required, what to type."""
        span(self.sheet, self.row, 0, 2, label, self.book.look(look))
        self.sheet.write_string(self.row, 3, required, self.book.look(look))
        span(self.sheet, self.row, 4, _COLUMNS - 1, what, self.book.look(wide_look or look))
        lines = max(line_count(what, _WIDTH * (_COLUMNS - 4)), line_count(required, _WIDTH))
        self.sheet.set_row(self.row, height_of(lines))
        self.row += 1

    def _write_example(self, form: Form) -> None:
        """Write the example below its headers, so many columns at a time as the sheet is wide."""
        example = example_row(form, self.book.period, self.book.roster, self.book.forms.city + self.book.forms.county)
        fields = [each for each in form.fields if each.type != "sequence"]
        number = next((each.header for each in form.fields if each.type == "sequence"), "")
        for start in range(0, len(fields), _COLUMNS - 1):
            part = fields[start : start + _COLUMNS - 1]
            self._write_cells([number, *map(self._header, part)], "screen_header")
            self._write_cells([_EXAMPLE, *(example[each.name] for each in part)], "example")

    def _header(self, each: Field) -> str:
        return each.label.of(self.book.language)

    def _write_cells(self, texts: Sequence[str], look: str) -> None:
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text, self.book.look(look))
        self.sheet.set_row(self.row, height_of(max(line_count(text, _WIDTH - 1) for text in texts)))
        self.row += 1

    def _line(self, text: str, look: str, height: float | None = None) -> None:
        span(self.sheet, self.row, 0, _COLUMNS - 1, text, self.book.look(look))
        self.sheet.set_row(self.row, height or height_of(line_count(text, _WIDTH * _COLUMNS)))
        self.row += 1
