"""The ledger of a merge, opened when it is first asked for: SQLAlchemy takes its time, and files are read meanwhile."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kbxt_merge.model.out_folder import LEDGER_FILE

if TYPE_CHECKING:
    from kbxt_merge.ledger.ledger import Ledger


@dataclass
class LedgerOnDemand:
    """The ledger for a merge into `out` whose outputs are written to `stage`; it is closed with `closing`.

    Raises LedgerError, when it is opened, as `ledger_of` does.
    """

    out: Path
    stage: Path
    url: str
    closing: ExitStack

    @cached_property
    def opened(self) -> Ledger:
        """The ledger."""
        from kbxt_merge.ledger.ledger import ledger_of

        return self.closing.enter_context(ledger_of(self.out, self.stage, self.url))

    def passwords(self) -> list[tuple[str, str]]:
        """All passwords that were made; where there is no ledger yet, none needs be made to ask it."""
        is_new = not self.url and not (self.out / LEDGER_FILE).exists()
        return [] if is_new else self.opened.passwords()
