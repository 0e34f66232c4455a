"""A school year of sixty schools: the monthly flows balance, and equal what the simulation knows to be true."""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pandas as pd
from bureau_rounds import FORMS, STAGES, Bureau, Round, Row, counted, id_number, listed, reading, returned, roster

from kbxt_merge.model.flow import Measure
from kbxt_merge.model.period import Period
from kbxt_merge.rules.months.monthly_flow import monthly_flow

MONTHS = [f"2020-{month:02d}" for month in range(9, 13)] + [f"2021-{month:02d}" for month in range(1, 7)]
TOWNS, KINDS = "江韩沙湖田吉五阳大长石白三南王茅梅储桃义", ("口小学", "坊中学", "地学校")
NAMES = [f"赣县区{town}{kind}" for town in TOWNS for kind in KINDS]
STAGE = {name: STAGES[number % 3] for number, name in enumerate(NAMES)}
POOR = ("建档立卡脱贫户", "城镇贫困户")
CATEGORIES = (*POOR, "其他", "其他")
CORRECTED = "2020-11"
"""The month whose list is corrected after the next one was merged."""


@dataclass(eq=False)
class Child:
    name: str
    number: str
    school: str
    category: str
    dropped: str
    last_event: str = ""

    def __post_init__(self) -> None:
        self.last_event = self.dropped


@dataclass
class Year:
    """Who is out of school, and what happened this month; `truth` counts it by unit, measure and category."""

    dice: Random = field(default_factory=lambda: Random(8))
    out: list[Child] = field(default_factory=list)
    back: list[tuple[Child, str]] = field(default_factory=list)
    others_back: Counter[str] = field(default_factory=Counter)
    truth: dict[str, Counter[tuple[str, str, str]]] = field(default_factory=dict)
    vanished: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    made: int = 0

    def child(self, school: str, month: str, category: str = "") -> Child:
        self.made += 1
        number = id_number(self.made % 1000, f"2009{1 + self.made // 1000 % 12:02d}15")
        name = "赵钱孙李周吴郑王冯陈"[self.made % 10] + "".join(chr(0x4E00 + self.made // d % 97) for d in (1, 97))
        return Child(name, number, school, category or self.dice.choice(CATEGORIES), month)

    def live_through(self, month: str) -> None:
        """A month passes."""
        self.vanished, self.again = set(), set()
        if month.endswith("-02"):
            self.others_back.clear()
            once_back, self.back = [child for child, _ in self.back], []
            for child in self.dice.sample(once_back, 5):
                self.happened(Measure.NEW, child, month)
                self.out.append(Child(child.name, child.number, child.school, child.category, month))
                self.again.add(child.name)
        for school in NAMES:
            self.live_in(school, month)
        for child in self.out:
            self.happened(Measure.CLOSING, child, month)

    def live_in(self, school: str, month: str) -> None:
        here = [child for child in self.out if child.school == school and child.last_event != month]
        for _ in range(self.dice.randrange(3)):
            self.out.append(self.child(school, month))
            self.happened(Measure.NEW, self.out[-1], month)
        happens = self.dice.choice((self.return_to_school, self.strike_off, self.move, self.pass_through, self.correct))
        happens(here[0] if here else None, school, month)

    def return_to_school(self, child: Child | None, school: str, month: str) -> None:
        if child:
            self.out.remove(child)
            self.bring_back(child, month)
            if child.category not in POOR:
                self.vanished.add(child.name)

    def bring_back(self, child: Child, month: str) -> None:
        """Form 2 names the children of poor families; of others only the statistics count how many."""
        self.happened(Measure.BACK, child, month)
        if child.category in POOR:
            self.back.append((child, month))
        else:
            self.others_back[child.school] += 1

    def strike_off(self, child: Child | None, school: str, month: str) -> None:
        if child:
            self.out.remove(child)
            self.happened(Measure.STRUCK_OFF, child, month)
            self.vanished.add(child.name)

    def move(self, child: Child | None, school: str, month: str) -> None:
        """To another school's list: gone from one row of the flow, new in another, and nothing where both are one."""
        if child:
            there = self.dice.choice([name for name in NAMES if name != school])
            before = Child(child.name, child.number, school, child.category, child.dropped)
            child.school, child.last_event = there, month
            units = [name for name in ("stage", "school") if self.unit(before, name) != self.unit(child, name)]
            for name in units:
                self.count(name, Measure.STRUCK_OFF, before, month)
                self.count(name, Measure.NEW, child, month)

    def pass_through(self, child: Child | None, school: str, month: str) -> None:
        passer = self.child(school, month)
        self.happened(Measure.NEW, passer, month)
        self.bring_back(passer, month)

    def correct(self, child: Child | None, school: str, month: str) -> None:
        """The school corrects a number that it had wrong; the child is the same."""
        if child:
            child.number = id_number(int(child.number[14:17]), f"2010{child.number[10:14]}")

    def happened(self, measure: Measure, child: Child, month: str) -> None:
        for name in ("stage", "school"):
            self.count(name, measure, child, month)

    def count(self, name: str, measure: Measure, child: Child, month: str) -> None:
        counts = self.truth.setdefault(f"{month} {name}", Counter())
        for category in {"", child.category} - {"其他"}:
            counts[self.unit(child, name), measure.value, category] += 1

    def unit(self, child: Child, name: str) -> str:
        return STAGE[child.school] if name == "stage" else child.school

    def merge(self, bureau: Bureau, month: str, also: tuple[Child, ...] = ()) -> Round:
        """What all schools return for the month, merged; `also` are listed by mistake."""
        period = Period.parse(month)
        day = f"{month}-{calendar.monthrange(period.year, period.month)[1]}"
        files = [reading(school, self.returns(school, also), day) for school in NAMES]
        return bureau.merge(month, files, f"{day}T09:00:00+08:00")

    def returns(self, school: str, also: tuple[Child, ...]) -> dict[str, list[Row]]:
        out = [child for child in (*self.out, *also) if child.school == school]
        back = [(child, day) for child, day in self.back if child.school == school]
        ledger = [returned(c.name, None, school, c.dropped, c.category) for c in out if c.category in POOR]
        ledger += [returned(child.name, day, school, child.dropped, child.category) for child, day in back]
        named = Counter(child.category for child, _ in back)
        counts = {
            "dropout": len(out),
            "brought_back": len(back) + self.others_back[school],
            "brought_back_relief": named[POOR[0]],
            "brought_back_urban": named[POOR[1]],
        }
        rows = [listed(child.name, child.number, child.category, school=school) for child in out]
        return {"1-1": [counted(school, **counts)], "1-2": rows, "2": ledger}


def balances(table: pd.DataFrame) -> bool:
    of = {measure: table[measure.value] for measure in Measure}
    closing = of[Measure.OPENING] + of[Measure.NEW] - of[Measure.BACK] - of[Measure.STRUCK_OFF]
    return bool((closing == of[Measure.CLOSING]).all().all())


def counts_of(table: pd.DataFrame) -> Counter[tuple[str, str, str]]:
    counts = {(unit, *column): int(count) for column, rows in table.items() for unit, count in rows.items()}
    return +Counter(counts)


def carried_over(counts: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str, str]]:
    """What a month's end makes of the next one's beginning."""
    ends = {(unit, category): n for (unit, measure, category), n in counts.items() if measure == Measure.CLOSING.value}
    return Counter({(unit, Measure.OPENING.value, category): n for (unit, category), n in ends.items()})


def test_the_flows_of_a_year_balance_and_are_true(tmp_path: Path) -> None:
    assert len(NAMES) == 60
    bureau, year = Bureau(tmp_path / "out", schools=roster(NAMES)), Year()
    for number, month in enumerate(MONTHS):
        year.live_through(month)
        wrongly_listed = (year.child(NAMES[7], month, POOR[0]),) if month == CORRECTED else ()
        last = year.merge(bureau, month, wrongly_listed)
        if wrongly_listed:
            last = year.merge(bureau, month)
            assert last.changes.number == 2
        flow = monthly_flow(last.district)
        if number == 0:
            assert flow is None
            continue
        assert flow is not None
        for name, table in (("stage", flow.stages), ("school", flow.schools)):
            before = carried_over(year.truth[f"{MONTHS[number - 1]} {name}"])
            assert counts_of(table) == year.truth[f"{month} {name}"] + before, f"{month} by {name}"
            assert balances(table)
        assert flow.changed == 0
        assert flow.carried == ()
        frame = last.findings.frame
        assert set(frame.loc[frame["rule"] == "vanished-without-return", "value"]) == year.vanished, month
        assert set(frame.loc[frame["rule"] == "returned-then-listed", "value"]) == year.again, month
        assert "category-changed" not in set(frame["rule"])


def test_a_school_whose_list_did_not_come_counts_as_it_stood(tmp_path: Path) -> None:
    names = NAMES[:2]
    bureau = Bureau(tmp_path / "out", schools=roster(names))
    lists = {name: {"1-2": [listed("赖晓青", id_number(n), POOR[0])]} for n, name in enumerate(names, 1)}
    march = [reading(name, returns, "2021-03-10") for name, returns in lists.items()]
    bureau.merge("2021-03", march)
    april = bureau.merge("2021-04", [reading(names[0], {"1-2": []}, "2021-04-10")])
    flow = monthly_flow(april.district)
    assert flow is not None
    assert flow.carried == (names[1],)
    assert flow.schools.loc[names[1], Measure.CLOSING.value].tolist() == [1, 1, 0]
    assert flow.schools.loc[names[0], Measure.STRUCK_OFF.value].tolist() == [1, 1, 0]
    assert balances(flow.schools)


def test_a_child_of_another_category_now_is_told_and_counted(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "out", schools=roster(NAMES[:1]))
    for month, category in (("2021-03", "其他"), ("2021-04", POOR[0])):
        file = reading(NAMES[0], {"1-2": [listed("赖晓青", id_number(1), category)]}, f"{month}-10")
        last = bureau.merge(month, [file])
    flow = monthly_flow(last.district)
    assert flow is not None
    assert flow.changed == 1
    assert last.found("category-changed") == [("category-changed", NAMES[0], "E5")]


def test_a_term_and_a_month_after_a_gap_have_no_flow(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "out")
    file = [reading(NAMES[0], {"1-2": []}, "2021-03-10")]
    bureau.merge("2021-03", file)
    assert monthly_flow(bureau.merge("2021-05", file).district) is None
    assert monthly_flow(bureau.merge("2021秋", file).district) is None
    assert FORMS.by_slug["1-2"].rules
