"""Rules that hold a child against the bureau's own registers: 户籍 ↔ 学籍, 学籍 ↔ 在校, 辍学 ↔ 脱贫户.

A number that only a register knows is never told: the school hears which digits to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from kbxt_merge.model.child import blank
from kbxt_merge.model.district import Texts
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.reference import Reference
from kbxt_merge.model.register import SCHOOL
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.model.text import Words
from kbxt_merge.rules.children.against_registers import held, references
from kbxt_merge.rules.children.differing_digits import digits_to_look_at
from kbxt_merge.rules.children.known_numbers import where_to_look
from kbxt_merge.rules.children.not_returned import not_returned
from kbxt_merge.rules.children.register_differences import (
    Difference,
    concerned,
    not_standing,
    other_names,
    other_numbers,
    other_values,
)
from kbxt_merge.rules.children.schools import schools
from kbxt_merge.rules.children.sought import sought
from kbxt_merge.rules.engine.rule import Absent, Context, Result, alike, rule, texts

_REGISTER = {"register": Role("text")}
_NUMBERS = frozenset({"id_number", "roll_number", "phone"})


@rule(
    "register-name-differs",
    Severity.ERROR,
    Scope.REGISTER,
    title=("姓名与比对库不符", "name differs from the register's"),
    message=(
        "该生的身份证号码{theirs}，与所填姓名“{value}”不同，请对照户口簿核对姓名和身份证号码。",
        "This ID number {theirs_en}, not under the name {value}; check both against the household register.",
    ),
    when=("比对库中该身份证号码登记在另一姓名下", "the register holds this ID number under another name"),
    at_types=("person_name",),
)
def register_name_differs(context: Context) -> Result:
    """The number stands under another name, and no other number of the register's is the child's.

    A warning where another register holds number and name as the school does: then the registers differ.
    """
    slug = context.records.form.slug
    found = other_names(context.work, slug)
    result = _Telling(context)
    severity = texts(len(context.records))
    for record, some in _by_record(found.found):
        told = [_named(context, each) for each in some]
        result.tell(record, some, _joined(told), _only({each.theirs for each in some if _may_be_told(context, each)}))
        if _confirmed(context, record):
            severity[record] = Severity.WARNING.value
    return result.of(found.unchecked, severity)


def _named(context: Context, each: Difference) -> Words:
    label = _reference(context, each).register.label
    if _may_be_told(context, each):
        return Words(f"在{label.zh}中登记为“{each.theirs}”", f"stands on the {label.en} as {each.theirs}")
    return Words(f"在{label.zh}中登记在另一人名下", f"stands on the {label.en} under another person's name")


def _may_be_told(context: Context, each: Difference) -> bool:
    """Whether the register's name is this school's own child's: a wrong number may be that of somebody else's child."""
    mine, reference = sought(context.work, context.records.form.slug), _reference(context, each)
    if not {*each.theirs}.isdisjoint(mine.names[each.record]):
        return True
    if not reference.has(SCHOOL):
        return False
    school = reference.column(SCHOOL).at(np.array([each.row]))[0]
    return schools(context.work).named(school) in mine.schools[each.record]


def _confirmed(context: Context, record: int) -> bool:
    slug = context.records.form.slug
    return any(held(context.work, slug, each).stands[record] >= 0 for each in concerned(context.work, slug))


@rule(
    "register-id-differs",
    Severity.ERROR,
    Scope.REGISTER,
    title=("身份证号码与比对库不符", "ID number differs from the register's"),
    message=(
        "{theirs}，请对照户口簿核对更正身份证号码。",
        "{theirs_en}; check the ID number against the household register.",
    ),
    when=(
        "比对库中同名、同出生日期（或同名、同校）的只有一人，身份证号码不同",
        "the register holds this name and birth date (or name and school) once, under another number",
    ),
    at_types=("id_number",),
)
def register_id_differs(context: Context) -> Result:
    """A child of this name, born on this day or of this school, stands on the register once, under another number.

    A warning where another register holds number and name as the school does: then the registers differ.
    """
    found = other_numbers(context.work, context.records.form.slug)
    numbers = sought(context.work, context.records.form.slug).numbers
    result = _Telling(context)
    severity = texts(len(context.records))
    for record, some in _by_record(found.found):
        look = partial(where_to_look, context.work, numbers[record])
        told = [_numbered(_reference(context, each), look(each.theirs)) for each in some]
        known = _only({each.theirs for each in some})
        result.tell(record, some, _joined(told), MASKED.value("id_number")[known] if known else "")
        if _confirmed(context, record):
            severity[record] = Severity.WARNING.value
    return result.of(found.unchecked, severity)


def _numbered(reference: Reference, digits: Words) -> Words:
    label = reference.register.label
    return Words(
        f"{label.zh}中该生的号码与所填的{digits.zh}", f"the child's number on the {label.en} is another: {digits.en}"
    )


@rule(
    "register-value-differs",
    Severity.WARNING,
    Scope.REGISTER,
    title=("与比对库不一致", "differs from the register"),
    message=(
        "“{field}”填“{value}”，{theirs}，请核实。",
        "{field} is “{value}”, but {theirs_en}; please verify.",
    ),
    when=(
        "比对库也登记的一项（人员类别、残疾类别和等级、学籍学校、年级等）与所填不同",
        "a field that a register knows too says otherwise",
    ),
)
def register_value_differs(context: Context) -> Result:
    """A register that knows the field says otherwise, of a child whose number and name it holds as the school does."""
    slug, field = context.records.form.slug, context.field
    found = other_values(context.work, slug, context.at)
    result = _Telling(context)
    for record, some in _by_record(found.found):
        whole = field.type in _NUMBERS
        typed = str(context.shown()[record] or "")
        told = [_valued(_reference(context, each), each, typed, whole=whole) for each in some]
        values = {each.theirs for each in some if not each.degree and not each.absence}
        known = _only(values) if len(values) == len({each.register for each in some}) or len(values) == 1 else ""
        if known and whole:
            known = MASKED.value(field.mask)[known]
        elif known and field.type == "school":
            known = schools(context.work).named(known)
        result.tell(record, some, _joined(told), known)
    return result.of(found.unchecked)


def _valued(reference: Reference, each: Difference, typed: str, *, whole: bool) -> Words:
    label = reference.register.label
    if each.absence:
        return Words(f"但{label.zh}中没有该生", f"the child is not on the {label.en}")
    if whole:
        digits = digits_to_look_at(typed, each.theirs)
        return Words(f"{label.zh}登记的与此{digits.zh}", f"the {label.en} has another: {digits.en}")
    what = Words("残疾等级为", "degree ") if each.degree else Words("登记为", "")
    return Words(f"{label.zh}{what.zh}“{each.theirs}”", f"the {label.en} says {what.en}“{each.theirs}”")


@rule(
    "not-in-register",
    Severity.WARNING,
    Scope.REGISTER,
    title=("不在比对库中", "not on the register"),
    message=(
        "{register}中按身份证号码和姓名都没有找到“{value}”，请核实姓名和身份证号码；如无误，请联系{office}补登。",
        "{value} is not on the {register_en}, by number or by name; verify both, or ask {office_en}.",
    ),
    when=(
        "附件 1-2、3、4 的学生不在应在的比对库中（1-2、在校残疾儿童：学籍；3、4：残疾人证）；表中有问题待改的先不核对",
        "a child that the register which must hold it does not; not judged while its returns bear errors or warnings",
    ),
    at_types=("person_name",),
    roles=_REGISTER,
)
def not_in_register(context: Context) -> Result:
    """A child that must stand on the register, and that it holds neither by number nor by name.

    Not judged of a child any of whose records bears an error or a warning, nor of a school of which the register knows
    nobody.
    """
    slug = context.role("register")
    found = not_standing(context.work, context.records.form.slug, slug)
    where = np.zeros(len(context.records), dtype=bool)
    where[[each.record for each in found.found]] = True
    return Result(where, _labels(context, slug, len(where)), unchecked=found.unchecked)


@rule(
    "register-not-returned",
    Severity.WARNING,
    Scope.REGISTER,
    title=("比对库中的学生没有报", "on the register, and not returned"),
    message=(
        "{register}中的“{child}”应在{form}中，各校都没有报，请核实该生去向并补报。",
        "{child}, who is on the {register_en}, must stand in {form} and was returned by no school; please find out.",
    ),
    when=(
        "比对库中的适龄儿童应在某张表中而没有报：持证残疾儿童不在附件 3；学籍为辍学，或有户籍没有学籍的不在附件 1-2",
        "a child of compulsory age on the register that must be in a form and is in none",
    ),
    at_types=("person_name",),
    roles=_REGISTER,
)
def register_not_returned(context: Context) -> Result:
    """A child of compulsory age whose register row says that it must stand in the form, and that stands in none.

    Told of the school that a register names, else of the district. Not judged of a school that returned nothing at all.
    """
    slug = context.role("register")
    reference = references(context.work).get(slug)
    result = context.nothing()
    if not context.district.whole:
        return result
    found, unchecked = not_returned(context.work, context.records.form.slug, slug)
    size = len(found)
    facts = {name: column for name, column in _labels(context, slug, size).items() if name.startswith("register")}
    facts["form"] = alike(size, context.records.form.called)
    whose, names = _column(each.school for each in found), _column(each.name for each in found)
    rows = np.array([each.row for each in found], dtype=np.intp)
    places = _column(reference.places(rows) if reference else ())
    absent = Absent(whose, names, places, _column(unchecked), facts)
    return Result(result.where, absent=absent)


class _Telling:
    """A result in the making: per failing record what the registers say, where, and what to offer."""

    def __init__(self, context: Context) -> None:
        size = len(context.records)
        self._context = context
        self._where = np.zeros(size, dtype=bool)
        self._zh, self._en, self._offered, self._related = (texts(size) for _ in range(4))

    def tell(self, record: int, some: Sequence[Difference], told: Words, offered: str) -> None:
        """Take what is said of one record."""
        self._where[record] = True
        self._zh[record], self._en[record], self._offered[record] = told.zh, told.en, offered
        places = (_reference(self._context, each).places(np.array([each.row]))[0] for each in some)
        self._related[record] = "\n".join(dict.fromkeys(filter(None, places)))

    def of(self, unchecked: np.ndarray[tuple[int], np.dtype[np.bool_]], severity: Texts | None = None) -> Result:
        """The result."""
        facts = {"theirs": self._zh, "theirs_en": self._en}
        return Result(self._where, facts, self._offered, self._related, severity, unchecked & ~self._where)


def _by_record(found: Iterable[Difference]) -> Iterable[tuple[int, Sequence[Difference]]]:
    grouped: dict[int, list[Difference]] = {}
    for each in found:
        grouped.setdefault(each.record, []).append(each)
    return grouped.items()


def _reference(context: Context, each: Difference) -> Reference:
    return references(context.work)[each.register]


def _joined(told: Sequence[Words]) -> Words:
    return Words("，".join(each.zh for each in told), " and ".join(each.en for each in told))


def _only(values: Iterable[str]) -> str:
    """The one value that all say; blank where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _labels(context: Context, slug: str, size: int) -> Mapping[str, Texts]:
    reference = references(context.work).get(slug)
    label = reference.register.label if reference else Words(slug, slug)
    office = reference.register.office if reference else Words("", "")
    told = {"register": label.zh, "register_en": label.en, "office": office.zh, "office_en": office.en}
    return {name: alike(size, text) for name, text in told.items()}


def _column(items: Iterable[str]) -> Texts:
    listed = list(items)
    column = blank(len(listed))
    column[:] = listed
    return column
