"""The forms in force, written as YAML and as the definition workbook: the two say the same, or nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kbxt_merge.errors import OutputError, SchemaError
from kbxt_merge.intake.definitions.loader import load_forms, read_forms, vocabulary_labels
from kbxt_merge.intake.definitions.trees import definition_trees, yaml_text
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.definition_book.layout import BESIDE_FORMS, BOOK
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.definition_book import Definitions, write_definition_book
from kbxt_merge.rules.catalogue import CATALOGUE


def export(folder: Path, schemas: Path | None) -> Sequence[Path]:
    """Write the forms in force into a folder, as YAML and as 表格定义.xlsx; the files written are returned.

    Raises SchemaError with what the workbook could not say, OutputError where other definitions are in the way.
    """
    forms = load_forms(CATALOGUE, schemas)
    trees = definition_trees(schemas, CATALOGUE)
    return write_definitions(folder, Definitions(trees, forms, vocabulary_labels(), CATALOGUE))


def write_definitions(folder: Path, definitions: Definitions) -> Sequence[Path]:
    """Write definitions as YAML and as a workbook, which is read back before anything is written."""
    texts = {name: yaml_text(tree) for name, tree in definitions.trees.items()}
    with TemporaryDirectory() as beside:
        made = Path(beside) / BOOK
        write_definition_book(made, definitions)
        _refuse_what_is_lost(made, definitions)
        return _put_in_place(folder, {**{name: text.encode() for name, text in texts.items()}, BOOK: made.read_bytes()})


def _refuse_what_is_lost(book: Path, definitions: Definitions) -> None:
    """Raise SchemaError where the workbook, read again, does not say what it was made of."""
    read, faults = read_forms(CATALOGUE, book)
    if faults:
        lines = [fault.sentence("zh") for fault in faults], [fault.sentence("en") for fault in faults]
        raise SchemaError(
            "这些定义不能写成工作簿：\n" + "\n".join(lines[0]),
            "these definitions can't be told in a workbook:\n" + "\n".join(lines[1]),
        )
    lost = _difference(definitions.forms, read) or _lost_of_files(definitions.trees, book)
    if lost:
        raise SchemaError(
            f"这些定义不能写成工作簿：{lost.zh}，格子里写不出来。请把这一处改简单（例如去掉格子里的换行和少见的符号）再试",
            f"these definitions can't be told in a workbook: {lost.en}. Make that place simpler (no line breaks, no "
            "rare signs) and try again",
        )


def _difference(one: Forms, other: Forms) -> Words | None:
    """Where two sets of forms first differ; None where they are equal."""
    for mine, its in zip(one.forms, other.forms, strict=False):
        if mine != its:
            return _of_form(mine, its)
    names = _differing(one, other)
    return Words(f"{names[0]} 不同", f"{names[0]} differ") if names else None


def _differing(one: Forms | Form | Field, other: Forms | Form | Field) -> list[str]:
    """The names of what is not the same in two of a kind."""
    return [name for name in one.__dataclass_fields__ if getattr(one, name) != getattr(other, name)]


def _of_form(mine: Form, its: Form) -> Words:
    for field, other in zip(mine.fields, its.fields, strict=False):
        if field != other:
            told = ", ".join(_differing(field, other))
            return Words(f"“{mine.label.zh}”的“{field.label.zh}”（{told}）", f"{mine.label.en}: {field.name} ({told})")
    rules = [use for use in mine.rules if use not in its.rules]
    if rules:
        told = f"{rules[0].slug} {rules[0].at}"
        return Words(f"“{mine.label.zh}”的规则 {told}", f"{mine.label.en}: the rule {told}")
    keys = _differing(mine, its)
    return Words(f"“{mine.label.zh}”（{'、'.join(keys)}）", f"{mine.label.en} ({', '.join(keys)})")


def _lost_of_files(trees: Mapping[str, Tree], book: Path) -> Words | None:
    """Which file beside the forms says what the workbook doesn't; the forms are compared as they are loaded."""
    again = definition_trees(book, CATALOGUE)
    for name in BESIDE_FORMS:
        if name in trees and _plain(trees[name]) != _plain(again.get(name)):
            return Words(f"{name} 的一部分", f"a part of {name}")
    return None


def _plain(tree: Tree) -> Tree:
    """A tree as it is compared: one text for both languages says the same as both, one item as a list of it."""
    if isinstance(tree, Mapping):
        if set(tree) == {"zh", "en"} and tree["zh"] == tree["en"]:
            return [tree["zh"]]
        return {key: _plain(each) for key, each in tree.items() if each not in (False,)}
    if isinstance(tree, str) or tree is None or isinstance(tree, bool):
        return [tree]
    return [_plain(each) if not isinstance(each, str) else each for each in tree]


def _put_in_place(folder: Path, files: Mapping[str, bytes]) -> Sequence[Path]:
    """Write the files; another's definitions are not overwritten."""
    taken = [name for name, data in files.items() if (folder / name).is_file() and (folder / name).read_bytes() != data]
    if taken:
        raise OutputError(
            f"“{folder}”里已有 {taken[0]}，内容不同：请换一个文件夹",
            f"{folder} already holds another {taken[0]}: choose another folder",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise OutputError(
            f"无法写入“{folder}”（{error.strerror}）", f"can't write into {folder} ({error.strerror})"
        ) from error
    return [folder / name for name in files]
