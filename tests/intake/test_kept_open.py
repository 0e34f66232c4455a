"""Copies of a process that opened an archive read it each for itself, and none of them by chance what another reads."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from made_workbooks import rar, seven_zip, zipped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")

READ_BY_COPIES = """
import random, sys
from kbxt_merge.intake.pool.processes import Pool, outcomes
from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.model.inbox import parse_inbox
from kbxt_merge.model.limits import Limits

def read(file):
    try:
        return content(file, Limits())
    except Unreadable as error:
        return error

def wrong(seed):
    order = random.Random(seed).choices(list(known), k=400)
    return [file for file in order if read(file) != known[file]]

files = walk(parse_inbox(sys.argv[1]))
known = {file: read(file) for file in files}
with Pool(wrong, lambda seed, problem: files, 8, None, copies=True) as others:
    others.begin(range(16))
    assert others.lanes
    print(len(files), sum(len(result) for _, _, result in outcomes(others)))
"""
"""Every file of an inbox read by who listed it, then many times by copies: how many files, how many readings wrong."""


def contents(count: int) -> dict[str, bytes]:
    drawn = random.Random(1)
    return {f"{number}.xlsx": drawn.randbytes(50_000) for number in range(count)}


ARCHIVES: dict[str, bytes] = {
    "a.zip": zipped(contents(40)),
    "zip-in-a-zip.zip": zipped({"b.zip": zipped(contents(10))}),
    "a.7z": seven_zip(contents(10)),
    "a.rar": rar("a.xlsx", contents(1)["0.xlsx"]),
}
FILES = {"a.zip": 40, "zip-in-a-zip.zip": 11, "a.7z": 10, "a.rar": 1}


@pytest.mark.parametrize(
    ("name", "before"), [*((name, "") for name in ARCHIVES), ("a.zip", "zip://::"), ("zip-in-a-zip.zip", "zip://::")]
)
def test_copies_read_of_an_archive_what_is_in_it(tmp_path: Path, name: str, before: str) -> None:
    (tmp_path / name).write_bytes(ARCHIVES[name])
    asks = [sys.executable, "-c", READ_BY_COPIES, f"{before}{tmp_path / name}"]
    told = subprocess.run(asks, check=True, capture_output=True, text=True).stdout  # where there are no threads yet
    assert told.split() == [str(FILES[name]), "0"]
