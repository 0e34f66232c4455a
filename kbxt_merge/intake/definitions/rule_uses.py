"""The rules of a form's YAML, held against what each rule of the catalogue declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from kbxt_merge.intake.definitions.fields import check_type, conditions, field_named, one_or_more
from kbxt_merge.intake.definitions.yaml_nodes import Entry
from kbxt_merge.model.definition_book.rule_words import OWN_KEYS
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.rule import Role, RuleCard, Severity
from kbxt_merge.model.text import Words

_SEVERITIES_IN_CHINESE = {each.words.zh: each for each in Severity} | {"说明": Severity.INFO}


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

    def read(self, entry: Entry) -> Iterator[RuleUse]:
        """The rule as the form applies it, once for each field that it points at; none where it can't be one."""
        found = entry.entries()
        for key in ("rule", "at"):
            if found and key not in found:
                entry.fault(f"缺少“{key}”，请补上", f"`{key}` is missing; add it")
        if "rule" not in found or "at" not in found:
            return
        fields = [(each, each.one_of(self.form.by_name, "字段", "field")) for each in one_or_more(found["at"])]
        slug, card = self._card(found["rule"])
        if slug is None:
            return
        by_itself = "where" in found and (card is None or "where" not in card.roles)
        own = (*OWN_KEYS, "where") if by_itself and card else OWN_KEYS
        roles = {key: each for key, each in found.items() if key not in own}
        if card is None:
            read: Mapping[str, object] = {key: _as_written(each) for key, each in roles.items()}
        else:
            for place, at in fields:
                self._check_at(found["rule"], place, card, at)
            read = self._roles(entry, card, roles)
        where = conditions(found["where"], self.form.by_name) if by_itself and card else {}
        severity, say = _severity(found.get("severity")), _say(found.get("say"))
        for _, at in fields:
            use = RuleUse(slug, at or "", read, where, severity, say)
            if use in self.seen:
                entry.fault("与前面的规则完全相同，请删去", "this rule stands above already; delete it")
            self.seen.append(use)
            yield use

    def _card(self, entry: Entry) -> tuple[str | None, RuleCard | None]:
        if not self.catalogue:
            return entry.text(), None
        slug = entry.one_of(self.catalogue, "规则", "rule")
        return slug, self.catalogue[slug] if slug else None

    def _check_at(self, rule: Entry, place: Entry, card: RuleCard, at: str | None) -> None:
        if not card.stands_in_forms:
            rule.fault(
                f"规则“{card.title.zh}”自动适用，不必写在表里",
                f"the rule {card.slug} applies by itself; delete it here",
            )
        elif at is not None:
            check_type(place, self.form, at, card.at_types)

    def _roles(self, entry: Entry, card: RuleCard, given: Mapping[str, Entry]) -> Mapping[str, object]:
        for name in given.keys() - card.roles.keys():
            given[name].unknown(name, card.roles, "参数", f"part of the rule {card.slug}")
        for name, role in card.roles.items():
            if role.required and name not in given:
                entry.fault(
                    f"规则“{card.title.zh}”缺少“{name}”，请补上", f"the rule {card.slug} needs `{name}`; add it"
                )
        self._check_choice(entry, card, given)
        listed = self._listed(given)
        read = {
            name: _ROLE_READERS[card.roles[name].kind](each, card.roles[name], self, listed)
            for name, each in given.items()
            if name in card.roles
        }
        return {name: value for name, value in read.items() if value is not None}

    def _check_choice(self, entry: Entry, card: RuleCard, given: Mapping[str, Entry]) -> None:
        """Of some parts one is wanted."""
        for names in filter(None, (card.any_of, card.one_of)):
            if given.keys().isdisjoint(names):
                zh = "、".join(f"“{name}”" for name in names)
                en = ", ".join(f"`{name}`" for name in names)
                entry.fault(f"规则“{card.title.zh}”要写明其中一项：{zh}", f"the rule {card.slug} needs one of {en}")
        for name in [name for name in card.one_of if name in given][1:]:
            given[name].fault(
                "同一条规则只能写其中一项，请另写一条", "a rule has only one of these; write another rule"
            )

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
    return tuple(name for item in one_or_more(entry) if (name := _field(item, role, reader.form)) is not None)


def _form(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    slug = entry.text()
    if slug is None or (slug not in reader.forms and not reader.complete):
        return None
    return entry.one_of(reader.forms, "表（bureau.yaml 中在用的）", "form in force (bureau.yaml)")


def _own_where(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return conditions(entry, reader.form.by_name, reader.form.slug)


def _foreign_where(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    if listed is None:
        entry.entries()
        return None
    return conditions(entry, listed.by_name, listed.slug)


def _text(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return entry.text()


def _choice(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return entry.one_of(role.choices, "选项", "choice")


def _number(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    return entry.signed()


def _rows(entry: Entry, role: Role, reader: RuleReader, listed: Form | None) -> object:
    labels = reader.form.row_labels
    named = (item.one_of(labels, "行名", "row") for item in one_or_more(entry))
    return tuple(label for label in named if label is not None)


def _severity(entry: Entry | None) -> Severity | None:
    if entry is None:
        return None
    name = entry.one_of((*(each.value for each in Severity), *_SEVERITIES_IN_CHINESE), "级别", "severity")
    if name is None:
        return None
    return _SEVERITIES_IN_CHINESE[name] if name in _SEVERITIES_IN_CHINESE else Severity(name)


def _say(entry: Entry | None) -> Words | None:
    """A sentence of the form's own, in which {field} and {value} are filled in."""
    words = entry.words() if entry else None
    if entry is None or words is None:
        return None
    return words if all(entry.can_fill_in(each, ("field", "value")) for each in (words.zh, words.en)) else None


_ROLE_READERS: Mapping[str, Callable[[Entry, Role, RuleReader, Form | None], object]] = {
    "field": _own_field,
    "fields": _fields,
    "form": _form,
    "where": _own_where,
    "foreign_where": _foreign_where,
    "foreign": _foreign,
    "text": _text,
    "choice": _choice,
    "number": _number,
    "rows": _rows,
}


def _as_written(entry: Entry) -> object:
    """A role's value where no catalogue says what it must be."""
    if isinstance(entry.node, yaml.MappingNode):
        return {name: tuple(filter(None, map(Entry.text, one_or_more(each)))) for name, each in entry.entries().items()}
    return entry.text() if isinstance(entry.node, yaml.ScalarNode) else entry.texts()
