"""Merges in processes of their own, for tests that kill them: each says `ready`, waits for a line, merges, says `done`.

They are copies of one process that has merged before: what is imported is imported once, and a merge takes as long as
one that is timed here.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kbxt_merge import merging
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings


def settings(inbox: Path, url: str = "", jobs: int = 1) -> Settings:
    period, day = Period.parse("2021春"), dt.date(2021, 3, 20)
    return Settings(jobs=jobs, period=period, as_of=day, roster=inbox.parent / "roster.xlsx", ledger=url)


class Driver:
    """A merge ready to begin."""

    def __init__(self, drivers: Path, inbox: Path, out: Path, url: str = "") -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(drivers))
        self._heard = self._line.makefile(encoding="utf-8")
        self._line.sendall(json.dumps([str(inbox), str(out), url]).encode() + b"\n")
        ready, pid = self.said().split()
        assert ready == "ready"
        self._pid = int(pid)

    def said(self) -> str:
        return self._heard.readline().strip()

    def begin(self) -> None:
        self._line.sendall(b"\n")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill it, and wait until nothing of it is left."""
        os.kill(self._pid, how)
        self._heard.read()
        self._heard.close()
        self._line.close()


@contextmanager
def drivers_of(inbox: Path) -> Iterator[Path]:
    """Where drivers are to be had that have merged this inbox before."""
    with TemporaryDirectory() as folder:
        place = Path(folder, "drivers")
        with subprocess.Popen([sys.executable, __file__, str(place), str(inbox)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"open\n"
            yield place
            process.kill()


def main() -> None:
    place, inbox = Path(sys.argv[1]), Path(sys.argv[2])
    merging.merge(inbox, place.with_name("out"), settings(inbox, jobs=0))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(place))
        door.listen()
        print("open", flush=True)
        while True:
            line, _ = door.accept()
            if not os.fork():
                door.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _drive(line)
                os._exit(0)
            line.close()


def _drive(line: socket.socket) -> None:
    with line.makefile("rw", encoding="utf-8") as stream:
        inbox, out, url = json.loads(stream.readline())
        print("ready", os.getpid(), file=stream, flush=True)
        for _ in stream:
            try:
                merging.merge(Path(inbox), Path(out), settings(Path(inbox), url))
            except KbxtError as fault:
                print(fault.sentence("en"), file=stream, flush=True)
            else:
                print("done", file=stream, flush=True)


if __name__ == "__main__":
    main()
