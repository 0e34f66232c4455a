"""The YAML files that a bureau edits → the forms in force; every fault of all files at once, with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.definitions.bureau import read_bureau
from kbxt_merge.intake.definitions.forms import Draft, read_form
from kbxt_merge.intake.definitions.header_words import HeaderWords, read_header_words
from kbxt_merge.intake.definitions.own_files import Files, Folder
from kbxt_merge.intake.definitions.registers import RegisterReader, read_registers, uses_of_registers
from kbxt_merge.intake.definitions.relations import RelationsReader
from kbxt_merge.intake.definitions.rule_uses import RuleReader
from kbxt_merge.intake.definitions.vocabularies import read_vocabularies
from kbxt_merge.intake.definitions.yaml_nodes import CellMark, Entry, Fault
from kbxt_merge.model.definition_book.layout import (
    BESIDE_FORMS,
    BUREAU_FILE,
    HEADER_FILE,
    REGISTER_FILE,
    RELATION_FILE,
    STOCK_FILE,
    VOCABULARY_FILE,
)
from kbxt_merge.model.field import ROW_LABEL, Vocabulary
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.register import Register
from kbxt_merge.model.relations import Relations
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Language, Words

_NO_FORMS = {name.removesuffix(".yaml") for name in (BUREAU_FILE, *BESIDE_FORMS)}

SHIPPED = Folder(resources.files("kbxt_merge.schemas"), "kbxt_merge/schemas")


def own_files(
    path: Path, catalogue: Mapping[str, RuleCard], faults: list[Fault], grids: Sequence[Grid] | None = None
) -> Files | None:
    """What a bureau's folder or definition workbook holds; None (and a fault) where it is neither."""
    if path.is_file():
        from kbxt_merge.intake.definitions.book.read_book import read_book  # a dozen rooms, for this alone

        return read_book(path, catalogue, vocabulary_labels(), faults, grids)
    if path.is_dir():
        return Folder(path, str(path))
    faults.append(Fault(str(path), "", 1, Words("没有这个文件夹或工作簿", "there is no such folder or workbook")))
    return None


@cache
def known_vocabularies() -> Mapping[str, Vocabulary]:
    """The package's vocabularies, the stock included, by their names."""
    entries = (SHIPPED.entry(name, []) for name in (STOCK_FILE, VOCABULARY_FILE))
    return {name: each for entry in entries if entry for name, each in read_vocabularies(entry, ()).items()}


def vocabulary_labels() -> Mapping[str, str]:
    """What the package's vocabularies are called on screens, by their names."""
    return {name: each.words.zh for name, each in known_vocabularies().items()}


def load_forms(catalogue: Mapping[str, RuleCard], folder: Path | None = None) -> Forms:
    """The forms in force, from `folder` (or a definition workbook) and, for files that are not in it, from the package.

    Raises DefinitionError with one line a fault. An empty catalogue leaves the rules unchecked.
    """
    forms, faults = read_forms(catalogue, folder)
    if faults:
        raise DefinitionError(faults)
    return forms


def digest_of_definitions(folder: Path | None = None) -> str:
    """A text that is another when a file that `load_forms` may read from `folder` or the package is another."""
    found = hashlib.sha256()
    if folder and folder.is_file():
        with suppress(OSError):  # whoever loads it says why
            found.update(hashlib.sha256(folder.read_bytes()).digest())
    for place in (resources.files("kbxt_merge.schemas"), folder):
        for each in sorted(place.iterdir(), key=lambda each: each.name) if place and place.is_dir() else ():
            found.update(f"{each.name}/".encode("utf-8", "surrogateescape"))
            if each.name.endswith(".yaml"):
                with suppress(OSError):  # whoever loads it says why
                    found.update(hashlib.sha256(each.read_bytes()).digest())
    return found.hexdigest()


def read_forms(
    catalogue: Mapping[str, RuleCard], folder: Path | None = None, grids: Sequence[Grid] | None = None
) -> tuple[Forms, tuple[Fault, ...]]:
    """The forms as far as they can be read, and all faults in the order of files and lines.

    `grids` are the sheets of a definition workbook that somebody read already.
    """
    faults: list[Fault] = []
    own = own_files(folder, catalogue, faults, grids) if folder else None
    if folder and own is None:
        return Forms((), {}), tuple(faults)
    files = _Definitions(SHIPPED, own, faults)
    bureau = read_bureau(files.entry(BUREAU_FILE), files.names())
    vocabularies = _vocabularies(files, catalogue)
    headers_entry = files.entry(HEADER_FILE)
    words = read_header_words(headers_entry) if headers_entry else HeaderWords()
    entries = {name: entry for name in bureau.names if (entry := files.entry(f"{name}.yaml"))}
    read = [read_form(entry, vocabularies, words.lines) for entry in entries.values()]
    drafts = [each for draft in read for each in (draft, draft.inside) if each]
    _check_slugs(drafts)
    if len(bureau.names) == bureau.asked:
        files.check_unused(bureau.names)
    by_slug = {draft.form.slug: draft.form for draft in reversed(drafts)}
    complete = len({draft.form.slug for draft in read} - {""}) == bureau.asked
    forms = tuple(_with_rules(draft, RuleReader(catalogue, draft.form, by_slug, complete)) for draft in drafts)
    printed_inside = [draft.inside for draft in read if draft.inside]
    of_files = [form for form, draft in zip(forms, drafts, strict=True) if not any(draft is e for e in printed_inside)]
    relations = _relations(files, dict(zip(entries, of_files, strict=True)))
    elsewhere = files.numbers_of(files.names() - set(bureau.names))
    reader = RegisterReader(by_slug, vocabularies, words.lines, complete, elsewhere)
    numbers = [form.slug for name, form in zip(entries, of_files, strict=True) if SHIPPED.has(f"{name}.yaml")]
    registers = _registers(files, reader, numbers)
    forms = tuple(replace(form, rules=(*form.rules, *uses_of_registers(form, registers, catalogue))) for form in forms)
    places = (bureau.bureau, bureau.city, bureau.county)
    in_use = {field.type for form in forms for field in form.fields}
    vocabularies = {name: each for name, each in vocabularies.items() if name in in_use}
    made = Forms(
        forms,
        vocabularies,
        *places,
        relations,
        words.others,
        words.automatic,
        registers,
        bureau.returns,
        bureau.full_name,
    )
    return made, files.faults_in_order()


@dataclass(frozen=True, slots=True)
class _Definitions:
    """The definition files, the bureau's own before those of the package, and the faults found in them."""

    shipped: Files
    own: Files | None
    faults: list[Fault] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def entry(self, name: str) -> Entry | None:
        """What a file holds, or None (and a fault) where that can't be told."""
        return self._entry(self.own if self.own and self.own.has(name) else self.shipped, name)

    def shipped_entry(self, name: str) -> Entry | None:
        """What the package's file of this name holds, where the bureau has one of its own beside it."""
        return self._entry(self.shipped, name) if self.own and self.own.has(name) else None

    def _entry(self, source: Files, name: str) -> Entry | None:
        self.opened.append(source.shown(name))
        return source.entry(name, self.faults)

    def names(self) -> set[str]:
        """The names that bureau.yaml may put in force: all files but those that are no forms."""
        names = {*self.shipped.names(), *(self.own.names() if self.own else ())}
        return {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")} - _NO_FORMS

    def numbers_of(self, names: Collection[str]) -> frozenset[str]:
        """The numbers of forms by the names of their files, which are not in force and may be faulty."""
        numbers: set[str] = set()
        for name in (f"{each}.yaml" for each in names):
            source = self.own if self.own and self.own.has(name) else self.shipped
            numbers.update(source.numbers(name))
        return frozenset(numbers)

    def check_unused(self, names: Collection[str]) -> None:
        """A file of the bureau's that nothing names is most likely misspelt, and would be left out in silence."""
        shipped = set(self.shipped.names())
        for name in self.own.names() if self.own else ():
            stem, dot, ending = name.rpartition(".")
            if not dot or ending not in ("yaml", "yml") or name in shipped or stem in names or self.own is None:
                continue
            self.fault(
                self.own.shown(name),
                f"{BUREAU_FILE} 没有用到这个文件：请写进 forms，或改正文件名，或移到别处",
                f"{BUREAU_FILE} doesn't name this file: add it to `forms`, correct its name, or move it elsewhere",
            )

    def fault(self, file: str, zh: str, en: str) -> None:
        """Note what is wrong with a whole file."""
        self.faults.append(Fault(file, "", 1, Words(zh, en)))

    def faults_in_order(self) -> tuple[Fault, ...]:
        """The faults by file, in the order of reading, then by line."""
        order = {name: position for position, name in enumerate(self.opened)}

        def place(fault: Fault) -> tuple[int, int, int]:
            return order.get(fault.file, len(order)), fault.mark.position if fault.mark else 0, fault.line

        return tuple(sorted(self.faults, key=place))


def _check_slugs(drafts: Iterable[Draft]) -> None:
    owners: dict[str, Draft] = {}
    for draft in drafts:
        owner = owners.setdefault(draft.form.slug, draft)
        if owner is not draft and draft.form.slug:
            mark = owner.entry.node.start_mark
            place = f"工作表“{mark.sheet}”" if isinstance(mark, CellMark) else owner.entry.file
            draft.entry.fault(f"表号与 {place} 的相同", f"{place} has the same form number")


def _vocabularies(files: _Definitions, catalogue: Collection[str]) -> Mapping[str, Vocabulary]:
    """The stock, the shipped ones and the bureau's own, each instead of an earlier one of its name.

    The package's own are known to name rules that there are.
    """
    shipped = (files.entry(STOCK_FILE), files.shipped_entry(VOCABULARY_FILE))
    found = {name: each for entry in shipped if entry for name, each in read_vocabularies(entry, ()).items()}
    own = files.entry(VOCABULARY_FILE)
    return {**found, **read_vocabularies(own, catalogue)} if own else found


def _relations(files: _Definitions, in_force: Mapping[str, Form]) -> Relations:
    entry = files.entry(RELATION_FILE)
    return RelationsReader(in_force, sorted(files.names())).read(entry) if entry else Relations()


def _registers(files: _Definitions, reader: RegisterReader, numbers: Collection[str]) -> tuple[Register, ...]:
    """The shipped registers and the bureau's own, each instead of a shipped one of its name.

    What the shipped ones say is said of the shipped forms, whose are the `numbers`: a bureau's own form of the same
    number is another. What its own forms and vocabularies have no place for is left out.
    """
    own, shipped = files.entry(REGISTER_FILE), files.shipped_entry(REGISTER_FILE)
    if own is None:
        return ()
    of_shipped = replace(reader, forms={slug: form for slug, form in reader.forms.items() if slug in numbers})
    if shipped is not None:
        return read_registers((of_shipped, replace(shipped, faults=[])), (reader, own))
    return read_registers((of_shipped, own if files.own is None else replace(own, faults=[])))


def _with_rules(draft: Draft, reader: RuleReader) -> Form:
    named = [use for entry in draft.rules for use in reader.read(entry)]
    unique = [RuleUse("unique", each.name, {"among": each.unique}) for each in draft.form.fields if each.unique]
    rows = [RuleUse("row-missing", each.name) for each in draft.form.fields if each.type == ROW_LABEL]
    return replace(draft.form, rules=(*named, *unique, *rows))


class DefinitionError(SchemaError):
    """The faults of a bureau's definitions, each with its place."""

    def __init__(self, faults: Collection[Fault]) -> None:
        """Tell them all, a line each."""
        super().__init__(_sentences(faults, "zh"), _sentences(faults, "en"))
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders."""
        return type(self), (self.faults,)


def _sentences(faults: Collection[Fault], language: Language) -> str:
    headline = {
        "zh": f"表格定义有 {len(faults)} 处要改：",
        "en": f"{len(faults)} things to correct in the form definitions:",
    }
    return "\n".join([headline[language], *(fault.sentence(language) for fault in faults)])
