"""An invented child, as an example of how each field is filled in; nothing of it is anyone's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from kbxt_merge.model.cell import shown_number
from kbxt_merge.model.form import Field, Form, RuleUse, Whose
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster
from kbxt_merge.outputs.blanks.blank_book import is_circle, sums_of
from kbxt_merge.outputs.blanks.cell_formulas import CHECK_CHARACTERS, CHECK_WEIGHTS

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


_ADDRESS = ("address", "地址", "住址")
_VILLAGE = "××镇××村××组××号"


def example_row(form: Form, period: Period | None, roster: Roster | None, place: str = "") -> Mapping[str, str]:
    """What stands in each field of the example, as text; `place` begins its addresses."""
    day = period.first if period else _DAY
    example = _Example(form, day, roster.schools[0].name if roster and roster.schools else "××学校", place)
    return {field.name: example.value(field) for field in form.fields}


class _Example:
    def __init__(self, form: Form, day: dt.date, school: str, place: str) -> None:
        self._form, self._day, self._school, self._place = form, day, school, place
        products = {use.at: _factors(use) for use in form.rules if use.slug == "product"}
        sums = sums_of(form)
        multiplied = {at: parts for at, parts in sums.items() if at in products and not sums.keys() & {*parts}}
        self._sums = {at: parts for at, parts in sums.items() if at not in multiplied}
        self._made_of = dict(self._sums)
        same = {use.at: str(use.roles["as"]) for use in form.rules if use.slug == "same-as"}
        rests = {**_rests(form, sums), **{parts[0]: (at, parts[1:]) for at, parts in multiplied.items()}}
        self._products = {
            at: each for at, each in products.items() if self._can_be_of(at, *filter(None, (*each[0], each[1])))
        }
        self._rests = {at: each for at, each in rests.items() if self._can_be_of(at, each[0], *each[1])}
        self._same = {at: other for at, other in same.items() if self._can_be_of(at, other)}
        self._parts = {part for use in form.rules for part in use.names("at_least")}
        self._parts |= {use.at for use in form.rules if use.names("at_most")}
        differences = {use.at: (use.names("equals"), use.names("less")) for use in form.rules if use.names("less")}
        self._differences = {
            at: parts for at, (parts, less) in differences.items() if parts and self._can_be_of(at, *parts, *less)
        }
        self._taken = {name for _, less in differences.values() for name in less}

    def _can_be_of(self, name: str, *parts: str) -> bool:
        """Work a field out of others, unless these are worked out of it: two rules may say one thing."""
        if is_circle(name, parts, self._made_of):
            return False
        self._made_of[name] = (*self._made_of.get(name, ()), *parts)
        return True

    def value(self, field: Field) -> str:
        """The example of one field."""
        if field.name in self._same:
            return self.value(self._form.by_name[self._same[field.name]])
        if field.vocabulary is not None:
            return self._word(field)
        if not self._applies(field):
            return ""
        if field.code is not None:
            return field.code.example
        values = {
            "sequence": "示例",
            "person_name": _CHILD if field.name == self._form.child_name else _GUARDIAN,
            "id_number": id_number(_REGION, _birth_of(field), _SEQUENCE),
            "roll_number": "G" + id_number(_REGION, _BIRTH, _SEQUENCE),
            "age": str(_full_years(_birth_of(field), self._day)),
            "count": shown_number(self._amount(field.name)),
            "number": shown_number(self._amount(field.name)),
            "date": self._date(field),
            "phone": _PHONE,
            "school": self._school,
        }
        if field.type == "text" and any(word in field.name or word in field.header for word in _ADDRESS):
            return self._place + _VILLAGE
        return values.get(field.type) or next((text for part, text in _TEXTS if part in field.name), "……")

    def _word(self, field: Field) -> str:
        """The first value for which no other field becomes required."""
        assert field.vocabulary is not None
        if field.name == self._form.child_grade:
            return _grade(field.vocabulary.values, self._day)
        asked = {value for each in self._form.fields for value in each.required_when.get(field.name, ())}
        return next((value for value in field.vocabulary.values if value not in asked), field.vocabulary.values[0])

    def _applies(self, field: Field) -> bool:
        """Whether the field is meant for the example, by what the others say in it."""
        fields = self._form.by_name
        return all(self._word(fields[name]) in values for name, values in field.applies_to.items())

    def _amount(self, name: str) -> float:
        """A number that holds what the rules and bounds ask of it."""
        if name in self._sums:
            return sum(self._amount(part) for part in self._sums[name])
        if name in self._differences:
            return sum(self._amount(part) for part in self._differences[name])
        if product := self._products.get(name):
            return self._product(name, *product)
        if name in self._rests:
            total, others = self._rests[name]
            return max(self._amount(total) - sum(self._amount(other) for other in others), 0.0)
        field = self._form.by_name[name]
        usual = 0.0 if name in self._taken else 1.0 if name in self._parts else 2.0
        least = field.least if isinstance(field.least, float) else usual
        most = field.most if isinstance(field.most, float) else usual
        return min(max(usual, least), most)

    def _product(self, name: str, factors: tuple[str, ...], by: str | None) -> float:
        field, worth = self._form.by_name[name], 1.0
        for factor in factors:
            worth *= self._amount(factor)
        if by and (divisor := self._amount(by)):
            worth = worth / divisor * (100 if field.unit == "%" else 1)
        return round(worth, field.places if field.places is not None else 2)

    def _date(self, field: Field) -> str:
        if field.name == self._form.child_birth_date:
            number = self._form.by_name.get(self._form.child_id or "")
            birth = _birth_of(number) if number else _BIRTH
            return f"{birth.year}年{birth.month}月{birth.day}日"
        bounds = ((field.least, dt.date.__lt__), (field.most, dt.date.__gt__))
        for bound, is_outside in bounds:
            if isinstance(bound, dt.date) and is_outside(self._day, bound):
                return f"{bound.year}年{bound.month}月{bound.day}日"
        if field.may_lie_ahead:
            return f"{self._day.year + 1}年{self._day.month}月"
        return f"{self._day.year}年{self._day.month}月"


def _grade(values: Sequence[str], day: dt.date) -> str:
    """The grade in which the invented child is, that day."""
    first_year = _BIRTH.year + (7 if _BIRTH.month >= _FIRST_MONTH else 6)
    grade = day.year - (day.month < _FIRST_MONTH) - first_year
    return values[min(max(grade, 0), len(values) - 1)]


def _rests(form: Form, sums: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Of a total that is the sum of other parts besides: the part that makes these come out, and the other parts."""
    rests: dict[str, tuple[str, tuple[str, ...]]] = {}
    for use in form.rules:
        parts = () if use.names("less") else use.names("equals")
        if use.slug == "count-sum" and parts and sums.get(use.at) not in (None, parts) and parts[0] not in sums:
            rests.setdefault(parts[0], (use.at, parts[1:]))
    return rests


def _birth_of(field: Field) -> dt.date:
    return _BIRTH if field.of is Whose.CHILD else _BIRTH_OF_AN_ADULT


def _factors(use: RuleUse) -> tuple[tuple[str, ...], str | None]:
    by = use.roles.get("divided_by")
    return use.names("of"), by if isinstance(by, str) else None


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
