"""Two thousand damaged files: each has a verdict, none crashes, hangs or fills the machine."""

from __future__ import annotations

from collections import Counter

from made_workbooks import workbook_of
from mutations import LIMITS, originals, read_as_it_was, verdict_on
from plain_lists import read_both_ways

from kbxt_merge.intake.pool.processes import Pool
from kbxt_merge.model.returns import Problem

FILES = 2_000


def lost(number: int, problem: Problem) -> str:
    return f"{problem.slug} {problem.facts['what']}"


def test_every_original_is_read() -> None:
    for name, data in originals().items():
        assert sum(len(row) for row in workbook_of(data, name).grids[0].rows) > 20


def test_every_damaged_file_has_a_verdict() -> None:
    verdicts = dict(Pool(verdict_on, lost, 2, LIMITS).over(range(FILES)))
    assert len(verdicts) == FILES
    counts = Counter(verdicts.values())
    assert {verdict.split()[0] for verdict in counts} <= {
        "read",
        "file-unreadable",
        "file-unsafe",
        "file-encrypted",
        "file-other",
    }
    # a crash of a library is a verdict too, but where it became common the checks before it are broken
    assert counts["file-unsafe crash"] + counts["file-unsafe time"] < FILES / 100
    assert counts["file-unreadable damaged"] > FILES / 20


def test_a_zipped_file_that_was_damaged_is_read_as_it_was_or_not_at_all() -> None:
    """Each part has its checksum: what still opens must be what was saved."""
    outcomes = Counter(dict(Pool(read_as_it_was, lost, 2, LIMITS).over(range(600))).values())
    assert set(outcomes) == {"refused", "as it was"}


def test_a_plain_list_is_read_in_one_pass_as_by_the_readers_that_this_spares() -> None:
    """And left to them where anything in it is not plain."""
    outcomes = Counter(dict(Pool(read_both_ways, lost, 2, LIMITS).over(range(120))).values())
    assert set(outcomes) == {"in one pass", "by others"}
    assert min(outcomes.values()) > 10
