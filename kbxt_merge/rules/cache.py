"""What the rules say of each record's own cells and row, kept from one merge to the next beside its sheet's mark.

With it is kept by what the ledger knows each record. A key covers the surroundings and the program, a mark the file's
bytes: what is kept of a record holds wherever its sheet comes again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.district import Positions, Records, Rows
from kbxt_merge.model.finding import FINDING_COLUMNS, FindingColumns, objects
from kbxt_merge.model.form import RuleUse
from kbxt_merge.model.judged import Judged
from kbxt_merge.model.kept import Nouns, Store, digest_of
from kbxt_merge.model.program import code_of
from kbxt_merge.model.returned_form import Mark, NamedBy
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import Facts

_NOUNS = Nouns.of(others=(Mark, NamedBy, RuleUse, Severity, Facts, Words, dt.date))
_DAMAGE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_RECORD = "record"

Packed = tuple[Any, ...]


def recall(store: Store, at_hand: AtHand, forms: Iterable[str]) -> None:
    """Let be at hand what an earlier process kept of these forms that was in the same surroundings, as far as it is
    whole."""
    known, surroundings = {}, _surroundings(at_hand)
    for slug in forms:
        payload = store.peek(digest_of(surroundings, slug))
        entry = _NOUNS.unpacked(payload) if payload else None
        if isinstance(entry, tuple):
            with suppress(*_DAMAGE):
                known[slug] = _unpacked(entry)
    at_hand.records = {slug: rows for slug, (rows, _) in known.items()}
    at_hand.judged = {slug: judged for slug, (_, judged) in known.items()}


def keep(store: Store, at_hand: AtHand) -> None:
    """Keep what this process has at hand for one that has nothing."""
    surroundings = _surroundings(at_hand)
    for slug, judged in at_hand.judged.items():
        store.put(digest_of(surroundings, slug), _NOUNS.packed(_packed(at_hand.records[slug], judged)))


def _surroundings(at_hand: AtHand) -> bytes:
    return digest_of(code_of("intake", "model", "rules"), *at_hand.surroundings)


def _packed(records: Records | Rows, judged: Judged) -> Packed:
    """What is kept of a form, of plain values."""
    return (
        tuple(records.marks),
        tuple(records.lengths),
        None if records.digests is None else records.digests.tobytes(),
        judged.length,
        [(_columns_packed(columns), at.tobytes()) for columns, at in judged.found],
        [(use, at.tobytes()) for use, at in judged.open],
        {place: at.tobytes() for place, at in judged.skipped.items()},
        {place: schools.tolist() for place, schools in judged.absent.items()},
        {name: flags.tobytes() for name, flags in judged.errors.items()},
        {name: flags.tobytes() for name, flags in judged.warnings.items()},
    )


def _unpacked(packed: Packed) -> tuple[Rows, Judged]:
    marks, lengths, digests, length, found, waiting, skipped, absent, errors, warnings = packed
    judged = Judged(
        length,
        [(_columns_unpacked(columns), _positions(at)) for columns, at in found],
        [(use, _positions(at)) for use, at in waiting],
        {place: _positions(at) for place, at in skipped.items()},
        {place: objects(schools) for place, schools in absent.items()},
        {name: np.frombuffer(flags, dtype=np.bool_) for name, flags in errors.items()},
        {name: np.frombuffer(flags, dtype=np.bool_) for name, flags in warnings.items()},
    )
    return Rows(marks, lengths, None if digests is None else np.frombuffer(digests, dtype=np.int64)), judged


def _columns_packed(columns: FindingColumns) -> list[Any]:
    return [columns[name].tobytes() if name == _RECORD else columns[name].tolist() for name in FINDING_COLUMNS]


def _columns_unpacked(packed: Sequence[Any]) -> FindingColumns:
    return {
        name: np.frombuffer(column, dtype=np.int64) if name == _RECORD else objects(column)
        for name, column in zip(FINDING_COLUMNS, packed, strict=True)
    }


def _positions(packed: bytes) -> Positions:
    return np.frombuffer(packed, dtype=np.intp)
