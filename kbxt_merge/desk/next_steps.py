"""下一步: what the clerk does next, in the order in which it helps most."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.desk.room import Room
from kbxt_merge.desk.words import words_of


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: what, why or how, and where."""

    what: str
    how: str
    button: str
    link: str


_MOST_NAMED = 6


def steps(room: Room) -> list[Step]:
    """The steps that are open now."""
    board, w = room.board, words_of(room.language)
    if board is None:
        return [Step(w.step_drop, w.step_drop_how.format(inbox=room.place.inbox.name), "", "")]
    missing = [each.name for each in board.schools if each.state == "missing"]
    wrong = [each.status for each in board.schools if each.state == "errors"]
    aside = [each.called for each in board.files if each.needs_a_look and not each.decisions]
    asked = board.counts["warning"]
    found = (
        (aside, w.step_files.format(count=len(aside)), _named(aside), w.look, "/files"),
        (
            wrong,
            w.step_errors.format(count=len(wrong), errors=sum(each.all_errors for each in wrong)),
            w.step_errors_how,
            w.preview_all,
            "/letters",
        ),
        (
            missing,
            w.step_missing.format(count=len(missing)),
            f"{_named(missing)}　{w.step_due.format(due=board.overview.due)}",
            w.preview_all,
            "/letters?remind=1",
        ),
        (asked, w.step_warnings.format(count=asked), w.step_warnings_how, w.see, "/findings"),
    )
    return [Step(what, how, button, link) for is_open, what, how, button, link in found if is_open]


def _named(names: list[str]) -> str:
    """The first of them by name."""
    return "、".join(names[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")
