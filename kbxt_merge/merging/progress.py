"""What a run tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.text import Words

if TYPE_CHECKING:
    from kbxt_merge.model.merge_result import Checked

MOST_LOOKED_AT = 8
"""Files that are looked at one by one before the district is judged: of more, the looks would take longer than that."""


@dataclass
class Progress:
    """What a run tells whoever watches: how many files there are, each as it has been read, how many of them need not
    be read again, which outputs are open in another program and must be closed, and, as soon as it is known and before
    it is written, what was found and what that changes.  Whoever wants a first look at each of a few new files, as
    soon as it is read, has `on_looked`."""

    on_files: Callable[[int], None] = lambda count: None
    on_file: Callable[[Reading], None] = lambda reading: None
    on_known: Callable[[int], None] = lambda count: None
    on_open: Callable[[Words], None] = lambda words: None
    on_checked: Callable[[Checked], None] = lambda checked: None
    on_looked: Callable[[FirstLook], None] | None = None
