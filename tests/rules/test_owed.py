"""Who owes what: returns, corrections, answers, stamped scans, files in place of links; 无须报 is not demanded."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from cast import listed, statistics
from sheets import COMBINED, FORMS, MIDDLE, PRIMARY, ROSTER, district, found_in

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.owed import Owed
from kbxt_merge.model.returns import Kind, Problem, Reading, SourceFile
from kbxt_merge.model.school import Roster
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.engine.verdicts import verdicts
from kbxt_merge.rules.owed import owed
from kbxt_merge.rules.run import check

MARCH = dt.datetime(2021, 3, 15, 8, tzinfo=dt.UTC)
STAGED = Roster(
    tuple(
        replace(school, stage=stage, contact=contact, phone="13912345678")
        for school, stage, contact in zip(ROSTER.schools, ("小学", "初中", "高中"), ("谢老师", "", ""), strict=True)
    ),
    ROSTER.prefixes,
)


def without_debts_of(stage: str, *slugs: str) -> Forms:
    """The forms in force, of which a stage does not owe these."""
    forms = tuple(replace(each, not_owed=(stage,)) if each.slug in slugs else each for each in FORMS.forms)
    return replace(load_forms(CATALOGUE), forms=forms)


def debts(files: dict[str, object], forms: Forms = FORMS, scans: tuple[str, ...] = (), **more: object) -> list[Owed]:
    made = district(files, forms=forms, roster=STAGED, whole=True)
    beside = Problem("file-other", {"what": "pdf"})
    made.readings += [
        Reading(SourceFile(path, f"/inbox/{path}", 1, 0.0), Kind.PDF, path, problem=beside) for path in scans
    ]
    found = check(made)
    return list(owed(made, found, verdicts(made, found), **more))


def counted(school: str, **counts: str) -> object:
    names = {"dropout": "失学辍学"}
    lines = "\n".join(f"| {names[name]} | {count} |" for name, count in counts.items())
    return statistics(lines or "| 应返校学生数 | 0 |", school=school)


def test_a_school_of_which_nothing_came_and_one_that_lacks_a_list_owe_returns() -> None:
    first, second, third = debts({"梅小.xlsx": counted(PRIMARY, dropout="1")})
    assert (first.school, first.nothing_came, first.contact, first.phone) == (PRIMARY, False, "谢老师", "13912345678")
    assert first.forms
    assert (second.school, second.nothing_came, second.forms) == (MIDDLE, True, ())
    assert (third.school, third.nothing_came) == (COMBINED, True)


def test_what_a_stage_does_not_owe_is_not_demanded() -> None:
    every = tuple(FORMS.by_slug)
    found = debts({}, without_debts_of("高中", *every))
    assert [each.school for each in found] == [PRIMARY, MIDDLE]


def test_a_form_that_a_stage_does_not_owe_is_not_missed() -> None:
    files = {"梅小.xlsx": counted(PRIMARY, dropout="1")}
    owing = {each.school: each.forms for each in debts(files)}
    free = {each.school: each.forms for each in debts(files, without_debts_of("小学", "1-2", "5"))}
    assert "附件 1-2" in owing[PRIMARY]
    assert not {"附件 1-2", "附件 5"} & set(free[PRIMARY])


def test_statistics_that_a_stage_does_not_owe_are_not_missed() -> None:
    made = district({"梅小.xlsx": listed("3", "| 姓名 |\n| 赖小满 |")}, roster=STAGED, whole=True)
    free = district(
        {"梅小.xlsx": listed("3", "| 姓名 |\n| 赖小满 |")},
        roster=STAGED,
        whole=True,
        forms=without_debts_of("小学", "1-1"),
    )
    assert "form-not-returned" in [each.rule for each in found_in(check(made))]
    assert "form-not-returned" not in [each.rule for each in found_in(check(free))]


def test_corrections_and_answers_are_counted_by_school() -> None:
    sheet = listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | 360704200805210314 |")
    [here, *_] = debts({"梅小.xlsx": sheet})
    assert (here.school, here.corrections) == (PRIMARY, 1)


def test_a_scan_is_owed_for_each_stamped_form_that_came_without_one() -> None:
    files = {"梅小.xlsx": listed("3", "| 姓名 |\n| 赖小满 |"), "梅小2.xlsx": listed("2", "| 姓名 |\n| 赖小满 |")}
    [none, *_] = debts(files)
    [one, *_] = debts(files, scans=(f"{PRIMARY}附件3.pdf",))
    [both, *_] = debts(files, scans=(f"{PRIMARY}附件3.pdf", f"{PRIMARY}附件2.pdf"))
    [unnamed, *_] = debts(files, scans=(f"{PRIMARY}盖章件1.pdf", f"{PRIMARY}盖章件2.pdf"))
    assert none.scans == ("附件 2", "附件 3")
    assert one.scans == ("附件 2",)
    assert both.scans == unnamed.scans == ()


def test_a_school_outside_the_roster_owes_its_corrections_too() -> None:
    rows = "| 姓名 | 身份证号码 |\n| 赖小满 | 360704200805210314 |"
    found = debts({"石芫.xlsx": listed("1-2", rows, school="赣县区石芫小学")})
    [inside, *_] = debts({"梅小.xlsx": listed("1-2", rows)})
    assert [each.school for each in found] == [PRIMARY, MIDDLE, COMBINED, "赣县区石芫小学"]
    assert (found[-1].stage, found[-1].nothing_came) == ("", False)
    assert found[-1].corrections == inside.corrections + 1  # and its name is not in the roster


def test_a_card_bears_no_stamp() -> None:
    assert [form.slug for form in FORMS.forms if not form.is_stamped] == ["5"]


def test_a_link_to_a_cloud_is_told_and_when_the_school_was_written_to() -> None:
    awaited = [Awaited(Wait.CLOUD, MIDDLE, MARCH), Awaited(Wait.BOUNCED, MIDDLE, MARCH)]
    found = debts({"梅小.xlsx": counted(PRIMARY)}, awaited=awaited, last_mails={MIDDLE: MARCH})
    assert {each.school: (each.links, each.last_mail) for each in found}[MIDDLE] == (1, MARCH)
