"""An invented child, as an example of how each field is filled in; nothing of it is anyone's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from kbxt_merge.model.form import Field, Form
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster
from kbxt_merge.outputs.blanks.blank_book import sums_of
from kbxt_merge.outputs.blanks.cell_formulas import CHECK_CHARACTERS, CHECK_WEIGHTS

_BIRTH = dt.date(2010, 10, 12)
_REGION, _SEQUENCE = "360704", "001"
_CHILD, _GUARDIAN = "李小明", "李大山"
_PHONE = "13800000000"
_TEXTS = (
    ("address", "江西省赣州市赣县区××镇××村××组××号"),
    ("class", "五（2）班"),
    ("relation", "父子"),
    ("remark", ""),
)
_DAY = dt.date(2021, 3, 15)


def example_row(form: Form, period: Period | None, roster: Roster | None) -> Mapping[str, str]:
    """What stands in each field of the example, as text."""
    day = period.first if period else _DAY
    example = _Example(form, day, roster.schools[0].name if roster and roster.schools else "××学校")
    return {field.name: example.value(field) for field in form.fields}


class _Example:
    def __init__(self, form: Form, day: dt.date, school: str) -> None:
        self._form, self._day, self._school = form, day, school
        self._sums = sums_of(form)
        self._parts = {str(part) for use in form.rules for part in _parts_of(use.roles.get("at_least"))}

    def value(self, field: Field) -> str:
        """The example of one field."""
        if field.vocabulary is not None:
            return field.vocabulary.values[0]
        values = {
            "sequence": "示例",
            "person_name": _CHILD if field.name == self._form.child_name else _GUARDIAN,
            "id_number": id_number(_REGION, _BIRTH, _SEQUENCE),
            "roll_number": "G" + id_number(_REGION, _BIRTH, _SEQUENCE),
            "age": str(_full_years(_BIRTH, self._day)),
            "count": str(self._count(field.name)),
            "date": self._date(field),
            "phone": _PHONE,
            "school": self._school,
        }
        return values.get(field.type) or next((text for part, text in _TEXTS if part in field.name), "……")

    def _count(self, name: str) -> int:
        if name in self._sums:
            return sum(self._count(part) for part in self._sums[name])
        return 1 if name in self._parts else 2

    def _date(self, field: Field) -> str:
        if field.name == self._form.child_birth_date:
            return f"{_BIRTH.year}年{_BIRTH.month}月{_BIRTH.day}日"
        return f"{self._day.year}年{self._day.month}月"


def _parts_of(parts: object) -> tuple[object, ...]:
    return tuple(parts) if isinstance(parts, list | tuple) else ()


def _full_years(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def id_number(region: str, birth: dt.date, sequence: str) -> str:
    """An ID number with its check character.

    >>> id_number("360704", dt.date(2010, 10, 12), "001")[:17]
    '36070420101012001'
    """
    digits = f"{region}{birth:%Y%m%d}{sequence}"
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, CHECK_WEIGHTS, strict=True))
    return digits + CHECK_CHARACTERS[weighed % 11]
