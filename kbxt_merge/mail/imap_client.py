"""A line to an IMAP server: logged in, introduced, and read without leaving a trace; the only home of imaplib."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kbxt_merge import __version__
from kbxt_merge.errors import MailError
from kbxt_merge.model.mail_account import MailAccount, Security
from kbxt_merge.model.mail_headers import as_text
from kbxt_merge.model.text import printable

_INTRODUCTION = f'("name" "kbxt" "version" "{__version__}" "vendor" "kbxt_merge")'
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")
_INTERNAL_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST_YEAR = 1970
"""Before it no file can be dated everywhere."""
_MOMENT = re.compile(r"\s*(\d+)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")


class LineBrokenError(Exception):
    """The line broke: a new one may do better."""


class MessageRefusedError(Exception):
    """The server does not give a message: others may come."""


@dataclass(frozen=True, slots=True)
class ImapLine:
    """A line to a server that let the account in."""

    _account: MailAccount
    _imap: imaplib.IMAP4

    def open(self, folder: str, *, writing: bool) -> str:
        """Open a folder, for reading only unless `writing`; return what changes when its messages are numbered anew.

        Raises MailError where the server refuses.
        """
        with _breaks():
            status, answer = self._asked(self._imap.select, f'"{_folder_name(folder)}"', not writing)
            if status != "OK":
                raise _closed(self._account, folder, said_by(answer))
            return said_by(self._imap.response("UIDVALIDITY")[1])

    def uids(self, since: dt.date | None = None) -> list[int]:
        """The numbers of the folder's messages, of those that came on a day or later where one is given.

        A server that can't tell the days gives all: too many are better than none.
        """
        wanted = ("SINCE", f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}") if since else ("ALL",)
        with _breaks():
            status, found = self._asked(self._imap.uid, "SEARCH", *wanted)
        if status != "OK" and since:
            return self.uids()
        if status != "OK":
            raise LineBrokenError(f"SEARCH: {said_by(found)}")
        return sorted({int(each) for line in found if line for each in line.split() if each.isdigit()})

    def message(self, uid: int) -> tuple[bytes, dt.datetime | None]:
        """A whole message and when the server received it; raises MessageRefusedError where it does not come."""
        with _breaks():
            status, answer = self._asked(self._imap.uid, "FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")
        literals = [each for each in answer if isinstance(each, tuple)]
        if status != "OK" or not literals or not literals[0][1].strip():
            raise MessageRefusedError(f"{status} {said_by(answer)}".strip())
        around = b" ".join(each if isinstance(each, bytes) else each[0] for each in answer if each)
        match = _INTERNAL_DATE.search(around)
        return literals[0][1], _moment(match[1].decode("ascii", "replace")) if match else None

    def mark_seen(self, uid: int) -> None:
        """Mark a message as read, where the server lets us."""
        with _breaks():
            self._asked(self._imap.uid, "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    @staticmethod
    def _asked(command: Callable[..., tuple[str, list[Any]]], *arguments: object) -> tuple[str, list[Any]]:
        """The server's answer; one that it does not understand us (BAD) is an answer too."""
        try:
            return command(*arguments)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as fault:
            return "BAD", list(fault.args)


@contextmanager
def imap_line(account: MailAccount, secret: str, context: ssl.SSLContext | None = None) -> Iterator[ImapLine]:
    """A line to the account's server.

    Raises MailError where the server refuses the login, LineBrokenError where the line breaks.
    """
    imap = _connected(account, context or ssl.create_default_context())
    try:
        _let_in(imap, account, secret)
        yield ImapLine(account, imap)
    finally:
        try:
            imap.logout()
        except (imaplib.IMAP4.error, OSError):  # a line that broke is left as it is
            with contextlib.suppress(OSError):
                imap.shutdown()


def _connected(account: MailAccount, context: ssl.SSLContext) -> imaplib.IMAP4:
    secure = account.imap_security
    port = account.imap_port or (993 if secure is Security.SSL else 143)
    try:
        if secure is Security.SSL:
            return imaplib.IMAP4_SSL(account.imap_host, port, ssl_context=context, timeout=account.timeout_seconds)
        imap = imaplib.IMAP4(account.imap_host, port, timeout=account.timeout_seconds)
        if secure is Security.STARTTLS:
            _make_safe(imap, account, context)
        return imap
    except ssl.SSLCertVerificationError as fault:
        raise MailError(
            f"{account.imap_host} 的安全证书不可信（{fault}）。请核对 mail.imap_host 和电脑的日期。",
            f"the certificate of {account.imap_host} is not to be trusted ({fault}); "
            "check mail.imap_host and the clock.",
        ) from fault
    except (imaplib.IMAP4.error, OSError) as fault:
        raise LineBrokenError(said_by(fault.args) or type(fault).__name__) from fault


def _make_safe(imap: imaplib.IMAP4, account: MailAccount, context: ssl.SSLContext) -> None:
    with contextlib.ExitStack() as on_fault:
        on_fault.callback(imap.shutdown)
        if "STARTTLS" not in imap.capabilities:
            raise _open_line(account)
        imap.starttls(ssl_context=context)
        on_fault.pop_all()


def _let_in(imap: imaplib.IMAP4, account: MailAccount, secret: str) -> None:
    """Log in, and say who we are: 163 and 126 open no folder to a program that did not (`Unsafe Login`)."""
    try:
        with _breaks():
            imap.login(account.user, secret)
    except imaplib.IMAP4.error as fault:
        said = said_by(fault.args)
        raise MailError(
            f"{account.imap_host} 拒绝登录（{said}）。请在邮箱设置里开启 IMAP 服务，并使用“授权码”而不是登录密码。",
            f"{account.imap_host} refuses the login ({said}); switch IMAP on in the mailbox and use its "
            "authorisation code.",
        ) from fault
    with _breaks():
        try:
            imap.xatom("ID", _INTRODUCTION)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            pass  # a server that does not know ID does not demand it


def _closed(account: MailAccount, folder: str, said: str) -> MailError:
    host = account.imap_host
    return MailError(
        f"{host} 不让打开文件夹 {folder}（{said}）。请核对 mail.imap_folder 和邮箱的安全设置。",
        f"{host} does not open the folder {folder} ({said}); check mail.imap_folder and its safety settings.",
    )


def _open_line(account: MailAccount) -> MailError:
    return MailError(
        f"{account.imap_host} 不支持 STARTTLS 加密，没有登录。请把 mail.imap_security 改为 ssl。",
        f"{account.imap_host} offers no STARTTLS, so there was no login; set mail.imap_security to ssl.",
    )


def said_by(answer: Iterable[object]) -> str:
    """A server's answer as text, without what a terminal would obey."""
    parts = (each[0] if isinstance(each, tuple) else each for each in answer)
    return printable(" ".join(as_text(each, "") if isinstance(each, bytes) else str(each) for each in parts if each))


@contextmanager
def _breaks() -> Iterator[None]:
    """Whatever breaks the line is an interruption."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as fault:
        raise LineBrokenError(said_by(fault.args) or type(fault).__name__) from fault


def _folder_name(name: str) -> str:
    """A folder's name in IMAP's modified UTF-7 (RFC 3501, 5.1.3).

    >>> _folder_name("INBOX"), _folder_name("报表&其他")
    ('INBOX', '&YqWIaA-&-&UXZO1g-')
    """
    escaped = name.replace("&", "&-")
    return _BEYOND_ASCII.sub(
        lambda run: "&" + base64.b64encode(run[0].encode("utf-16-be"), b"+,").decode().rstrip("=") + "-", escaped
    )


def _moment(text: str) -> dt.datetime | None:
    """An INTERNALDATE with its zone, None where it is no moment; months are English whatever the machine speaks."""
    match = _MOMENT.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    offset = dt.timedelta(hours=int(match[8]), minutes=int(match[9])) * (-1 if match[7] == "-" else 1)
    day, year, hour, minute, second = (int(match[each]) for each in (1, 3, 4, 5, 6))
    try:
        zone = dt.timezone(offset)
        moment = dt.datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return moment if year >= _FIRST_YEAR else None
