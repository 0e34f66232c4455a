"""The mail to a school: its words from templates/, its report and its workbooks, locked."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from kbxt_merge.mail.encrypt import sealed, sealed_archive
from kbxt_merge.mail.outbox import THREAD_MARK
from kbxt_merge.mail.recipients import Recipient
from kbxt_merge.model.forms import RETURNS
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.mail_attachments import WORKBOOKS
from kbxt_merge.model.period import Period
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words, plain

_SEVEN_BIT = SMTP.clone(cte_type="7bit")
"""Servers may know no 8BITMIME."""

MESSAGE_ID_SIGN = ".kbxt@"
"""In the number of every mail of ours: by it a returned one is known."""

_RETURNED = Words("{name}（退回）{suffix}", "{name} (returned){suffix}")
_RETURNED_AGAIN = Words("{name}（退回{number}）{suffix}", "{name} (returned {number}){suffix}")
_ALL_FORMS = Words("报表", "forms")
_MOST_NAMED = 3
"""More forms than these in one workbook are not named one by one."""

PLAIN_WARNING = Words(
    "附件将不加密发送：表格里有姓名、身份证号等个人信息，邮件在途中和邮箱里都可能被他人看到。",
    "The attachments go unlocked: they hold names, ID numbers and other personal data, "
    "and a mail can be read on its way and in any mailbox.",
)
"""What a clerk is told before workbooks go as they are."""


class Gist(StrEnum):
    """What a mail is about: it leads its subject."""

    BLANKS = "blanks"
    NOTHING_CAME = "nothing came"
    ERRORS = "errors"
    MISSING = "missing"
    VERIFY = "verify"
    CLEAN = "clean"

    @classmethod
    def of(cls, recipient: Recipient) -> Gist:
        """What there is to say to a school."""
        if recipient.nothing_came:
            return cls.NOTHING_CAME
        if recipient.counts[Severity.ERROR]:
            return cls.ERRORS
        if recipient.missing:
            return cls.MISSING
        return cls.VERIFY if recipient.counts[Severity.WARNING] else cls.CLEAN


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all mails of one sending share; `plain` sends workbooks and report as they are.

    `due` is the day by which schools must answer, None where it has passed. `attachments` are what the forms are
    called, by their numbers; `returns` is what all of them are called together. `hands_out` says that blanks go out to
    be filled in.
    """

    bureau: str
    period: Period
    due: dt.date | None
    account: MailAccount
    language: Language = "zh"
    remind: bool = False
    plain: bool = False
    attachments: Mapping[str, str] = field(default_factory=dict)
    returns: Words = RETURNS
    hands_out: bool = False

    def locks(self, recipient: Recipient, path: Path) -> bool:
        """Tell whether a file is locked on its way: all that names children, unless told otherwise."""
        if self.plain or path in recipient.open_files:
            return False
        return _is_workbook(path) or not (self.hands_out or self.account.plain_report)

    def locked(self, recipient: Recipient) -> list[Path]:
        """The files of a school's mail that are locked."""
        return [path for path in recipient.files if self.locks(recipient, path)]


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one school; it is put together when it is asked for: two hundred at once would fill the memory."""

    recipient: Recipient
    occasion: Occasion
    password: str = field(repr=False)
    key: str

    @property
    def school(self) -> str:
        """The school's name."""
        return self.recipient.school.name

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it goes; none where the roster has no usable address."""
        return self.recipient.addresses

    @property
    def shown_address(self) -> str:
        """Where it goes as it is told: the roster's own words where they can't be used."""
        return "、".join(self.addresses) or self.recipient.school.email

    @property
    def sender(self) -> str:
        """The address it comes from."""
        return self.occasion.account.sender or self.occasion.account.user

    def message(self, now: dt.datetime, copy: int = 0) -> EmailMessage:
        """The mail with its attachments, dated `now` (with its time zone); `copy` counts how often it went out before.

        A copy has a number of its own; the same one sent again has the same, by which mailboxes drop the second.
        """
        account, language = self.occasion.account, self.occasion.language
        message = EmailMessage(policy=_SEVEN_BIT)
        message["From"] = Address(account.sender_name or self.occasion.bureau, addr_spec=self.sender)
        message["To"] = tuple(Address(addr_spec=each) for each in self.addresses)
        if account.reply_to:
            message["Reply-To"] = Address(addr_spec=account.reply_to)
        words = self._words()
        message["Subject"] = _rendered(f"mail-subject-{language}.txt", words).strip()
        message["Date"] = format_datetime(now)
        number = f"{self.key}.{copy}" if copy else self.key
        message["Message-ID"] = f"<{number}{MESSAGE_ID_SIGN}{self.sender.rpartition('@')[2]}>"
        message.set_content(_rendered(f"mail-{language}.txt", words))
        message.add_alternative(_rendered(f"mail-{language}.html", words), subtype="html")
        for path, name in zip(self.recipient.files, self._names(), strict=True):
            self._attach(message, path, name)
        return message

    def _attach(self, message: EmailMessage, path: Path, name: str) -> None:
        content, suffix = path.read_bytes(), path.suffix.lower()
        is_locked = self.occasion.locks(self.recipient, path)
        if suffix in WORKBOOKS:
            content = sealed(content, self.password) if is_locked else content
            message.add_attachment(content, maintype="application", subtype=WORKBOOKS[suffix], filename=name)
        elif is_locked:
            content = sealed_archive(path.name, content, self.password)
            message.add_attachment(content, maintype="application", subtype="x-7z-compressed", filename=name)
        else:
            kind, subtype = ("text", "html") if suffix == ".html" else ("application", "octet-stream")
            message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)

    def _names(self) -> Iterator[str]:
        """What each file is called on its way: a workbook's own name may hold a child's, and stands inside of it."""
        taken: Counter[str] = Counter()
        for path in self.recipient.files:
            suffix = path.suffix.lower()
            if suffix not in WORKBOOKS or self.occasion.hands_out:
                packed = suffix not in WORKBOOKS and self.occasion.locks(self.recipient, path)
                yield path.with_suffix(".7z").name if packed else path.name
                continue
            name = self._called(self.recipient.forms_in(path))
            taken[name] += 1
            words = _RETURNED if taken[name] == 1 else _RETURNED_AGAIN
            yield words.of(self.occasion.language).format(name=name, number=taken[name], suffix=suffix)

    def _called(self, forms: Sequence[str]) -> str:
        named = [plain(self.occasion.attachments[slug]) for slug in forms if slug in self.occasion.attachments]
        return "、".join(named) if 0 < len(named) <= _MOST_NAMED else _ALL_FORMS.of(self.occasion.language)

    def _words(self) -> Mapping[str, object]:
        occasion, recipient = self.occasion, self.recipient
        locked = occasion.locked(recipient)
        return {
            "school": recipient.school.name,
            "bureau": occasion.bureau,
            "period": occasion.period.words.of(occasion.language),
            "returns": occasion.returns.of(occasion.language),
            "due": occasion.due,
            "remind": occasion.remind,
            "gist": (Gist.BLANKS if occasion.hands_out else Gist.of(recipient)).value,
            "errors": recipient.counts[Severity.ERROR],
            "warnings": recipient.counts[Severity.WARNING],
            "missing": recipient.missing,
            "workbooks": sum(map(_is_workbook, recipient.files)),
            "carried": any(map(_is_workbook, locked)),
            "locked": bool(locked),
            "packed": not all(map(_is_workbook, locked)),
        }


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in WORKBOOKS


def letter(recipient: Recipient, occasion: Occasion, passwords: Mapping[str, str]) -> Letter:
    """The mail to one school; `passwords` hold those made for schools that have none in the roster."""
    school = recipient.school
    password = school.password or passwords.get(school.name, "")
    if occasion.locked(recipient) and not password:
        raise ValueError(f"no password for {school.name}")
    return Letter(recipient, occasion, password, _key(recipient, occasion))


def _key(recipient: Recipient, occasion: Occasion) -> str:
    """By what a mail is known as the same one: to whom and of which period, what was found of the school, and of a
    reminder that it is one, and until when.

    What a reminder said need not be said again, but one may be sent of what was said.
    """
    thread = (recipient.school.name, *recipient.addresses, occasion.period.label)
    asked = (str(count) for severity, count in recipient.counts.items() if severity is not Severity.INFO)
    parts = [(*thread, "blanks") if occasion.hands_out else thread, (recipient.state, *recipient.missing, *asked)]
    if occasion.remind:
        parts.append((str(occasion.due),))
    return THREAD_MARK.join(map(_digest, parts))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


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
