"""The mail account that a bureau sends from and fetches to; its password is no part of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """How a connection to a mail server is made safe."""

    SSL = "ssl"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Where mail goes out and comes in; a port of 0 is the one usual for the security.

    `pace_seconds` passes between two mails, and after `mails_per_connection` a new connection is made.
    `plain_report` sends a school's report as it is, though its workbooks are locked.
    `memory` is the folder that remembers what was fetched, for inboxes that do not lie beside each other.
    `plain_login` lets the code of the account pass over a line that nobody made safe.
    `sender` is the address mails come from (blank: `user`), `sender_name` the name shown beside it.
    """

    host: str = ""
    port: int = 0
    security: Security = Security.SSL
    user: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    pace_seconds: float = 2.0
    mails_per_connection: int = 50
    tries: int = 4
    timeout_seconds: float = 30.0
    imap_host: str = ""
    imap_port: int = 0
    imap_security: Security = Security.SSL
    imap_folder: tuple[str, ...] = ("INBOX",)
    plain_login: bool = False
    plain_report: bool = False
    memory: Path | None = None
