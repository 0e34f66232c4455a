"""What was read of each register, kept beside OUT by its content: a file is read again only when its bytes are others.

A file a register's file, of plain arrays: it is opened in the time that it takes to read them. Like all that is kept,
it holds whole numbers and only its owner can read it; what is damaged is not there.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from kbxt_merge.intake.registers.read_register import FoundRegister, ReadRegister, RegisterReading
from kbxt_merge.model.kept import digest_of
from kbxt_merge.model.reference import Coded, ReferencePart
from kbxt_merge.model.returns import SourceFile

Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]

_PLAIN = ("numbers", "births", "sheet", "row", "order")
"""The arrays of a part as it holds them."""
_SUFFIX = ".npz"
_BETWEEN = "\n"
_DAMAGE = (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile)


def index_folder(out: Path) -> Path:
    """Where the registers' indexes are kept for an output folder: beside it."""
    return out.with_name(f".{out.name}.registers")


@dataclass(frozen=True)
class IndexStore:
    """The indexes in a folder, of files read by `reader`."""

    folder: Path
    reader: ReadRegister

    def get(self, file: SourceFile, state: str) -> RegisterReading | None:
        """What was read of a file in this state of its bytes; None where it is not kept."""
        try:
            with np.load(self._path(file, state), allow_pickle=False) as arrays:
                return _reading(file, {name: arrays[name] for name in arrays.files})
        except _DAMAGE:
            return None

    def put(self, reading: RegisterReading, state: str) -> None:
        """Keep what was read of a file in this state; where that can't be, it is read again."""
        path = self._path(reading.file, state)
        beside = path.with_suffix(".new")
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                np.savez(stream, allow_pickle=False, **_arrays(reading))
            os.replace(beside, path)

    def keep_only(self, states: Iterable[tuple[SourceFile, str]]) -> None:
        """Let go of all that is of no file any more: of a child that left a register nothing stays."""
        wanted = {self._path(file, state).name for file, state in states}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in wanted:
                    path.unlink(missing_ok=True)

    def _path(self, file: SourceFile, state: str) -> Path:
        facts = (_code(), self.reader.registers, self.reader.others, self.reader.limits, file.path, state)
        return self.folder / f"{digest_of(*facts).hex()}{_SUFFIX}"


def _arrays(reading: RegisterReading) -> Arrays:
    facts = {
        "sha256": reading.sha256,
        "dated": reading.dated.isoformat() if reading.dated else "",
        "found": [
            {"slug": each.slug, "missing": sorted(each.missing), "lacks": each.lacks, "sheets": each.part.sheets}
            for each in reading.found
        ],
    }
    arrays: Arrays = {"facts": _bytes_of(json.dumps(facts))}
    for at, each in enumerate(reading.found):
        part = each.part
        plain = {name: getattr(part, name) for name in _PLAIN}
        arrays |= {f"{at} {name}": array for name, array in plain.items()}
        for name, column in part.columns.items():
            arrays[f"{at} texts {name}"] = _bytes_of(_BETWEEN.join(_one_line(column.texts.tolist())))
            arrays[f"{at} codes {name}"] = column.codes
    return arrays


def _reading(file: SourceFile, arrays: Arrays) -> RegisterReading:
    facts = json.loads(arrays["facts"].tobytes())
    found = tuple(_found(arrays, at, each) for at, each in enumerate(facts["found"]))
    dated = dt.date.fromisoformat(facts["dated"]) if facts["dated"] else None
    return RegisterReading(file, facts["sha256"], found, dated)


def _found(arrays: Arrays, at: int, facts: Mapping[str, Any]) -> FoundRegister:
    begins = f"{at} texts "
    names = [name.removeprefix(begins) for name in arrays if name.startswith(begins)]
    columns = {
        name: Coded(_texts_of(arrays[f"{at} texts {name}"]), arrays[f"{at} codes {name}"].astype(np.int32))
        for name in names
    }
    sheets = tuple((str(name), int(column)) for name, column in facts["sheets"])
    part = ReferencePart(columns=columns, sheets=sheets, **{name: arrays[f"{at} {name}"] for name in _PLAIN})
    return FoundRegister(facts["slug"], part, frozenset(facts["missing"]), facts["lacks"])


def _one_line(texts: Collection[str]) -> Iterator[str]:
    return (text.replace(_BETWEEN, " ") for text in texts)


def _bytes_of(text: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _texts_of(stored: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.object_]]:
    text = stored.tobytes().decode("utf-8", "surrogatepass")
    return np.array(text.split(_BETWEEN) if text else [], dtype=object)


@cache
def _code() -> tuple[tuple[str, int, int], ...]:
    """The files of the code that reads, with their sizes and times, as they were when this process first asked."""
    package = Path(__file__).parents[2]
    paths = (path for room in ("intake", "model") for path in sorted((package / room).rglob("*.py")))
    statuses = ((path, path.stat()) for path in paths)
    return tuple((path.relative_to(package).as_posix(), each.st_size, each.st_mtime_ns) for path, each in statuses)
