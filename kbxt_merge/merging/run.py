"""The order of work of a merge; whoever calls decides what to show of it."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from kbxt_merge.freed_memory import give_back
from kbxt_merge.mail.outbox import events_of
from kbxt_merge.mail.passwords import PasswordList
from kbxt_merge.merging.examining import examine
from kbxt_merge.merging.ledger_on_demand import LedgerOnDemand
from kbxt_merge.merging.progress import Progress
from kbxt_merge.merging.timed import timed
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.inbox import Inbox, path_of
from kbxt_merge.outputs.data.run_file import period_of_last
from kbxt_merge.outputs.publish.past import keep_past
from kbxt_merge.outputs.publish.publish import publish, refuse_overlap
from kbxt_merge.outputs.publish.result_store import ResultStore, store_file
from kbxt_merge.preload import imported_ahead
from kbxt_merge.settings import Settings

if TYPE_CHECKING:
    from kbxt_merge.ledger.ledger import Ledger
    from kbxt_merge.model.merge_result import Checked
    from kbxt_merge.model.round import Changes

_WRITING = ("kbxt_merge.ledger.ledger", "kbxt_merge.write_outputs")
"""What a merge needs once its files are read."""


def merge(
    inbox: Inbox,
    out: Path,
    settings: Settings,
    progress: Progress | None = None,
    *,
    unmasked: bool = False,
    final: bool = False,
    at_hand: AtHand | None = None,
) -> Checked:
    """Merge the returned workbooks of an inbox into OUT: data, district workbooks and the report appear at once.

    With `unmasked` the district's report shows whole ID numbers and phones; a school's own never does. `final` district
    workbooks have neither colours nor comments. Whoever merges again keeps what is `at_hand`, and hands it in.
    """
    if (on_disk := path_of(inbox)) is not None:
        refuse_overlap(on_disk, out)
    progress, at_hand = progress or Progress(), at_hand or AtHand()
    with (
        publish(out, on_open=progress.on_open) as stage,
        ExitStack() as closing,
        ResultStore(store_file(out.resolve())) as store,
    ):
        on_demand = LedgerOnDemand(out.resolve(), stage, settings.ledger, closing)
        checked = examine(
            [inbox], settings, progress, out=out, ledger=on_demand, store=store, at_hand=at_hand, ahead=_WRITING
        )
        imported_ahead()
        from kbxt_merge.owing import what_schools_owe
        from kbxt_merge.rules.cache import keep
        from kbxt_merge.write_outputs import Writing

        ledger = on_demand.opened
        checked.owed = what_schools_owe(checked, ledger.out, on_disk, settings)
        keep_past(ledger.out, stage, period_of_last(ledger.out), checked.district.period.label)
        writing = Writing(checked, stage, settings, unmasked, final)
        with writing.around_ledger(store), timed(checked.timings, "ledger"):
            checked.changes = _entered(checked, ledger, settings)
            give_back()  # rows were made ready for the ledger some thousands at a time
            keep(store, at_hand)
            checked.overview = ledger.overview(checked.district, checked.district.as_of)
            progress.on_checked(checked)
    ledger.settle()
    return checked


def _entered(checked: Checked, ledger: Ledger, settings: Settings) -> Changes:
    """Enter the run in the ledger, and tell what it changes."""
    district = checked.district
    now, due = dt.datetime.now().astimezone(), settings.due_in(district.period)
    ledger.enter_mails(events_of(ledger.out))
    ledger.enter_passwords(map(asdict, PasswordList(ledger.out).all()))
    return ledger.enter(district, checked.findings, checked.verdicts, checked.confirmed, now, due)
