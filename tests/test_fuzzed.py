"""Odd workbooks and mails beside a good return: a merge and a fetch end well; `benchmarks/fuzz.py` does thousands."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path

import pytest
from fuzzed import EXAMPLES, fuzzed

from kbxt_merge import merging
from kbxt_merge.mail.filing import Filing
from kbxt_merge.mail.parse_message import UnreadableMessageError, read_message
from kbxt_merge.model.china_time import CHINA
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings

SETTINGS = Settings(jobs=2, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))
SEED, WORKBOOKS, MAILS = 18, 48, 120


def test_a_merge_of_odd_files_has_a_verdict_on_each_and_merges_the_good_one(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(EXAMPLES / "王母渡松林学校", inbox / "王母渡松林学校")
    odd = [f"赣县区第{number}小学/{fuzzed(number)[0]}" for number in range(SEED, SEED + WORKBOOKS)]
    for number, path in enumerate(odd, SEED):
        (inbox / path).parent.mkdir()
        (inbox / path).write_bytes(fuzzed(number)[1])
    checked = merging.merge(inbox, tmp_path / "out", SETTINGS)
    verdicts = dict(zip(checked.verdicts["file"], checked.verdicts["verdict"], strict=True))
    assert set(odd) <= verdicts.keys()
    assert all(verdicts[path] for path in odd)
    assert any(path.startswith("王母渡") and verdict.startswith("merged") for path, verdict in verdicts.items())
    faults = [reading.problem for reading in checked.district.readings if reading.problem]
    assert not [problem for problem in faults if problem.facts.get("what") in ("fault", "crash", "time", "memory")]


def test_an_odd_mail_is_saved_below_the_inbox_or_set_aside(tmp_path: Path) -> None:
    filing = Filing(tmp_path / "inbox", None, "jyj@bureau.example")
    saved = 0
    for number in range(SEED, SEED + MAILS):
        begun = time.process_time()
        try:
            message = read_message(fuzzed(number, "eml")[1])
        except UnreadableMessageError:
            continue
        arrival = filing.save(message, dt.datetime(2021, 3, 12, 9, tzinfo=CHINA) + dt.timedelta(seconds=number))
        saved += len(arrival.files)
        assert time.process_time() - begun < 5
        assert all(path.is_relative_to(tmp_path) and ".." not in path.parts for path in arrival.files)
    assert saved > MAILS // 4


@pytest.mark.parametrize("number", range(4))
def test_an_input_is_the_same_in_every_run(number: int) -> None:
    assert fuzzed(number) == fuzzed(number)
