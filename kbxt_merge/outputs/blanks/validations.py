"""What a cell accepts while it is typed: choices to pick from, hints, and a refusal of what can't be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kbxt_merge.model.boxes import prints_boxes
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.blanks import names

Options = dict[str, Any]

_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
"""What spreadsheet programs show of a hint, in characters."""

_HINTS: Mapping[str, Words] = {
    "person_name": Words("填写姓名全称，字间不加空格。", "The full name, without spaces."),
    "id_number": Words(
        "18位身份证号码，末位X用大写。单元格已设为文本，可直接输入。",
        "18 characters; the cell is text: type it as it is.",
    ),
    "roll_number": Words("G加18位身份证号码；没有的可不填。", "G and the ID number; may be left blank."),
    "phone": Words("手机11位；座机写成区号-号码。", "A mobile number, or a landline with its area code."),
    "age": Words("填周岁，只填数字。", "Full years on the form's date, digits only."),
    "count": Words("只填数字，没有的填0。", "Digits only; 0 where there is none."),
    "date": Words("如2021年3月，或2021-03-01。", "As 2021-03, or 2021-03-01."),
    "school": Words("填写学校全称。", "The school's full name."),
}
_PAPERS = Words(
    "所填证件类型的号码。单元格已设为文本，可直接输入。", "The number of the paper named; the cell is text."
)
_CHOOSE = Words("请从下拉列表中选择。", "Choose from the list.")
_REQUIRED = Words("（必填）", " (required)")
_REFUSED: Mapping[str, Words] = {
    "id_number": Words("身份证号码应为18位，请核对后重填。", "An ID number has 18 characters."),
    "roll_number": Words("学籍号应为19位：G加18位身份证号码。", "A roll number has 19 characters."),
    "phone": Words("电话号码的位数不对，请核对后重填。", "A phone number has 7 to 12 digits."),
    "age": Words("年龄应为{least}至{most}的整数，只填数字。", "The age must be a whole number from {least} to {most}."),
    "number": Words("应为数字。", "It must be a number."),
    "code": Words("应为{shape}，请核对后重填。", "It must be {shape}."),
    "count": Words("应为0或正整数，只填数字。", "It must be a whole number, 0 or more."),
    "date": Words(
        "这不是有效的年月日，请写成2021年3月，或2021-03-01。", "No date: write it as 2021-03, or 2021-03-01."
    ),
    "person_name": Words("姓名应为2至20个字。", "A name has 2 to 20 characters."),
}
_NOT_LISTED = Words("不在列表中，请从下拉列表中选择。", "Not in the list: choose from it.")
_OTHER_SCHOOL = Words("这所学校不在学校名册中。确实无误吗？", "This school is not in the roster. Is it right?")
_WITH_MORE = Words("不在列表中。可在类别后注明等级或班级，确实无误吗？", "Not in the list. Is it right?")


@dataclass(frozen=True, slots=True)
class Validations:
    """The validations of one form's fields."""

    form: Form
    has_roster: bool
    language: Language

    def options(self, field: Field, cell: str) -> Options | None:
        """The validation of a field as xlsxwriter takes it; `cell` is the first of its cells (C5)."""
        check = self._check(field, cell)
        hint = self._hint(field)
        if not check and not hint:
            return None
        title = field.label.of(self.language)[:_LONGEST_TITLE]
        shown = {"input_title": title, "input_message": hint[:_LONGEST_MESSAGE]} if hint else {}
        return {"validate": "any", "ignore_blank": True, **check, **shown, "error_title": title}

    def _hint(self, field: Field) -> str:
        words = _CHOOSE if self._list_of(field) else _hint_of(field)
        hint = words.of(self.language) if words else ""
        return hint + (_REQUIRED.of(self.language) if field.required else "") if hint else ""

    def _list_of(self, field: Field) -> str:
        """The defined name of the choices that a field offers."""
        if field.vocabulary is not None:
            return names.choices(field.vocabulary)
        return names.SCHOOLS if field.type == "school" and self.has_roster else ""

    def _check(self, field: Field, cell: str) -> Options:
        if choices := self._list_of(field):
            return {"validate": "list", "source": f"={choices}", **self._strictness(field)}
        limits = _limits_of(field)
        if limits is None:
            return {}
        formula = {key: _filled_in(value, cell) for key, value in limits.items()}
        least, most = field.ages
        shape = field.code.shape.of(self.language) if field.code else ""
        refused = _REFUSED[field.type].of(self.language).format(least=least, most=most, shape=shape)
        return {**formula, "error_type": "stop", "error_message": refused}

    def _strictness(self, field: Field) -> Options:
        """Refuse what no list holds, ask where more than the list may be meant, accept a school of elsewhere, and a
        tick typed into what the cell prints.
        """
        if prints_boxes(field.hint):
            return {"show_error": False}
        if field.vocabulary is not None and not field.vocabulary.decorations:
            return {"error_type": "stop", "error_message": _NOT_LISTED.of(self.language)}
        if field.vocabulary is not None:
            return {"error_type": "warning", "error_message": _WITH_MORE.of(self.language)}
        of_the_district = any(use.slug == "school-not-in-roster" and use.at == field.name for use in self.form.rules)
        if of_the_district:
            return {"error_type": "warning", "error_message": _OTHER_SCHOOL.of(self.language)}
        return {"show_error": False}


def _hint_of(field: Field) -> Words | None:
    if field.code is not None:
        return Words(f"{field.code.shape.zh}。", f"{field.code.shape.en}.")
    if field.papers:
        return _PAPERS
    if field.type == "number":
        return Words(
            f"只填数字{field.unit and f'，以{field.unit}为单位'}。",
            f"Digits only{field.unit and f', in {field.unit}'}.",
        )
    return _HINTS.get(field.type)


def _limits_of(field: Field) -> Options | None:
    """What a cell accepts at all; of what the field knows better than its type, that."""
    if field.papers or (field.type == "code" and not (field.code and field.code.lengths)):
        return None
    if field.code:
        lengths = ",".join(f"LEN({_BARE_CODE})={length}" for length in field.code.lengths)
        return {"validate": "custom", "value": f"=OR({lengths})"}
    if field.type == "age":
        least, most = field.ages
        return {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
    return _LIMITS.get(field.type)


def _filled_in(value: object, cell: str) -> object:
    return value.replace("CELL", cell) if isinstance(value, str) else value


_BARE = 'SUBSTITUTE(SUBSTITUTE(CELL," ",""),"-","")'
_BARE_CODE = 'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(CELL," ",""),"-",""),"·","")'
_MONTH = '--SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(MID(CELL,6,2),".",""),"-",""),"/","")<=12'
_DATE = (
    '=OR(ISNUMBER(CELL),AND(LEN(CELL)>3,LEN(CELL)<21,OR(ISNUMBER(FIND("年",CELL)),'
    f'IF(ISERROR(FIND(MID(CELL,5,1),"./-")),ISNUMBER(--LEFT(CELL,2)),{_MONTH}))))'
)
_LIMITS: Mapping[str, Options] = {
    "id_number": {"validate": "custom", "value": f"=LEN({_BARE})=18"},
    "roll_number": {"validate": "custom", "value": f"=LEN({_BARE})=19"},
    "phone": {"validate": "custom", "value": "=AND(LEN(CELL)>=7,LEN(CELL)<=40)"},
    "count": {"validate": "integer", "criteria": ">=", "value": 0},
    "date": {"validate": "custom", "value": _DATE},
    "person_name": {"validate": "length", "criteria": "between", "minimum": 2, "maximum": 20},
}
"""Excel takes 255 characters of a formula here, and neither constant arrays nor other sheets."""
