"""Whose each answer on a sheet 核查意见 is, and whether it is heeded: the line's own code, and of its own school."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kbxt_merge.intake.assembly.attribution import school_of_path, school_of_sender
from kbxt_merge.model.answer import Answer, AnswerStanding
from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.school import Roster
from kbxt_merge.model.seal import Seal


def attributed(
    readings: Iterable[Reading],
    returned: Iterable[Returned],
    copies: Mapping[str, str],
    roster: Roster | None,
    seal: Seal | None,
) -> Iterator[Answer]:
    """The answers of these files, each with its standing; without a seal nothing proves where a line is from.

    A workbook is of the schools of its forms; one without a form is of the school from which the mail came that it lies
    in, else of the one that its name or folder names.
    """
    of_forms: dict[str, set[str]] = {}
    for each in returned:
        of_forms.setdefault(each.file.path, set()).add(each.school)
    for reading in readings:
        if not reading.answers:
            continue
        path = reading.file.path
        named = school_of_sender(reading.file, roster) or school_of_path(path, roster)
        own = of_forms.get(copies.get(path, path)) or {named.name if named else ""}
        for answer in reading.answers:
            yield replace(answer, standing=_standing(answer, own, seal), answered_by=answer.school)


def _standing(answer: Answer, own: set[str], seal: Seal | None) -> AnswerStanding:
    if not answer.seal:
        return AnswerStanding.UNSEALED
    if seal is None:
        return AnswerStanding.UNPROVED
    if not seal.is_of_line(answer.identity, answer.seal):
        return AnswerStanding.FOREIGN
    if answer.school in own:
        return AnswerStanding.TAKEN
    return AnswerStanding.OTHERS if any(own) else AnswerStanding.NOBODYS
