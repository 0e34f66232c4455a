"""来往: what passed between a school and the bureau, the latest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbxt_merge.desk.board import Board
from kbxt_merge.desk.lines import FileLine, SchoolLine
from kbxt_merge.model.china_time import moment_of
from kbxt_merge.model.overview import MailSent
from kbxt_merge.model.text import Language, Words, printable

_CAME = Words("交来", "came")
_ROUND = Words(
    "第 {number} 轮汇总：必须修改 {errors} 处，请核实 {warnings} 处",
    "Round {number}: {errors} errors, {warnings} warnings",
)
_CHANGED = Words("改好 {fixed} 处，新查出 {new} 处", "{fixed} fixed, {new} new")
_MAILS = {
    "sent": Words("信已发出", "a mail went out"),
    "begin": Words("信可能已发出", "a mail may have gone out"),
    "failed": Words("信没有发出", "a mail was not taken"),
}


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that passed; `tone` says how the page marks it."""

    at: dt.datetime
    what: str
    more: str
    tone: str


def thread(
    board: Board, school: SchoolLine, files: Sequence[FileLine], mails: Iterable[MailSent], language: Language
) -> list[Passed]:
    """The rounds' last, the files and the mails of a school."""
    modified = {each.file.path: each.file.modified for each in board.checked.district.readings}
    local = dt.datetime.now().astimezone().tzinfo
    passed = [
        Passed(moment_of(modified[each.path]).astimezone(local), _CAME.of(language), each.called, "came")
        for each in files
        if each.path in modified
    ]
    passed += [
        Passed(
            each.at.astimezone(local),
            _MAILS[each.event].of(language),
            printable(f"{each.address} {each.reply}"),
            each.event,
        )
        for each in mails
    ]
    status = school.status
    if status.returned:
        told = _ROUND.of(language).format(
            number=board.overview.rounds, errors=status.all_errors, warnings=status.all_warnings
        )
        changed = _CHANGED.of(language).format(fixed=sum(school.fixed.values()), new=sum(school.new.values()))
        passed.append(
            Passed(board.overview.last_round.astimezone(local), told, changed if school.changed else "", "round")
        )
    return sorted(passed, key=lambda each: each.at, reverse=True)
