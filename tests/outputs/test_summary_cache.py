"""Summary workbooks that are kept: written as they were, and only while nothing in them is new."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_district import SmallDistrict

from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.summary.cache import SummaryCache

MEILIN, MAODIAN = "赣县区梅林中学", "赣县区茅店中心小学"
EVERY_FORM = ["1-1", "1-2", "2", "3", "4", "5"]


def returned() -> SmallDistrict:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MEILIN, "1-2", [{"name": "赖小满", "registration_type": "辍学"}])
    small.take(MEILIN, "3", [{"name": "谢松林", "disability": "聋", "enrolment": "是"}])
    return small


def another_cell() -> SmallDistrict:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MEILIN, "1-2", [{"name": "赖小满", "registration_type": "辍学"}])
    small.take(MEILIN, "3", [{"name": "谢松林", "disability": "盲", "enrolment": "是"}])
    return small


def a_finding() -> SmallDistrict:
    small = returned()
    small.find("3", 0, "disability", "error", "残疾类别有误")
    return small


def another_school() -> SmallDistrict:
    small = returned()
    small.schools = (MAODIAN, MEILIN)
    return small


def merge(small: SmallDistrict, folder: Path, kept: Path) -> tuple[list[str], dict[str, bytes]]:
    """The forms whose workbooks a run made, and all workbooks by their names."""
    with ResultStore(kept) as store:
        summaries = SummaryCache(store, small.district(), small.all_findings(), folder, "zh")
        written = {slug: summaries.write(slug) for slug in EVERY_FORM}
        for each in written.values():
            summaries.keep(each)
    made = [slug for slug, each in written.items() if each.anew]
    return made, {path.name: path.read_bytes() for path in sorted(folder.rglob("*.xlsx"))}


@pytest.mark.parametrize(
    ("then", "made"),
    [(returned, []), (another_cell, ["3"]), (a_finding, ["3"]), (another_school, EVERY_FORM)],
)
def test_only_what_is_new_is_made_again(then: Callable[[], SmallDistrict], made: list[str], tmp_path: Path) -> None:
    assert merge(returned(), tmp_path / "first", tmp_path / "kept")[0] == EVERY_FORM
    again, workbooks = merge(then(), tmp_path / "second", tmp_path / "kept")
    assert again == made
    assert workbooks == merge(then(), tmp_path / "fresh", tmp_path / "nothing kept")[1]
    assert len(workbooks) == len(EVERY_FORM)
