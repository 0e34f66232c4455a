"""Names that a file system and a workbook accept, each given once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kbxt_merge.model.out_folder import safe_name

_LONGEST_SHEET_NAME = 31
_LONGEST_FILE_NAME = 80
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff\ud800-\udfff]+")
_RESERVED_SHEETS = {"history"}


@dataclass(slots=True)
class Names:
    """The names given so far, which compare without case."""

    given: set[str] = field(default_factory=set)

    def sheet(self, wanted: str) -> str:
        """A sheet's name, like the one wanted."""
        name = _NOT_IN_SHEETS.sub("_", wanted).strip("' ")
        return self._once(f"{name}_" if name.casefold() in _RESERVED_SHEETS else name or "_", _LONGEST_SHEET_NAME)

    def file(self, wanted: str) -> str:
        """A file's name without its extension, like the one wanted."""
        return self._once(safe_name(wanted) or "_", _LONGEST_FILE_NAME)

    def _once(self, name: str, longest: int) -> str:
        unique, number = name[:longest].rstrip("' "), 1
        while unique.casefold() in self.given:
            number += 1
            tail = f"({number})"
            unique = name[: longest - len(tail)].rstrip("' ") + tail
        self.given.add(unique.casefold())
        return unique
