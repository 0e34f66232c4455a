"""Invented schools in the district's towns, and the children that go there, or should."""

from __future__ import annotations

from random import Random

from fictional.id_numbers import IdNumbers
from fictional.official import OTHER
from fictional.people import Child, Names, address, ethnicity, mobile
from fictional.returns import School
from fictional.school_years import birth_in_grade

_PLACES = (
    "江口",
    "王母渡",
    "韩坊",
    "沙地",
    "湖江",
    "田村",
    "吉埠",
    "五云",
    "阳埠",
    "大埠",
    "长洛",
    "石芫",
    "白鹭",
    "三溪",
    "南塘",
)
_KINDS = (
    ("清溪小学", "小学", "21", range(1, 7)),
    ("清溪中学", "初中", "31", range(7, 10)),
    ("松林学校", "九年一贯制", "31", range(1, 10)),
    ("育英小学", "小学", "21", range(1, 7)),
)
_AGAIN = ("", "第二", "第三", "第四")


def invent_schools(count: int, dice: Random) -> list[School]:
    """Schools of invented names in real towns; at most 240."""
    schools = []
    for number in range(count):
        kind, stage, code, grades = _KINDS[number % 4]
        alias = _PLACES[number // 2 % len(_PLACES)] + _AGAIN[number // (len(_PLACES) * len(_KINDS))] + kind
        schools.append(
            School(
                f"{code}36{900000 + number:06d}",
                f"赣县区{alias}",
                alias,
                stage,
                tuple(grades),
                f"{dice.choice('赖谢钟曾肖邱')}老师",
                mobile(dice),
                f"school{number:03d}@example.test",
            )
        )
    return schools


class Community:
    """Invents the children of a district, no name and no number twice."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.names = Names(dice)
        self.numbers = IdNumbers(dice)

    def child(self, school: School, category: str = OTHER) -> Child:
        """A child of compulsory age at the school."""
        grade = self.dice.choice(school.grades)
        birth = birth_in_grade(self.dice, grade)
        sex = self.dice.choice("男女")
        return Child(
            name=self.names.new(),
            sex=sex,
            birth=birth,
            id_number=self.numbers.new(birth, sex),
            grade=grade,
            address=address(self.dice),
            guardian=self.names.plain(),
            phone=mobile(self.dice),
            ethnicity=ethnicity(self.dice),
            category=category,
        )
