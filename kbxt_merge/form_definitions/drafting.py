"""Blanks → a bureau's own definitions, to be looked through in the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions.exporting import write_definitions
from kbxt_merge.form_definitions.proving import faults_on
from kbxt_merge.intake.definitions.loader import known_vocabularies, load_forms, vocabulary_labels
from kbxt_merge.intake.definitions.trees import yaml_text
from kbxt_merge.intake.drafting.read_blanks import Drafted, NotDrafted, draft_blanks
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.definition_book.layout import BUREAU_FILE, INSIDE, VOCABULARY_FILE
from kbxt_merge.model.form import Forms
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.definition_book import Definitions, Guess
from kbxt_merge.rules.catalogue import CATALOGUE

_UNKNOWN_CITY = "（设区市）"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written, the forms drafted, and the sheets that no form was found on."""

    files: Sequence[Path]
    forms: Forms
    left: Sequence[NotDrafted]
    doubts: Sequence[Words] = ()
    """What of the drafts is not found on the blanks that they were made of."""


def draft(blanks: Sequence[Path], folder: Path) -> Draft:
    """Write the definitions that the blanks seem to have into a folder; raises SchemaError where none has any."""
    drafted = draft_blanks(blanks, known_vocabularies())
    if not drafted.forms:
        zh = "\n".join(f"{each.file} {each.sheet}：{each.words.zh}" for each in drafted.left)
        en = "\n".join(f"{each.file} {each.sheet}: {each.words.en}" for each in drafted.left)
        raise SchemaError(f"没有认出空表：\n{zh}", f"no blank was made out:\n{en}")
    trees = _draft_trees(drafted)
    guesses = dict(_guesses(drafted))
    with TemporaryDirectory() as beside:
        for name, tree in trees.items():
            (Path(beside) / name).write_text(yaml_text(tree), encoding="utf-8")
        try:
            forms = load_forms(CATALOGUE, Path(beside))
        except SchemaError as error:
            zh, en = (words.replace(f"{beside}/", "") for words in (error.words.zh, error.words.en))
            raise SchemaError(
                f"空表里有定义写不出来的地方，请先改空表：\n{zh}",
                f"the blank has what no definition can say; change it first:\n{en}",
            ) from error
    files = write_definitions(folder, Definitions(trees, forms, vocabulary_labels(), CATALOGUE, guesses))
    read = [path for path in blanks if path.name not in {each.file for each in drafted.left}]
    return Draft(files, forms, drafted.left, [doubt for path in read for doubt in faults_on(path, forms)])


def _guesses(drafted: Drafted) -> Iterator[tuple[str, Sequence[Guess]]]:
    for name, form in drafted.forms.items():
        yield name, [Guess(each.why, frozenset(each.guessed)) for each in form.fields]
        yield f"{name}{INSIDE}", [Guess(each.why, frozenset(each.guessed)) for each in form.inside]


def _draft_trees(drafted: Drafted) -> Mapping[str, Tree]:
    """The files of the drafts: the bureau as far as a title names it, a file a form, the vocabularies."""
    county = next((each.county for each in drafted.forms.values() if each.county), "（县区）")
    bureau: dict[str, Tree] = {
        "bureau": f"{county}教育局",
        "city": _UNKNOWN_CITY,
        "county": county,
        "forms": list(drafted.forms),
    }
    trees: dict[str, Tree] = {BUREAU_FILE: bureau}
    trees |= {f"{name}.yaml": form.tree for name, form in drafted.forms.items()}
    words = {name: tree for form in drafted.forms.values() for name, tree in form.vocabularies.items()}
    if words:
        trees[VOCABULARY_FILE] = words
    return trees
