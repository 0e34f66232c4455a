"""Where a bureau's own definitions come from: a folder of YAML, or the definition workbook that stands for one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol

from kbxt_merge.intake.definitions.yaml_nodes import Entry, Fault
from kbxt_merge.intake.definitions.yaml_syntax import compose
from kbxt_merge.model.text import Words

_NUMBER = re.compile(r"""^form:\s*["']?([^"'\s#]+)""", re.M)


class Files(Protocol):
    """Definition files by their names."""

    def names(self) -> Collection[str]:
        """The names of all files, endings included."""

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""

    def shown(self, name: str) -> str:
        """What a sentence calls the file."""

    def entry(self, name: str, faults: list[Fault]) -> Entry | None:
        """What the file holds, or None (and a fault) where that can't be told."""

    def numbers(self, name: str) -> Collection[str]:
        """The number that a form's file gives its form, though the file may be faulty; none where it gives none."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of YAML files; `called` stands before their names in sentences."""

    place: Traversable | Path
    called: str

    def names(self) -> Collection[str]:
        """The names of all files, in order."""
        return sorted(each.name for each in self.place.iterdir())

    def has(self, name: str) -> bool:
        """Whether the folder holds a file of this name."""
        return (self.place / name).is_file()

    def shown(self, name: str) -> str:
        """The file's path."""
        return f"{self.called}/{name}"

    def entry(self, name: str, faults: list[Fault]) -> Entry | None:
        """What the file holds."""
        shown = self.shown(name)
        try:
            text = (self.place / name).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            words = Words("文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8; save it as UTF-8")
            faults.append(Fault(shown, "", 1, words))
        except OSError as error:
            words = Words(f"无法读取（{error.strerror}）", f"the file can't be read ({error.strerror})")
            faults.append(Fault(shown, "", 1, words))
        else:
            return compose(text, shown, faults)
        return None

    def numbers(self, name: str) -> Collection[str]:
        """What stands behind the key, without reading the rest."""
        with suppress(OSError, UnicodeDecodeError):
            return _NUMBER.findall((self.place / name).read_text(encoding="utf-8-sig"))
        return ()


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The files that a definition workbook stands for: nodes that know their cells."""

    book: str
    nodes: Mapping[str, Any]

    def names(self) -> Collection[str]:
        """The names of the files that the workbook stands for."""
        return list(self.nodes)

    def has(self, name: str) -> bool:
        """Whether the workbook says anything of this file."""
        return name in self.nodes

    def shown(self, name: str) -> str:
        """The workbook: a clerk knows of no file in it."""
        return self.book

    def entry(self, name: str, faults: list[Fault]) -> Entry | None:
        """What the workbook says of the file."""
        return Entry(self.nodes[name], self.book, "", faults) if name in self.nodes else None

    def numbers(self, name: str) -> Collection[str]:
        """What the form's sheet says."""
        entry = self.entry(name, [])
        number = entry.entries().get("form") if entry else None
        return [text] if number and (text := number.text()) else ()
