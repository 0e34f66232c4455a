"""The definition workbook: what the YAML says, for whoever has no YAML."""

from kbxt_merge.outputs.definition_book.book import Definitions, Guess, write_definition_book

__all__ = ["Definitions", "Guess", "write_definition_book"]
