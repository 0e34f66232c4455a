"""What relations.yaml says each form in force is to the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kbxt_merge.intake.definitions.field_types import UNKNOWN_TYPE
from kbxt_merge.intake.definitions.fields import conditions, field_named
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.relations import Closing, Dropouts, Relations, Returns, Statistics

_Parts = Mapping[str, Entry | None]


@dataclass(frozen=True, slots=True)
class RelationsReader:
    """What relations are read against: the forms in force by the names of their files, and the names of all files.

    A relation of a form that is not in force is left out. A name that no file has is a fault.
    """

    in_force: Mapping[str, Form]
    files: Collection[str]

    def read(self, entry: Entry) -> Relations:
        """All relations of the file."""
        keys = {
            "dropouts": Key(self._dropouts),
            "returns": Key(self._returns),
            "statistics": Key(self._statistics),
            "cards": Key(self._cards, ("", "")),
            "disabled": Key(self._disabled, ("", {})),
            "home_taught": Key(self._list, ""),
            "closings": Key(self._closings, {}),
        }
        read = read_keys(entry, keys)
        (cards, persuaded), (disabled, in_school) = read.pop("cards"), read.pop("disabled")
        return Relations(**read, cards=cards, persuaded=persuaded, disabled=disabled, in_school=in_school)

    def _dropouts(self, entry: Entry) -> Dropouts | None:
        parts = _parts(entry, ("form", "registration", "dropped_out", "category", "apart"), ("cleared",))
        form = self._form(parts["form"], Shape.LIST)
        if form is None:
            return None
        registration, category = (_vocabulary_field(parts[name], form) for name in ("registration", "category"))
        dropped_out = _values(parts["dropped_out"], form, registration)
        apart, cleared = (_values(parts[name], form, category) for name in ("apart", "cleared"))
        vocabulary = form.by_name[registration].vocabulary if registration else None
        deferred = tuple(each for each in (vocabulary.values if vocabulary else ()) if each not in dropped_out)
        return Dropouts(form.slug, registration, dropped_out, category, apart, deferred, cleared)

    def _returns(self, entry: Entry) -> Returns | None:
        parts = _parts(entry, ("form", "return_day"), ("dropout_day", "category"))
        form = self._form(parts["form"], Shape.LIST)
        if form is None:
            return None
        back, dropped = (_field(parts[name], form, "date") for name in ("return_day", "dropout_day"))
        return Returns(form.slug, back, dropped, _vocabulary_field(parts["category"], form))

    def _statistics(self, entry: Entry) -> Statistics | None:
        parts = _parts(entry, ("form", "counts"), ("brought_back", "due", "back"))
        form = self._form(parts["form"], Shape.STATISTICS)
        if form is None:
            return None
        fields = (_field(parts[name], form, "count") for name in ("brought_back", "due", "back"))
        return Statistics(form.slug, self._counts(parts["counts"], form), *fields)

    def _counts(self, entry: Entry | None, form: Form) -> Mapping[str, tuple[str, ...]]:
        counts: dict[str, tuple[str, ...]] = {}
        for name, fields in entry.entries().items() if entry else ():
            if name not in self.files:
                fields.unknown(name, self.files, "表格文件", "form file")
            read = tuple(filter(None, (_field(item, form, "count") for item in fields.items())))
            if name in self.in_force:
                counts[self.in_force[name].slug] = read
        return counts

    def _cards(self, entry: Entry) -> tuple[str, str]:
        """The cards, and their field that says whether persuasion has begun."""
        parts = _parts(entry, ("form",), ("persuaded",))
        form = self._form(parts["form"], Shape.CARD)
        return (form.slug, _field(parts["persuaded"], form, "yes_no")) if form else ("", "")

    def _disabled(self, entry: Entry) -> tuple[str, Mapping[str, tuple[str, ...]]]:
        """The ledger of disabled children, and who of them is at school."""
        parts = _parts(entry, ("form",), ("enrolment", "in_school"))
        form = self._form(parts["form"], Shape.LIST)
        if form is None:
            return "", {}
        enrolment = _vocabulary_field(parts["enrolment"], form)
        values = _values(parts["in_school"], form, enrolment)
        return form.slug, {enrolment: values} if enrolment and values else {}

    def _closings(self, entry: Entry) -> Mapping[str, Closing]:
        """By list what closes its records; those of lists that are not in force are left out."""
        found: dict[str, Closing] = {}
        for name, each in entry.entries().items():
            if name not in self.files:
                each.unknown(name, self.files, "表格文件", "form file")
            form = self.in_force.get(name)
            if form is not None:
                found[form.slug] = self._closing(each, form)
        return found

    def _closing(self, entry: Entry, form: Form) -> Closing:
        parts = _parts(entry, (), ("list", "filled", "where"))
        told_in = self._form(parts["list"], Shape.LIST) if parts["list"] else form
        if told_in is None:
            return Closing()
        where = conditions(parts["where"], told_in.by_name, told_in.slug) if parts["where"] else {}
        return Closing(told_in.slug if parts["list"] else "", _field(parts["filled"], told_in), where)

    def _list(self, entry: Entry) -> str:
        form = self._form(_parts(entry, ("form",))["form"], Shape.LIST)
        return form.slug if form else ""

    def _form(self, entry: Entry | None, shape: Shape) -> Form | None:
        """The form that a file defines, if it is in force; its shape must be the one wanted."""
        name = entry and entry.one_of(self.files, "表格文件", "form file")
        form = self.in_force.get(name or "")
        if entry and form and form.shape is not shape:
            entry.fault(
                f"{name} 的表样是 {form.shape}，这里要 {shape}",
                f"{name} is of shape {form.shape}; here it must be {shape}",
            )
        return form


def _parts(entry: Entry, required: Collection[str], optional: Collection[str] = ()) -> _Parts:
    keys = {name: Key(lambda each: each, required=name in required) for name in (*required, *optional)}
    return read_keys(entry, keys)


def _field(entry: Entry | None, form: Form, *types: str) -> str:
    """The field of one of these types that the value names; blank where it is missing or faulty."""
    return (field_named(entry, form, types) or "") if entry else ""


def _vocabulary_field(entry: Entry | None, form: Form) -> str:
    name = _field(entry, form)
    if entry and name and form.by_name[name].vocabulary is None and form.by_name[name].type != UNKNOWN_TYPE:
        entry.fault(f"字段 {name} 没有词表，这里用不上", f"the field {name} has no vocabulary; here it must have one")
    return name


def _values(entry: Entry | None, form: Form, name: str) -> tuple[str, ...]:
    """Values of the field's vocabulary; none where the field has none."""
    vocabulary = form.by_name[name].vocabulary if name else None
    if entry is None or vocabulary is None:
        return ()
    values = (item.one_of(vocabulary.values, "值", f"value of {name}") for item in entry.items())
    return tuple(value for value in values if value is not None)
