"""Rules on this period against the last; they have something to say only where the ledger knows an earlier one."""

from __future__ import annotations

from kbxt_merge.model.rule_card import Role, Scope, Severity
from kbxt_merge.rules.rule import Failing, Look, rule

_EARLIER = {"list": Role("form"), "filled": Role("foreign", types=("date",))}


@rule(
    "vanished-without-return",
    Severity.WARNING,
    Scope.PERIOD,
    title=("上期辍学学生去向不明", "gone without a return"),
    message=(
        "上期登记为失学辍学的“{child}”，本期既不在名单中，也没有复学记录，请核实去向。",
        "{child}, a dropout of the last period, is neither listed now nor shown as returned; please verify.",
    ),
    when=(
        "上期失学辍学，本期不在 1-2，附件 2 也没有复学",
        "a dropout of the last period, now in neither 1-2 nor, as returned, in form 2",
    ),
    at_types=("person_name",),
    roles={**_EARLIER, "where": Role("where", required=False)},
)
def vanished_without_return(look: Look) -> Failing:
    """A child of the last period's list that neither this period's list nor its ledger accounts for."""
    return look.nothing()


@rule(
    "returned-then-listed",
    Severity.WARNING,
    Scope.PERIOD,
    title=("曾复学又辍学", "returned, and listed again"),
    message=(
        "“{value}”以前已劝返复学，本期又在名单中，请核实。",
        "{value} was brought back in an earlier period and is listed again; please verify.",
    ),
    when=("以前各期已复学，本期又在名单中", "brought back in an earlier period, listed again"),
    at_types=("person_name",),
    roles=_EARLIER,
)
def returned_then_listed(look: Look) -> Failing:
    """A child that an earlier period's ledger shows as returned, and that the list holds again."""
    return look.nothing()


@rule(
    "count-jump",
    Severity.WARNING,
    Scope.PERIOD,
    title=("人数与上期相差较大", "count differs much from the last period"),
    message=(
        "“{field}”填 {value}，上期是 {before}，相差超过五分之一，请核实。",
        "{field} is {value}, was {before} last period: more than a fifth apart; please verify.",
    ),
    when=("与上期相差超过五分之一", "differs from the last period's by more than a fifth"),
    at_types=("count",),
)
def count_jump(look: Look) -> Failing:
    """More than a fifth above or below the last period's count of the same school."""
    return look.nothing()
