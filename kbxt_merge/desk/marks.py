"""By what a page tells a warning of another board: a mark, which is its own wherever it stands the same."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kbxt_merge.model.answer import IDENTITY_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from kbxt_merge.model.district import Records

_KEY = secrets.token_bytes(32)
"""Of this desk's marks: those of one that was opened before are of nothing here."""


@dataclass(frozen=True, eq=False)
class Marks:
    """The warnings of one board: what decisions say of each, and its mark."""

    warnings: pd.DataFrame
    records: Mapping[str, Records]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of all warnings by their marks."""
        return {mark: number for number, mark in self.of(self.warnings.index).items()}

    def of(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """The marks of those of these findings that are warnings."""
        asked = self._known(numbers)
        return {int(number): _mark(said) for number, said in zip(asked, self.identities(asked), strict=True)}

    def identities(self, numbers: Iterable[int]) -> list[dict[str, str]]:
        """What decisions about these findings must say of them; of warnings only."""
        from kbxt_merge.model.fingerprints import identify

        known = self.warnings.loc[self._known(numbers)]
        digests = identify(known, self.records)
        whole = known.assign(value=digests["value_digest"]).join(digests[["child_id", "child_name"]])
        return [{name: str(row[name]) for name in IDENTITY_COLUMNS} for row in whole.to_dict("records")]

    def _known(self, numbers: Iterable[int]) -> list[int]:
        return [each for each in numbers if each in self.warnings.index]


def _mark(identity: Mapping[str, str]) -> str:
    """What a page may know of a finding's identity: nobody can try numbers until one fits."""
    said = "\x1f".join(identity.values()).encode("utf-8", "surrogateescape")
    return hmac.new(_KEY, said, hashlib.sha256).hexdigest()[:20]
