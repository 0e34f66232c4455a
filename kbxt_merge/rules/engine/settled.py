"""Files that could not be read, and those that the same school sent later in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from kbxt_merge.model.district import District
from kbxt_merge.model.returned_form import Returned, Standing
from kbxt_merge.model.returns import Reading, SourceFile
from kbxt_merge.model.text import plain

_LOST = frozenset({"file-unreadable", "file-encrypted", "file-unsafe"})
_COPY_MARKS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[-_－—]?副本")


def lost(district: District) -> list[Reading]:
    """The files that could not be read, and for which nothing came since."""
    settled = settled_by(district)
    return [each for each in _unread(district) if each.file.path not in settled]


def settled_by(district: District) -> Mapping[str, str]:
    """For each file that could not be read, the path of the readable one that its school sent later in its place.

    It must be of the same name, but for marks of a copy, or hold a form that the other's name names.
    """
    came: dict[str, list[Returned]] = {}
    for each in district.returned:
        if each.school and each.standing is Standing.IN_FORCE:
            came.setdefault(each.school, []).append(each)
    places = {each.file.path: _in_place(each, came, district) for each in _unread(district)}
    return {path: place for path, place in places.items() if place}


def school_of_file(file: SourceFile, district: District) -> str:
    """The school that the file, the nearest of its folders or the sender of its mail names; blank where none does."""
    roster = district.roster
    if roster is None:
        return ""
    named = (roster.named_in(part) for part in reversed(file.path.split("/")))
    school = next(filter(None, named), None) or roster.of_address(file.sender)
    return school.name if school else ""


def _unread(district: District) -> list[Reading]:
    unread = (each for each in district.readings if each.problem and each.problem.slug in _LOST)
    return [each for each in unread if not district.decisions.aside(each.sha256)]


def _in_place(reading: Reading, came: Mapping[str, list[Returned]], district: District) -> str:
    path, sent = reading.file.path, reading.file.modified
    later = (each for each in came.get(school_of_file(reading.file, district), ()) if each.file.modified >= sent)
    same = (each for each in later if _stem(each.file.path) == _stem(path) or each.form.is_named_in(path))
    return next((each.file.path for each in same), "")


def _stem(path: str) -> str:
    return plain(_COPY_MARKS.sub("", PurePosixPath(path).stem))
