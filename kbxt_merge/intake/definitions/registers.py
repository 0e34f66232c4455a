"""registers.yaml → the bureau's own registers, and which rules hold the forms against them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kbxt_merge.intake.definitions.field_types import UNKNOWN_TYPE
from kbxt_merge.intake.definitions.header_words import widened
from kbxt_merge.intake.definitions.yaml_nodes import Entry, Key, read_keys
from kbxt_merge.model.definition_book.shown_names import type_shown
from kbxt_merge.model.field import Field, Vocabulary
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.register import ID, NAME, Known, MustReturn, MustStand, Register
from kbxt_merge.model.text import Words, bare_header, compact_value

_TYPES = ("text", "person_name", "id_number", "roll_number", "date", "school")
_KEYS = {NAME: "person_name", ID: "id_number"}
Conditions = Mapping[str, tuple[str, ...]]


def read_registers(*files: tuple[RegisterReader, Entry]) -> tuple[Register, ...]:
    """All registers of the files, each instead of an earlier one of its name; `off` takes one out."""
    found: dict[str, tuple[RegisterReader, Entry]] = {}
    for reader, entry in files:
        found |= {slug: (reader, each) for slug, each in entry.entries().items()}
    in_use = {slug: pair for slug, pair in found.items() if not pair[1].is_off}
    return tuple(reader.register(slug, each, in_use) for slug, (reader, each) in in_use.items())


@dataclass(frozen=True, slots=True)
class RegisterReader:
    """What registers are read against: the forms in force, the vocabularies, and lines of header words.

    A line about a form that is not in force is left out: `elsewhere` are the numbers of those. One that no file has is
    a fault, unless the forms are not complete because a file could not be read.
    """

    forms: Mapping[str, Form]
    vocabularies: Mapping[str, Vocabulary]
    lines: Iterable[Sequence[str]]
    complete: bool
    elsewhere: Collection[str] = ()

    def register(self, slug: str, entry: Entry, others: Collection[str]) -> Register:
        """One register; `others` are the names of all."""
        keys = {
            "label": Key(Entry.words, Words(slug, slug)),
            "office": Key(Entry.words, Words("", "")),
            "called": Key(Entry.texts, ()),
            "columns": Key(Entry.entries, {}, required=True),
            "marks": Key(lambda each: each),
            "gone": Key(lambda each: each),
            "knows": Key(Entry.items, []),
            "must_stand": Key(Entry.items, []),
            "must_return": Key(Entry.items, []),
        }
        read = read_keys(entry, keys)
        columns = self._columns(entry, read["columns"])
        known = {each.name: each for each in columns}
        marks = read["marks"]
        if marks is None and not read["called"]:
            entry.fault(
                "“marks”和“called”至少要写一个，否则哪个文件都不会认作它",
                "one of `marks` and `called` is wanted: without them no file is known for it",
            )
        return Register(
            slug,
            read["label"],
            read["office"],
            columns,
            _names(marks, known) if marks is not None else (),
            read["called"],
            (_conditions(read["gone"], known) or {}) if read["gone"] is not None else {},
            tuple(filter(None, (self._known(item, known) for item in read["knows"]))),
            tuple(filter(None, (self._must_stand(item) for item in read["must_stand"]))),
            tuple(filter(None, (self._must_return(item, known, others) for item in read["must_return"]))),
        )

    def _columns(self, entry: Entry, columns: Mapping[str, Entry]) -> tuple[Field, ...]:
        for name in _KEYS.keys() - columns.keys() if columns else ():
            entry.fault(f"“columns”里缺少“{name}”，请补上", f"`{name}` is missing in columns; add it")
        fields = tuple(self._column(name, each) for name, each in columns.items())
        headers: dict[str, str] = {}
        for field, each in zip(fields, columns.values(), strict=True):
            if (other := headers.setdefault(bare_header(field.header), field.name)) != field.name:
                each.fault(f"表头与“{other}”的相同，请改正一处", f"its header is that of `{other}`; correct one")
        return widened(fields, self.lines, by_place=True)

    def _column(self, name: str, entry: Entry) -> Field:
        types = (*_TYPES, *self.vocabularies)
        keys = {
            "header": Key(Entry.text, name, required=True),
            "also": Key(Entry.texts, ()),
            "type": Key(partial(Entry.one_of, names=types, zh="类型", en="type"), _KEYS.get(name, "text")),
            "values": Key(Entry.entries, {}),
        }
        read = read_keys(entry, keys)
        header, values = read["header"], read["values"]
        if (wanted := _KEYS.get(name)) and (read["type"] != wanted or values):
            entry.fault(
                f"“{name}”的类型只能是{type_shown(wanted)}，请删去这里的类型和值",
                f"`{name}` is always of type {wanted}",
            )
            return Field(name, wanted, header, Words(bare_header(header), name), also=read["also"])
        vocabulary = self.vocabularies.get(read["type"])
        if values:
            variants = {compact_value(value): value for value in values}
            for value, each in values.items():
                variants |= {compact_value(word): value for word in each.texts()}
            vocabulary = Vocabulary(name, Words(header, header), tuple(values), variants)
        label = Words(bare_header(header), name.replace("_", " "))
        return Field(name, read["type"], header, label, vocabulary=vocabulary, also=read["also"])

    def _known(self, entry: Entry, columns: Mapping[str, Field]) -> Known | None:
        keys = {
            "form": Key(self._form, None, required=True),
            "field": Key(lambda each: each, None, required=True),
            "column": Key(partial(Entry.one_of, names=columns, zh="比对库的栏目", en="column of the register"), ""),
            "means": Key(Entry.entries, {}),
            "standing": Key(lambda each: each),
            "degree": Key(Entry.flag, False),
        }
        before = len(entry.faults)
        read = read_keys(entry, keys)
        form: Form | None = read["form"]
        if form is None or read["field"] is None or len(entry.faults) > before:
            return None
        name = read["field"].one_of(form.by_name, f"字段（表 {form.slug}）", f"field of form {form.slug}")
        if name is None:
            return None
        told_standing: Entry | None = read["standing"]
        standing = told_standing.text() if told_standing else ""
        if standing is None:
            return None
        if bool(read["column"]) == bool(standing):
            entry.fault(
                "“column”和“standing”要写一个，也只写一个", "one of `column` and `standing` is wanted, not both"
            )
            return None
        vocabulary = form.by_name[name].vocabulary
        if told_standing and vocabulary and standing not in vocabulary.values:
            told_standing.unknown(standing, vocabulary.values, "值", f"value of {name}")
            return None
        if read["column"] and (told := columns[read["column"]].vocabulary):
            for value, each in read["means"].items():
                if value not in told.values:
                    each.unknown(value, told.values, "值", f"value of {read['column']}")
        means = {value: text for value, each in read["means"].items() if (text := self._value(each, form, name))}
        return Known(form.slug, name, read["column"], means, standing, read["degree"])

    def _value(self, entry: Entry, form: Form, name: str) -> str | None:
        vocabulary = form.by_name[name].vocabulary
        return entry.text() if vocabulary is None else entry.one_of(vocabulary.values, "值", f"value of {name}")

    def _must_stand(self, entry: Entry) -> MustStand | None:
        read = read_keys(entry, {"form": Key(self._form, None, required=True), "where": Key(lambda each: each)})
        form: Form | None = read["form"]
        if form is None:
            return None
        where = _conditions(read["where"], form.by_name) if read["where"] is not None else {}
        return None if where is None else MustStand(form.slug, where)

    def _must_return(self, entry: Entry, columns: Mapping[str, Field], registers: Collection[str]) -> MustReturn | None:
        keys = {
            "form": Key(self._form, None, required=True),
            "where": Key(lambda each: each),
            "not_on": Key(partial(Entry.one_of, names=registers, zh="比对库", en="register"), ""),
        }
        read = read_keys(entry, keys)
        form: Form | None = read["form"]
        if form is None:
            return None
        where = _conditions(read["where"], columns) if read["where"] is not None else {}
        return None if where is None else MustReturn(form.slug, where, read["not_on"])

    def _form(self, entry: Entry) -> Form | None:
        """The form of that number, with children."""
        slug = entry.text()
        if slug is None:
            return None
        form = self.forms.get(slug)
        if form is None and self.complete and slug not in self.elsewhere:
            entry.unknown(slug, (*self.forms, *self.elsewhere), "表", "form")
        if form is not None and form.child_name is None:
            entry.fault(f"表 {slug} 里没有学生，无法核对", f"form {slug} has no children to be held against a register")
            return None
        return form


def _names(entry: Entry, columns: Mapping[str, Field]) -> tuple[str, ...]:
    named = (item.one_of(columns, "比对库的栏目", "column of the register") for item in entry.items())
    return tuple(name for name in named if name is not None)


def _conditions(entry: Entry, fields: Mapping[str, Field]) -> Conditions | None:
    """Values by field, which must be of its vocabulary, if it has one; None where something of it can't be."""
    read: dict[str, tuple[str, ...]] = {}
    before = len(entry.faults)
    for name, each in entry.entries().items():
        if name not in fields:
            each.unknown(name, fields, "栏目", "column")
        elif (vocabulary := fields[name].vocabulary) is None or fields[name].type == UNKNOWN_TYPE:
            read[name] = each.texts()
        else:
            values = (item.one_of(vocabulary.values, "值", f"value of {name}") for item in each.items())
            read[name] = tuple(value for value in values if value is not None)
    return read if len(entry.faults) == before else None


def uses_of_registers(form: Form, registers: Iterable[Register], catalogue: Collection[str]) -> Iterator[RuleUse]:
    """The rules that hold a form against the registers, as if its own YAML named them; none of an empty catalogue."""
    registers = tuple(each for each in registers if form.slug in each.forms)
    if not catalogue or not registers or form.child_name is None:
        return
    if form.child_id is not None:
        yield RuleUse("register-name-differs", form.child_name)
        yield RuleUse("register-id-differs", form.child_id)
    fields = [known.field for each in registers for known in each.knows if known.form == form.slug]
    for name in dict.fromkeys(fields):
        yield RuleUse("register-value-differs", name)
    for each in registers:
        if form.child_id is not None and any(must.form == form.slug for must in each.must_stand):
            yield RuleUse("not-in-register", form.child_name, {"register": each.slug})
        if any(must.form == form.slug for must in each.must_return):
            yield RuleUse("register-not-returned", form.child_name, {"register": each.slug})
