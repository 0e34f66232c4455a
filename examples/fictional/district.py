"""A clean district: six forms a school that agree with each other."""

from __future__ import annotations

from random import Random

from fictional.filling import Filler, statistics
from fictional.official import DEFERRED, DROPOUT, OTHER, RELIEF, URBAN
from fictional.returns import District, Record, School, Sheet
from fictional.schools import Community, invent_schools


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
    """A district without a fault.

    With `zero_reports`, every twelfth school has nothing to report: it returns its lists empty, or only the statistics.
    """
    roster, community = invent_schools(schools, dice), Community(dice)
    sheets = {}
    for number, school in enumerate(roster):
        nothing: dict[str, list[Record]] = {form: [] for form in ("1-2", "2", "3", "4", "5")}
        lists = nothing if zero_reports and number % 12 == 11 else fill_lists(school, community)
        community.names.next_school()
        sheets[school.name] = sheets_of(school, lists, dice)
        if zero_reports and number % 24 == 23:
            sheets[school.name].update({form: [] for form in ("2", "3", "4")})
    return District(roster, sheets)
