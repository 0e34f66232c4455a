"""What was read of an inbox, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kbxt_merge.model.inbox import Inbox
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Reading


@dataclass(frozen=True, slots=True)
class ReadInbox:
    """The readings of all files of an inbox, `whole` where they are all that came; the `passwords` open locked ones.

    `timings` are the seconds that each stage took so far.
    """

    inbox: Inbox
    readings: Sequence[Reading]
    whole: bool
    passwords: Passwords
    timings: dict[str, float]
