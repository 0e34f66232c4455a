"""The mail to a school: its words from templates/, its report and its locked workbooks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from kbxt_merge.mail.encrypt import sealed
from kbxt_merge.mail.recipients import Recipient
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.mail_attachments import WORKBOOKS
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words

_SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Servers may know no 8BITMIME."""

MESSAGE_ID_SIGN = ".kbxt@"
"""In the number of every mail of ours: by it a returned one is known."""

_WORKBOOK_NAME = Words("退回表格-{:02d}{}", "returned-{:02d}{}")
"""A workbook's own name may hold a child's: it stands inside, on the sheet 核查意见."""

PLAIN_WARNING = Words(
    "附件将不加密发送：表格里有孩子的姓名、身份证号和家庭情况，邮件在途中和邮箱里都可能被他人看到。",
    "The attachments go unlocked: they hold children's names, ID numbers and circumstances, "
    "and a mail can be read on its way and in any mailbox.",
)
"""What a clerk is told before workbooks go as they are."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all mails of one sending share; `plain` sends the workbooks as they are."""

    bureau: str
    period: str
    due: dt.date | None
    account: MailAccount
    language: Language = "zh"
    remind: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one school; it is put together when it is asked for: two hundred at once would fill the memory."""

    recipient: Recipient
    occasion: Occasion
    password: str
    key: str

    @property
    def school(self) -> str:
        """The school's name."""
        return self.recipient.school.name

    @property
    def address(self) -> str:
        """Where it goes."""
        return self.recipient.school.email.strip()

    @property
    def sender(self) -> str:
        """The address it comes from."""
        return self.occasion.account.sender or self.occasion.account.user

    def message(self, now: dt.datetime) -> EmailMessage:
        """The mail with its attachments, dated `now` (with its time zone)."""
        account, language = self.occasion.account, self.occasion.language
        message = EmailMessage(policy=_SEVEN_BIT)
        message["From"] = Address(account.sender_name or self.occasion.bureau, addr_spec=self.sender)
        message["To"] = Address(addr_spec=self.address)
        if account.reply_to:
            message["Reply-To"] = Address(addr_spec=account.reply_to)
        words = self._words()
        message["Subject"] = _rendered(f"mail-subject-{language}.txt", words).strip()
        message["Date"] = format_datetime(now)
        # the same mail sent again has the same number, by which mailboxes drop the second
        message["Message-ID"] = f"<{self.key}{MESSAGE_ID_SIGN}{self.sender.rpartition('@')[2]}>"
        message.set_content(_rendered(f"mail-{language}.txt", words))
        message.add_alternative(_rendered(f"mail-{language}.html", words), subtype="html")
        for number, path in enumerate(self.recipient.files, 1):
            self._attach(message, number, path)
        return message

    def _attach(self, message: EmailMessage, number: int, path: Path) -> None:
        content, suffix = path.read_bytes(), path.suffix.lower()
        if suffix not in WORKBOOKS:
            kind, subtype = ("text", "html") if suffix == ".html" else ("application", "octet-stream")
            message.add_attachment(content, maintype=kind, subtype=subtype, filename=path.name)
            return
        name = _WORKBOOK_NAME.of(self.occasion.language).format(number, suffix)
        content = content if self.occasion.plain else sealed(content, self.password)
        message.add_attachment(content, maintype="application", subtype=WORKBOOKS[suffix], filename=name)

    def _words(self) -> Mapping[str, object]:
        occasion, recipient = self.occasion, self.recipient
        return {
            "school": recipient.school.name,
            "bureau": occasion.bureau,
            "period": occasion.period,
            "due": occasion.due,
            "remind": occasion.remind,
            "errors": recipient.counts[Severity.ERROR],
            "warnings": recipient.counts[Severity.WARNING],
            "missing": recipient.missing,
            "workbooks": sum(path.suffix.lower() in WORKBOOKS for path in recipient.files),
            "locked": not occasion.plain,
        }


def letter(recipient: Recipient, occasion: Occasion, passwords: Mapping[str, str]) -> Letter:
    """The mail to one school; `passwords` hold those made for schools that have none in the roster."""
    school = recipient.school
    password = school.password or passwords.get(school.name, "")
    if recipient.files and not occasion.plain and not password:
        raise ValueError(f"no password for {school.name}")
    return Letter(recipient, occasion, password, _key(recipient, occasion))


def _key(recipient: Recipient, occasion: Occasion) -> str:
    """By what a mail is known as the same one: to whom, on what occasion, what it brings; not when, nor how locked."""
    digest = hashlib.sha256()
    parts = [recipient.school.name, recipient.school.email, occasion.period, str(occasion.remind), str(occasion.due)]
    for part in (*parts, *recipient.missing, *map(str, recipient.counts.values())):
        digest.update(part.encode() + b"\0")
    for path in recipient.files:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def _rendered(template: str, words: Mapping[str, object]) -> str:
    return _environment().get_template(template).render(words)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: files("kbxt_merge.templates").joinpath(name).read_text(encoding="utf-8")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
