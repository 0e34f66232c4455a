"""The order of work of judging what was read: the district, what the rules find in it, whether its rows balance.

It brings pandera and all rules, and is imported while files are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kbxt_merge.intake.registers.folder import RegistersFolder, find_registers
from kbxt_merge.log import log_decisions
from kbxt_merge.merging.ledger_on_demand import LedgerOnDemand
from kbxt_merge.merging.read_inbox import ReadInbox
from kbxt_merge.merging.surroundings import Surroundings
from kbxt_merge.merging.timed import timed
from kbxt_merge.model.answer import Answer
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.inbox import name_of
from kbxt_merge.model.judged import Judged
from kbxt_merge.model.merge_result import Account, Checked
from kbxt_merge.model.reference import References
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.rules.cache import recall
from kbxt_merge.rules.checks.reasons import reason
from kbxt_merge.rules.children.across_periods import remembered
from kbxt_merge.rules.engine.confirmations import confirmations, confirmed
from kbxt_merge.rules.engine.verdicts import account, verdicts
from kbxt_merge.rules.run import check
from kbxt_merge.settings import Settings


class UnbalancedError(RuntimeError):
    """Rows were lost or invented between reading and merging: a fault of the program, never of a return."""


def judge(
    read: ReadInbox,
    around: Surroundings,
    settings: Settings,
    at_hand: AtHand,
    out: Path | None,
    ledger: LedgerOnDemand | None,
    store: ResultStore | None,
) -> Checked:
    """Assemble and check what was read, as `examine` does."""
    timings, forms = read.timings, around.forms
    with timed(timings, "assemble"):
        _look_back(at_hand, store, around, settings)
        district = around.district(read.readings, whole=read.whole, before=at_hand.records)
    with timed(timings, "registers"):
        district.references = _references(read, around, settings, out if store else None)
    if ledger is not None:
        with timed(timings, "ledger"):
            district.earlier = ledger.opened.earlier(forms, around.period, remembered(forms))
    with timed(timings, "check"):
        findings, answered = _judged(district, at_hand, around, ledger)
    files = verdicts(district, findings)
    checked = Checked(
        district,
        findings,
        files,
        _balanced(account(district, files)),
        timings,
        confirmed=answered,
        passwords=read.passwords,
        seal=around.seal,
        inbox=str(read.inbox.absolute() if isinstance(read.inbox, Path) else read.inbox),
    )
    log_decisions(checked, settings.language)
    return checked


def _look_back(at_hand: AtHand, store: ResultStore | None, around: Surroundings, settings: Settings) -> None:
    """Let be at hand what was made and said of rows in just these surroundings: by this process, or an earlier one."""
    at_hand.come_into(around.forms, settings.limits, around.roster, around.period, around.as_of)
    if store is not None and not at_hand.judged:
        recall(store, at_hand, around.forms.by_slug)


def _judged(
    district: District, at_hand: AtHand, around: Surroundings, ledger: LedgerOnDemand | None
) -> tuple[Findings, Mapping[int, Answer]]:
    """What the rules find, less what schools and the bureau answered to it, and these answers."""
    alone: dict[str, Judged] = {}
    raised = check(district, at_hand.judged, alone, around.at_once)
    at_hand.records, at_hand.judged = district.records, alone
    before = ledger.opened.answers(district.forms.bureau) if ledger is not None else []
    given = [*before, *district.decisions.answers(district.forms.bureau)]
    answered = confirmations(district, raised, given, around.seal)
    return confirmed(raised, answered), answered


def _references(read: ReadInbox, around: Surroundings, settings: Settings, out: Path | None) -> References | None:
    """What was read of the bureau's registers, with words for what is wrong with a file; None where there are none."""
    place = settings.registers or find_registers(read.inbox)
    if place is None or not around.forms.registers:
        return None
    passwords = read.passwords.likely(name_of(place))
    found = RegistersFolder(place, around.forms, settings.limits, passwords, settings.jobs, out).read(around.period)
    told = (replace(each, what=reason(each.problem)) if each.problem else each for each in found.files)
    return replace(found, files=tuple(told))


def _balanced(balance: Account) -> Account:
    if not balance.balances:
        raise UnbalancedError(
            f"{balance.read} rows read, {balance.merged} merged, {balance.left_out} left out, "
            f"{balance.set_aside} set aside"
        )
    return balance
