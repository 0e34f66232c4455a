"""How often the true ID number is among the suggestions for a damaged one: a Markdown table on standard output.

python benchmarks/id_suggestions.py     1,000 invented numbers, 250 a kind of slip; the same ones at every run
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from kbxt_merge.model.id_number import check_character
from kbxt_merge.rules.id_numbers.suggestions import Evidence, one_slip_away, suggestions

NUMBERS = 1_000
DAY = dt.date(2021, 3, 12)
REGIONS = {"360704": 45, "360721": 35, "360702": 8, "360703": 3, "360722": 3, "440306": 3, "350582": 2, "330782": 1}
"""The regions of a county's pupils and how often each comes: its own, old and new, its neighbours', the migrants'."""

HOME = ("360704", "360721", "360702", "360703", "360722")
"""The regions taken for those of the district's sound numbers: six pupils in a hundred come from none of them."""

LETTERS = {"0": "O", "1": "l", "2": "Z", "5": "S", "8": "B"}


def true_number(chance: random.Random) -> str:
    region = chance.choices(list(REGIONS), list(REGIONS.values()))[0]
    birth = dt.date(2004, 9, 1) + dt.timedelta(chance.randrange(11 * 365))
    first17 = f"{region}{birth:%Y%m%d}{chance.randrange(1000):03}"
    return first17 + check_character(first17)


def wrong(number: str, chance: random.Random) -> str:
    place = chance.randrange(18)
    if chance.random() < 0.1 and number[place] in LETTERS:
        return number[:place] + LETTERS[number[place]] + number[place + 1 :]
    others = ("0123456789X" if place == 17 else "0123456789").replace(number[place], "")
    return number[:place] + chance.choice(others) + number[place + 1 :]


def swapped(number: str, chance: random.Random) -> str:
    place = chance.choice([place for place in range(17) if number[place] != number[place + 1]])
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def missing(number: str, chance: random.Random) -> str:
    place = chance.randrange(18)
    return number[:place] + number[place + 1 :]


def doubled(number: str, chance: random.Random) -> str:
    place = chance.randrange(18)
    return number[: place + 1] + number[place:]


SLIPS: dict[str, Callable[[str, random.Random], str]] = {
    "one character wrong": wrong,
    "two neighbours swapped": swapped,
    "one left out": missing,
    "one typed twice": doubled,
}


def full_years(birth: dt.date) -> int:
    return DAY.year - birth.year - ((DAY.month, DAY.day) < (birth.month, birth.day))


def evidences(number: str) -> dict[str, tuple[Evidence, Collection[str]]]:
    """What a row may say, from nothing (form 1-2) to everything (form 5), without and with the regions at home."""
    birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    nothing = Evidence(day=DAY)
    sex_and_age = replace(nothing, sex="男" if int(number[16]) % 2 else "女", age=full_years(birth))
    everything = replace(sex_and_age, first_birth=birth, last_birth=birth)
    rows = {"form's date": nothing, "sex, age": sex_and_age, "sex, age, birth date": everything}
    return {
        f"{what}{where}": (evidence, home)
        for where, home in {"": (), ", regions": HOME}.items()
        for what, evidence in rows.items()
    }


def main() -> None:
    chance = random.Random(11643)
    among: dict[tuple[str, str], list[int]] = {}
    spent = 0.0
    for turn in range(NUMBERS):
        slip = list(SLIPS)[turn % len(SLIPS)]
        number = true_number(chance)
        damaged = SLIPS[slip](number, chance)
        start = time.perf_counter()
        one_slip_away(damaged)
        spent += time.perf_counter() - start
        for known, (evidence, home) in evidences(number).items():
            found = suggestions(damaged, evidence, home)
            for kind in (slip, "all"):
                tally = among.setdefault((kind, known), [0, 0, 0, 0])
                tally[0] += 1
                tally[1] += number in found
                tally[2] += found == (number,)
                tally[3] += bool(found) and number not in found
    print("| slip | known | true among ≤ 3 | true and alone | only wrong ones |")
    print("|---|---|--:|--:|--:|")
    for (kind, known), (count, hit, alone, misled) in sorted(
        among.items(), key=lambda item: [*SLIPS, "all"].index(item[0][0])
    ):
        print(f"| {kind} | {known} | {hit / count:.1%} | {alone / count:.1%} | {misled / count:.1%} |")
    print(f"\n{spent / NUMBERS * 1e6:.0f} µs a number")


if __name__ == "__main__":
    main()
