"""Findings go back to the schools by mail, each school's to itself."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kbxt_merge.errors import RosterError
from kbxt_merge.mail.account import authorisation_code, check_sender
from kbxt_merge.mail.compose import Letter, Occasion, letter
from kbxt_merge.mail.outbox import file_outbox
from kbxt_merge.mail.passwords import PasswordList
from kbxt_merge.mail.recipients import Recipient, read_recipients
from kbxt_merge.mail.send import Dispatch, Outcome, write_letters
from kbxt_merge.mail.smtp_client import SmtpLine
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.out_folder import CLERKS_FOLDER, PASSWORD_SHEET
from kbxt_merge.model.period import Period
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import Language, Words, printable
from kbxt_merge.outputs.data.run_file import read_run
from kbxt_merge.outputs.publish.os_errors import told_to_operator
from kbxt_merge.post.at_hand import forms_of, roster_beside
from kbxt_merge.settings import Settings

_LOG = logging.getLogger(__name__)
_LETTER = Words(
    "{school}：附件 {files} 个（{lock}），必须修改 {errors} 处，请核实 {warnings} 处，缺报 {missing} 项",
    "{school}: {files} attachments ({lock}), {errors} errors, {warnings} warnings, {missing} returns missing",
)
_TOTAL = Words("共 {schools} 所学校：", "{schools} schools: ")
_NOBODY = Words("没有要发的邮件。", "There is nobody to write to.")
_PLAIN = Words("不加密", "not locked")
_MADE_PASSWORD = Words("用新生成的口令加密", "locked with a password made for it")
_OWN_PASSWORD = Words("用名册中的口令加密", "locked with the roster's password")

Ask = Callable[[str], str]
TellPasswords = Callable[[Mapping[str, str]], None]

NO_SENDER = "sender-not-set@kbxt.invalid"
"""Where mails come from that are only written, before a bureau has set its address."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The mails of one sending, and the passwords made, now or before, for schools of which the roster has none."""

    letters: tuple[Letter, ...]
    made_passwords: Mapping[str, str]
    period: str
    settings: Settings
    out: Path

    @property
    def shown_letters(self) -> tuple[Letter, ...]:
        """The mails to be looked at, though there may be no address yet from which they come."""
        account = self.settings.mail
        if account.sender or account.user:
            return self.letters
        unset = replace(account, sender=NO_SENDER)
        return tuple(replace(each, occasion=replace(each.occasion, account=unset)) for each in self.letters)


def prepare(
    out: Path,
    settings: Settings,
    *,
    only: Collection[str] = (),
    remind: bool = False,
    plain: bool = False,
    by: dt.date | None = None,
) -> Sending:
    """Put together the mails for the schools of the roster; raises RosterError without one.

    `by` is the day by which they must answer; without it the day that returns are due, as long as it has not passed.
    """
    from kbxt_merge.rules.catalogue import ASKING_FOR_RETURNS  # the rules bring pandas

    run = read_run(out)
    forms = _signing(forms_of(settings), run)
    recipients = read_recipients(out, needed_roster(out, settings, forms), ASKING_FOR_RETURNS, only, remind)
    period = Period.parse(run["period"]["label"])
    due = by or settings.due_in(period)
    attachments = run.get("forms") or {form.slug: form.called for form in forms.forms}
    occasion = Occasion(
        forms.bureau,
        period,
        due if by or due >= (settings.as_of or dt.date.today()) else None,
        settings.mail,
        settings.language,
        remind,
        plain,
        attachments,
        forms.returns,
    )
    return sending_of(recipients, occasion, settings, out)


def send(
    sending: Sending,
    environ_code: str,
    ask: Ask | None,
    tell: TellPasswords,
    *,
    resend: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Outcome]:
    """Send each mail once; what became of it is told as it becomes known.

    `tell` is given, when all is sent that will be, the made passwords of the schools that have a mail now and whose
    password it was not given before. `wait` lets so many seconds pass.
    """
    account = sending.settings.mail
    check_sender(account)
    code = authorisation_code(account, environ_code, ask)
    reached: list[str] = []
    with file_outbox(sending.out) as outbox:
        try:
            for outcome in Dispatch(SmtpLine(account, code), outbox, resend, wait).send(sending.letters):
                if outcome.fate.may_be_there:
                    reached.append(outcome.school)
                yield outcome
        finally:
            _tell_made(sending, reached, tell)


def _tell_made(sending: Sending, reached: Collection[str], tell: TellPasswords) -> None:
    """Tell what was made for the schools reached, unless it was told before."""
    made, kept = sending.made_passwords, PasswordList(sending.out)
    untold = kept.untold(sending.period, [school for school in reached if school in made])
    tell({school: made[school] for school in untold})
    kept.tell(sending.period, untold)


def write(sending: Sending, tell: TellPasswords) -> Iterator[Outcome]:
    """Write the same mails as .eml under OUT/发件/ and send none; an address to come from need not be set yet.

    `tell` is given all made passwords: they are those with which the mails will be locked that are sent.
    """
    yield from write_letters(sending.shown_letters, sending.out)
    tell(sending.made_passwords)


def line_of(outcome: Outcome, language: Language) -> str:
    """The school, what became of its mail, and what the server said."""
    parts = (outcome.school, outcome.address, outcome.fate.words.of(language), outcome.reply)
    return printable("  ".join(part for part in parts if part))


def total_of(outcomes: Sequence[Outcome], language: Language) -> str:
    """How many schools there were, and what became of how many mails."""
    if not outcomes:
        return _NOBODY.of(language)
    counts = Counter(each.fate for each in outcomes)
    parts = (f"{each.short.of(language)} {count}" for each, count in counts.items())
    said = _TOTAL.of(language).format(schools=len(outcomes))
    return f"{said}{'，'.join(parts)}。" if language == "zh" else f"{said}{', '.join(parts)}."


def needed_roster(out: Path, settings: Settings, forms: Forms) -> Roster:
    """The roster that the settings name, or that lies beside OUT; raises RosterError without one."""
    roster = roster_beside(out, settings, forms)
    if roster is None:
        raise RosterError(
            "发送需要学校名册（含邮箱一栏）：请用 --roster 指定，或放在结果文件夹旁",
            "sending needs the roster with its 邮箱 column: name it with --roster, or put it beside OUT",
        )
    return roster


def _signing(forms: Forms, run: Mapping[str, Any]) -> Forms:
    """Let the bureau sign that merged: its definitions may lie elsewhere than the settings now say."""
    if "bureau" not in run:
        return forms
    city, county = run["places"]
    return replace(forms, bureau=run["bureau"], city=city, county=county, returns=Words(**run["returns"]))


def sending_of(recipients: list[Recipient], occasion: Occasion, settings: Settings, out: Path) -> Sending:
    """The mails to these schools, each with its password; a password that must be made is kept first."""
    period, made = occasion.period.label, _made_passwords(out, recipients, occasion)
    for each in recipients:
        _LOG.info("%s", _told(each, occasion, made))
    return Sending(tuple(letter(each, occasion, made) for each in recipients), made, period, settings, out)


def _made_passwords(out: Path, recipients: Iterable[Recipient], occasion: Occasion) -> Mapping[str, str]:
    """A password for each school that gets locked files and has none in the roster; the clerk's list is renewed."""
    locked = (each.school for each in recipients if occasion.locked(each))
    lacking = [school.name for school in locked if not school.password]
    if not lacking:
        return {}
    from kbxt_merge.outputs.sheets.password_sheet import write_passwords  # its writer is needed here only

    kept = PasswordList(out)
    made = kept.of(occasion.period.label, lacking)
    with told_to_operator(out):
        rows = [(each.school, each.period, each.password) for each in kept.all()]
        write_passwords(rows, out / CLERKS_FOLDER / PASSWORD_SHEET, occasion.language)
    return made


def _told(recipient: Recipient, occasion: Occasion, made: Mapping[str, str]) -> str:
    school = recipient.school.name
    lock = _PLAIN if occasion.plain else _MADE_PASSWORD if school in made else _OWN_PASSWORD
    return _LETTER.of(occasion.language).format(
        school=school,
        files=len(recipient.files),
        lock=lock.of(occasion.language),
        errors=recipient.counts[Severity.ERROR],
        warnings=recipient.counts[Severity.WARNING],
        missing=len(recipient.missing),
    )
