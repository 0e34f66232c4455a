"""A clean district: schools, their children, and six forms a school that agree with each other."""

from __future__ import annotations

from random import Random

from fictional.cells import Cell
from fictional.id_numbers import IdNumbers
from fictional.people import RELATIONS, Child, Names, address, ethnicity, mobile
from fictional.returns import District, Record, School, Sheet
from fictional.school_years import FORM_DATE, GRADES, age_on, birth_in_grade

RELIEF = "建档立卡脱贫户"
URBAN = "城镇贫困户"
OTHER = "其他"
DROPOUT = "失学辍学"
DEFERRED = "缓学休学"

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
DISABILITIES = ("视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾", "多重残疾")


def invent_schools(count: int, dice: Random) -> list[School]:
    """Schools of invented names in real towns; at most 60."""
    schools = []
    for number in range(count):
        kind, stage, code, grades = _KINDS[number % 4]
        alias = _PLACES[number // 2 % len(_PLACES)] + kind
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
            "address": child.address,
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
        return Record(
            "5",
            {
                "name": child.name,
                "id_number": child.id_number,
                "birth_date": child.birth,
                "sex": child.sex,
                "age": age_on(child.birth, FORM_DATE),
                "ethnicity": child.ethnicity,
                "health": self.dice.choice(("健康", "健康", "良好", "有慢性病")),
                "roll_number": f"G{child.id_number}",
                "guardian1": child.guardian,
                "guardian1_relation": relation[0],
                "guardian1_phone": child.phone,
                "guardian2": self.community.names.plain(),
                "guardian2_relation": relation[1],
                "guardian2_phone": mobile(self.dice),
                "household_address": child.address,
                "roll_address": child.address,
                "home_address": child.address,
                "dropout_reason": self.dice.choice(("厌学", "家庭困难", "外出务工", "因病")),
                "family": "父母在外务工，由祖父母照看。",
                "persuaded": "是",
                "persuasion_count": self.dice.randrange(1, 5),
                "persuasion_result": "未复学",
                "not_returned_reason": "本人不愿返校",
                "persuading_unit": self.school.name,
                "persuading_person": f"{child.name[0]}老师",
                "persuading_phone": mobile(self.dice),
                "persuasion_log": "1. 2021年2月26日，班主任上门家访，动员返校；2. 2021年3月4日，电话联系，暂未返校。",
            },
            child,
        )


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


def _registrations(dice: Random) -> list[tuple[str, str]]:
    """Who is in 1-2: at least three dropouts of no poor household, one of each poor kind, and two deferred."""
    always = [
        (DROPOUT, OTHER),
        (DROPOUT, OTHER),
        (DROPOUT, OTHER),
        (DROPOUT, RELIEF),
        (DROPOUT, URBAN),
        (DEFERRED, OTHER),
        (DEFERRED, RELIEF),
    ]
    more = [(dice.choice((DROPOUT, DEFERRED)), dice.choice((RELIEF, URBAN, OTHER))) for _ in range(dice.randrange(3))]
    return dice.sample(always + more, len(always + more))


def fill_lists(school: School, community: Community) -> dict[str, list[Record]]:
    """The lists and cards of one school, agreeing with each other."""
    dice, fill = community.dice, Filler(school, community)
    listed = [(community.child(school, category), registration) for registration, category in _registrations(dice)]
    returned = [community.child(school, category) for category in (RELIEF, URBAN, RELIEF)[: dice.randrange(2, 4)]]
    poor = [child for child, registration in listed if registration == DROPOUT and child.category != OTHER]
    schooling = [fill.disability_row(community.child(school), "是") for _ in range(dice.randrange(4, 8))]
    schooling += [fill.disability_row(community.child(school), "送教上门") for _ in range(dice.randrange(3, 5))]
    schooling += [fill.disability_row(community.child(school), "否", "重度残疾，已办理延缓入学手续") for _ in range(2)]
    deferred = next(child for child, registration in listed if registration == DEFERRED and child.category == OTHER)
    schooling += [fill.disability_row(deferred, "否")] if dice.random() < 0.3 else []
    dice.shuffle(schooling)
    return {
        "1-2": [fill.dropout_row(child, registration) for child, registration in listed],
        "2": [fill.persuasion_row(child, False) for child in poor]
        + [fill.persuasion_row(child, True) for child in returned],
        "3": schooling,
        "4": [
            fill.home_taught_row(row.child, f"重度{row.meant['disability']}")
            for row in schooling
            if row.child and row.meant["enrolment"] == "送教上门"
        ],
        "5": [fill.card(child) for child, _ in listed],
    }


def sheets_of(school: School, lists: dict[str, list[Record]], dice: Random) -> dict[str, list[Sheet]]:
    """A school's sheets in the layout printed: one a form, and one a card."""
    filled: dict[str, list[Sheet]] = {
        form: [Sheet(form, school, records, f"附件{form}", school.name)]
        for form, records in {"1-1": [statistics(school, lists, dice)], **lists}.items()
        if form != "5"
    }
    filled["2"][0].fill_date = "2021年3月"
    filled["5"] = [Sheet("5", school, [card], str(card.meant["name"]), school.name) for card in lists["5"]]
    return filled


def clean_district(schools: int, dice: Random, zero_reports: bool = False) -> District:
    """A district without a fault; with `zero_reports`, every twelfth school has nothing to report."""
    roster, community = invent_schools(schools, dice), Community(dice)
    sheets = {}
    for number, school in enumerate(roster):
        nothing: dict[str, list[Record]] = {form: [] for form in ("1-2", "2", "3", "4", "5")}
        lists = nothing if zero_reports and number % 12 == 11 else fill_lists(school, community)
        sheets[school.name] = sheets_of(school, lists, dice)
    return District(roster, sheets)
