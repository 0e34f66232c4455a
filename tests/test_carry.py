"""`kbxt blanks --carry`: what one period leaves open stands in the next one's forms."""

from __future__ import annotations

import stat
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from bureau_rounds import FORMS, SCHOOLS, Bureau, Row, id_number, listed, reading, returned
from click.testing import CliRunner

from kbxt_merge import post
from kbxt_merge.cli import main
from kbxt_merge.errors import LedgerError
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.ledger.open_records import left_open
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.relations import Closing
from kbxt_merge.model.returns import Sheet
from kbxt_merge.post import HandedOut
from kbxt_merge.rules.months.carry_over import carried
from kbxt_merge.settings import Settings

HERE, THERE, _ = SCHOOLS
BOY, GIRL = id_number(101), id_number(202, "20110320")
RELIEF = "建档立卡脱贫户"


def card(name: str, number: str, **more: str) -> Row:
    """A form 5; what is not named is blank."""
    return {"name": name, "id_number": number, **more}


def pupil(name: str, number: str, age: int, grade: str = "四年级") -> Row:
    """A row of form 3."""
    facts = {"sex": "女", "guardian": "谢大山", "phone": "13800000000", "disability": "智力残疾", "enrolment": "是"}
    return {"name": name, "id_number": number, "age": age, "grade": grade, **facts}


def column(bureau: Bureau, school: str, slug: str, *fields: str, into: str = "") -> list[tuple[str | None, ...]]:
    """These fields of every record that the school's form starts with, in the next period or the one named."""
    since, period, last = left_open(bureau.out, "", FORMS, Period.parse(into) if into else None)
    rows = carried(last, since, FORMS, period, period.due).of(school).get(slug, ())
    return [tuple(row.get(name) for name in fields) for row in rows]


def hand_out(bureau: Bureau, *, bundle: bool = False) -> HandedOut:
    return post.hand_out(bureau.out.parent / "blanks", Settings(), bundle=bundle, carry=bureau.out)


def read_back(out: HandedOut, school: str) -> dict[str, list[Sheet]]:
    """The sheets of the school's blanks as a merge reads them, by form."""
    stage, sheets = ReadReturn(FORMS, Limits()), defaultdict(list)
    for path in (each for each in out.files if each.parent.name == school):
        for sheet in (sheet for file in walk(path, Limits()) for sheet in stage(file).sheets):
            sheets[sheet.form].append(sheet)
    return sheets


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path / "out")


def test_the_children_still_open_stand_in_their_schools_blanks(bureau: Bureau) -> None:
    rows = [listed(f"谢{'一二三四五六七八九'[n % 9]}{'甲乙'[n // 9]}", id_number(n + 1)) for n in range(15)]
    cards = [card("谢一甲", id_number(1), ethnicity="畲族", persuasion_log="家访。" * 500)]
    first = reading(HERE, {"1-2": [*rows, listed("赖晓青", GIRL, RELIEF, "缓学休学")], "5": cards}, "2021-03-10")
    other = reading(THERE, {"1-2": [listed("温大暑", id_number(7), school=THERE)]}, "2021-03-10")
    bureau.merge("2021-03", [first, other])
    out = hand_out(bureau)
    sheets = read_back(out, HERE)
    (sheet,) = sheets["1-2"]
    assert (sheet.unit, sheet.date, sheet.marks["kbxt_period"]) == (HERE, None, "2021-04")
    assert sheet.cells["name"] == [row["name"] for row in rows] + ["赖晓青"]
    assert [sheet.cells[name][-1] for name in ("id_number", "person_category", "registration_type")] == [
        GIRL,
        RELIEF,
        "缓学休学",
    ]
    assert [each.cells["name"][0] for each in sheets["5"]] == sheet.cells["name"]
    assert [sheets["5"][0].cells[name][0] for name in ("ethnicity", "age")] == ["畲族", 11]
    assert sheets["5"][0].cells["persuasion_log"][0] == "家访。" * 500
    assert read_back(out, THERE)["1-2"][0].cells["name"] == ["温大暑"]
    assert sheets["3"][0].rows == []
    path = next(path for path in out.files if path.parent.name == HERE and "1-2" in path.name)
    numbers = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0]["A"] if isinstance(cell.value, int)]
    assert numbers == list(range(1, 22))  # a few rows to spare


@pytest.mark.parametrize(
    ("closing", "still_open"),
    [
        (Closing(where={"enrolment": ("是",)}), ["谢松林", "温大暑"]),
        (Closing(filled="remark"), ["赖晓青", "谢松林"]),
        (Closing("4", where={"person_category": (RELIEF,)}), ["赖晓青", "温大暑"]),
        (Closing(), ["赖晓青", "谢松林", "温大暑"]),
    ],
    ids=["a word", "a field that is filled", "another list", "nothing declared"],
)
def test_a_bureau_says_what_closes_a_list_s_records(closing: Closing, still_open: list[str], bureau: Bureau) -> None:
    pupils = [
        pupil("赖晓青", GIRL, 9),
        {**pupil("谢松林", BOY, 11), "enrolment": "送教上门"},
        {**pupil("温大暑", id_number(7), 11), "enrolment": "否", "remark": "已转学"},
    ]
    at_home = {**pupil("谢松林", BOY, 11), "reason": "瘫痪", "person_category": RELIEF, "teaching_school": HERE}
    bureau.merge("2021-03", [reading(HERE, {"3": pupils, "4": [at_home]}, "2021-03-10")])
    forms = replace(FORMS, relations=replace(FORMS.relations, closings={"3": closing}))
    since, period, last = left_open(bureau.out, "", forms, None)
    rows = carried(last, since, forms, period, period.due).of(HERE).get("3", ())
    assert [row["name"] for row in rows] == still_open


def test_a_row_is_as_tall_as_what_is_carried_into_it(bureau: Bureau) -> None:
    address = "江西省赣州市赣县区梅林镇梅林村上坝组六十一号" * 2
    pupils = [{**pupil("赖晓青", GIRL, 9), "address": address}, pupil("谢松林", BOY, 11)]
    bureau.merge("2021-03", [reading(HERE, {"3": pupils}, "2021-03-10")])
    (path,) = (each for each in hand_out(bureau).files if each.parent.name == HERE and "附件3" in each.name)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    row = next(cell.row for cell in sheet["A"] if cell.value == 1)
    assert sheet.row_dimensions[row].height > 1.5 * sheet.row_dimensions[row + 1].height


def test_who_came_back_is_listed_no_more_and_counted_until_the_term_ends(bureau: Bureau) -> None:
    returns = {
        "1-2": [listed("谢松林", BOY, RELIEF), listed("赖晓青", GIRL, RELIEF)],
        "2": [returned("谢松林", "2021-03-05"), returned("赖晓青", None)],
    }
    bureau.merge("2021-03", [reading(HERE, returns, "2021-03-10")])
    assert column(bureau, HERE, "1-2", "name") == [("赖晓青",)]
    assert column(bureau, HERE, "2", "name", "return_date") == [("谢松林", "2021-03-05"), ("赖晓青", None)]
    assert column(bureau, HERE, "2", "name", "return_date", into="2021秋") == [("赖晓青", None)]


def test_a_name_that_stands_twice_is_no_proof_of_a_return(bureau: Bureau) -> None:
    returns = {"1-2": [listed("谢松林", BOY), listed("谢松林", GIRL)], "2": [returned("谢松林", "2021-03-05")]}
    bureau.merge("2021-03", [reading(HERE, returns, "2021-03-10")])
    assert column(bureau, HERE, "1-2", "id_number") == [(BOY,), (GIRL,)]


def test_a_child_listed_again_after_its_return_stays_listed(bureau: Bureau) -> None:
    again = [returned("谢松林", "2021-03-05"), returned("谢松林", None, dropped="2021-03-20")]
    bureau.merge("2021-03", [reading(HERE, {"1-2": [listed("谢松林", BOY)], "2": again}, "2021-03-30")])
    assert column(bureau, HERE, "1-2", "id_number") == [(BOY,)]


def test_a_card_goes_on_as_it_stood_and_a_new_one_says_what_the_number_tells(bureau: Bureau) -> None:
    returns = {
        "1-2": [listed("谢松林", BOY), listed("赖晓青", GIRL)],
        "5": [card("谢松林", BOY, sex="男", ethnicity="畲族", dropout_reason="因病"), card("温大暑", id_number(7))],
    }
    bureau.merge("2021-03", [reading(HERE, returns, "2021-03-10")])
    fields = ("name", "id_number", "birth_date", "sex", "age", "ethnicity", "dropout_reason")
    assert column(bureau, HERE, "5", *fields) == [
        ("谢松林", BOY, "2009-05-15", "男", "11", "畲族", "因病"),
        ("赖晓青", GIRL, "2011-03-20", "女", "10", None, None),
    ]


def test_a_card_keeps_its_sound_number_where_the_lists_is_wrong(bureau: Bureau) -> None:
    wrong = BOY[:-1] + ("0" if BOY[-1] != "0" else "1")
    returns = {"1-2": [listed("谢松林", wrong)], "5": [card("谢松林", BOY)]}
    bureau.merge("2021-03", [reading(HERE, returns, "2021-03-10")])
    assert column(bureau, HERE, "5", "id_number", "age") == [(BOY, "11")]
    assert column(bureau, HERE, "1-2", "id_number") == [(wrong,)]


def test_ages_are_those_of_the_new_period_or_left_open(bureau: Bureau) -> None:
    returns = {
        "1-2": [listed("赖晓青", GIRL, RELIEF)],
        "2": [{**returned("赖晓青", None), "age": 9}, {**returned("温大暑", None), "age": 12}],
        "3": [pupil("赖晓青", GIRL, 9), pupil("温大暑", "36070420110320202", 9)],
    }
    bureau.merge("2021春", [reading(HERE, returns, "2021-03-10")])
    assert column(bureau, HERE, "2", "name", "age", into="2021秋") == [("赖晓青", "10"), ("温大暑", None)]
    assert column(bureau, HERE, "3", "age", "grade", into="2021秋") == [("10", None), (None, None)]
    assert column(bureau, HERE, "3", "grade", into="2021-05") == [("四年级",), ("四年级",)]


def test_only_the_owner_reads_what_is_carried(bureau: Bureau) -> None:
    bureau.merge("2021春", [reading(HERE, {"1-2": [listed("谢松林", BOY)]}, "2021-03-10")])
    out = hand_out(bureau, bundle=True)
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.files} == {0o600}


def test_a_roster_says_who_gets_blanks_and_whom_it_does_not_know_is_told(bureau: Bureau) -> None:
    files = [reading(name, {"1-2": [listed("谢松林", BOY)]}, "2021-03-10") for name in (HERE, "查无此校")]
    bureau.merge("2021春", files)
    roster = bureau.out.parent / "学校名册.csv"
    roster.write_text(f"学校标识码,学校名称,别名\n2136000001,赣州市{HERE},江口清溪小学\n", encoding="utf-8")
    run = CliRunner().invoke(main, ["blanks", "--carry", str(bureau.out), "--out", str(bureau.out.parent / "下发")])
    assert run.exit_code == 0, run.output
    assert "查无此校" in run.output
    (folder,) = (bureau.out.parent / "下发").iterdir()
    assert len(list(folder.iterdir())) == len(FORMS.forms)


def test_without_an_earlier_period_there_is_nothing_to_carry(bureau: Bureau) -> None:
    with pytest.raises(LedgerError, match=r"kbxt\.db"):
        column(bureau, HERE, "1-2")
    bureau.merge("2021春", [reading(HERE, {"1-2": [listed("谢松林", BOY)]}, "2021-03-10")])
    with pytest.raises(LedgerError, match="2020-12"):
        column(bureau, HERE, "1-2", into="2020-12")
    assert column(bureau, HERE, "1-2", "name", into="2021-04") == [("谢松林",)]
