"""A line to an SMTP server: opened, logged in, and asked to take one mail at a time; the only home of smtplib."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from kbxt_merge.errors import MailError
from kbxt_merge.model.mail_account import MailAccount, Security

_PORTS = {Security.SSL: 465, Security.STARTTLS: 587, Security.NONE: 25}
_LEADING_DOT = re.compile(rb"^\.", re.M)
_SHUT_DOWN = 421


class TroubleError(Exception):
    """A mail that the server did not take."""

    def __init__(self, reply: str) -> None:
        """Keep what the server said, or what became of the line."""
        super().__init__(reply)
        self.reply = reply


class DeferredError(TroubleError):
    """Not taken now: the same may go well later."""


class RefusedError(TroubleError):
    """Not taken, and asking again would be in vain."""


class SenderRefusedError(RefusedError):
    """The server took the sender's name amiss: no mail has named its school yet."""


class UnreachableError(DeferredError):
    """No line to the server, or none that it would speak on."""


class UnansweredError(TroubleError):
    """The content went out and no answer came: it may have been taken."""


@dataclass(slots=True)
class SmtpLine:
    """One account's connection, opened when it is needed.

    `secret` is the authorisation code (blank: no login); `context` the trust for TLS, the system's where it is None.
    """

    account: MailAccount
    secret: str = field(repr=False)
    context: ssl.SSLContext | None = None
    _smtp: smtplib.SMTP | None = field(default=None, init=False)
    _taken: int = field(default=0, init=False)
    _was_let_in: bool = field(default=False, init=False)

    def deliver(self, sender: str, addresses: Sequence[str], message: EmailMessage, begin: Callable[[], None]) -> str:
        """Give the server one mail, and return its reply; `begin` is called when the content is about to go out.

        It goes out where one of the addresses is taken; the reply names those that were not.

        Raises DeferredError, RefusedError or Unanswered; MailError where the server can't be logged in to at all.
        """
        smtp = self._opened()
        try:
            self._name_sender(smtp, sender)
            refused = self._name_recipients(smtp, addresses)
            self._ask(smtp, "DATA", wanted=3)
            begin()
            self._put_content(smtp, message)
        except (smtplib.SMTPServerDisconnected, OSError) as fault:
            self.close()
            raise DeferredError(_told(fault)) from fault
        reply = self._last_reply(smtp)
        self._taken += 1
        if self._taken >= self.account.mails_per_connection:
            self.hang_up()
        return "; ".join((reply, *refused))

    def hang_up(self) -> None:
        """End the connection politely."""
        if self._smtp is not None:
            # the mails are taken; how the line ends is the server's own affair
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self.close()

    def close(self) -> None:
        """End the connection at once."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._taken = 0
            try:
                self._smtp = self._connected()
            except TroubleError as trouble:
                raise UnreachableError(trouble.reply) from trouble
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        account = self.account
        port = account.port or _PORTS[account.security]
        context = self.context or ssl.create_default_context()
        try:
            if account.security is Security.SSL:
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    account.host, port, timeout=account.timeout_seconds, context=context
                )
            else:
                smtp = smtplib.SMTP(account.host, port, timeout=account.timeout_seconds)
        except ssl.SSLCertVerificationError as fault:
            raise _distrusted(account.host, fault) from fault
        except smtplib.SMTPResponseException as fault:
            raise DeferredError(_said(fault.smtp_code, fault.smtp_error)) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise DeferredError(_told(fault)) from fault
        try:
            self._greet(smtp, context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        try:
            self._say_hello(smtp)
            if self.account.security is Security.STARTTLS:
                code, reply = smtp.starttls(context=context)
                self._check(code, reply, 2)
                self._say_hello(smtp)
            if self.secret:
                smtp.login(self.account.user, self.secret)
                self._was_let_in = True
        except ssl.SSLCertVerificationError as fault:
            raise _distrusted(self.account.host, fault) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise _unable(self.account, str(fault)) from fault
        except smtplib.SMTPAuthenticationError as fault:
            said = _said(fault.smtp_code, fault.smtp_error)
            # a code that was good a minute ago still is: the server is busy, or counts logins
            if self._was_let_in or fault.smtp_code // 100 == 4:
                raise DeferredError(said) from fault
            raise _locked_out(self.account, said) from fault
        except smtplib.SMTPResponseException as fault:
            raise DeferredError(_said(fault.smtp_code, fault.smtp_error)) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise DeferredError(_told(fault)) from fault

    def _say_hello(self, smtp: smtplib.SMTP) -> None:
        self._check(*smtp.ehlo(), 2)

    def _ask(self, smtp: smtplib.SMTP, command: str, wanted: int = 2) -> None:
        self._check(*smtp.docmd(command), wanted)

    def _name_sender(self, smtp: smtplib.SMTP, sender: str) -> None:
        try:
            self._ask(smtp, f"MAIL FROM:<{sender}>")
        except RefusedError as trouble:
            raise SenderRefusedError(trouble.reply) from trouble

    def _name_recipients(self, smtp: smtplib.SMTP, addresses: Sequence[str]) -> list[str]:
        """Name the recipients, and give those refused with the server's words; raises where it takes none of them."""
        refused: list[tuple[str, int, bytes]] = []
        for address in addresses:
            code, reply = smtp.docmd(f"RCPT TO:<{address}>")
            if code // 100 == 5:
                refused.append((address, code, reply))
            else:
                self._check(code, reply, 2)
        if len(refused) == len(addresses):
            self._check(*refused[-1][1:], 2)
        return [f"{address} {_said(code, reply)}" for address, code, reply in refused]

    def _check(self, code: int, reply: bytes, wanted: int) -> None:
        """Raise what a reply means, and leave the line ready for the next mail."""
        if code // 100 == wanted:
            return
        if code == _SHUT_DOWN or code < 0 or self._smtp is None:
            self.close()
        else:
            self._reset(self._smtp)
        raise (RefusedError if code // 100 == 5 else DeferredError)(_said(code, reply))

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except (smtplib.SMTPException, OSError):
            code = -1
        if code // 100 != 2:
            self.close()

    def _put_content(self, smtp: smtplib.SMTP, message: EmailMessage) -> None:
        """Send the content; where this fails its end never left, so the server can't have taken it."""
        content = _LEADING_DOT.sub(b"..", message.as_bytes())
        smtp.send((content if content.endswith(b"\r\n") else content + b"\r\n") + b".\r\n")

    def _last_reply(self, smtp: smtplib.SMTP) -> str:
        try:
            code, reply = smtp.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise UnansweredError(_told(fault)) from fault
        self._check(code, reply, 2)
        return _said(code, reply)


def _said(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"


def _told(fault: Exception) -> str:
    return str(fault) or type(fault).__name__


def _distrusted(host: str, fault: Exception) -> MailError:
    return MailError(
        f"{host} 的安全证书不可信，邮件没有发送（{fault}）。请核对 mail.host 和电脑的日期。",
        f"the certificate of {host} is not to be trusted, nothing was sent ({fault}); check mail.host and the clock.",
    )


def _unable(account: MailAccount, reply: str) -> MailError:
    return MailError(
        f"{account.host} 不支持所设的登录或加密方式（{reply}）。请核对 mail.security 和 mail.port。",
        f"{account.host} knows no such login or encryption ({reply}); check mail.security and mail.port.",
    )


def _locked_out(account: MailAccount, reply: str) -> MailError:
    return MailError(
        f"{account.host} 拒绝登录（{reply}）。请在邮箱设置里开启 SMTP 服务，并使用“授权码”而不是登录密码。",
        f"{account.host} refuses the login ({reply}); switch SMTP on in the mailbox and use its authorisation code.",
    )
