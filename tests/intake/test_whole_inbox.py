"""An inbox holds so many records and no more: the largest files are given up, told, and nothing else is lost."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from pathlib import Path

import pytest
from cast import listed
from sheets import FORMS
from test_read_file import save

from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.intake.reading.whole_inbox import WholeInbox, is_given_up
from kbxt_merge.merging import merge
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings

SCHOOLS = {
    "赣县区梅林小学": ("赖小满",),
    "赣县区茅店中学": ("温小暑", "钟立秋"),
    "赣县区江口小学": ("刘白露", "曾谷雨", "谢霜降"),
}


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "收件夹"
    folder.mkdir()
    for school, names in SCHOOLS.items():
        rows = "\n".join(f"| {name} |" for name in names)
        save(folder / f"{school}附件3.xlsx", listed("3", f"| 姓名 |\n{rows}", school=school))
    return folder


@pytest.mark.parametrize(("limit", "kept"), [(6, 3), (5, 2), (3, 2), (2, 1), (1, 1), (0, 0)])
def test_the_smaller_files_stay_in_whatever_order_they_come(inbox: Path, limit: int, kept: int) -> None:
    stage, limits = ReadReturn(FORMS, Limits()), Limits(inbox_records=limit)
    for files in permutations(walk(inbox)):
        whole, readings = WholeInbox(limits), [stage(file) for file in files]
        for reading in readings:
            whole.add(reading)
        stayed = {reading.file.path.removesuffix("附件3.xlsx") for reading in readings if not is_given_up(reading)}
        assert stayed == set(list(SCHOOLS)[:kept])
        assert all(reading.problem and not reading.sheets for reading in readings if is_given_up(reading))


def test_a_merge_tells_which_files_it_gave_up_and_takes_them_once_they_fit(inbox: Path, tmp_path: Path) -> None:
    def merged(limit: int) -> dict[str, str]:
        limits = Limits(inbox_records=limit)
        settings = Settings(jobs=0, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20), limits=limits)
        frame = merge(inbox, tmp_path / "结果", settings).verdicts
        return {
            str(file).removesuffix("附件3.xlsx"): str(verdict)
            for file, verdict in zip(frame["file"], frame["verdict"], strict=True)
        }

    first, second, third = SCHOOLS
    assert merged(3) == merged(3) == {first: "merged", second: "merged", third: "rejected"}
    assert merged(6)[third] == "merged"
    assert merged(3)[third] == "rejected"
