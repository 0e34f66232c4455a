"""A rule line taken out of a form's YAML takes its own findings away, and nothing else of what a merge tells.

Every line of the six forms finds something at one of the schools below. Each is taken out in turn, at the same time as
one of every other form, and the district is checked again as it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from bureau_rounds import FORMS, Bureau, Returns, Row, counted, id_number, listed, reading, returned
from sheets import references

from kbxt_merge.ledger.open_records import left_open
from kbxt_merge.model.carry_over import Carried
from kbxt_merge.model.district import District
from kbxt_merge.model.earlier import Earlier, EarlierRecords
from kbxt_merge.model.flow import Flow
from kbxt_merge.model.form import RuleUse
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.reference import References
from kbxt_merge.model.register import Register as Listed
from kbxt_merge.model.returns import Cell, Grid
from kbxt_merge.model.school import Roster, School
from kbxt_merge.outputs.report.charts import Register
from kbxt_merge.rules.children.across_periods import remembered
from kbxt_merge.rules.months.carry_over import carried
from kbxt_merge.rules.months.monthly_flow import monthly_flow
from kbxt_merge.rules.run import check

LINES = [
    {form.slug: form.rules[place] for form in FORMS.forms if place < len(form.rules)}
    for place in range(max(len(form.rules) for form in FORMS.forms))
]
"""By form the first lines of all, then the second ones, and so on."""

HERE, ELSEWHERE, NEIGHBOUR, AT_HOME = "（本校）", "赣县区无此学校", "赣县区梅林小学", "送教上门"
RELIEF, URBAN = "建档立卡脱贫户", "城镇贫困户"
TOWNS = [
    "梅林",
    "茅店",
    "江口",
    "田村",
    "南塘",
    "三溪",
    "阳埠",
    "大田",
    "吉埠",
    "五云",
    "湖江",
    "储潭",
    "石芫",
    "沙地",
    "白鹭",
    "长洛",
    "韩坊",
    "大埠",
    "清溪",
    "夏府",
    "里院",
    "桃源",
    "云峰",
    "长村",
    "上坝",
]
GIVEN = "子轩雨桐浩然欣怡梓涵思远佳慧志强小梅文博丽华建国晓东"
TOLD = ["file", "sheet", "cell", "form", "school", "field", "rule", "severity", "value", "facts", "suggestion"]

Child = tuple[str, str]


def child(serial: int, born: str = "20100512") -> Child:
    """A name and an ID number; even serials are girls."""
    return f"谢{GIVEN[serial // 20]}{GIVEN[serial % 20]}", id_number(serial, born)


def grown(serial: int) -> Child:
    """One too old for every form."""
    return child(serial, "20000101")


def far(serial: int) -> Child:
    """One whose number is no slip away from the others'."""
    return child(serial, "20091123")


def slipped(serial: int) -> Child:
    """One whose number fails its check character: who is meant, is known by the name."""
    name, number = child(serial)
    return name, f"{number[:17]}{'0' if number[17] != '0' else '1'}"


def pupil(who: Child, **more: Any) -> Row:
    """A row of form 3, and what form 4 asks for besides."""
    name, number = who
    facts = {"sex": "男" if int(number[16]) % 2 else "女", "age": 10, "guardian": "谢大山", "phone": "13800000000"}
    own = {
        "disability": "智力残疾",
        "grade": "四年级",
        "enrolment": "是",
        "reason": "智力一级",
        "teaching_school": HERE,
    }
    return {"name": name, "id_number": number, **facts, **own, **more}


def card(who: Child, **more: Any) -> Row:
    """A form 5 with what its rules look at."""
    name, number = who
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    known = {"birth_date": born, "sex": "男" if int(number[16]) % 2 else "女", "age": 10}
    return {"name": name, "id_number": number, **known, **more}


WHOLE_CARD = {
    "ethnicity": "汉族", "guardian1": "谢大山", "guardian1_phone": "13800000000", "household_address": "赣县区某村",
    "roll_address": "赣县区", "home_address": "赣县区某村", "dropout_reason": "厌学", "persuaded": "否",
}  # fmt: skip


def dropout(who: Child, category: str = "其他", school: str = HERE) -> Row:
    return listed(*who, category=category, school=school)


def back(who: Child, day: str | None, **more: Any) -> Row:
    """A row of form 2."""
    return {**returned(who[0], day, school=HERE, dropped="2021-01"), **more}


def counts(**numbers: int) -> Sequence[Row]:
    return [counted(HERE, **numbers)]


TWO_SCHOOLS: Returns = {
    "1-2": [dropout(child(1))],
    "3": [pupil(child(2))],
    "4": [pupil(child(3))],
    "5": [card(child(4))],
}
SCHOOLS: Sequence[tuple[Returns, Returns]] = [  # in March, in April
    # sums that don't add up
    ({}, {"1-1": counts(due=5)}),
    ({}, {"1-1": counts(due_relief=1, dropout_relief=1, deferred_relief=1, brought_back_relief=1)}),
    ({}, {"1-1": counts(absent=1, due=1, disabled=1), "3": [pupil(child(5))]}),
    ({}, {"1-1": counts(home_taught=1, absent=1, due=1), "4": [pupil(child(6))]}),
    # counts of lists that are empty
    (
        {},
        {
            "1-1": counts(
                due=5, absent=5, dropout=2, dropout_relief=1, dropout_urban=1, deferred=2, deferred_relief=1,
                deferred_urban=1, home_taught=1, brought_back=2, brought_back_relief=1, brought_back_urban=1,
                disabled=3, disabled_in_school=1, disabled_home_taught=1, disabled_out=1,
            ),
            **{slug: [] for slug in ("1-2", "2", "3", "4")},
            "5": [card(child(7))],
        },
    ),
    # counts of lists that did not come
    ({}, {"1-1": counts(dropout=1, absent=1, due=1), "2": [back(child(25), None)]}),
    ({}, {"1-1": counts(deferred=1, absent=1, due=1, brought_back_relief=1, brought_back=1)}),
    ({}, {"1-1": counts(brought_back_urban=1, brought_back=1, disabled=1, disabled_out=1)}),
    ({}, {"1-1": counts(home_taught=1, disabled_home_taught=1, disabled=1, absent=1, due=1)}),
    ({"1-1": counts(due=10, returned=10)}, {"1-1": counts(due=20, returned=20)}),
    # the register: a school of nowhere, an age, one twice, and no card at all
    ({}, {"1-2": [dropout(child(8), school=ELSEWHERE), dropout(grown(9)), dropout(child(10)), dropout(child(10))]}),
    ({}, {"1-2": [dropout(child(11)), dropout(child(12))], "5": [card(child(11)), card(child(13))]}),
    ({}, {"1-2": [dropout(child(14), RELIEF)], "2": []}),
    # since March: one gone, one back and listed again, one of another category, one that stays, one brought back
    (
        {"1-2": [*map(dropout, map(child, range(15, 19)))], "2": [back(child(19), "2021-03-02")]},
        {
            "1-2": [dropout(child(19)), dropout(child(16), RELIEF), dropout(child(17))],
            "2": [back(child(18), "2021-04-02"), back(child(16), None)],
        },
    ),
    # the ledger
    ({}, {"2": [back(child(20), "2020-01-02"), back(child(21), "2021-03-02", former_school=ELSEWHERE)]}),
    ({}, {"2": [back(child(22), "2021-03-02", age=20), back(child(23), None), back(child(23), None)], "1-2": []}),
    ({}, {"2": [back(child(24), "2021-03-02")], "1-2": [dropout(child(24), RELIEF)]}),
    # disabled children, those taught at home, and cards: each row has its own fault
    (
        {},
        {
            "1-2": [],
            "3": [
                pupil(child(30), sex="男"), pupil(child(31), age=14), pupil(grown(32), age=21, grade=""),
                pupil(child(33), grade="九年级"), pupil(child(34), enrolment="否"), *[pupil(child(35))] * 2,
            ],
            "4": [
                pupil(child(36), sex="男"), pupil(child(37), age=14), pupil(grown(38), age=21),
                pupil(child(39), teaching_school=ELSEWHERE), *[pupil(child(40))] * 2,
            ],
            "5": [
                card(child(42), sex="男"), card(child(43), age=14), card(child(44), birth_date="2010-05-13"),
                card(child(45), roll_number=f"G{id_number(46)}"), card(grown(47), age=21), *[card(child(48))] * 2,
            ],
        },
    ),
    # the same children in two schools, one number under two names, one child with two numbers
    ({}, TWO_SCHOOLS),
    ({}, TWO_SCHOOLS),
    (
        {},
        {
            "1-2": [dropout(child(50)), dropout(child(51))],
            "5": [card((child(52)[0], child(50)[1])), card((child(51)[0], far(53)[1]))],
            "3": [pupil(child(54)), pupil(child(55))],
            "4": [pupil((child(56)[0], child(54)[1])), pupil((child(55)[0], far(57)[1]))],
        },
    ),
    # one child of whom two forms say different things
    (
        {},
        {
            "1-2": [
                *(dropout(child(serial), RELIEF) for serial in (60, 62, 73)), dropout(child(61)), dropout(child(63)),
            ],
            "2": [
                back(child(73), None, person_category=URBAN, age=10),
                back(child(61), None, former_school=NEIGHBOUR, age=10),
                back(child(75), "2021-03-02", person_category=RELIEF, age=10),
            ],
            "3": [
                pupil(child(65), enrolment=AT_HOME), pupil(child(66), enrolment="否"),
                pupil(slipped(67), sex="女", enrolment=AT_HOME),
                pupil(child(68), enrolment=AT_HOME), pupil(child(69)), pupil(slipped(71), sex="女"),
            ],
            "4": [
                pupil(child(66), guardian="王芒种", reason="听力一级"), pupil(slipped(67), sex="男"), pupil(child(68)),
                pupil(child(62), person_category=URBAN), pupil(child(75), person_category=URBAN),
            ],
            "5": [
                card(child(60), persuaded="是", persuasion_result="不愿返校"), card(child(61), persuaded="是"),
                card(child(62)), card(child(63), persuaded="是", persuasion_result="已复学", persuasion_count=1),
                card(child(69), guardian1="王芒种"), card(child(68), guardian1="王芒种"),
                card(slipped(71), sex="男"),
            ],
        },
    ),
    # what registers say otherwise
    (
        {},
        {
            "1-2": [*(dropout(child(serial)) for serial in (80, 81, 82, 83, 84, 85, 97, 98, 99, 103))],
            "3": [
                *(pupil(child(serial)) for serial in range(86, 92)),
                *(pupil(child(serial), enrolment=AT_HOME) for serial in range(92, 97)),
            ],
            "4": [pupil(child(serial), reason="智力残疾") for serial in range(92, 97)],
            "5": [
                card(child(serial), roll_number=f"G{child(serial)[1]}", **WHOLE_CARD)
                for serial in (80, 81, 82, 83, 84, 85, 97, 98, 99, 103)
            ],
        },
    ),
]  # fmt: skip

OTHER_NAMES, OTHER_NUMBERS = (80, 86, 92, 97), (81, 87, 93, 103)
OTHERWISE: Mapping[str, Mapping[str, str]] = {
    child(82)[1]: {"school": ELSEWHERE},
    child(83)[1]: {"status": "休学"},
    child(88)[1]: {"grade": "七年级"},
    child(89)[1]: {"kind": "听力残疾"},
    child(95)[1]: {"kind": "听力残疾"},
    child(98)[1]: {"roll_number": f"G{child(98)[1][:17]}0"},
    child(99)[1]: {"ethnicity": "畲族"},
}
"""By number what the registers say of a child otherwise than its school."""
NOT_ON = {"学籍": {child(85)[1], child(90)[1]}, "残疾人证": {child(91)[1], child(96)[1]}}
MISSED = {"学籍": child(100), "残疾人证": child(101), "户籍": child(102)}


People = dict[Child, dict[str, str]]


def registers_of(district: District) -> References:
    """Registers that hold every child of a district as its school says, but for what stands above."""
    people: People = {}
    for slug, records in district.records.items():
        if records.form.child_id is not None:
            for row, school in enumerate(records.school):
                _add(people, slug, {name: texts[row] for name, texts in records.shown.items()}, str(school))
    people[child(84)]["relief"] = people[child(94)]["relief"] = "是"
    for serial in OTHER_NAMES:
        people["申屠大暑", child(serial)[1]] = people.pop(child(serial))
    for serial in OTHER_NUMBERS:
        people[child(serial)[0], id_number(500 + serial, "20100512")] = people.pop(child(serial))
    for of, who in MISSED.items():
        people[who] = {
            "status": "辍学",
            "school": ELSEWHERE,
            "only": of,
            "kind": "智力残疾",
            "relief": "",
            "certified": "是",
        }
    files = {f"{each.slug}.xlsx": _register(each, people) for each in FORMS.registers}
    return references(files, FORMS, district.period, district.as_of)


def _add(people: People, slug: str, told: Mapping[str, str], school: str) -> None:
    known = people.setdefault((told["name"], told["id_number"]), {"status": "在读", "relief": "", "school": school})
    for name, field in (("grade", "grade"), ("kind", "disability"), ("roll_number",) * 2, ("ethnicity",) * 2):
        known[name] = told.get(field, "") or known.get(name, "")
    if slug == "1-2":
        known["status"] = "休学" if told["registration_type"] == "缓学休学" else "辍学"
    known["certified"] = known.get("certified", "") or ("是" if slug in ("3", "4") else "")
    known["relief"] = known["relief"] or ("是" if told.get("person_category") == RELIEF else "")


_MARKED = {"脱贫户": "relief", "残疾人证": "certified"}
"""The registers on which not everyone stands, and what says who does."""


def _register(register: Listed, people: People) -> Grid:
    columns = [each.name for each in register.columns if each.name not in ("birth_date", "state", "household")]
    rows: list[list[Cell]] = [[register.by_name[name].header for name in columns]]
    for (name, number), known in people.items():
        said = {"degree": "一级", **known, **OTHERWISE.get(number, {}), "name": name, "id": number}
        gone = number in NOT_ON.get(register.slug, ()) or said.get("only", register.slug) != register.slug
        if not gone and said.get(_MARKED.get(register.slug, ""), "是"):
            rows.append([said.get(each, "") for each in columns])
    return Grid("表", rows)


@dataclass(frozen=True)
class Told:
    """What a merge tells: its findings, and what it works out besides."""

    findings: Counter[tuple[str, ...]]
    flow: Flow | None
    carried: Carried
    register: Register | None


@dataclass(frozen=True)
class Rounds:
    """April as it was assembled, March as the ledger remembers it, and what April leaves open."""

    april: District
    last: Mapping[str, EarlierRecords]

    def told(self, forms: Forms) -> Told:
        """What the merge of April would have told with these forms."""
        assert self.april.earlier
        kept, then = remembered(forms), self.april.earlier
        earlier = Earlier(then.period, *({slug: each[slug] for slug in kept} for each in (then.last, then.all)))
        records = {
            slug: replace(each, form=forms.by_slug[slug], errors={}, warnings={})
            for slug, each in self.april.records.items()
        }
        district = replace(self.april, forms=forms, records=records, earlier=earlier)
        frame = check(district).frame[TOLD]
        period = district.period.following()
        return Told(
            Counter(frame.itertuples(index=False, name=None)),
            monthly_flow(district),
            carried(self.last, district.period, forms, period, period.due),
            Register.of(district),
        )


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    names = [f"赣县区{town}小学" for town in TOWNS[: len(SCHOOLS)]]
    roster = Roster(tuple(School("", name, stage="小学") for name in names), (FORMS.city, FORMS.county))
    bureau = Bureau(tmp_path_factory.mktemp("bureau") / "out", schools=roster)
    for place, month in enumerate(("2021-03", "2021-04")):
        files = [
            reading(name, _here(name, each[place]), f"{month}-10") for name, each in zip(names, SCHOOLS, strict=True)
        ]
        merged = bureau.merge(month, files, f"{month}-12T09:00:00+08:00")
    april = replace(merged.district, references=registers_of(merged.district))
    _, _, last = left_open(bureau.out, "", FORMS, Period.parse("2021-05"))
    return Rounds(april, last)


@pytest.fixture(scope="module")
def before(rounds: Rounds) -> Told:
    return rounds.told(FORMS)


def test_what_the_lines_are_taken_out_of_has_something_to_tell(before: Told) -> None:
    assert before.flow is not None
    assert before.flow.schools["back"].to_numpy().sum() > 0
    assert before.carried.count > 10
    assert before.register is not None
    assert len(before.register.dropouts) > 10


@pytest.mark.parametrize("lines", LINES, ids=lambda lines: ", ".join(f"{form} {lines[form].slug}" for form in lines))
def test_a_removed_line_takes_its_own_findings_only(rounds: Rounds, before: Told, lines: Mapping[str, RuleUse]) -> None:
    kept = {form.slug: tuple(use for use in form.rules if use is not lines.get(form.slug)) for form in FORMS.forms}
    forms = replace(FORMS, forms=tuple(replace(form, rules=kept[form.slug]) for form in FORMS.forms))
    after = rounds.told(forms)
    gone = before.findings - after.findings
    assert after.findings - before.findings == Counter()
    wanted = {(form, use.slug, use.at) for form, use in lines.items()}
    assert {tuple(row[TOLD.index(name)] for name in ("form", "rule", "field")) for row in gone} == wanted
    assert before.flow is not None
    assert after.flow is not None
    assert after.flow.schools.equals(before.flow.schools)
    assert after.flow.stages.equals(before.flow.stages)
    assert replace(after.flow, schools=before.flow.schools, stages=before.flow.stages) == before.flow
    assert after.carried == before.carried
    assert after.register is not None
    assert before.register is not None
    assert after.register.lines == before.register.lines
    assert after.register.dropouts.equals(before.register.dropouts)


def _here(school: str, returns: Returns) -> Returns:
    """The returns with the school's name where they say so."""
    return {
        slug: [{name: school if cell == HERE else cell for name, cell in row.items()} for row in rows]
        for slug, rows in returns.items()
    }
