"""A real SMTP server with TLS and login that fails on purpose, and letters to send to it."""

from __future__ import annotations

import contextlib
import email
import email.policy
import random
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from kbxt_merge.mail.compose import Letter, Occasion, letter
from kbxt_merge.mail.recipients import Recipient
from kbxt_merge.model.mail_account import MailAccount, Security
from kbxt_merge.model.period import Period
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import School

USER, CODE = "jyj@bureau.example", "AUTHCODE16CHARSX"
AUTHORITY = trustme.CA()

CUT = "cut"
CUT_AFTER = "cut after"
"""Faults besides replies: the connection ends; it ends when the mail was taken, in place of the answer."""

Fault = Callable[[str], str | None]
"""What to do at a command (EHLO, AUTH, MAIL, RCPT, DATA, CONTENT, RSET, QUIT): a reply, CUT, CUT_AFTER, or nothing."""


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    return context


def client_context() -> ssl.SSLContext:
    """It trusts this authority only: the system's hundred others are read anew for each."""
    return ssl.create_default_context(cadata=AUTHORITY.cert_pem.bytes().decode())


@dataclass
class Office:
    """What the server took, and how it fails."""

    fault: Fault = lambda _: None
    taken: list[EmailMessage] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    """The same as they came."""
    recipients: list[list[str]] = field(default_factory=list)
    commands: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def strike(self, command: str) -> str | None:
        self.commands[command] += 1
        return self.fault(command)

    def addressed(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(address for addresses in self.recipients for address in addresses)

    def account(self, security: Security = Security.SSL, **settings: Any) -> MailAccount:
        known = {"pace_seconds": 0.0, "timeout_seconds": 5.0, "sender_name": "某区教育局"}
        return MailAccount("127.0.0.1", self.port, security, USER, **{**known, **settings})

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        struck = self.strike("CONTENT")
        if struck in (None, CUT_AFTER):
            content = envelope.original_content or b""
            self.taken.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
            self.contents.append(content)
            self.recipients.append(list(envelope.rcpt_tos))
        if struck in (CUT, CUT_AFTER):
            server.transport.abort()
        return struck or "250 Mail OK"


class FailingSMTP(SMTP):
    """The server, asking its office before every command whether to fail."""

    office: Office

    async def _or_fail(self, command: str, go_on: Callable[[str], Any], argument: str) -> None:
        struck = self.office.strike(command)
        if struck is None:
            await go_on(argument)
        elif struck == CUT:
            self.transport.abort()
        else:
            await self.push(struck)
            if struck.startswith("421"):
                self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        await self._or_fail("EHLO", super().smtp_EHLO, hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self._or_fail("AUTH", super().smtp_AUTH, arg)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        if self.session is not None and not self.session.authenticated:
            await self.push("530 5.7.0 authentication required")
        else:
            await self._or_fail("MAIL", super().smtp_MAIL, arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        await self._or_fail("RCPT", super().smtp_RCPT, arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._or_fail("DATA", super().smtp_DATA, arg)

    async def smtp_RSET(self, arg: str) -> None:  # noqa: N802
        await self._or_fail("RSET", super().smtp_RSET, arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        await self._or_fail("QUIT", super().smtp_QUIT, arg)


class OfficeController(Controller):
    def __init__(self, office: Office, **settings: Any) -> None:
        self._office = office
        super().__init__(office, hostname="127.0.0.1", port=0, **settings)

    def factory(self) -> FailingSMTP:
        server = FailingSMTP(self.handler, **self.SMTP_kwargs)
        server.office = self._office
        return server

    def _trigger_server(self) -> None:
        """Port 0: ask the server where it listens, before the controller knocks there."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticated(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), CODE.encode())
    return AuthResult(success=good, handled=False)


@contextlib.contextmanager
def post_office(fault: Fault = lambda _: None, security: Security = Security.SSL) -> Iterator[Office]:
    """A server on loopback that takes mail from USER only."""
    office = Office(fault)
    settings: dict[str, Any] = {"authenticator": _authenticated}
    match security:
        case Security.SSL:
            settings |= {"ssl_context": server_context(), "auth_require_tls": False}
        case Security.STARTTLS:
            settings |= {"tls_context": server_context(), "require_starttls": True}
        case Security.NONE:
            settings |= {"auth_require_tls": False}
    controller = OfficeController(office, **settings)
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()


def once(faults: Sequence[tuple[str, str]]) -> Fault:
    """Fail at each named command once, in this order of commands."""
    left = list(faults)

    def fault(command: str) -> str | None:
        return left.pop(0)[1] if left and left[0][0] == command else None

    return fault


def one_in_five(seed: int) -> Fault:
    """Fail one command in five, in every way that a server has, but let the first one in."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    replies = ("421 4.3.2 shutting down", "450 4.2.1 busy", "451 4.3.0 try later", CUT)

    def fault(command: str) -> str | None:
        seen[command] += 1
        if chance.random() >= 0.2 or not seen["MAIL"]:
            return None
        if command == "AUTH":
            return chance.choice(("535 5.7.8 too many logins", "454 4.7.0 later", CUT))
        return chance.choice((*replies, CUT_AFTER) if command == "CONTENT" else replies)

    return fault


def schools(count: int) -> list[School]:
    return [School(f"2136{n:06d}", f"第{n}小学", email=f"school{n}@school.example") for n in range(1, count + 1)]


def letters(account: MailAccount, count: int, files: Sequence[Path] = (), **occasion: Any) -> list[Letter]:
    """A letter to each of so many schools."""
    sending = Occasion("某区教育局", Period.parse("2021春"), None, account, **occasion)
    counts = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0}
    recipients = [Recipient(school, counts, (), tuple(files)) for school in schools(count)]
    return [letter(each, sending, {each.school.name: "geheim23" for each in recipients}) for each in recipients]
