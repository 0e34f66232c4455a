"""Many returned workbooks, fast: for measuring. Forms 1-2 and 3 in turn, one school each, in several layouts.

python examples/fictional/bulk.py FOLDER [WORKBOOKS] [ROWS] [WRONG]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from fictional.cells import Cell
from fictional.id_numbers import IdNumbers
from fictional.lists import ListPage
from fictional.official import DEFERRED, DISABILITIES, DROPOUT, LISTS, OTHER, RELIEF, URBAN
from fictional.people import Names, address, mobile
from fictional.returns import Layout, Record, School, Sheet
from fictional.roster import write_roster
from fictional.school_years import FORM_DATE, GRADES, age_on, birth_in_grade
from fictional.stencil import Stencil
from fictional.workbooks import xlsx_bytes

UNIT = "某学校"
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
    "roll_school": (None, "赣县区月亮湾学校"),
    "person_category": ("低保户",),
    "registration_type": (None, "转学"),
    "sex": (None, "未知"),
    "age": (None, 45, "十二"),
    "guardian": (None, "某某"),
    "phone": (None, "1380013", "无"),
    "disability": (None, "身体不好"),
    "grade": (None, "幼儿园"),
    "enrolment": (None, "不详"),
}


@dataclass(slots=True)
class Bulk:
    """Rows of invented children, a school at a time; `wrong` is the share of the cells that cannot be."""

    dice: Random
    numbers: IdNumbers
    wrong: float

    def rows(self, form: str, school: str, count: int) -> Iterator[list[Cell]]:
        """A school's rows, in the order of the form's columns."""
        names = Names(self.dice)
        fields = [column.name for column in LISTS[form].columns]
        person = self._dropout if form == "1-2" else self._disabled
        for number in range(1, count + 1):
            meant = person(_name(names, number, count), school)
            yield [number if field == "seq" else self._typed(field, meant.get(field)) for field in fields]

    def _typed(self, field: str, value: Cell) -> Cell:
        if self.wrong and field in BAD and self.dice.random() < self.wrong:
            return self.dice.choice(BAD[field])
        return value

    def _dropout(self, name: str, school: str) -> dict[str, Cell]:
        """A row of 1-2 that asks for no row in form 2: no poor child has dropped out."""
        dropout = self.dice.random() < 0.5
        birth = birth_in_grade(self.dice, self.dice.randrange(1, 10))
        return {
            "name": name,
            "id_number": self.numbers.new(birth, self.dice.choice("男女")),
            "roll_school": school,
            "person_category": OTHER if dropout else self.dice.choice((OTHER, RELIEF, URBAN)),
            "registration_type": DROPOUT if dropout else DEFERRED,
        }

    def _disabled(self, name: str, school: str) -> dict[str, Cell]:
        grade = self.dice.randrange(1, 10)
        birth, sex = birth_in_grade(self.dice, grade), self.dice.choice("男女")
        return {
            "name": name,
            "sex": sex,
            "id_number": self.numbers.new(birth, sex),
            "age": age_on(birth, FORM_DATE),
            "address": address(self.dice),
            "guardian": Names(self.dice).plain(),
            "phone": mobile(self.dice),
            "disability": self.dice.choice(DISABILITIES),
            "grade": GRADES[grade - 1],
            "enrolment": "是",
        }


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
        row = int("".join(ch for ch in sheet.place(sample, "name") if ch.isdigit())) - 1
        made.append(Stencil(xlsx_bytes([page]), row, UNIT))
    return made


def _school(number: int) -> School:
    alias = f"第{number + 1}希望学校"
    return School(f"21369{number:05d}", f"赣县区{alias}", alias, "小学", (), "赖老师", "13900000000", "")


def write_bulk(folder: Path, workbooks: int = 1000, rows: int = 30, wrong: float = 0.0, seed: int = 1) -> list[Path]:
    """Writes the workbooks below folder/inbox, and folder/roster.xlsx; returns the workbooks' paths.

    Past 1,000 they are spread over folders of a thousand.
    """
    folder = Path(folder)
    dice = Random(seed)
    bulk = Bulk(dice, IdNumbers(dice), wrong)
    made: dict[str, list[Stencil]] = {form: stencils(form) for form in ("1-2", "3")}
    paths = [_write_one(folder / "inbox", number, rows, bulk, made) for number in range(workbooks)]
    write_roster(folder / "roster.xlsx", [_school(number) for number in range(workbooks)])
    return paths


def _write_one(inbox: Path, number: int, rows: int, bulk: Bulk, made: dict[str, list[Stencil]]) -> Path:
    form, school = ("1-2", "3")[number % 2], _school(number)
    stencil = made[form][number // 2 % len(LAYOUTS)]
    path = inbox / f"{number // 1000:03d}" / f"{school.name}附件{form}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stencil.filled(school.name, bulk.rows(form, school.name, rows)))
    return path


if __name__ == "__main__":
    arguments = [*sys.argv[1:], *("1000", "30", "0")[len(sys.argv) - 2 :]]
    write_bulk(Path(arguments[0]), int(arguments[1]), int(arguments[2]), float(arguments[3]))
