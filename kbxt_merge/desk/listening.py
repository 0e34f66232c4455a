"""Where the desk listens: at this machine only, or at its address on an office network."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.desk.accounts import require_hasher
from kbxt_merge.errors import OutputError, SettingsError

HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Lan:
    """The address by which colleagues on the office network open the desk, and its certificate, where it has one."""

    address: str
    certificate: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        """What its addresses begin with."""
        return "https" if self.certificate else "http"

    def check(self) -> None:
        """Raise SettingsError for what can't be opened to a network."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            address = None
        if address is None or address.is_unspecified:
            raise SettingsError(
                f"--lan 要写本机在办公网上的地址，如 192.168.1.20；不能是“{self.address}”",
                f"--lan takes this machine's own address, such as 192.168.1.20, not {self.address}",
            )
        require_hasher()


@contextmanager
def listening(address: str, port: int, before: int) -> Iterator[tuple[socket.socket, str, bool]]:
    """A socket that listens at this address only, the host that it is, and whether its port is the one before."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    with contextlib.closing(listener):
        if os.name != "nt":  # there it would let another program take the port from us
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        is_the_same = bool(not port and before and _bind(listener, address, before) is None)
        if not is_the_same and (fault := _bind(listener, address, port)):
            raise fault
        listener.listen()
        taken = listener.getsockname()[1]
        yield listener, f"[{address}]:{taken}" if family == socket.AF_INET6 else f"{address}:{taken}", is_the_same


def _bind(listener: socket.socket, address: str, port: int) -> OutputError | None:
    """Take a port; why it can't be had."""
    try:
        listener.bind((address, port))
    except OSError as fault:
        if fault.errno == errno.EADDRNOTAVAIL:
            return OutputError(f"{address} 不是本机的地址", f"{address} is not an address of this machine")
        return OutputError(
            f"端口 {port} 已被别的程序占用：请换一个，或不写 --port",
            f"port {port} is taken by another program: name another, or none",
        )
    return None
