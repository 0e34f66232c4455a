"""The order of work of looking at an inbox: everything but writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kbxt_merge.decisions import decided
from kbxt_merge.errors import InboxError
from kbxt_merge.intake.assembly.roster import find_roster, read_roster
from kbxt_merge.intake.definitions.loader import digest_of_definitions
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.pool.in_copies import InCopies
from kbxt_merge.intake.reading.cache import ReadingCache
from kbxt_merge.mail.passwords import passwords_made_beside
from kbxt_merge.merging.definitions import forms_in_force, stage_of
from kbxt_merge.merging.ledger_on_demand import LedgerOnDemand
from kbxt_merge.merging.progress import Progress
from kbxt_merge.merging.read_inbox import ReadInbox
from kbxt_merge.merging.readings import readings_of
from kbxt_merge.merging.timed import timed
from kbxt_merge.model.accepted_words import with_words
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.decision import NONE_YET, Decisions
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.inbox import Inbox, path_of
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import SourceFile
from kbxt_merge.model.school import Roster
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.preload import import_ahead
from kbxt_merge.settings import Settings

if TYPE_CHECKING:
    from kbxt_merge.merging.surroundings import Surroundings
    from kbxt_merge.model.merge_result import Checked


def examine(
    inbox: Sequence[Inbox],
    settings: Settings,
    progress: Progress,
    *,
    whole: bool = True,
    out: Path | None = None,
    ledger: LedgerOnDemand | None = None,
    store: ResultStore | None = None,
    at_hand: AtHand | None = None,
    ahead: Sequence[str] = (),
) -> Checked:
    """Read, assemble and check what lies in the inbox: everything but writing; `whole`: it is all that came.

    Locked workbooks are tried with the passwords of the settings, the roster and all mails sent out of `out` or of a
    folder beside the inbox. The ledger is asked for earlier periods. What the `store` has of earlier
    runs is not read again; what is `at_hand` is neither unpacked nor made and judged again, row by row. The
    modules `ahead` are imported while files are read.
    """
    timings: dict[str, float] = {}
    at_hand = at_hand or AtHand()
    decisions = decided(out) if out is not None else NONE_YET
    forms = with_words(forms_in_force(settings), decisions.words)
    roster = _roster(inbox[0], settings, forms)
    passwords = _passwords(inbox[0], settings, roster, out, ledger)
    with timed(timings, "walk"):
        files = _listed(inbox, settings, passwords)
    progress.on_files(len(files))
    import_ahead("kbxt_merge.merging.judging", *ahead)

    @cache
    def around() -> Surroundings:
        return _surroundings(settings, forms, roster, ledger, decisions)

    with timed(timings, "read"):
        stage = stage_of(settings.schemas, digest_of_definitions(settings.schemas), settings.limits, passwords)
        kept = ReadingCache(store, stage, at_hand.readings) if store is not None else None
        readings = readings_of(
            files, stage, settings, progress, kept, lambda reading: around().look_at(reading), at_hand.digests
        )
        at_hand.digests = {each.file.path: each.sha256 for each in readings}
    from kbxt_merge.merging.judging import judge  # imported while files were read

    read = ReadInbox(inbox[0], readings, whole, passwords, timings)
    return judge(read, around(), settings, at_hand, out, ledger, store)


def _surroundings(
    settings: Settings, forms: Forms, roster: Roster | None, ledger: LedgerOnDemand | None, decisions: Decisions
) -> Surroundings:
    """What the bureau knows besides the returns."""
    from kbxt_merge.merging.surroundings import Surroundings  # imported while files are read

    as_of = settings.as_of or dt.date.today()
    period = settings.period or Period.of(as_of)
    seal = ledger.opened.seal(forms.bureau) if ledger is not None else None
    return Surroundings(forms, roster, period, as_of, seal, decisions, InCopies(settings.jobs))


def _passwords(
    inbox: Inbox, settings: Settings, roster: Roster | None, out: Path | None, ledger: LedgerOnDemand | None
) -> Passwords:
    """What locked workbooks are tried with."""
    made = passwords_made_beside(path_of(inbox), out)
    if ledger is not None:
        made = tuple(dict.fromkeys((*made, *ledger.passwords())))
    return Passwords(settings.passwords, made, roster)


def _listed(inbox: Sequence[Inbox], settings: Settings, passwords: Passwords) -> Sequence[SourceFile]:
    """The files of the inbox; raises InboxError where there is none."""
    files = walk(inbox[0] if len(inbox) == 1 else inbox, settings.limits, settings.jobs, passwords)
    if not files:
        raise InboxError(
            f"{inbox[0]} 里没有文件：请放入学校返回的工作簿",
            f"there is no file in {inbox[0]}; put the returned workbooks there",
        )
    return files


def _roster(inbox: Inbox, settings: Settings, forms: Forms) -> Roster | None:
    path = settings.roster or find_roster(inbox)
    return read_roster(path, (forms.city, forms.county), settings.limits, settings.passwords) if path else None
