"""A period against the last, as the ledger remembers it: each rule fails, holds, and keeps silent without a past."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bureau_rounds import SCHOOLS, Bureau, Returns, Round, counted, id_number, listed, reading, returned

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.rules.catalogue import CATALOGUE

HERE, THERE = SCHOOLS[0], SCHOOLS[1]
RULES = ("vanished-without-return", "returned-then-listed", "count-jump", "category-changed", "follows")
OWN = load_forms(CATALOGUE, Path(__file__).parent / "own_forms")
CHILD, OTHER, NAMESAKE = id_number(101), id_number(102), id_number(103, born="20110808")


Month = dict[str, Returns]
"""What schools return in a month."""

Past = Callable[[tuple[Month, ...]], Path]
Find = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path / "out")


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """An OUT in which these months from March on were merged; many tests begin in the same one."""
    kept: dict[str, Path] = {}

    def remembered(months: tuple[Month, ...]) -> Path:
        if repr(months) not in kept:
            out = tmp_path_factory.mktemp("past") / "out"
            if months[:-1]:
                shutil.copytree(remembered(months[:-1]), out)
            merge_month(Bureau(out), months)
            kept[repr(months)] = out
        return kept[repr(months)]

    return remembered


@pytest.fixture
def found(bureau: Bureau, past: Past) -> Find:
    """What the last of these months finds."""

    def of_the_last(*months: Month) -> list[tuple[str, str, str]]:
        if months[:-1]:
            shutil.copytree(past(months[:-1]), bureau.out)
        return merge_month(bureau, months).found(*RULES)

    return of_the_last


def merge_month(bureau: Bureau, months: tuple[Month, ...]) -> Round:
    """Merge the last of these months, of which the first is March."""
    day = f"2021-{2 + len(months):02d}-10"
    files = [reading(school, returns, day) for school, returns in months[-1].items()]
    return bureau.merge(day[:7], files, f"{day}T09:00:00+08:00")


def test_without_an_earlier_period_nothing_is_found(bureau: Bureau, found: Find) -> None:
    month = {HERE: {"1-2": [listed("赖晓青", CHILD)], "1-1": [counted(HERE, due=100, returned=100)]}}
    assert found(month) == []
    assert bureau.merge("2021-03", [reading(HERE, month[HERE], "2021-03-10")]).found(*RULES) == []


def test_a_dropout_of_whom_nothing_is_heard_has_vanished(found: Find) -> None:
    before = {HERE: {"1-2": [listed("赖晓青", CHILD), listed("谢松林", OTHER)]}}
    now = {HERE: {"1-2": [listed("谢松林", OTHER)]}}
    assert found(before, now) == [("vanished-without-return", HERE, "")]


def test_a_vanished_child_is_said_on_the_list_with_the_earlier_cell(bureau: Bureau) -> None:
    bureau.merge("2021-03", [reading(HERE, {"1-2": [listed("赖晓青", CHILD)]}, "2021-03-10", "三月")])
    last = bureau.merge("2021-04", [reading(HERE, {"1-2": []}, "2021-04-10", "四月")])
    row = last.findings.frame.set_index("rule").loc["vanished-without-return"]
    assert (row["file"], row["sheet"], row["cell"], row["value"]) == ("四月.xlsx", "附件1-2", "", "赖晓青")
    assert row["related"] == "三月.xlsx › 附件1-2 › B5"


@pytest.mark.parametrize(
    "now",
    [
        {HERE: {"1-2": [listed("赖晓清", CHILD)]}},
        {HERE: {"1-2": [listed("赖晓青", OTHER)]}},
        {HERE: {"1-2": [listed("赖晓青", CHILD, registration="缓学休学")]}},
        {HERE: {"1-2": []}, THERE: {"1-2": [listed("赖晓青", CHILD, school=THERE)]}},
        {HERE: {"1-2": [], "2": [returned("赖晓青", "2021-04")]}},
        {HERE: {"1-2": []}, THERE: {"2": [returned("赖晓青", "2021-04", school=HERE)]}},
    ],
    ids=["name corrected", "number corrected", "deferred now", "moved", "brought back", "brought back elsewhere"],
)
def test_a_dropout_that_is_accounted_for_has_not_vanished(found: Find, now: dict[str, Returns]) -> None:
    assert found({HERE: {"1-2": [listed("赖晓青", CHILD)]}}, now) == []


def test_a_child_not_yet_brought_back_has_vanished(found: Find) -> None:
    now = {HERE: {"1-2": [], "2": [returned("赖晓青", None)]}}
    assert found({HERE: {"1-2": [listed("赖晓青", CHILD)]}}, now) == [("vanished-without-return", HERE, "")]


def test_of_a_school_whose_list_did_not_come_nobody_has_vanished(found: Find) -> None:
    now = {HERE: {"3": []}, THERE: {"1-2": []}}
    assert found({HERE: {"1-2": [listed("赖晓青", CHILD)]}}, now) == []


def test_where_a_row_names_nobody_it_is_not_said_who_vanished_but_that_it_was_not_checked(bureau: Bureau) -> None:
    bureau.merge("2021-03", [reading(HERE, {"1-2": [listed("赖晓青", CHILD)]}, "2021-03-10")])
    unnamed = {"roll_school": HERE, "registration_type": "失学辍学"}
    last = bureau.merge("2021-04", [reading(HERE, {"1-2": [unnamed]}, "2021-04-10")])
    assert last.found("vanished-without-return") == []
    skipped = last.findings.skipped.set_index("rule").loc["vanished-without-return"]
    assert (skipped["school"], skipped["count"]) == (HERE, 1)


def test_a_child_deferred_in_the_last_period_does_not_vanish(found: Find) -> None:
    before = {HERE: {"1-2": [listed("赖晓青", CHILD, registration="缓学休学")]}}
    assert found(before, {HERE: {"1-2": []}}) == []


def test_a_child_brought_back_in_any_earlier_period_and_listed_again_is_found(found: Find) -> None:
    back = {HERE: {"1-2": [], "2": [returned("赖晓青", "2021-03")]}}
    quiet = {HERE: {"1-2": [], "2": []}}
    again = {HERE: {"1-2": [listed("赖晓青", CHILD)]}}
    assert found(back, quiet, again) == [("returned-then-listed", HERE, "B5")]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([returned("赖晓青", None)], {"1-2": [listed("赖晓青", CHILD)]}),
        ([returned("赖晓青", "不详")], {"1-2": [listed("赖晓青", CHILD)]}),
        ([returned("赖晓青", "2021-03")], {"1-2": [listed("谢松林", CHILD)]}),
        ([returned("赖晓青", "2021-03")], {"1-2": [listed("赖晓青", CHILD)], "2": [returned("赖晓青", "2021-03")]}),
    ],
    ids=["not back", "no date", "another child", "this period's own contradiction"],
)
def test_a_child_that_was_not_brought_back_before_is_no_finding(
    found: Find, before: list[dict[str, object]], now: Returns
) -> None:
    assert found({HERE: {"2": before}}, {HERE: now}) == []


def test_a_namesake_with_another_number_was_not_brought_back(found: Find) -> None:
    march = {HERE: {"1-2": [listed("赖晓青", CHILD)]}}
    april = {HERE: {"1-2": [], "2": [returned("赖晓青", "2021-04")]}}
    assert found(march, april, {HERE: {"1-2": [listed("赖晓青", NAMESAKE)]}}) == []


def test_a_child_whose_number_was_corrected_was_brought_back_all_the_same(found: Find) -> None:
    march = {HERE: {"1-2": [listed("赖晓青", CHILD)]}}
    april = {HERE: {"1-2": [], "2": [returned("赖晓青", "2021-04")]}}
    may = {HERE: {"1-2": [listed("赖晓青", OTHER)]}}
    assert found(march, april, may) == [("returned-then-listed", HERE, "B5")]


@pytest.mark.parametrize(
    ("before", "now", "jumps"), [(100, 121, True), (100, 79, True), (100, 120, False), (100, 80, False)]
)
def test_a_count_jumps_by_more_than_a_fifth(found: Find, before: int, now: int, jumps: bool) -> None:
    months = [{HERE: {"1-1": [counted(HERE, due=due, returned=due)]}} for due in (before, now)]
    assert found(*months) == ([("count-jump", HERE, "C5")] if jumps else [])


@pytest.mark.parametrize(("before", "now"), [("若干", 100), (100, "很多")])
def test_a_count_that_could_not_be_read_then_or_now_does_not_jump(found: Find, before: object, now: object) -> None:
    assert found(*({HERE: {"1-1": [{**counted(HERE), "due": due}]}} for due in (before, now))) == []


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        ("其他", "城镇贫困户", True),
        ("建档立卡", "建档立卡脱贫户", False),
        ("其他", None, False),
        ("富户", "其他", False),
    ],
)
def test_a_childs_category_is_held_to_the_last_periods(
    found: Find, before: str, now: str | None, changed: bool
) -> None:
    months = [{HERE: {"1-2": [listed("赖晓青", CHILD, category=each)]}} for each in (before, now)]
    assert found(*months) == ([("category-changed", HERE, "E5")] if changed else [])


def test_a_month_is_seen_against_the_last_month_that_was_merged_and_a_term_against_the_term(bureau: Bureau) -> None:
    march, none = {"1-2": [listed("赖晓青", CHILD)]}, {"1-2": []}
    bureau.merge("2020秋", [reading(HERE, none, "2020-12-10")])
    bureau.merge("2021-03", [reading(HERE, march, "2021-03-10")])
    june = bureau.merge("2021-06", [reading(HERE, none, "2021-06-10")])
    assert june.district.earlier is not None
    assert june.district.earlier.period.label == "2021-03"
    assert june.found("vanished-without-return") == [("vanished-without-return", HERE, "")]
    spring = bureau.merge("2021春", [reading(HERE, none, "2021-03-10")])
    assert spring.district.earlier is not None
    assert spring.district.earlier.period.label == "2020秋"


def visits(bureau: Bureau, number: int, rule: str = "follows", **counts: object) -> list[tuple[str, str, str]]:
    """What a month's count of visits finds that must follow from the month before."""
    bureau.forms = OWN
    day, row = f"2021-{number:02d}-10", {"学校": HERE, **{name: float(str(each)) for name, each in counts.items()}}
    file = reading(HERE, {"c": [row]}, day, forms=OWN)
    return bureau.merge(f"2021-{number:02d}", [file], f"{day}T09:00:00+08:00").found(rule)


def test_a_number_that_goes_on_from_the_last_period_does(bureau: Bureau) -> None:
    assert visits(bureau, 3, 学生数=100, 家访合计=5) == []
    assert visits(bureau, 4, 学生数=101, 家访合计=4) == [("follows", HERE, "B5"), ("follows", HERE, "E5")]


def test_a_number_that_goes_on_as_it_should_is_sound(bureau: Bureau) -> None:
    assert visits(bureau, 3, 学生数=100, 家访合计=5) == []
    assert visits(bureau, 4, 学生数=100, 家访合计=9) == []


def test_a_number_of_which_nothing_was_said_then_or_is_now_is_not_held_to_it(bureau: Bureau) -> None:
    assert visits(bureau, 3, 家访合计=5) == []
    assert visits(bureau, 4, 学生数=100) == []


def test_a_form_may_let_a_count_jump_by_nothing_at_all(bureau: Bureau) -> None:
    assert visits(bureau, 3, "count-jump", 在校生家访=100) == []
    assert visits(bureau, 4, "count-jump", 在校生家访=100) == []
    assert visits(bureau, 5, "count-jump", 在校生家访=101) == [("count-jump", HERE, "C5")]
