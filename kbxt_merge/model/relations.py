"""What each form is to the others: the register of dropouts, the ledger of returns, cards, statistics.

Forms are named by their numbers, fields by their names. What a bureau does not declare is None or blank, and
`Relations.off` tells what is then not done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kbxt_merge.model.text import Language, Words


@dataclass(frozen=True, slots=True)
class Dropouts:
    """The register of children out of school.

    Those whose `registration` is one of `dropped_out` dropped out, the others, `deferred`, put school off. `category`
    tells families apart, `apart` are its values that the monthly flow counts apart, `cleared` those of whom the notice
    wants none to be out of school.
    """

    form: str
    registration: str
    dropped_out: tuple[str, ...]
    category: str
    apart: tuple[str, ...]
    deferred: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()

    @property
    def where(self) -> dict[str, tuple[str, ...]]:
        """The condition on a record of the register under which its child dropped out."""
        return {self.registration: self.dropped_out}


@dataclass(frozen=True, slots=True)
class Returns:
    """The ledger of children brought back: the days of dropping out and of the return, and the field of families."""

    form: str
    return_day: str
    dropout_day: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of each school.

    `counts` leads from a form to the fields that say how many children it must hold. `brought_back` counts all who were
    brought back this term, whether or not the ledger names them; `due` and `back` count all who should be at school,
    and those who are.
    """

    form: str
    counts: Mapping[str, tuple[str, ...]]
    brought_back: str = ""
    due: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes a record of a list, so that no later blank carries it: that the field `filled` holds something and
    each field in `where` one of its values; in the list `form`, where one is named, in the same child's record there.
    """

    form: str = ""
    filled: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Feature(StrEnum):
    """What is done across forms, and only where relations say how the forms hang together."""

    MONTHLY_FLOW = "monthly-flow"
    REGISTER_CHART = "register-chart"
    EMPTY_LISTS = "empty-lists"
    CARD_NUMBERS = "card-numbers"
    HOME_TAUGHT_NUMBERS = "home-taught-numbers"
    CARRIED_RETURNS = "carried-returns"
    CARRIED_CARDS = "carried-cards"

    @property
    def words(self) -> Words:
        """What the feature is called on screens."""
        return _FEATURES[self][0]

    @property
    def needs(self) -> tuple[str, ...]:
        """The relations without which it can't be done."""
        return _FEATURES[self][1]


_FEATURES: Mapping[Feature, tuple[Words, tuple[str, ...]]] = {
    Feature.MONTHLY_FLOW: (
        Words("学生辍学情况统计表（按月）", "The monthly flow of dropouts"),
        ("dropouts", "returns", "statistics"),
    ),
    Feature.REGISTER_CHART: (Words("登记在册学生的统计和图示", "The count and chart of the register"), ("dropouts",)),
    Feature.EMPTY_LISTS: (
        Words(
            "统计表人数为 0 的学校，没有报的名单按无人核对",
            "Taking a list that did not come as empty where counts are 0",
        ),
        ("statistics",),
    ),
    Feature.CARD_NUMBERS: (
        Words("名单与登记表中同名学生的身份证号码逐一核对", "Holding every ID number of a card against the register's"),
        ("dropouts", "cards"),
    ),
    Feature.HOME_TAUGHT_NUMBERS: (
        Words(
            "残疾儿童台账与送教上门台账中同名学生的身份证号码逐一核对",
            "Holding every ID number of those taught at home against the disability ledger's",
        ),
        ("disabled", "home_taught"),
    ),
    Feature.CARRIED_RETURNS: (
        Words("结转空表时去掉已复学的学生", "Leaving those brought back out of the next blanks"),
        ("dropouts", "returns"),
    ),
    Feature.CARRIED_CARDS: (
        Words("为仍在名单中的学生结转登记表", "Carrying over the cards of those still listed"),
        ("dropouts", "cards"),
    ),
}
_RELATIONS = {
    "dropouts": Words("辍学名单", "the register of dropouts"),
    "returns": Words("劝返台账", "the ledger of returns"),
    "cards": Words("登记表", "the cards"),
    "disabled": Words("残疾儿童台账", "the disability ledger"),
    "home_taught": Words("送教上门台账", "the home-teaching ledger"),
    "statistics": Words("统计表", "the statistics"),
}
_WHY = {
    "zh": "relations.yaml 没有说明在用的哪张表是{names}",
    "en": "relations.yaml names no form in force as {names}",
}


@dataclass(frozen=True, slots=True)
class Off:
    """A feature that can't be carried out, and the relations that it lacks."""

    feature: Feature
    missing: tuple[str, ...]

    def why(self, language: Language) -> str:
        """The reason in a sentence."""
        separator = "、" if language == "zh" else ", "
        return _WHY[language].format(names=separator.join(_RELATIONS[name].of(language) for name in self.missing))


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations of a bureau's forms; `cards`, `disabled` and `home_taught` are forms, blank where there is none.

    `persuaded` is the field of the cards that says whether persuasion has begun. `in_school` are, by field of the
    ledger of disabled children, the values of those at school. `closings` are by list what closes its records.
    """

    dropouts: Dropouts | None = None
    returns: Returns | None = None
    statistics: Statistics | None = None
    cards: str = ""
    disabled: str = ""
    home_taught: str = ""
    persuaded: str = ""
    in_school: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closings: Mapping[str, Closing] = field(default_factory=dict)

    @property
    def flow(self) -> tuple[Dropouts, Returns, Statistics] | None:
        """What the monthly flow is worked out of; None where one of these is not declared."""
        if self.dropouts and self.returns and self.statistics:
            return self.dropouts, self.returns, self.statistics
        return None

    @property
    def same_children(self) -> frozenset[frozenset[str]]:
        """Every two forms of which each child of the one stands in the other too."""
        listed = self.dropouts.form if self.dropouts else ""
        pairs = ((listed, self.cards), (self.disabled, self.home_taught))
        return frozenset(frozenset(pair) for pair in pairs if all(pair))

    @property
    def off(self) -> tuple[Off, ...]:
        """What can't be done for want of a relation; nothing where no form in force has one: none asks for it."""
        if not any(getattr(self, name) for name in _RELATIONS):
            return ()
        lacking = ((each, tuple(name for name in each.needs if not getattr(self, name))) for each in Feature)
        return tuple(Off(feature, missing) for feature, missing in lacking if missing)
