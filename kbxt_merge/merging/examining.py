"""The order of work of looking at an inbox: everything but writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kbxt_merge.decisions import decided
from kbxt_merge.errors import InboxError
from kbxt_merge.intake.assembly.roster import find_roster, read_roster
from kbxt_merge.intake.definitions.loader import digest_of_definitions
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.cache import ReadingCache
from kbxt_merge.intake.registers.folder import RegistersFolder, find_registers
from kbxt_merge.log import log_decisions
from kbxt_merge.mail.passwords import passwords_made_beside
from kbxt_merge.merging.definitions import forms_in_force, stage_of
from kbxt_merge.merging.progress import Progress
from kbxt_merge.merging.readings import readings_of
from kbxt_merge.merging.surroundings import Surroundings
from kbxt_merge.merging.timed import timed
from kbxt_merge.model.accepted_words import with_words
from kbxt_merge.model.answer import Answer
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.decision import NONE_YET, Decisions
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.inbox import Inbox, name_of, path_of
from kbxt_merge.model.judged import Judged
from kbxt_merge.model.merge_result import Account, Checked
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.period import Period
from kbxt_merge.model.reference import References
from kbxt_merge.model.returns import SourceFile
from kbxt_merge.model.school import Roster
from kbxt_merge.model.seal import Seal
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.preload import import_ahead
from kbxt_merge.rules.cache import recall
from kbxt_merge.rules.checks.reasons import reason
from kbxt_merge.rules.children.across_periods import remembered
from kbxt_merge.rules.engine.confirmations import confirmations, confirmed
from kbxt_merge.rules.engine.verdicts import account, verdicts
from kbxt_merge.settings import Settings

if TYPE_CHECKING:
    from kbxt_merge.ledger.ledger import Ledger


class UnbalancedError(RuntimeError):
    """Rows were lost or invented between reading and merging: a fault of the program, never of a return."""


def examine(
    inbox: Sequence[Inbox],
    settings: Settings,
    progress: Progress,
    *,
    whole: bool = True,
    out: Path | None = None,
    ledger: Ledger | None = None,
    store: ResultStore | None = None,
    at_hand: AtHand | None = None,
) -> Checked:
    """Read, assemble and check what lies in the inbox: everything but writing; `whole`: it is all that came.

    Locked workbooks are tried with the passwords of the settings, the roster and all mails sent out of `out` or of a
    folder beside the inbox. The ledger is asked for earlier periods. What the `store` has of earlier
    runs is not read again; what is `at_hand` is neither unpacked nor made and judged again, row by row.
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
    import_ahead("kbxt_merge.rules.run")
    around = _surroundings(settings, forms, roster, ledger, decisions)
    with timed(timings, "read"):
        stage = stage_of(settings.schemas, digest_of_definitions(settings.schemas), settings.limits, passwords)
        cache = ReadingCache(store, stage, at_hand.readings) if store is not None else None
        readings = readings_of(files, stage, settings, progress, cache, around, at_hand.digests)
        at_hand.digests = {each.file.path: each.sha256 for each in readings}
    with timed(timings, "assemble"):
        _look_back(at_hand, store, around, settings)
        district = around.district(readings, whole=whole, before=at_hand.records)
    with timed(timings, "registers"):
        district.references = _references(inbox[0], settings, forms, passwords, around.period, out if store else None)
    if ledger is not None:
        with timed(timings, "ledger"):
            district.earlier = ledger.earlier(forms, around.period, remembered(forms))
    with timed(timings, "check"):
        findings, answered = _judged(district, at_hand, around.seal, ledger)
    files_frame = verdicts(district, findings)
    checked = Checked(
        district,
        findings,
        files_frame,
        _balanced(account(district, files_frame)),
        timings,
        confirmed=answered,
        passwords=passwords,
        seal=around.seal,
        inbox=str(inbox[0].absolute() if isinstance(inbox[0], Path) else inbox[0]),
    )
    log_decisions(checked, settings.language)
    return checked


def _surroundings(
    settings: Settings, forms: Forms, roster: Roster | None, ledger: Ledger | None, decisions: Decisions
) -> Surroundings:
    """What the bureau knows besides the returns."""
    as_of = settings.as_of or dt.date.today()
    period = settings.period or Period.of(as_of)
    seal = ledger.seal(forms.bureau) if ledger is not None else None
    return Surroundings(forms, roster, period, as_of, seal, decisions)


def _look_back(at_hand: AtHand, store: ResultStore | None, around: Surroundings, settings: Settings) -> None:
    """Let be at hand what was made and said of rows in just these surroundings: by this process, or an earlier one."""
    at_hand.come_into(around.forms, settings.limits, around.roster, around.period, around.as_of)
    if store is not None and not at_hand.judged:
        recall(store, at_hand)


def _passwords(
    inbox: Inbox, settings: Settings, roster: Roster | None, out: Path | None, ledger: Ledger | None
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


def _judged(
    district: District, at_hand: AtHand, seal: Seal | None, ledger: Ledger | None
) -> tuple[Findings, Mapping[int, Answer]]:
    """What the rules find, less what schools and the bureau answered to it, and these answers."""
    from kbxt_merge.rules.run import check  # pandera takes its time

    alone: dict[str, Judged] = {}
    raised = check(district, at_hand.judged, alone)
    at_hand.records, at_hand.judged = district.records, alone
    before = ledger.answers(district.forms.bureau) if ledger is not None else []
    given = [*before, *district.decisions.answers(district.forms.bureau)]
    answered = confirmations(district, raised, given, seal)
    return confirmed(raised, answered), answered


def _roster(inbox: Inbox, settings: Settings, forms: Forms) -> Roster | None:
    path = settings.roster or find_roster(inbox)
    return read_roster(path, (forms.city, forms.county), settings.limits, settings.passwords) if path else None


def _references(
    inbox: Inbox, settings: Settings, forms: Forms, passwords: Passwords, period: Period, out: Path | None
) -> References | None:
    """What was read of the bureau's registers, with words for what is wrong with a file; None where there are none."""
    place = settings.registers or find_registers(inbox)
    if place is None or not forms.registers:
        return None
    folder = RegistersFolder(place, forms, settings.limits, passwords.likely(name_of(place)), settings.jobs, out)
    read = folder.read(period)
    told = (replace(each, what=reason(each.problem)) if each.problem else each for each in read.files)
    return replace(read, files=tuple(told))


def _balanced(balance: Account) -> Account:
    if not balance.balances:
        raise UnbalancedError(
            f"{balance.read} rows read, {balance.merged} merged, {balance.left_out} left out, "
            f"{balance.set_aside} set aside"
        )
    return balance
