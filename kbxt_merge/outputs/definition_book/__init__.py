"""The definition workbook: what the YAML says, for whoever has no YAML."""

from kbxt_merge.outputs.definition_book.book import write_definition_book
from kbxt_merge.outputs.definition_book.definitions import Definitions, Guess

__all__ = ["Definitions", "Guess", "write_definition_book"]
