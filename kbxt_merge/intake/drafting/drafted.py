"""What drafting makes: forms as YAML has them, and sheets that none was found on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.text import Words


@dataclass(frozen=True, slots=True)
class DraftedField:
    """One field as YAML has it, why, and which of its columns were guessed."""

    tree: dict[str, Tree]
    why: str
    guessed: set[str]


@dataclass
class DraftedForm:
    """A form as YAML has it, its fields' reasons, the vocabularies that it needs, and the county it names."""

    tree: dict[str, Tree]
    fields: Sequence[DraftedField]
    vocabularies: dict[str, Tree] = field(default_factory=dict)
    county: str = ""
    inside: Sequence[DraftedField] = ()
    """The fields of the list inside a card."""

    @property
    def label(self) -> str:
        """What the form is called."""
        return str(self.tree["label"])


class NoFormError(Exception):
    """A sheet on which no form was found; `words` say what is missing."""

    def __init__(self, words: Words) -> None:
        """Keep the sentence."""
        super().__init__(words.en)
        self.words = words
