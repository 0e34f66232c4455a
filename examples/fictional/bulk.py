"""Many returned workbooks, fast: for measuring. Forms 3 and 4 of every school, in several layouts, and form 1-1.

python examples/fictional/bulk.py FOLDER [WORKBOOKS] [ROWS] [WRONG]

Where no cell is wrong nothing is to be found: a school's disabled children are all taught at home, so that its two
lists name the same ones, and the statistics, which come on a sheet for thirty schools, count them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from fictional.cells import Cell
from fictional.id_numbers import IdNumbers
from fictional.lists import ListPage
from fictional.official import DISABILITIES, LISTS, OTHER, RELIEF, STATISTICS, URBAN
from fictional.people import Names, address, mobile
from fictional.returns import Layout, Record, School, Sheet
from fictional.roster import write_roster
from fictional.school_years import FORM_DATE, GRADES, age_on, birth_in_grade
from fictional.stencil import Stencil
from fictional.workbooks import xlsx_bytes

UNIT = "某学校"
HOME_TAUGHT = "送教上门"
SCHOOLS_A_SHEET = 30
"""Schools whose statistics come on one sheet, from their township."""
LAYOUTS = (
    Layout(attachment="附件", numbered_rows=0),
    Layout(lead_rows=1, header="bare", unit="stamp-first", numbered_rows=3),
    Layout(lead_columns=1, attachment="附件", header="full-width", numbered_rows=8, signature=False),
    Layout(header="inline", unit="two-cells", numbered_rows=0, notes=False),
)
BAD: dict[str, tuple[Cell, ...]] = {
    "name": (None, "张3", "待定"),
    "id_number": (
        None,
        "36072120091013778",
        "360721200913137785",
        "360721200910137780",
        "36072120O910137785",
        3.6072120091013e17,
    ),
    "person_category": ("低保户",),
    "sex": (None, "未知"),
    "age": (None, 45, "十二"),
    "guardian": (None, "某某"),
    "phone": (None, "1380013", "无"),
    "disability": (None, "身体不好"),
    "grade": (None, "幼儿园"),
    "enrolment": (None, "不详"),
    "reason": (None,),
    "teaching_school": (None, "赣县区月亮湾学校"),
}


@dataclass(slots=True)
class Bulk:
    """Rows of invented children, a school at a time; `wrong` is the share of the cells that cannot be."""

    dice: Random
    numbers: IdNumbers
    wrong: float

    def children(self, school: School, count: int, enrolment: str) -> list[dict[str, Cell]]:
        """A school's disabled children, with what forms 3 and 4 ask of them."""
        names = Names(self.dice)
        return [self._child(_name(names, number, count), school, enrolment) for number in range(1, count + 1)]

    def typed(self, form: str, rows: Sequence[Mapping[str, Cell]]) -> list[list[Cell]]:
        """The rows as typed, in the order of the form's columns."""
        fields = [column.name for column in LISTS[form].columns[1:]]
        return [[number, *(self._typed(name, row.get(name)) for name in fields)] for number, row in enumerate(rows, 1)]

    def _typed(self, field: str, value: Cell) -> Cell:
        if self.wrong and field in BAD and self.dice.random() < self.wrong:
            return self.dice.choice(BAD[field])
        return value

    def _child(self, name: str, school: School, enrolment: str) -> dict[str, Cell]:
        grade = self.dice.randrange(1, 10)
        birth, sex = birth_in_grade(self.dice, grade), self.dice.choice("男女")
        disability = self.dice.choice(DISABILITIES)
        return {
            "name": name,
            "sex": sex,
            "id_number": self.numbers.new(birth, sex),
            "age": age_on(birth, FORM_DATE),
            "address": address(self.dice),
            "guardian": Names(self.dice).plain(),
            "phone": mobile(self.dice),
            "disability": disability,
            "grade": GRADES[grade - 1],
            "enrolment": enrolment,
            "reason": f"重度{disability}",
            "person_category": self.dice.choice((OTHER, RELIEF, URBAN)),
            "teaching_school": school.name,
        }


def _counted(school: School, children: int, enrolment: str) -> dict[str, Cell]:
    """The school's row of the statistics."""
    home_taught = children if enrolment == HOME_TAUGHT else 0
    counts = dict.fromkeys((column.name for column in STATISTICS.columns if column.required), 0)
    counts |= {
        "due": children + 500,
        "returned": children + 500 - home_taught,
        "absent": home_taught,
        "home_taught": home_taught,
        "disabled": children,
        "disabled_in_school": children - home_taught,
        "disabled_home_taught": home_taught,
    }
    return {"school": school.name, **counts}


def _name(names: Names, number: int, count: int) -> str:
    """A name nobody of the school has; in very long lists names repeat, as they do."""
    return names.new() if count <= 2000 or number <= 2000 else names.plain()


def stencils(form: str) -> list[Stencil]:
    """The form in every layout, with one sample row."""
    made = []
    for layout in LAYOUTS:
        sample = Record(form, {column.name: "样" for column in LISTS[form].columns} | {"seq": 1})
        sheet = Sheet(form, _school(0), [sample], f"附件{form}", UNIT, layout=layout)
        page = ListPage(sheet).laid_out()
        row = int("".join(ch for ch in sheet.place(sample, LISTS[form].key) if ch.isdigit())) - 1
        made.append(Stencil(xlsx_bytes([page]), row, UNIT))
    return made


def _school(number: int) -> School:
    alias = f"第{number + 1}希望学校"
    return School(f"21369{number:05d}", f"赣县区{alias}", alias, "小学", (), "赖老师", "13900000000", "")


@dataclass(slots=True)
class _Inbox:
    """Writes workbooks, a thousand a folder."""

    folder: Path
    made: Mapping[str, Sequence[Stencil]]
    paths: list[Path] = field(default_factory=list)

    def write(self, form: str, school: School, rows: Sequence[Sequence[Cell]]) -> None:
        number = len(self.paths)
        stencil = self.made[form][number // 2 % len(LAYOUTS)]
        path = self.folder / f"{number // 1000:03d}" / f"{school.name}附件{form}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(stencil.filled(school.name, rows))
        self.paths.append(path)


def write_bulk(folder: Path, workbooks: int = 1000, rows: int = 30, wrong: float = 0.0, seed: int = 1) -> list[Path]:
    """Writes the workbooks below folder/inbox, and folder/roster.xlsx; returns the workbooks' paths.

    One more comes where `workbooks` is 1: the statistics. Past 1,000 they are spread over folders of a thousand.
    """
    folder = Path(folder)
    dice = Random(seed)
    bulk = Bulk(dice, IdNumbers(dice), wrong)
    inbox = _Inbox(folder / "inbox", {form: stencils(form) for form in ("1-1", "3", "4")})
    lists = max(1, workbooks - -(-workbooks // (2 * SCHOOLS_A_SHEET + 1)))
    schools = [_school(number) for number in range(-(-lists // 2))]
    counted: list[dict[str, Cell]] = []
    for number, school in enumerate(schools):
        enrolment = HOME_TAUGHT if 2 * number + 1 < lists else "是"  # the last one may have no form 4
        children = bulk.children(school, rows, enrolment)
        inbox.write("3", school, bulk.typed("3", children))
        if enrolment == HOME_TAUGHT:
            inbox.write("4", school, bulk.typed("4", children))
        counted.append(_counted(school, rows, enrolment))
    for first in range(0, len(schools), SCHOOLS_A_SHEET):
        inbox.write("1-1", schools[first], bulk.typed("1-1", counted[first : first + SCHOOLS_A_SHEET]))
    write_roster(folder / "roster.xlsx", schools)
    return inbox.paths


if __name__ == "__main__":
    arguments = [*sys.argv[1:], *("1000", "30", "0")[len(sys.argv) - 2 :]]
    write_bulk(Path(arguments[0]), int(arguments[1]), int(arguments[2]), float(arguments[3]))
