"""Findings as they live from round to round: new, still open, fixed, back again, confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bureau_rounds import SCHOOLS, Bureau, Round, Row, id_number, listed, reading, returned

from kbxt_merge.model.answer import Answer, Treatment
from kbxt_merge.model.fingerprints import identify
from kbxt_merge.model.round import Life

HERE = SCHOOLS[0]
SOUND = listed("赖晓青", id_number(101))
WRONG = listed("谢松林", "360704200905151020")
NO_NUMBER = listed("钟石泉", "")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path / "out")


def rounds(bureau: Bureau, *lists: list[Row], rule: str) -> list[list[tuple[str, str]]]:
    """(cell, life) of a rule's findings, a list a round; each round a school returns one list, another one more."""
    found = []
    for number, rows in enumerate(lists):
        others = [reading(SCHOOLS[1], {"1-2": [SOUND] * number}, "2021-03-10")]
        last = bureau.merge("2021春", [reading(HERE, {"1-2": rows}, "2021-03-10"), *others])
        found.append([(cell, life) for _, cell, life in last.lives(rule)])
    return found


def test_a_finding_is_new_then_open_then_fixed_then_back(bureau: Bureau) -> None:
    lists = [[WRONG], [WRONG], [SOUND], [WRONG]]
    assert rounds(bureau, *lists, rule="id-checksum") == [[("C5", "new")], [("C5", "open")], [], [("C5", "back")]]


def test_what_is_fixed_is_told_with_its_place_and_words_until_something_else_changes(bureau: Bureau) -> None:
    told = []
    for rows in ([WRONG], [SOUND], [SOUND], [SOUND, NO_NUMBER]):
        last = bureau.merge("2021春", [reading(HERE, {"1-2": rows}, "2021-03-10")])
        told.append([each for each in last.changes.fixed if each.rule == "id-checksum"])
        assert last.changes.count(Life.FIXED) == len(last.changes.fixed)
    assert told[0] == told[3] == []
    assert told[1] == told[2]
    (fixed,) = told[1]
    assert (fixed.school, fixed.file, fixed.sheet, fixed.cell) == (HERE, f"{HERE}.xlsx", "附件1-2", "C5")
    assert "360***************" in fixed.message.zh
    assert "360***************" in fixed.message.en


def test_merging_again_is_no_round_and_tells_what_the_last_one_told(bureau: Bureau) -> None:
    told = []
    for rows in ([SOUND], [WRONG], [SOUND], [WRONG, SOUND], [SOUND], [WRONG, SOUND, NO_NUMBER]):
        files = [reading(HERE, {"1-2": rows}, "2021-03-10")]
        once, again = (bureau.merge("2021春", files).changes for _ in range(2))
        assert (once.again, again.again) == (False, True)
        assert (again.number, again.counts, list(again.fixed)) == (once.number, once.counts, list(once.fixed))
        assert again.lives.equals(once.lives)
        told.append(once.number)
    assert told == [1, 2, 3, 4, 5, 6]


def test_what_stands_in_another_cell_now_is_told_there_when_it_is_fixed(bureau: Bureau) -> None:
    for rows in ([WRONG], [NO_NUMBER, WRONG], [NO_NUMBER]):
        last = bureau.merge("2021春", [reading(HERE, {"1-2": rows}, "2021-03-10")])
    assert [each.cell for each in last.changes.fixed if each.rule == "id-checksum"] == ["C6"]


def test_a_row_inserted_above_makes_no_finding_new(bureau: Bureau) -> None:
    assert rounds(bureau, [WRONG], [SOUND, WRONG], rule="id-checksum") == [[("C5", "new")], [("C6", "open")]]


def test_another_child_of_the_same_fault_is_new(bureau: Bureau) -> None:
    other = listed("曾肖邱", "360704200905151039")
    assert rounds(bureau, [WRONG], [other, WRONG], rule="id-checksum")[1] == [("C5", "new"), ("C6", "open")]


def test_a_child_is_followed_by_its_number_when_its_name_was_corrected(bureau: Bureau) -> None:
    before, after = ({**SOUND, "name": name, "roll_school": "无此学校"} for name in ("赖晓青", "赖小青"))
    assert rounds(bureau, [before], [after], rule="school-not-in-roster") == [[("D5", "new")], [("D5", "open")]]


def test_a_child_is_followed_by_its_name_when_its_number_was_corrected(bureau: Bureau) -> None:
    before, after = ({**WRONG, "id_number": number, "roll_school": "无此学校"} for number in ("", id_number(105)))
    assert rounds(bureau, [before], [after], rule="school-not-in-roster") == [[("D5", "new")], [("D5", "open")]]


def test_two_rows_of_the_same_child_are_two_findings(bureau: Bureau) -> None:
    found = rounds(bureau, [NO_NUMBER, NO_NUMBER], [NO_NUMBER, NO_NUMBER], [NO_NUMBER], rule="required-missing")
    assert found == [[("C5", "new"), ("C6", "new")], [("C5", "open"), ("C6", "open")], [("C5", "open")]]


def test_a_row_that_names_nobody_is_known_by_its_place(bureau: Bureau) -> None:
    nobody = {"roll_school": HERE, "registration_type": "失学辍学"}
    found = rounds(bureau, [nobody], [nobody], [SOUND, nobody], rule="required-missing")
    assert found[1] == [("B5", "open"), ("C5", "open")]
    assert found[2] == [("B6", "new"), ("C6", "new")]


def test_a_file_returned_again_under_another_name_keeps_its_findings_open(bureau: Bureau) -> None:
    first = bureau.merge("2021春", [reading(HERE, {"1-2": [WRONG]}, "2021-03-10", "第一次")])
    second = bureau.merge("2021春", [reading(HERE, {"1-2": [WRONG]}, "2021-03-11", "第二次")])
    assert [life for *_, life in first.lives("id-checksum")] == ["new"]
    assert [life for *_, life in second.lives("id-checksum")] == ["open"]


def test_a_finding_remembers_the_day_on_which_it_was_first_seen(bureau: Bureau) -> None:
    for day in ("2021-03-10", "2021-03-17"):
        last = bureau.merge("2021春", [reading(HERE, {"1-2": [WRONG]}, day)], f"{day}T09:00:00+08:00")
    assert set(last.changes.lives["first_seen"]) == {"2021-03-10"}


def test_the_first_round_of_a_period_is_seen_against_the_period_before(bureau: Bureau) -> None:
    bureau.merge("2021-03", [reading(HERE, {"1-2": [WRONG]}, "2021-03-10")], "2021-03-12T09:00:00+08:00")
    april = bureau.merge("2021-04", [reading(HERE, {"1-2": [WRONG]}, "2021-04-10")], "2021-04-12T09:00:00+08:00")
    assert [life for *_, life in april.lives("id-checksum")] == ["open"]
    assert "2021-03-12" in set(april.changes.lives["first_seen"])
    again = bureau.merge("2021-04", [reading(HERE, {"1-2": [WRONG, SOUND]}, "2021-04-10")], "2021-04-13T09:00:00+08:00")
    assert [life for *_, life in again.lives("id-checksum")] == ["open"]
    assert "2021-03-12" in set(again.changes.lives["first_seen"])


def test_a_period_merged_late_leaves_the_later_one_alone(bureau: Bureau) -> None:
    bureau.merge("2021-04", [reading(HERE, {"1-2": [WRONG]}, "2021-04-10")])
    bureau.merge("2021-03", [reading(HERE, {"1-2": [SOUND]}, "2021-03-10")])
    april = bureau.merge("2021-04", [reading(HERE, {"1-2": [WRONG]}, "2021-04-10")])
    assert [life for *_, life in april.lives("id-checksum")] == ["open"]


def test_a_warning_once_verified_stays_confirmed_when_the_answer_is_not_sent_again(bureau: Bureau) -> None:
    files = [reading(HERE, {"2": [returned("赖晓青", "2021-03", school="无此学校")]}, "2021-03-10")]
    asked = bureau.merge("2021春", files)
    answer = verified(asked, "school-not-in-roster", "former_school")
    answered = bureau.merge("2021春", files, answers=[answer])
    assert [life for *_, life in answered.lives("school-not-in-roster")] == ["confirmed"]
    silent = bureau.merge("2021春", files)
    assert [life for *_, life in silent.lives("school-not-in-roster")] == ["confirmed"]
    assert silent.findings.count("warning") == asked.findings.count("warning") - 1
    assert silent.changes.count(Life.FIXED) == 0


def test_a_confirmed_warning_of_another_value_is_raised_again(bureau: Bureau) -> None:
    rows = [[returned("赖晓青", "2021-03", school=school)] for school in ("无此学校", "也无此学校")]
    first, other = (reading(HERE, {"2": each}, "2021-03-10") for each in rows)
    asked = bureau.merge("2021春", [first])
    bureau.merge("2021春", [first], answers=[verified(asked, "school-not-in-roster", "former_school")])
    changed = bureau.merge("2021春", [other])
    assert [life for *_, life in changed.lives("school-not-in-roster")] == ["open"]


def test_a_clock_set_back_is_told_and_changes_no_order(bureau: Bureau) -> None:
    files = [reading(HERE, {"1-2": [WRONG]}, "2021-03-10")]
    bureau.merge("2021春", files, "2021-03-12T09:00:00+08:00")
    files = [reading(HERE, {"1-2": [WRONG, SOUND]}, "2021-03-10")]
    back = bureau.merge("2021春", files, "2020-01-01T09:00:00+08:00")
    assert back.changes.clock_set_back
    assert back.changes.number == 2
    assert [life for *_, life in back.lives("id-checksum")] == ["open"]
    later = bureau.merge("2021春", files, "2021-03-13T09:00:00+08:00")
    assert not later.changes.clock_set_back


def verified(asked: Round, rule: str, field: str) -> Answer:
    """The answer 核实无误 to the one finding of a rule."""
    frame = asked.findings.frame
    rows = frame[(frame["rule"] == rule) & (frame["field"] == field)]
    known, row = identify(rows, asked.district.records).iloc[0], rows.iloc[0]
    place = (rule, row["form"], row["school"], row["file"], row["sheet"], row["cell"], field)
    child = (known["child_id"], known["child_name"], known["value_digest"])
    return Answer(*place, *child, Treatment.VERIFIED, "该校在外省", row["school"], row["file"])
