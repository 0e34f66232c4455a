"""A sending in a process of its own, to be killed: port, OUT, the authority's certificate, how many schools."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

from post_office import CODE, Office, letters

from kbxt_merge.mail.outbox import file_outbox
from kbxt_merge.mail.send import Dispatch, Fate
from kbxt_merge.mail.smtp_client import SmtpLine


def main(port: str, out: str, authority: str, count: str, *again: str) -> None:
    """Send to so many schools, or once more to those named, and print whose mail is uncertain."""
    account = Office(port=int(port)).account(tries=20)
    chosen = [each for each in letters(account, int(count)) if not again or each.school in again]
    with file_outbox(Path(out)) as outbox:
        line = SmtpLine(account, CODE, ssl.create_default_context(cafile=authority))
        for outcome in Dispatch(line, outbox, bool(again), wait=lambda _: None).send(chosen):
            if outcome.fate is Fate.UNCERTAIN:
                print(outcome.school, flush=True)
            assert outcome.fate in (Fate.SENT, Fate.SENT_BEFORE, Fate.UNCERTAIN), outcome


if __name__ == "__main__":
    main(*sys.argv[1:])
