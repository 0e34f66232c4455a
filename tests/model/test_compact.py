"""The columns of very many records: in less room they hold the same cells, and rules find in them the same."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.merging import Progress, examine
from kbxt_merge.model.compact import records as compact_records
from kbxt_merge.model.compact.cells import Numbered, Strung, compact, stacked
from kbxt_merge.model.compact.records import CompactRecords, compacted, parts_of, runs_of
from kbxt_merge.model.district import Texts
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.outputs.data.record_files import records_table
from kbxt_merge.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples" / "returned"
DAY = dt.datetime(2021, 3, 20)

odd = st.sampled_from(
    [None, "", "''", "0.0", "\0", "\1", "\udc80", 0.0, -0.0, 1, 1.0, True, "1", float("nan"), DAY, DAY.date()]
)
cells = st.lists(st.one_of(st.text(max_size=3), odd, st.sampled_from(["男", "女", None])), max_size=30)
texts = st.lists(st.one_of(st.text(st.characters(exclude_characters="\0\1"), max_size=4), st.none()), max_size=30)


def column(items: Sequence[object]) -> Texts:
    made: Texts = np.empty(len(items), dtype=object)
    made[:] = items
    return made


def told(items: Sequence[object]) -> list[tuple[type, str]]:
    """Cells with their kinds: 1 and 1.0 are not the same."""
    return [(type(each), repr(each)) for each in items]


@given(st.lists(st.one_of(cells, texts), min_size=1, max_size=4))
def test_cells_in_less_room_are_the_same(parts: list[list[object]]) -> None:
    whole = [cell for part in parts for cell in part]
    held = stacked([compact(column(part)) for part in parts])
    assert told(held.tolist()) == told(list(held)) == told(whole)
    assert told([held[at] for at in range(len(whole))]) == told(whole)
    assert told([held[at] for at in range(-len(whole), 0)]) == told(whole)  # as in an array: from the end
    for some in (
        np.arange(len(whole))[::-2],
        np.arange(-len(whole), 0),
        np.arange(len(whole) // 2),
        np.arange(len(whole))[len(whole) // 2 :],
    ):
        assert told(held[some].tolist()) == told([whole[at] for at in some])
    flags = np.arange(len(whole)) % 3 == 0
    assert told(held[flags].tolist()) == told([cell for cell, flag in zip(whole, flags, strict=True) if flag])


def test_what_is_alike_is_held_once_and_what_is_not_as_bytes() -> None:
    """A hundred thousand children: one byte for the sex, the number's own eighteen and where it begins."""
    sexes = compact(column(["男", "女", None, "男"] * 25_000))
    numbers = compact(column([f"{each:018}" for each in range(100_000)]))
    assert isinstance(sexes, Numbered)
    assert sexes.numbers.nbytes == 100_000
    assert isinstance(numbers, Strung)
    assert len(numbers.strung) == 1_900_000
    assert numbers.starts.nbytes == 400_004


@pytest.mark.parametrize("count", [0, 1, 7, 8, 20])
def test_parts_are_all_there_is(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact_records, "MOST_WHOLE", 7)
    monkeypatch.setattr(compact_records, "PART", 3)
    at = np.arange(count)
    parts = list(parts_of(at))
    assert [each for part in parts for each in part] == list(at)
    assert max(map(len, parts), default=0) <= (3 if count > 7 else 7)
    runs = list(runs_of("abcdefghijklmnopqrst"[:count], [1] * count))
    assert "".join(each for run in runs for each in run) == "abcdefghijklmnopqrst"[:count]
    assert len(runs) == (count and count // 3 + 1)


def looked_at() -> Checked:
    return examine([EXAMPLES], Settings(jobs=0, as_of=dt.date(2021, 4, 1)), Progress())


@pytest.fixture(scope="module")
def whole() -> Checked:
    """The examples as they are made: no form of theirs has many records."""
    return looked_at()


def test_many_records_are_judged_as_few(whole: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact_records, "MOST_WHOLE", 20)
    monkeypatch.setattr(compact_records, "PART", 7)
    parted = looked_at()
    compacts = [slug for slug, each in parted.district.records.items() if isinstance(each, CompactRecords)]
    assert len(compacts) >= 2
    pd.testing.assert_frame_equal(parted.findings.frame, whole.findings.frame)
    pd.testing.assert_frame_equal(parted.findings.skipped, whole.findings.skipped)
    pd.testing.assert_frame_equal(parted.verdicts, whole.verdicts)
    for slug, records in parted.district.records.items():
        theirs = records_table(whole.district.records[slug], whole.findings)
        pd.testing.assert_frame_equal(records_table(records, parted.findings), theirs)


def test_values_in_less_room_are_of_the_same_type(whole: Checked) -> None:
    for records in whole.district.records.values():
        held = compacted(records)
        pd.testing.assert_frame_equal(held.table, records.table)
        backwards = np.arange(len(records))[::-1]
        pd.testing.assert_frame_equal(held.taken(backwards).table, records.taken(backwards).table)


BY_COPIES = """
import datetime as dt, os, sys
import pandas as pd
from kbxt_merge.intake.assembly import joined
from kbxt_merge.merging.examining import examine
from kbxt_merge.merging.progress import Progress
from kbxt_merge.model.compact import records
from kbxt_merge.outputs.data.record_files import records_table
from kbxt_merge.settings import Settings
from pathlib import Path

records.MOST_WHOLE = 20
records.PART = 7
parent, compacted = os.getpid(), joined.compacted

def by(jobs):
    at_work = set()
    joined.compacted = lambda each: at_work.add(os.getpid()) or compacted(each)
    checked = examine([Path(sys.argv[1])], Settings(jobs=jobs, as_of=dt.date(2021, 4, 1)), Progress())
    return checked, at_work

copied, here = by(2), by(1)
assert not copied[1] and here[1] == {parent}
one, other = copied[0], here[0]
pd.testing.assert_frame_equal(one.findings.frame, other.findings.frame)
pd.testing.assert_frame_equal(one.findings.skipped, other.findings.skipped)
pd.testing.assert_frame_equal(one.verdicts, other.verdicts)
for slug, each in one.district.records.items():
    theirs = other.district.records[slug]
    pd.testing.assert_frame_equal(records_table(each, one.findings), records_table(theirs, other.findings))
    assert [of.file for of in each.returned] == [of.file for of in theirs.returned]
    assert each.form is one.district.forms.by_slug[slug]
print(len(one.findings.frame) > 0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_parts_that_copies_make_and_judge_are_as_those_made_here() -> None:
    """In a process in which no test before has left a thread."""
    asking = [sys.executable, "-c", BY_COPIES, str(EXAMPLES)]
    assert subprocess.run(asking, check=True, capture_output=True, text=True).stdout.strip() == "True"
