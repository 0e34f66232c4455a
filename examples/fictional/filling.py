"""What a school writes into its forms: rows, cards, and the statistics counted from them."""

from __future__ import annotations

from random import Random

from fictional.cells import Cell
from fictional.id_numbers import with_check
from fictional.official import DEFERRED, DISABILITIES, DROPOUT, OTHER, RELIEF, URBAN
from fictional.people import RELATIONS, Child, mobile
from fictional.returns import Record, School
from fictional.school_years import FORM_DATE, GRADES, age_on
from fictional.schools import Community


class Filler:
    """Fills in the forms of one school, each as it is meant."""

    def __init__(self, school: School, community: Community) -> None:
        self.school = school
        self.community = community
        self.dice = community.dice

    def dropout_row(self, child: Child, registration: str) -> Record:
        return Record(
            "1-2",
            {
                "name": child.name,
                "id_number": child.id_number,
                "roll_school": self.school.name,
                "person_category": child.category,
                "registration_type": registration,
                "remark": None,
            },
            child,
        )

    def persuasion_row(self, child: Child, returned: bool) -> Record:
        month = self.dice.choice((9, 10, 11, 12))
        return Record(
            "2",
            {
                "former_school": self.school.name,
                "name": child.name,
                "sex": child.sex,
                "age": age_on(child.birth, FORM_DATE),
                "dropout_date": f"2020年{month}月",
                "return_school": self.school.name if returned else None,
                "return_date": "2021年3月" if returned else None,
                "class_name": f"{GRADES[child.grade - 1]}1班" if returned else None,
                "person_category": child.category,
            },
            child,
        )

    def _person(self, child: Child) -> dict[str, Cell]:
        return {
            "name": child.name,
            "sex": child.sex,
            "id_number": child.id_number,
            "age": age_on(child.birth, FORM_DATE),
            "address": child.address if self.dice.random() < 0.95 else None,
            "guardian": child.guardian,
            "phone": child.phone,
        }

    def disability_row(self, child: Child, enrolment: str, remark: str | None = None) -> Record:
        return Record(
            "3",
            {
                **self._person(child),
                "disability": self.dice.choice(DISABILITIES),
                "grade": GRADES[child.grade - 1],
                "enrolment": enrolment,
                "remark": remark,
            },
            child,
        )

    def home_taught_row(self, child: Child, reason: Cell) -> Record:
        return Record(
            "4",
            {
                **self._person(child),
                "reason": reason,
                "person_category": self.dice.choice((OTHER, OTHER, RELIEF, URBAN)),
                "teaching_school": self.school.name,
                "remark": None,
            },
            child,
        )

    def card(self, child: Child) -> Record:
        relation = self.dice.sample(RELATIONS, 2)
        second = self.dice.random() < 0.9
        return Record(
            "5",
            {
                "name": child.name,
                "id_number": child.id_number,
                "birth_date": child.birth,
                "sex": child.sex,
                "age": age_on(child.birth, FORM_DATE),
                "ethnicity": child.ethnicity,
                "health": self.dice.choice(("健康", "健康", "良好", "有慢性病", None)),
                "roll_number": self._roll_number(child),
                "guardian1": child.guardian,
                "guardian1_relation": relation[0],
                "guardian1_phone": child.phone,
                "guardian2": self.community.names.plain() if second else None,
                "guardian2_relation": relation[1] if second else None,
                "guardian2_phone": mobile(self.dice) if second else None,
                "household_address": child.address,
                "roll_address": child.address,
                "home_address": child.address,
                "dropout_reason": self.dice.choice(("厌学", "家庭困难", "外出务工", "因病")),
                "family": self.dice.choice(("父母在外务工，由祖父母照看。", None)),
                **self._persuasion(child),
            },
            child,
        )

    def _roll_number(self, child: Child) -> str | None:
        """Mostly G and the ID number; else one given by the district, a temporary one, or none yet."""
        kind = self.dice.choices("GJL ", weights=(85, 4, 4, 7))[0]
        birth = f"360721{child.birth:%Y%m%d}"
        numbers = {
            "G": f"G{child.id_number}",
            "J": f"J{with_check(f'{birth}{self.dice.randrange(1000):03d}')}",
            "L": f"L{birth}{self.dice.randrange(10000):04d}",
        }
        return numbers.get(kind)

    def _persuasion(self, child: Child) -> dict[str, Cell]:
        """What the school has done; a few have not begun."""
        begun = self.dice.random() < 0.93
        done: dict[str, Cell] = {
            "persuasion_count": self.dice.randrange(1, 5),
            "persuasion_result": "未复学",
            "not_returned_reason": "本人不愿返校",
            "persuading_unit": self.school.name,
            "persuading_person": f"{child.guardian[0]}老师",
            "persuading_phone": mobile(self.dice),
            "persuasion_log": "1. 2021年2月26日，班主任上门家访，动员返校；2. 2021年3月4日，电话联系，暂未返校。",
        }
        return {"persuaded": "是" if begun else "否"} | (done if begun else dict.fromkeys(done))


def statistics(school: School, lists: dict[str, list[Record]], dice: Random) -> Record:
    """The statistics of a school, counted from its lists."""
    due = dice.randrange(240, 1500)
    counts: dict[str, Cell] = {"due": due, "due_relief": dice.randrange(20, 60), "due_urban": dice.randrange(3, 20)}
    absent = 0
    for prefix, registration in (("dropout", DROPOUT), ("deferred", DEFERRED)):
        categories = [
            row.meant["person_category"] for row in lists["1-2"] if row.meant["registration_type"] == registration
        ]
        absent += len(categories)
        counts |= {
            prefix: len(categories),
            f"{prefix}_relief": categories.count(RELIEF),
            f"{prefix}_urban": categories.count(URBAN),
        }
    back = [row.meant["person_category"] for row in lists["2"] if row.meant["return_date"]]
    schooling = [row.meant["enrolment"] for row in lists["3"]]
    other_absent = dice.randrange(4)
    absent += len(lists["4"]) + other_absent
    counts |= {
        "returned": due - absent,
        "absent": absent,
        "home_taught": len(lists["4"]),
        "other_absent": other_absent,
        "brought_back": len(back) + dice.randrange(3),
        "brought_back_relief": back.count(RELIEF),
        "brought_back_urban": back.count(URBAN),
        "disabled": len(schooling),
        "disabled_in_school": schooling.count("是"),
        "disabled_home_taught": schooling.count("送教上门"),
        "disabled_out": schooling.count("否"),
    }
    return Record("1-1", {"school": school.name, **counts, "remark": None})
