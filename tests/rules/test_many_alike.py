"""A number or a name that was filled down a column stands for a thousand children: no finding tells of all of them."""

from __future__ import annotations

import pytest
from cast import listed
from growth import cost
from sheets import district

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.rules.run import check

ROWS, MOST = 2_000, 20
SECONDS = 15
"""What each of them beside each other takes is minutes."""


def checked(form: str, header: str, row: str) -> tuple[Findings, float]:
    """What is found where the row, with its number in it, stands a thousand times, and the seconds it took."""
    rows = "\n".join(row.format(number, name=f"赖{chr(0x4E00 + number)}") for number in range(ROWS))
    made, found = district({"名单.xlsx": listed(form, f"{header}\n{rows}")}), list[Findings]()
    seconds = cost(lambda: found.append(check(made)))
    return found[0], seconds


@pytest.mark.parametrize(
    ("rule", "form", "header", "row"),
    [
        ("duplicate-in-form", "1-2", "| 姓名 | 身份证号码 |", "| 赖小满 | 360704200805210315 |"),
        ("id-name-conflict", "1-2", "| 姓名 | 身份证号码 |", "| {name} | 360704200805210315 |"),
        ("duplicate-in-form", "2", "| 姓名 | 年龄 |", "| 赖小满 | 12 |"),
    ],
)
def test_each_of_a_thousand_tells_of_some_others(rule: str, form: str, header: str, row: str) -> None:
    found, seconds = checked(form, header, row)
    frame = found.frame[found.frame["rule"] == rule]
    assert len(frame) == ROWS
    others = [set(related.split("\n")) for related in frame["related"]]
    assert MOST // 2 <= min(map(len, others)) <= max(map(len, others)) == MOST
    own = (f"{file} › {sheet} › {cell}" for file, sheet, cell in frame[["file", "sheet", "cell"]].to_numpy())
    assert not any(place in each for place, each in zip(own, others, strict=True))
    assert max(len(str(facts)) for facts in frame["facts"]) < 20 * MOST
    assert seconds < SECONDS


@pytest.mark.parametrize(
    ("form", "header", "row"),
    [
        ("2", "| 姓名 | 年龄 |", "| 赖小满 | 12 |"),
        ("2", "| 姓名 | 年龄 |", "| 赖小满 | {0} |"),
        ("1-2", "| 姓名 | 身份证号码 |", "| 赖小满 | 3607{0} |"),
    ],
)
def test_a_thousand_of_one_name_are_told_apart_in_two_returns_of_a_school(form: str, header: str, row: str) -> None:
    rows = "\n".join(row.format(number) for number in range(3_000))
    earlier, later = listed(form, f"{header}\n{rows}"), listed(form, f"{header}\n{rows}\n| 温小暑 | 9 |")
    made: list[District] = []
    assert cost(lambda: made.append(district({"一.xlsx": earlier, "二.xlsx": later}))) < 9
    assert len(made[0].records[form]) == 3_001
