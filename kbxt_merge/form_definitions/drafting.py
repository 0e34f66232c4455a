"""Blanks → a bureau's own definitions, to be looked through in the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions.exporting import write_definitions
from kbxt_merge.form_definitions.proving import faults_on
from kbxt_merge.intake.definitions.loader import DefinitionError, known_vocabularies, load_forms, vocabulary_labels
from kbxt_merge.intake.definitions.trees import yaml_text
from kbxt_merge.intake.drafting.read_blanks import Drafted, NotDrafted, draft_blanks
from kbxt_merge.model.definition_book.cell_texts import Tree, texts_of
from kbxt_merge.model.definition_book.form_layout import INSIDE
from kbxt_merge.model.definition_book.layout import BUREAU_FILE, VOCABULARY_FILE
from kbxt_merge.model.forms import Forms
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
    trees, forms, doubts, left = _loaded(drafted)
    guesses = dict(_guesses(drafted))
    try:
        files = write_definitions(folder, Definitions(trees, forms, vocabulary_labels(), CATALOGUE, guesses))
    except SchemaError:
        trees, forms, refused = _that_can_be_written(trees, guesses)
        left += refused
        files = write_definitions(folder, Definitions(trees, forms, vocabulary_labels(), CATALOGUE, guesses))
    unread = {each.file for each in drafted.left}
    read = [path for path in blanks if path.name not in unread]
    doubts += [doubt for path in read for doubt in faults_on(path, forms)]
    return Draft(files, forms, [*drafted.left, *left], doubts)


def _that_can_be_written(
    trees: Mapping[str, Tree], guesses: Mapping[str, Sequence[Guess]]
) -> tuple[Mapping[str, Tree], Forms, list[NotDrafted]]:
    """The trees without those of forms that the workbook can't tell, each tried by itself, and why it can't.

    Raises SchemaError where nothing is left.
    """
    kept, left = dict(trees), list[NotDrafted]()
    bureau = trees[BUREAU_FILE]
    assert isinstance(bureau, Mapping)
    for name in texts_of(bureau["forms"]):
        alone = {BUREAU_FILE: {**bureau, "forms": [name]}, f"{name}.yaml": trees[f"{name}.yaml"]}
        alone |= {file: tree for file, tree in trees.items() if file == VOCABULARY_FILE}
        try:
            with TemporaryDirectory() as beside:
                own = Definitions(alone, _forms_of(alone), vocabulary_labels(), CATALOGUE, guesses)
                write_definitions(Path(beside) / name, own)
        except SchemaError as error:
            left.append(NotDrafted(name, "", error.words))
            _without_form(kept, f"{name}.yaml", left)
    return kept, _forms_of(kept), left


def _forms_of(trees: Mapping[str, Tree]) -> Forms:
    """The forms that trees make; raises DefinitionError."""
    with TemporaryDirectory() as beside:
        for name, tree in trees.items():
            (Path(beside) / name).write_text(yaml_text(tree), encoding="utf-8")
        return load_forms(CATALOGUE, Path(beside))


def _loaded(drafted: Drafted) -> tuple[Mapping[str, Tree], Forms, list[Words], list[NotDrafted]]:
    """The trees of the drafts and the forms that they make, without what no definition can say, and what that was.

    Raises SchemaError where nothing is left.
    """
    trees = dict(_draft_trees(drafted))
    doubts: list[Words] = []
    left: list[NotDrafted] = []
    while True:
        try:
            return trees, _forms_of(trees), doubts, left
        except DefinitionError as error:
            faults = error.faults
        of_rules = {(Path(fault.file).name, int(found[1])) for fault in faults if (found := _RULE.match(fault.path))}
        of_forms = {Path(fault.file).name: fault for fault in faults if not _RULE.match(fault.path)}
        doubts += [
            _without_rule(trees, name, at) for name, at in sorted(of_rules, reverse=True) if name not in of_forms
        ]
        for name, fault in of_forms.items():
            told = Words(f"定义写不出来，请先改空表：{fault.words.zh}", f"no definition can say it: {fault.words.en}")
            left.append(NotDrafted(name.removesuffix(".yaml"), "", told))
            _without_form(trees, name, left)


_RULE = re.compile(r"rules\[([0-9]+)\]")


def _without_rule(trees: dict[str, Tree], name: str, at: int) -> Words:
    """Take a guessed rule, counted from 1, out of a form; what is told of it is returned."""
    tree = trees[name]
    assert isinstance(tree, Mapping)
    found = tree["rules"]
    assert isinstance(found, Sequence)
    rules: list[Tree] = list(found)
    rule = rules.pop(at - 1)
    trees[name] = {**tree, "rules": rules}
    told = rule["at"] if isinstance(rule, Mapping) else rule
    form = name.removesuffix(".yaml")
    return Words(f"“{form}”：“{told}”的一条核对没有写成，请看表下的注", f"{form}: a relation of {told} was left out")


def _without_form(trees: dict[str, Tree], name: str, left: Sequence[NotDrafted]) -> None:
    """Take a form out of the trees; raises SchemaError where none would be left."""
    bureau = trees[BUREAU_FILE]
    assert isinstance(bureau, Mapping)
    forms = [each for each in texts_of(bureau["forms"]) if f"{each}.yaml" != name]
    if not forms or name not in trees or name in (BUREAU_FILE, VOCABULARY_FILE):
        raise SchemaError(
            "空表里有定义写不出来的地方，请先改空表：\n" + "\n".join(f"{each.file}：{each.words.zh}" for each in left),
            "the blank has what no definition can say; change it first:\n"
            + "\n".join(f"{each.file}: {each.words.en}" for each in left),
        )
    del trees[name]
    trees[BUREAU_FILE] = {**bureau, "forms": forms}


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
