"""表格定义.xlsx → the files that it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kbxt_merge.intake.definitions.book.cells import CellReader
from kbxt_merge.intake.definitions.book.form_sheet import FormSheet
from kbxt_merge.intake.definitions.book.nodes import put, sequence
from kbxt_merge.intake.definitions.book.register_sheets import RegisterSheets
from kbxt_merge.intake.definitions.book.relation_sheet import RelationSheet
from kbxt_merge.intake.definitions.book.rule_sheet import RuleSheet
from kbxt_merge.intake.definitions.book.tables import SheetTexts, Told
from kbxt_merge.intake.definitions.book.word_sheets import (
    bureau_node,
    earlier_values,
    headers_node,
    put_others,
    vocabularies_node,
    vocabulary_names,
)
from kbxt_merge.intake.definitions.own_files import BookFiles
from kbxt_merge.intake.definitions.yaml_nodes import Fault
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.definition_book.form_layout import FIELD_COLUMNS
from kbxt_merge.model.definition_book.layout import (
    BUREAU_FILE,
    BUREAU_SHEET,
    HEADER_FILE,
    HEADER_SHEET,
    OTHER_SHEET,
    OWN_SHEETS,
    REGISTER_FILE,
    REGISTER_RULE_SHEET,
    REGISTER_SHEET,
    RELATION_FILE,
    RELATION_SHEET,
    RULE_SHEET,
    VOCABULARY_FILE,
    WORD_SETTING_SHEET,
    WORD_SHEET,
)
from kbxt_merge.model.definition_book.shown_names import TYPES_OFFERED, ShownNames
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.text import Words


def read_book(
    path: Path,
    catalogue: Mapping[str, RuleCard],
    labels: Mapping[str, str],
    faults: list[Fault],
    grids: Sequence[Grid] | None = None,
) -> BookFiles | None:
    """The files that a workbook stands for; None (and a fault) where it can't be read.

    `labels` are what the package's vocabularies are called, `grids` its sheets where somebody read them already.
    """
    try:
        if grids is None:
            data = path.read_bytes()
            grids = read_workbook(data, kind_of(data, path.name), Limits(), (), path.name).grids
    except (OSError, Unreadable) as error:
        reason = error.strerror if isinstance(error, OSError) else "不是能读的工作簿，或者有密码"
        words = Words(
            f"无法读取（{reason}）：--schemas 要写一个文件夹，或 kbxt forms --export 写出的表格定义工作簿",
            "this can't be read: --schemas names a folder, or a workbook that `kbxt forms --export` wrote",
        )
        faults.append(Fault(str(path), "", 1, words))
        return None
    return BookFiles(str(path), _files(str(path), grids, catalogue, labels, faults))


def _files(
    book: str, grids: Sequence[Grid], catalogue: Mapping[str, RuleCard], labels: Mapping[str, str], faults: list[Fault]
) -> dict[str, Any]:
    sheets = {grid.sheet: SheetTexts(grid, position) for position, grid in enumerate(grids)}
    own = {name: sheets.get(name) for name in OWN_SHEETS}
    words, settings = own[WORD_SHEET], own[WORD_SETTING_SHEET]
    named = {**labels, **dict(vocabulary_names(words, settings))}
    types = ShownNames.of(named.items(), TYPES_OFFERED)
    reader = CellReader(book, types, faults, renamed=earlier_values(words))
    sheets_of_forms = [each for name, each in sheets.items() if name not in OWN_SHEETS]
    forms = _told_apart([FormSheet(each) for each in sheets_of_forms if _is_form(each, book, faults)], reader)
    files: dict[str, Any] = {}
    stems = [form.file.removesuffix(".yaml") for form in forms if not form.inside]
    if bureau := own[BUREAU_SHEET]:
        files[BUREAU_FILE] = bureau_node(bureau, reader, stems)
    if (vocabularies := vocabularies_node(words, settings, reader)) is not None:
        files[VOCABULARY_FILE] = vocabularies
    if header := own[HEADER_SHEET]:
        files[HEADER_FILE] = headers_node(header, reader)
    by_label = {form.label: form for form in forms}
    files |= _form_files(forms, RuleSheet(catalogue, by_label, reader), own[RULE_SHEET])
    relations = own[RELATION_SHEET]
    if relations and (node := RelationSheet(by_label, reader).node(relations)) is not None:
        files[RELATION_FILE] = node
    registers = RegisterSheets(by_label, reader).node(own[REGISTER_SHEET], own[REGISTER_RULE_SHEET])
    if registers is not None:
        files[REGISTER_FILE] = registers
    if rest := own[OTHER_SHEET]:
        put_others(rest, files, reader)
    return files


def _told_apart(forms: Sequence[FormSheet], reader: CellReader) -> Sequence[FormSheet]:
    """The forms, of those with one label the first: the other sheets know a form by it."""
    owners: dict[str, FormSheet] = {}
    for form in forms:
        owner = owners.setdefault(form.label, form)
        if owner is not form:
            reader.fault(
                form.head.get("label.zh") or Told("", form.mark),
                f"简称与工作表“{owner.sheet.name}”的相同，请改其中一个",
                f"the sheet {owner.sheet.name} has the same label; change one of them",
            )
    return list(owners.values())


def _form_files(forms: Sequence[FormSheet], rules: RuleSheet, sheet: SheetTexts | None) -> dict[str, Any]:
    """The file of each form, its rules and the list inside it included."""
    nodes = {form.label: form.node(rules.reader) for form in forms}
    of_sheet = rules.rules(sheet) if sheet else {}
    for form in forms:
        found = [*form.sums(), *of_sheet.get(form.label, ())]
        if found:
            put(nodes[form.label], ("rules",), sequence(found, found[0].start_mark))
    for form in forms:
        _put_inside(form, rules.forms, nodes, rules.reader)
    return {form.file: nodes[form.label] for form in forms if not form.inside}


def _put_inside(form: FormSheet, forms: Mapping[str, FormSheet], nodes: Mapping[str, Any], reader: CellReader) -> None:
    """Put a list that is printed in a card into the card's file."""
    if not form.inside:
        return
    if form.inside in forms:
        put(nodes[form.inside], ("table",), nodes[form.label])
    else:
        reader.choice(form.head["inside"], {each: each for each in forms})


def _is_form(sheet: SheetTexts, book: str, faults: list[Fault]) -> bool:
    if sheet.header_row(FIELD_COLUMNS) is not None:
        return True
    if any(texts for _, texts in sheet.rows):
        words = Words(
            "这张工作表没有“表头、填什么”一行，不是表格定义：请删去，或从别的表复制这一行",
            "this sheet has no row of headers of a definition: delete it, or copy that row from another",
        )
        faults.append(Fault(book, "", 1, words, sheet.mark(0, 0)))
    return False
