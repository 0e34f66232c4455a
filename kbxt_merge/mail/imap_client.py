"""A line to an IMAP server: logged in, introduced, and read without leaving a trace; the only home of imaplib."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kbxt_merge import __version__
from kbxt_merge.errors import MailError
from kbxt_merge.model.mail_account import MailAccount, Security

_INTRODUCTION = f'("name" "kbxt" "version" "{__version__}" "vendor" "kbxt_merge")'
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")
_INTERNAL_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOMENT = re.compile(r"\s*(\d+)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")


class LineBrokenError(Exception):
    """The line broke: a new one may do better."""


@dataclass(frozen=True, slots=True)
class ImapLine:
    """A folder opened on a server; `validity` changes when the server numbers its messages anew."""

    validity: str
    _imap: imaplib.IMAP4

    def new_uids(self, beyond: int) -> list[int]:
        """The numbers of the messages that came after this one."""
        with _breaks():
            # `n:*` always holds the last message, even where its number is below n
            _, found = self._imap.uid("SEARCH", "UID", f"{beyond + 1}:*")
        uids = (int(each) for each in (found[0] or b"").split())
        return sorted(uid for uid in uids if uid > beyond)

    def header(self, uid: int) -> bytes:
        """A message's headers; blank where it was deleted meanwhile."""
        return self._fetched(uid, "(BODY.PEEK[HEADER])")[0]

    def message(self, uid: int) -> tuple[bytes, dt.datetime | None]:
        """A whole message and when the server received it."""
        raw, facts = self._fetched(uid, "(INTERNALDATE BODY.PEEK[])")
        match = _INTERNAL_DATE.search(facts)
        return raw, _moment(match[1].decode("ascii", "replace")) if match else None

    def mark_seen(self, uid: int) -> None:
        """Mark a message as read."""
        with _breaks():
            self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _fetched(self, uid: int, what: str) -> tuple[bytes, bytes]:
        """The literal that was asked for, and what stands around it."""
        with _breaks():
            status, answer = self._imap.uid("FETCH", str(uid), what)
        if status != "OK":
            raise LineBrokenError(f"FETCH {uid}: {status}")
        literals = [each for each in answer if isinstance(each, tuple)]
        around = b" ".join(each if isinstance(each, bytes) else each[0] for each in answer if each)
        return (literals[0][1] if literals else b""), around


@contextmanager
def imap_line(
    account: MailAccount, secret: str, context: ssl.SSLContext | None = None, *, writing: bool = False
) -> Iterator[ImapLine]:
    """The account's folder, opened for reading only unless `writing`.

    Raises MailError where the server refuses login or folder, LineBrokenError where the line breaks.
    """
    imap = _connected(account, context or ssl.create_default_context())
    try:
        _let_in(imap, account, secret)
        folder = _folder_name(account.imap_folder)
        with _breaks():
            status, answer = imap.select(f'"{folder}"', readonly=not writing)
        if status != "OK":
            raise _closed(account, answer)
        with _breaks():
            validity = imap.response("UIDVALIDITY")[1]
        yield ImapLine((validity[0] or b"").decode() if validity else "", imap)
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
            imap.starttls(ssl_context=context)
        return imap
    except ssl.SSLCertVerificationError as fault:
        raise MailError(
            f"{account.imap_host} 的安全证书不可信（{fault}）。请核对 mail.imap_host 和电脑的日期。",
            f"the certificate of {account.imap_host} is not to be trusted ({fault}); "
            "check mail.imap_host and the clock.",
        ) from fault
    except (imaplib.IMAP4.error, OSError) as fault:
        raise LineBrokenError(str(fault) or type(fault).__name__) from fault


def _let_in(imap: imaplib.IMAP4, account: MailAccount, secret: str) -> None:
    """Log in, and say who we are: 163 and 126 open no folder to a program that did not (`Unsafe Login`)."""
    try:
        with _breaks():
            imap.login(account.user, secret)
    except imaplib.IMAP4.error as fault:
        raise MailError(
            f"{account.imap_host} 拒绝登录（{fault}）。请在邮箱设置里开启 IMAP 服务，并使用“授权码”而不是登录密码。",
            f"{account.imap_host} refuses the login ({fault}); switch IMAP on in the mailbox and use its "
            "authorisation code.",
        ) from fault
    with _breaks():
        try:
            imap.xatom("ID", _INTRODUCTION)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            pass  # a server that does not know ID does not demand it


def _closed(account: MailAccount, answer: object) -> MailError:
    host, folder = account.imap_host, account.imap_folder
    return MailError(
        f"{host} 不让打开文件夹 {folder}（{answer}）。请核对 mail.imap_folder 和邮箱的安全设置。",
        f"{host} does not open the folder {folder} ({answer}); check mail.imap_folder and its safety settings.",
    )


@contextmanager
def _breaks() -> Iterator[None]:
    """Whatever breaks the line is an interruption."""
    try:
        yield
    except (imaplib.IMAP4.abort, OSError) as fault:
        raise LineBrokenError(str(fault) or type(fault).__name__) from fault


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
    """An INTERNALDATE with its zone; months are English whatever the machine speaks."""
    match = _MOMENT.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    offset = dt.timedelta(hours=int(match[8]), minutes=int(match[9])) * (-1 if match[7] == "-" else 1)
    day, year, hour, minute, second = (int(match[each]) for each in (1, 3, 4, 5, 6))
    return dt.datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=dt.timezone(offset))
