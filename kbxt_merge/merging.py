"""The order of work, one short story a command; whoever calls decides what to show of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from kbxt_merge.decisions import decided
from kbxt_merge.errors import InboxError, KbxtError, SchemaError
from kbxt_merge.first_look import FirstLooks
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.assembly.frames import district_of_frame
from kbxt_merge.intake.assembly.roster import find_roster, read_roster
from kbxt_merge.intake.definitions.loader import digest_of_definitions
from kbxt_merge.intake.inbox.listing import prepare, walk
from kbxt_merge.intake.pool.main_module import without_main
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.intake.reading.batches import read_batch
from kbxt_merge.intake.reading.cache import ReadingCache, SharedTexts
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.intake.reading.whole_inbox import WholeInbox
from kbxt_merge.intake.registers.folder import RegistersFolder, find_registers
from kbxt_merge.log import LOG, log_decisions
from kbxt_merge.mail.outbox import events_of
from kbxt_merge.mail.passwords import PasswordList, passwords_made_beside
from kbxt_merge.model.accepted_words import with_words
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.decision import NONE_YET
from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.form import Forms
from kbxt_merge.model.inbox import Inbox, name_of, path_of
from kbxt_merge.model.judged import Judged
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.merge_result import Account, Checked
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.period import Period
from kbxt_merge.model.reference import References
from kbxt_merge.model.returns import Reading, SourceFile
from kbxt_merge.model.round import Changes
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.data.finding_lines import finding_lines
from kbxt_merge.outputs.data.run_file import period_of_last
from kbxt_merge.outputs.publish.past import keep_past
from kbxt_merge.outputs.publish.publish import publish, refuse_overlap
from kbxt_merge.outputs.publish.result_store import ResultStore, store_file
from kbxt_merge.owing import what_schools_owe
from kbxt_merge.preload import import_ahead
from kbxt_merge.rules.checks.reasons import reason
from kbxt_merge.rules.children.across_periods import remembered
from kbxt_merge.rules.engine.confirmations import confirmations, confirmed
from kbxt_merge.rules.engine.verdicts import account, verdicts
from kbxt_merge.settings import Settings

if TYPE_CHECKING:
    from kbxt_merge.ledger.ledger import Ledger
    from kbxt_merge.rules.form_schema import FormSchema


MOST_LOOKED_AT = 8
"""Files that are looked at one by one before the district is judged: of more, the looks would take longer than that."""


@dataclass
class Progress:
    """What a run tells whoever watches: how many files there are, each as it has been read, how many of them need not
    be read again, which outputs are open in another program and must be closed, and, as soon as it is known and before
    it is written, what was found and what that changes.  Whoever wants a first look at each of a few new files, as
    soon as it is read, has `on_looked`."""

    on_files: Callable[[int], None] = lambda count: None
    on_file: Callable[[Reading], None] = lambda reading: None
    on_known: Callable[[int], None] = lambda count: None
    on_open: Callable[[Words], None] = lambda words: None
    on_checked: Callable[[Checked], None] = lambda checked: None
    on_looked: Callable[[FirstLook], None] | None = None


class UnbalancedError(RuntimeError):
    """Rows were lost or invented between reading and merging: a fault of the program, never of a return."""


def forms_in_force(settings: Settings) -> Forms:
    """The forms as the bureau defines them; raises SchemaError with every fault of its files."""
    return _forms(settings.schemas, digest_of_definitions(settings.schemas))


@lru_cache(maxsize=4)
def _forms(schemas: Path | None, digest: str) -> Forms:
    """The forms, kept while the definitions are the same: to load them takes as long as to read ten files."""
    return forms_of(schemas)


@lru_cache(maxsize=4)
def _stage(schemas: Path | None, digest: str, limits: Limits, passwords: Passwords) -> ReadReturn:
    """What reads a file, kept with what it prepared."""
    return ReadReturn(_forms(schemas, digest), limits, passwords)


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
    made = passwords_made_beside(path_of(inbox[0]), out)
    if ledger is not None:
        made = tuple(dict.fromkeys((*made, *ledger.passwords())))
    passwords = Passwords(settings.passwords, made, roster)
    with _timed(timings, "walk"):
        files = walk(inbox[0] if len(inbox) == 1 else inbox, settings.limits, settings.jobs, passwords)
    digest = digest_of_definitions(settings.schemas)
    stage = _stage(settings.schemas, digest, settings.limits, passwords)
    if not files:
        raise InboxError(
            f"{inbox[0]} 里没有文件：请放入学校返回的工作簿",
            f"there is no file in {inbox[0]}; put the returned workbooks there",
        )
    progress.on_files(len(files))
    import_ahead("kbxt_merge.rules.run")
    as_of = settings.as_of or dt.date.today()
    period = settings.period or Period.of(as_of)
    seal = ledger.seal(forms.bureau) if ledger is not None else None
    with _timed(timings, "read"):
        cache = ReadingCache(store, stage, at_hand.readings) if store is not None else None
        looks = FirstLooks(forms, roster, period, as_of, seal, decisions)
        readings = _readings(files, stage, settings, progress, cache, looks)
    with _timed(timings, "assemble"):
        at_hand.come_into(forms, roster, period, as_of)
        district = assemble(
            readings,
            forms,
            roster,
            period,
            as_of,
            whole=whole,
            seal=seal,
            decisions=decisions,
            before=at_hand.records,
        )
    with _timed(timings, "registers"):
        district.references = _references(inbox[0], settings, forms, passwords, period, out if store else None)
    if ledger is not None:
        with _timed(timings, "ledger"):
            district.earlier = ledger.earlier(forms, period, remembered(forms))
    with _timed(timings, "check"):
        from kbxt_merge.rules.run import check

        alone: dict[str, Judged] = {}
        raised = check(district, at_hand.judged, alone)
        at_hand.records, at_hand.judged = district.records, alone
        remembered_answers = ledger.answers(forms.bureau) if ledger is not None else []
        answered = confirmations(district, raised, [*remembered_answers, *decisions.answers(forms.bureau)], seal)
        findings = confirmed(raised, answered)
    files_frame = verdicts(district, findings)
    balance = _balanced(account(district, files_frame))
    place = str(inbox[0].absolute() if isinstance(inbox[0], Path) else inbox[0])
    checked = Checked(
        district,
        findings,
        files_frame,
        balance,
        timings,
        confirmed=answered,
        passwords=passwords,
        seal=seal,
        inbox=place,
    )
    log_decisions(checked, settings.language)
    return checked


def _readings(
    files: Sequence[SourceFile],
    stage: ReadReturn,
    settings: Settings,
    progress: Progress,
    cache: ReadingCache | None,
    looks: FirstLooks,
) -> list[Reading]:
    """Read the files; with a cache, those that it does not know."""
    texts, whole = SharedTexts(), WholeInbox(settings.limits)

    def read(some: Sequence[SourceFile]) -> list[Reading]:
        on_looked = progress.on_looked if len(some) <= MOST_LOOKED_AT else None

        def on_file(reading: Reading) -> None:
            texts.share(reading)
            whole.add(reading)
            progress.on_file(reading)
            if on_looked is not None and reading.sheets:
                on_looked(looks.at(reading))

        if settings.engine == "dask" and settings.jobs:
            from kbxt_merge.intake.reading.dask_cluster import read_on_cluster  # who reads alone need not have dask

            batch = partial(read_batch, stage=stage, limits=settings.limits)
            with without_main():  # a worker that dies is started anew, at any time
                return read_on_cluster(some, batch, settings.jobs, settings.scheduler, on_file)
        if settings.jobs:
            prepare(some)
        return read_all(some, stage, settings.jobs, settings.limits, on_file)

    return read(files) if cache is None else cache.read(files, read, progress.on_known, whole.add)


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
    from kbxt_merge.ledger.ledger import ledger_of  # SQLAlchemy takes its time, which other commands need not

    if (on_disk := path_of(inbox)) is not None:
        refuse_overlap(on_disk, out)
    import_ahead("kbxt_merge.write_outputs")
    progress = progress or Progress()
    with (
        publish(out, on_open=progress.on_open) as stage,
        ledger_of(out, stage, settings.ledger) as ledger,
        ResultStore(store_file(ledger.out)) as store,
    ):
        checked = examine([inbox], settings, progress, out=out, ledger=ledger, store=store, at_hand=at_hand)
        from kbxt_merge.write_outputs import Writing

        checked.owed = what_schools_owe(checked, ledger.out, path_of(inbox), settings)
        keep_past(ledger.out, stage, period_of_last(ledger.out), checked.district.period.label)
        writing = Writing(checked, stage, settings, unmasked, final)
        with writing.around_ledger(store), _timed(checked.timings, "ledger"):
            checked.changes = _entered(checked, ledger, settings)
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


def schema_of(form: str, settings: Settings) -> FormSchema:
    """The pandera schema of a form, for data frames of its records; raises SchemaError for a form not in force.

    It fails for a frame in which a merge would find an error or a warning by a rule on a cell, a row or the children of
    one form.  A frame has no roster, no other forms and no earlier period: what asks for one of them holds.
    Its day is `as_of` of the settings, else today; its period theirs, else that day's.
    """
    from kbxt_merge.rules.run import schema_of_frames  # pandera takes its time

    forms = forms_in_force(settings)
    if form not in forms.by_slug:
        known = "、".join(forms.by_slug)
        raise SchemaError(f"没有表 {form}：在用的是 {known}", f"there is no form {form}; in force are {known}")
    as_of = settings.as_of or dt.date.today()
    period = settings.period or Period.of(as_of)
    wanted = forms.by_slug[form]
    return schema_of_frames(wanted, partial(district_of_frame, form=wanted, forms=forms, period=period, as_of=as_of))


def lines_of(checked: Checked, layout: str, settings: Settings) -> str:
    """The findings as lines for a terminal or a pipe."""
    return finding_lines(checked.findings, checked.district.forms, layout, settings.language)


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


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    spent = time.perf_counter() - begun
    timings[stage] = timings.get(stage, 0.0) + spent
    LOG.info("%s %.2f s", stage, spent)


__all__ = ["Checked", "KbxtError", "Progress", "UnbalancedError", "examine", "forms_in_force", "merge"]
