"""An invented record, as an example of how each field is filled in; nothing of it is anyone's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from kbxt_merge.model.bearer import Whose
from kbxt_merge.model.cell import shown_number
from kbxt_merge.model.field import COUNTED, ROW_LABEL, Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster
from kbxt_merge.outputs.blanks.blank_book import is_circle
from kbxt_merge.outputs.blanks.cell_formulas import CHECK_CHARACTERS, CHECK_WEIGHTS
from kbxt_merge.outputs.blanks.example_amounts import example_amounts

_BIRTH = dt.date(2010, 10, 12)
_FIRST_MONTH = 9
"""A school year begins in September, and takes those born before it."""
_BIRTH_OF_AN_ADULT = dt.date(1985, 10, 12)
_REGION, _SEQUENCE = "360704", "001"
_CHILD, _GUARDIAN = "李小明", "李大山"
_PHONE = "13800000000"
_TEXTS = (
    ("class", "五（2）班"),
    ("relation", "父子"),
    ("remark", ""),
)
_DAY = dt.date(2021, 3, 15)
_BORN, _OF_BIRTH = "出生", "birthdate-id-mismatch"


_ADDRESS = ("address", "地址", "住址")
_VILLAGE = "××镇××村××组××号"


def example_row(form: Form, period: Period | None, roster: Roster | None, place: str = "") -> Mapping[str, str]:
    """What stands in each field of the example, as text: of printed rows in the first; `place` begins its addresses."""
    return next(iter(example_rows(form, period, roster, place).values()))


def example_rows(
    form: Form, period: Period | None, roster: Roster | None, place: str = ""
) -> Mapping[str, Mapping[str, str]]:
    """The example of each printed row, by its label; of a form without any one, below a blank label."""
    day = period.first if period else _DAY
    example = _Example(form, day, roster.schools[0].name if roster and roster.schools else "××学校", place)
    return {
        label: {field.name: example.value(field, label) for field in form.fields} for label in form.row_labels or ("",)
    }


class _Example:
    def __init__(self, form: Form, day: dt.date, school: str, place: str) -> None:
        self._form, self._day, self._school, self._place = form, day, school, place
        same = {use.at: str(use.roles["as"]) for use in form.rules if use.slug == "same-as"}
        made_of: dict[str, tuple[str, ...]] = {}
        for at, other in same.items():
            made_of |= {} if is_circle(at, (other,), made_of) else {at: (other,)}
        self._same = {at: other for at, (other,) in made_of.items()}
        labels = form.row_labels or ("",)
        self._said = {label: dict(self._words(label, at)) for at, label in enumerate(labels)}
        self._amounts = example_amounts(form, self._said)

    def _words(self, label: str, at: int) -> Iterator[tuple[str, str]]:
        """What a row says in the fields that hold words, and in those that the blank prints."""
        for field in self._form.fields:
            if field.type == ROW_LABEL:
                yield field.name, label
            elif field.printed:
                yield field.name, field.printed[at]
            elif field.vocabulary is not None:
                yield field.name, self._word(field)

    def value(self, field: Field, label: str) -> str:
        """The example of one field, in the row of this label."""
        if field.name in self._same:
            return self.value(self._form.by_name[self._same[field.name]], label)
        said = self._said[label]
        if self._is_asked_for_elsewhere(field, said):
            return ""
        if field.name in said:
            return said[field.name]
        if any(said.get(name) not in values for name, values in field.applies_to.items()):
            return ""
        if field.code is not None:
            return field.code.example
        values = {
            "sequence": "示例",
            "person_name": _CHILD if field.name == self._form.child_name else _GUARDIAN,
            "id_number": id_number(_REGION, _birth_of(field), _SEQUENCE),
            "roll_number": "G" + id_number(_REGION, _BIRTH, _SEQUENCE),
            "age": str(_full_years(_birth_of(field), self._day)),
            "count": shown_number(self._amounts.get((label, field.name), 0.0)),
            "number": shown_number(self._amounts.get((label, field.name), 0.0)),
            "date": self._date(field),
            "phone": _PHONE,
            "school": self._school,
        }
        if field.type == "text" and any(word in field.name or word in field.header for word in _ADDRESS):
            return self._place + _VILLAGE
        return values.get(field.type) or next((text for part, text in _TEXTS if part in field.name), "……")

    def _is_asked_for_elsewhere(self, field: Field, said: Mapping[str, str]) -> bool:
        """Whether a field that does not add up is asked for only where the example says something else."""
        asked = any(said.get(name) in values for name, values in field.required_when.items())
        return bool(field.required_when) and not field.required and not asked and field.type not in COUNTED

    def _word(self, field: Field) -> str:
        """The first value for which no other field becomes required."""
        assert field.vocabulary is not None
        if field.name == self._form.child_grade:
            return _grade(field.vocabulary.values, self._day)
        asked = {value for each in self._form.fields for value in each.required_when.get(field.name, ())}
        return next((value for value in field.vocabulary.values if value not in asked), field.vocabulary.values[0])

    def _date(self, field: Field) -> str:
        if field.name == self._form.child_birth_date or _BORN in f"{field.name}{field.header}":
            number = self._form.by_name.get(self._number_beside(field))
            birth = _birth_of(number) if number else _BIRTH
            return f"{birth.year}年{birth.month}月{birth.day}日"
        bounds = ((field.least, dt.date.__lt__), (field.most, dt.date.__gt__))
        for bound, is_outside in bounds:
            if isinstance(bound, dt.date) and is_outside(self._day, bound):
                return f"{bound.year}年{bound.month}月{bound.day}日"
        if field.may_lie_ahead:
            return f"{self._day.year + 1}年{self._day.month}月"
        return f"{self._day.year}年{self._day.month}月"

    def _number_beside(self, field: Field) -> str:
        """The ID number that a day of birth is held against: by a rule, the person's own, or the first."""
        held = (str(use.roles["id"]) for use in self._form.rules if use.slug == _OF_BIRTH and use.at == field.name)
        firsts = (each.name for each in self._form.fields if each.type == "id_number")
        return next(held, self._form.child_id or next(firsts, ""))


def _grade(values: Sequence[str], day: dt.date) -> str:
    """The grade in which the invented child is, that day."""
    first_year = _BIRTH.year + (7 if _BIRTH.month >= _FIRST_MONTH else 6)
    grade = day.year - (day.month < _FIRST_MONTH) - first_year
    return values[min(max(grade, 0), len(values) - 1)]


def _birth_of(field: Field) -> dt.date:
    return _BIRTH if field.of is Whose.CHILD else _BIRTH_OF_AN_ADULT


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
