"""The rules of a form's YAML, held against what each rule of the catalogue declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import yaml

from kbxt_merge.intake.definitions.fields import UNKNOWN_TYPE, check_type, field_named
from kbxt_merge.intake.definitions.yaml_nodes import Entry
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.rule import Role, RuleCard, Scope


@dataclass(frozen=True, slots=True)
class RuleReader:
    """What the rules of one form are read against: the catalogue, the form, and the forms in force.

    Where those are not complete, because a file could not be read, a rule that names a missing one is no fault.
    """

    catalogue: Mapping[str, RuleCard]
    form: Form
    forms: Mapping[str, Form]
    complete: bool
    seen: list[RuleUse] = field(default_factory=list)

    def read(self, entry: Entry) -> RuleUse | None:
        """The rule as the form applies it, or None where it can't be one."""
        found = entry.entries()
        for key in ("rule", "at"):
            if found and key not in found:
                entry.fault(f"缺少“{key}”，请补上", f"`{key}` is missing; add it")
        if "rule" not in found or "at" not in found:
            return None
        at = found["at"].one_of(self.form.by_name, "字段", "field")
        slug, card = self._card(found["rule"])
        roles = {key: each for key, each in found.items() if key not in ("rule", "at")}
        if slug is None:
            return None
        if card is None:
            use = RuleUse(slug, at or "", {key: _as_written(each) for key, each in roles.items()})
        else:
            self._check_at(found, card, at)
            use = RuleUse(slug, at or "", self._roles(entry, card, roles))
        if use in self.seen:
            entry.fault("与前面的规则完全相同，请删去", "this rule stands above already; delete it")
        self.seen.append(use)
        return use

    def _card(self, entry: Entry) -> tuple[str | None, RuleCard | None]:
        if not self.catalogue:
            return entry.text(), None
        slug = entry.one_of(self.catalogue, "规则", "rule")
        return slug, self.catalogue[slug] if slug else None

    def _check_at(self, found: Mapping[str, Entry], card: RuleCard, at: str | None) -> None:
        if (card.types or card.scope is Scope.FILE) and not card.at_types:
            found["rule"].fault(
                f"规则 {card.slug} 自动适用，不必写在表里", f"the rule {card.slug} applies by itself; delete it here"
            )
        elif at is not None:
            check_type(found["at"], self.form, at, card.at_types)

    def _roles(self, entry: Entry, card: RuleCard, given: Mapping[str, Entry]) -> Mapping[str, object]:
        for name in given.keys() - card.roles.keys():
            given[name].unknown(name, card.roles, "参数", f"part of the rule {card.slug}")
        for name, role in card.roles.items():
            if role.required and name not in given:
                entry.fault(f"规则 {card.slug} 缺少“{name}”，请补上", f"the rule {card.slug} needs `{name}`; add it")
        listed = self._listed(given)
        read = {
            name: _ROLE_READERS[card.roles[name].kind](each, card.roles[name], self, listed)
            for name, each in given.items()
            if name in card.roles
        }
        return {name: value for name, value in read.items() if value is not None}

    def _listed(self, given: Mapping[str, Entry]) -> Form | None:
        """The form that `where` and `foreign` speak of; None where `list` names none that is in force."""
        if "list" not in given:
            return self.form
        node = given["list"].node
        return self.forms.get(node.value) if isinstance(node, yaml.ScalarNode) else None


def _field(entry: Entry, role: Role, form: Form | None) -> str | None:
    return None if form is None else field_named(entry, form, role.types)


def _own_field(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return _field(entry, role, reader.form)


def _foreign(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return _field(entry, role, listed)


def _fields(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return tuple(name for item in _one_or_more(entry) if (name := _field(item, role, reader.form)) is not None)


def _form(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    slug = entry.text()
    if slug is None or (slug not in reader.forms and not reader.complete):
        return None
    return entry.one_of(reader.forms, "表（bureau.yaml 中在用的）", "form in force (bureau.yaml)")


def _own_where(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return _where(entry, reader.form)


def _foreign_where(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return _where(entry, listed)


def _where(entry: Entry, listed: Form | None) -> object:
    found = entry.entries()
    if listed is None:
        return None
    read: dict[str, tuple[str, ...]] = {}
    for name, each in found.items():
        target = listed.by_name.get(name)
        if target is None:
            each.unknown(name, listed.by_name, f"字段（表 {listed.slug}）", f"field of form {listed.slug}")
        elif target.type == UNKNOWN_TYPE:
            continue
        elif target.vocabulary is None:
            each.fault(f"字段 {name} 没有词表，不能在这里比较", f"the field {name} has no vocabulary to compare with")
        else:
            values = target.vocabulary.values
            named = [item.one_of(values, "值", f"value of {name}") for item in _one_or_more(each)]
            read[name] = tuple(value for value in named if value is not None)
    return read


def _text(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return entry.text()


def _choice(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return entry.one_of(role.choices, "选项", "choice")


_ROLE_READERS: Mapping[str, Callable[[Entry, Role, RuleReader, Form | None], object]] = {
    "field": _own_field,
    "fields": _fields,
    "form": _form,
    "where": _own_where,
    "foreign_where": _foreign_where,
    "foreign": _foreign,
    "text": _text,
    "choice": _choice,
}


def _one_or_more(entry: Entry) -> list[Entry]:
    return [entry] if isinstance(entry.node, yaml.ScalarNode) else entry.items()


def _as_written(entry: Entry) -> object:
    """A role's value where no catalogue says what it must be."""
    if isinstance(entry.node, yaml.MappingNode):
        return {
            name: tuple(filter(None, map(Entry.text, _one_or_more(each)))) for name, each in entry.entries().items()
        }
    return entry.text() if isinstance(entry.node, yaml.ScalarNode) else entry.texts()
