"""A merge in a process of its own, for tests that kill it: says `ready`, waits for a line, merges, says `done`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from kbxt_merge import merging
from kbxt_merge.errors import KbxtError
from kbxt_merge.ledger import ledger  # noqa: F401 - imported before the clock runs
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings


def settings(inbox: Path, url: str = "") -> Settings:
    period, day = Period.parse("2021春"), dt.date(2021, 3, 20)
    return Settings(jobs=1, period=period, as_of=day, roster=inbox.parent / "roster.xlsx", ledger=url)


def main() -> None:
    inbox, out, url = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    print("ready", flush=True)
    for _ in sys.stdin:
        try:
            merging.merge(inbox, out, settings(inbox, url))
        except KbxtError as fault:
            print(fault.sentence("en"), flush=True)
        else:
            print("done", flush=True)


if __name__ == "__main__":
    main()
