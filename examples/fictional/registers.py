"""The bureau's own registers of a fictional district, and where they say something else than the schools."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from fictional.cells import Cell
from fictional.official import DEFERRED, RELIEF
from fictional.people import Child, Names
from fictional.returns import District, PlainSheet, Record, School
from fictional.school_years import GRADES
from fictional.schools import Community
from fictional.workbooks import page_of, xlsx_bytes

PUPILS = 30
"""Pupils of each school who are in no form."""


class Difference(NamedTuple):
    """What a merge must find against the registers: at a child's field, or (blank name) of a register's own child."""

    rule: str
    form: str
    school: str
    name: str
    field: str


Rows = list[list[Cell]]


def write_registers(folder: Path, district: District, dice: Random) -> list[Difference]:
    """Write the registers as three offices export them, and give what is to be found; faults must be put in before."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _Registers(district, dice)
    made.differ()
    roll = [[*_ROLL], *made.roll()]
    (folder / "学籍导出_20210305.csv").write_bytes(_csv(roll))
    certified: Rows = [["赣县区持证残疾人名册", *[None] * 6], [None] * 7, [*_CERTIFIED], *made.certified()]
    (folder / "残疾人证.xlsx").write_bytes(xlsx_bytes([page_of(PlainSheet("持证残疾人", certified))]))
    helped: Rows = [["赣县区脱贫户家庭成员名册（截至2021年2月20日）"], [*_HELPED], *made.helped()]
    (folder / "脱贫户.xlsx").write_bytes(xlsx_bytes([page_of(PlainSheet("Sheet1", helped))]))
    return sorted(made.found)


_ROLL = ("学校名称", "年级", "班级", "学生姓名", "性别", "身份证件类型", "身份证件号", "学籍状态")
_CERTIFIED = (None, "姓名", "公民身份号码", "残疾证号", "残疾类别", "残疾等级", "监护人")
_HELPED = ("乡镇", "行政村", "户主姓名", "成员姓名", "成员证件号码", "与户主关系", "脱贫年度")


def _csv(rows: Rows) -> bytes:
    """As the roll's system exports it: GBK, numbers behind a tab so that no spreadsheet rounds them."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("gb18030")


class _Registers:
    """Who stands on which register, and what was changed there."""

    def __init__(self, district: District, dice: Random) -> None:
        self.district, self.dice, self.found = district, dice, list[Difference]()
        self.community = Community(dice)
        self.others: dict[int, dict[str, Cell]] = {}
        for each in self._records("1-2", "2", "3", "4", "5"):
            self.community.names.given.add(str(each[1].meant["name"]))
            self.community.numbers.given.add(str(each[1].meant.get("id_number")))

    def _records(self, *forms: str) -> Iterator[tuple[School, Record]]:
        for _, sheet in self.district.counted_sheets():
            if sheet.form in forms:
                yield from ((sheet.school, record) for record in sheet.records if record.child)

    def differ(self) -> None:
        """Let the registers say something else, of children with whom no fault was put in."""
        schools = self.district.schools
        name, number, category, elsewhere = (self._clean(schools[at], "1-2") for at in (4, 5, 6, 7))
        kind, missing = (self._clean(schools[at], "3") for at in (6, 1))
        self._change(schools[4], name, "register-name-differs", "name", ("1-2", "5"), name=Names(self.dice).plain())
        other = self._number_beside(number)
        self._change(schools[5], number, "register-id-differs", "id_number", ("1-2", "5"), id_number=other)
        self._change(schools[6], category, "register-value-differs", "person_category", swap=True)
        self._change(schools[7], elsewhere, "register-value-differs", "roll_school", roll_school=schools[4].name)
        told = "视力残疾" if kind.meant["disability"] != "视力残疾" else "听力残疾"
        self._change(schools[6], kind, "register-value-differs", "disability", ("3",), disability=told)
        self._change(schools[1], missing, "not-in-register", "name", ("3",), uncertified=True)
        self.found.append(Difference("register-not-returned", "1-2", self._missed.name, "", ""))
        self.found.append(Difference("register-not-returned", "3", "", "", ""))

    @property
    def _missed(self) -> School:
        """The school of a dropout whom nobody lists."""
        return self.district.schools[4]

    def _clean(self, school: School, form: str) -> Record:
        """A record of a child with whom no fault has anything to do."""
        names = Counter(str(record.meant["name"]) for _, record in self._records("1-2", "3"))
        for of, record in self._records(form):
            child = record.child
            free = child is not None and child.name not in self.district.used and names[child.name] == 1
            if of is school and free and record.meant.get("enrolment", "是") == "是":
                return record
        raise LookupError(f"{school.name} has no clean record in form {form}")

    def _number_beside(self, record: Record) -> str:
        """Another number of the same day and sex."""
        child = record.child
        assert child
        return self.community.numbers.new(child.birth, child.sex, child.id_number[:6])

    def _change(
        self, school: School, record: Record, rule: str, field: str, forms: tuple[str, ...] = ("1-2",), **said: Cell
    ) -> None:
        child = record.child
        assert child
        self.others[id(child)] = dict(said)
        self.found += [Difference(rule, form, school.name, child.name, field) for form in forms]

    def _said(self, child: Child, field: str, otherwise: Cell) -> Cell:
        return self.others.get(id(child), {}).get(field, otherwise)

    def roll(self) -> Rows:
        """A row a pupil: those at school, those listed as out of it, and one whom nobody lists."""
        rows: Rows = []
        for school, record in self._records("1-2", "3"):
            child = record.child
            assert child
            if record.form == "3" and record.meant["enrolment"] != "是":
                continue
            state = {"1-2": "休学" if record.meant.get("registration_type") == DEFERRED else "辍学"}.get(
                record.form, "在读"
            )
            rows.append(self._roll_row(school, child, state))
        for school in self.district.schools[:8]:
            rows += [self._roll_row(school, self.community.child(school), "在读") for _ in range(PUPILS)]
        rows.append(self._roll_row(self._missed, self.community.child(self._missed), "辍学"))
        self.dice.shuffle(rows)
        return rows

    def _roll_row(self, school: School, child: Child, state: str) -> list[Cell]:
        where = self._said(child, "roll_school", school.name)
        name, number = self._said(child, "name", child.name), self._said(child, "id_number", child.id_number)
        return [where, GRADES[child.grade - 1], "1班", name, child.sex, "居民身份证", f"\t{number}", state]

    def certified(self) -> Rows:
        """Who holds a certificate: the children of form 3, adults, and a child whom no school has."""
        rows: Rows = []
        known: set[int] = set()
        for _, record in self._records("3"):
            child = record.child
            assert child
            if id(child) in known:  # in two schools: the certificate says what the first of them does
                continue
            if not self._said(child, "uncertified", False):
                known.add(id(child))
                rows.append(self._certified_row(child, self._said(child, "disability", record.meant["disability"])))
        rows.append(self._certified_row(self.community.child(self.district.schools[0]), "肢体残疾"))
        self.dice.shuffle(rows)
        return rows

    def _certified_row(self, child: Child, kind: Cell) -> list[Cell]:
        number = self._said(child, "id_number", child.id_number)
        return [None, child.name, number, f"{number}{self.dice.randrange(10, 75)}", kind, "二级", child.guardian]

    def helped(self) -> Rows:
        """The members of relief households: the children who say so, and some who don't."""
        rows: Rows = []
        known: set[int] = set()
        for _, record in self._records("1-2", "2", "4"):
            child = record.child
            assert child
            claims = record.meant.get("person_category") == RELIEF
            if claims != bool(self._said(child, "swap", False)) and id(child) not in known:
                known.add(id(child))
                number = self._said(child, "id_number", child.id_number)
                rows.append(["江口镇", "清溪村", child.guardian, child.name, number, "之子女", "2018年"])
        return rows
