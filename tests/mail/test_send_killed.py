"""A sending that is killed at any command goes on where it was: no mail twice, and none lost without a word."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from post_office import AUTHORITY, CUT_AFTER, Office, post_office

from kbxt_merge.mail.outbox import FileOutbox

KILLS = int(os.environ.get("KBXT_TEST_KILLS", "15"))
SCHOOLS = 200


class Killer:
    """Kills the client when so many commands have come; at the content, before or after the mail is taken."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.process: subprocess.Popen[str] | None = None
        self.left = 0
        self.kills = 0

    def arm(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.left = self._chance.randint(1, 4 * SCHOOLS // max(KILLS, 1)) if self.kills < KILLS else -1

    def __call__(self, command: str) -> str | None:
        self.left -= 1
        if self.left != 0 or self.process is None:
            return None
        self.kills += 1
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return CUT_AFTER if command == "CONTENT" and self._chance.random() < 0.5 else "451 nobody hears this"


def sending(office: Office, killer: Killer, out: Path, authority: Path, *again: str) -> tuple[int, list[str]]:
    script = Path(__file__).with_name("sending_process.py")
    command = [sys.executable, str(script), str(office.port), str(out), str(authority), str(SCHOOLS), *again]
    found_here = {**os.environ, "PYTHONPATH": str(script.parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=found_here) as process:
        killer.arm(process)
        uncertain = process.communicate(timeout=120)[0].split()
    return process.returncode, uncertain


def test_killed_at_random_every_school_still_gets_exactly_one_mail(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(str(authority))
    killer = Killer(seed=11)
    codes: list[int] = []
    uncertain: list[str] = []
    with post_office(killer) as office:
        while not codes or codes[-1] != 0:
            code, uncertain = sending(office, killer, tmp_path, authority)
            codes.append(code)
            assert code in (0, -signal.SIGKILL)
        assert killer.kills == KILLS
        addressed = office.addressed()
        assert max(addressed.values()) == 1
        lost = [f"第{n}小学" for n in range(1, SCHOOLS + 1) if f"school{n}@school.example" not in addressed]
        assert set(lost) <= set(uncertain)
        if lost:
            assert sending(office, killer, tmp_path, authority, *lost) == (0, [])
    assert office.addressed() == {f"school{n}@school.example": 1 for n in range(1, SCHOOLS + 1)}
    assert FileOutbox(tmp_path / "发件" / "outbox.jsonl")
