"""A real Dovecot on loopback, and before it a front that behaves like 163's: no folder without an ID, and faults."""

from __future__ import annotations

import contextlib
import getpass
import grp
import imaplib
import itertools
import os
import pwd
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from post_office import CODE, server_context

from kbxt_merge.model.mail_account import MailAccount, Security

_NUMBERS = itertools.count(1)
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
log_path = {home}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={code}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home} allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _owner() -> tuple[str, str]:
    """Who may hold the mail: root may not."""
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    return user, grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


@contextlib.contextmanager
def dovecot() -> Iterator[int]:
    """The port of a Dovecot where every user has a mailbox; fails where Dovecot is not installed."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program, "install dovecot-imapd"
    user, group = _owner()
    port = free_port()
    home = Path(tempfile.mkdtemp(prefix="kbxt-dovecot-"))
    try:
        home.chmod(0o755)
        (home / "mail").mkdir()
        if os.geteuid() == 0:
            shutil.chown(home / "mail", user, group)
            shutil.chown(home, user, group)
        config = home / "dovecot.conf"
        config.write_text(_CONFIG.format(home=home, user=user, group=group, port=port, code=CODE), encoding="utf-8")
        with subprocess.Popen([program, "-F", "-c", str(config)], stderr=subprocess.PIPE) as server:
            try:
                _wait_for(port, home / "log")
                yield port
            finally:
                server.terminate()
    finally:
        shutil.rmtree(home)


def _wait_for(port: int, log: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8") if log.exists() else "dovecot does not start")


@dataclass
class Front:
    """What stands before Dovecot: its own port, whose mailbox it is, what clients said, when it cuts or answers."""

    behind: int
    cut: Callable[[str], bool] = lambda _: False
    answer: Callable[[str], str | None] = lambda _: None
    said: list[str] = field(default_factory=list)
    port: int = 0
    user: str = field(default_factory=lambda: f"box{next(_NUMBERS)}@bureau.example")

    def account(self, **settings: Any) -> MailAccount:
        known = {"timeout_seconds": 5.0, "imap_security": Security.SSL, "imap_port": self.port}
        return MailAccount(user=self.user, imap_host="127.0.0.1", **{**known, **settings})

    def refuses(self, introduced: bool, line: bytes) -> bytes | None:
        """What 163 says to a program that opens a folder without having said who it is."""
        tag, _, rest = line.partition(b" ")
        if rest.split(b" ")[0].upper() in (b"SELECT", b"EXAMINE") and not introduced:
            return tag + b" NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n"
        answer = self.answer(rest.decode("ascii", "replace").strip())
        return None if answer is None else tag + b" " + answer.encode() + b"\r\n"


@contextlib.contextmanager
def front(behind: int, cut: Callable[[str], bool] = lambda _: False) -> Iterator[Front]:
    """A front with TLS on a port of its own."""
    state = Front(behind, cut)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                contextlib.suppress(OSError, ssl.SSLError),
                server_context().wrap_socket(self.request, server_side=True) as client,
                socket.create_connection(("127.0.0.1", state.behind)) as server,
            ):
                back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
                back.start()
                _listen(client, server)
                back.join(2)

    def _listen(client: ssl.SSLSocket, server: socket.socket) -> None:
        introduced = False
        for line in client.makefile("rb"):
            words = line.decode("ascii", "replace").split()
            command = " ".join(words[1:3]).upper()
            state.said.append(command if not command.startswith("LOGIN") else "LOGIN")
            introduced = introduced or words[1:2] == ["ID"]
            refusal = state.refuses(introduced, line)
            if state.cut(command):
                break
            if refusal:
                client.sendall(refusal)
            else:
                server.sendall(line)
        server.shutdown(socket.SHUT_RDWR)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def _pass_on(source: socket.socket, sink: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        while content := source.recv(65536):
            sink.sendall(content)
        sink.shutdown(socket.SHUT_RDWR)


def put(box: Front, raw: bytes, when: str = '"12-Mar-2021 09:15:30 +0800"', folder: str = "INBOX") -> None:
    """A message arrives in a folder of the mailbox."""
    with imaplib.IMAP4("127.0.0.1", box.behind) as imap:
        imap.login(box.user, CODE)
        if folder != "INBOX":
            imap.create(f'"{folder}"')
        status, answer = imap.append(f'"{folder}"', "", when, raw)
        assert status == "OK", answer


def flags(box: Front) -> list[str]:
    """The flags of all messages in the mailbox, but for \\Recent, which any look takes away."""
    with imaplib.IMAP4("127.0.0.1", box.behind) as imap:
        imap.login(box.user, CODE)
        imap.select("INBOX", readonly=True)
        _, found = imap.fetch("1:*", "(FLAGS)")
    return [str(each).replace("\\Recent", "") for each in found]


def empty(box: Front) -> None:
    """The mailbox's owner deletes all messages."""
    with imaplib.IMAP4("127.0.0.1", box.behind) as imap:
        imap.login(box.user, CODE)
        imap.select("INBOX")
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()
