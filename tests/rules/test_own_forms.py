"""Rules that any form may use, on forms of a bureau's own: `own_forms/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rule_cases import FILE, At, Case, Kind
from sheets import PRIMARY, ROSTER, Content, district, findings, page

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.run import check

OWN = load_forms(CATALOGUE, Path(__file__).parent / "own_forms")
SETTING: dict[str, Any] = {"forms": OWN, "roster": ROSTER}
CARD, OTHER_CARD = "6217994270000000001", "6217994270000000019"
AID = "| 序号 | 姓名 | 证件种类 | 证件号 | 标准 | 月数 | 金额 | 卡号 | 户名 | 去向 | 转学日期 | 有效期至 |"


def sheet(title: str, header: str, *rows: str, unit: str = "学校") -> Content:
    """A returned form; the records begin in row 4."""
    return page("\n".join([f"| {title} |", f"| {unit}：{PRIMARY}  2021年3月12日 |", header, *rows]))


def aid(**cells: str) -> Content:
    """One child of the aid list, nothing filled in but what is given."""
    names = [name.strip() for name in AID.strip("| ").split("|")]
    own = {"序号": "1", "姓名": "赖小满", **cells}
    return sheet("资助发放登记表", AID, "| " + " | ".join(own.get(name, "") for name in names) + " |")


def visits(*rows: str) -> Content:
    return sheet("家访情况登记表", "| 序号 | 姓名 | 家访次数 | 现在何处 |", *rows)


def counted(*cells: str) -> Content:
    header = "| 学校 | 家访合计 | 在校生家访 | 家访率 | 学生数 | 人均家访率 |"
    return sheet("家访次数统计表", header, f"| {PRIMARY} | {' | '.join(cells)} |", unit="填报单位")


def matrix(*rows: str) -> Content:
    return sheet("分年级班级数", "| 年级 | 班级数 | 学生数 |", *rows, unit="填报单位")


def case(slug: str, kind: Kind, why: str, returns: Content | dict[str, Content], *expected: At) -> Case:
    files = returns if isinstance(returns, dict) else {FILE: returns}
    return Case(slug, kind, why, files, expected, SETTING)


FAILS, HOLDS, BLANK = Kind.FAILS, Kind.HOLDS, Kind.BLANK
LISTED = {"家访.xlsx": visits("| 1 | 赖小满 | 2 | 在校 |")}

CASES = [
    case("number-invalid", FAILS, "a word", aid(标准="若干"), At("E4", field="标准")),
    case("number-invalid", FAILS, "three decimal places of two", aid(标准="1.255"), At("E4")),
    case("number-invalid", FAILS, "less than nothing", aid(金额="-3"), At("G4")),
    case("number-invalid", HOLDS, "with its unit and thousands, as text", aid(标准="'￥312.50元", 金额="'1,250.00")),
    case("number-invalid", BLANK, "nothing", aid()),
    case("code-invalid", FAILS, "a bank card that fails its check digit", aid(卡号=f"'{CARD[:-1]}2"), At("H4")),
    case("code-invalid", FAILS, "stored as a number, its last digits lost", aid(卡号="6.217994270000e18"), At("H4")),
    case("code-invalid", HOLDS, "in groups of four", aid(卡号="'6217 9942 7000 0000 001")),
    case("code-invalid", BLANK, "no card", aid()),
    case("out-of-range", FAILS, "more than the most", aid(标准="1000.5"), At("E4")),
    case("out-of-range", FAILS, "less than the least", aid(月数="0"), At("F4")),
    case("out-of-range", FAILS, "ran out before the form's day", aid(有效期至="2021-03-11"), At("L4")),
    case("out-of-range", FAILS, "after the last day", aid(有效期至="2031-01-01"), At("L4")),
    case(
        "out-of-range", HOLDS, "the bounds themselves; a month that is not over", aid(标准="1000", 有效期至="2021年3月")
    ),
    case("out-of-range", BLANK, "nothing", aid()),
    case(
        "not-applicable",
        FAILS,
        "a day of moving of a child that stays",
        aid(去向="在校", 转学日期="2021-03-12"),
        At("K4", severity="warning"),
    ),
    case("not-applicable", HOLDS, "the child moved", aid(去向="转学", 转学日期="2021-03-12")),
    case("not-applicable", BLANK, "nobody knows where the child is", aid(转学日期="2021-03-12")),
    case("required-missing", FAILS, "what another cell makes required", aid(去向="转学"), At("K4")),
    case(
        "paper-invalid",
        FAILS,
        "an ID number for a passport's",
        aid(证件种类="港澳居民来往内地通行证", 证件号="12345"),
        At("D4"),
    ),
    case(
        "paper-invalid",
        HOLDS,
        "a permit, a passport, an ID card",
        sheet(
            "资助发放登记表",
            AID,
            "| 1 | 赖小满 | 回乡证 | H12345678 |",
            "| 2 | 李安娜 | 护照 | E12345678 |",
            "| 3 | 温小暑 | 身份证 | 360721200707070423 |",
        ),
    ),
    case("paper-invalid", BLANK, "no number, and no kind", aid(证件种类="护照")),
    case("product", FAILS, "not the standard times the months", aid(标准="312.50", 月数="4", 金额="1200"), At("G4")),
    case("product", HOLDS, "it is", aid(标准="312.50", 月数="4", 金额="1250")),
    case("product", BLANK, "one factor is missing", aid(标准="312.50", 金额="1200")),
    case("product", FAILS, "a rate", counted("2", "", "'0.18%", "1203"), At("D4")),
    case("product", HOLDS, "a rate in per cent, and as a spreadsheet holds it", counted("2", "", "'0.17%", "1203")),
    case("product", HOLDS, "as a spreadsheet holds it", counted("2", "", "0.0017", "1203")),
    case("product", BLANK, "of nobody", counted("0", "", "'3%", "0")),
    case("product", FAILS, "a rate of two counts together", counted("3", "1", "", "1000", "'0.3%"), At("F4")),
    case("product", HOLDS, "their sum over the whole", counted("3", "1", "", "1000", "'0.4%")),
    case("product", BLANK, "one of those added up is missing", counted("3", "", "", "1000", "'0.3%")),
    case(
        "same-as",
        FAILS,
        "another's account, which the form lets verify",
        aid(户名="赖大山"),
        At("I4", severity="warning"),
    ),
    case("same-as", HOLDS, "the same but for spaces", aid(户名="赖 小满")),
    case("same-as", BLANK, "no account", aid()),
    case("within", FAILS, "five years old", aid(证件号="360704201508070533"), At("D4")),
    case(
        "within",
        FAILS,
        "moved more than thirty days after the form's day",
        aid(去向="转学", 转学日期="2021-02-01"),
        At("K4"),
    ),
    case(
        "within",
        HOLDS,
        "twelve, and moved on the day",
        aid(证件号="360704200805210315", 去向="转学", 转学日期="2021-03-12"),
    ),
    case("within", BLANK, "no number, no day", aid()),
    case(
        "unique",
        FAILS,
        "one card of two children",
        sheet("资助发放登记表", AID, f"| 1 | 赖小满 | | | | | | '{CARD} |", f"| 2 | 温小暑 | | | | | | '{CARD} |"),
        At("H4", related=f"{FILE} › Sheet1 › H5"),
        At("H5", related=f"{FILE} › Sheet1 › H4"),
    ),
    case(
        "unique",
        FAILS,
        "one child twice in one place",
        visits("| 1 | 赖小满 | 2 | 在校 |", "| 2 | 赖小满 | 3 | 在校 |"),
        At("B4"),
        At("B5"),
    ),
    case("unique", HOLDS, "one child in two places", visits("| 1 | 赖小满 | 2 | 在校 |", "| 2 | 赖小满 | 3 | 转学 |")),
    case(
        "unique",
        HOLDS,
        "two cards",
        sheet(
            "资助发放登记表", AID, f"| 1 | 赖小满 | | | | | | '{CARD} |", f"| 2 | 温小暑 | | | | | | '{OTHER_CARD} |"
        ),
    ),
    case("unique", BLANK, "no cards", sheet("资助发放登记表", AID, "| 1 | 赖小满 |", "| 2 | 温小暑 |")),
    case(
        "listed", FAILS, "not in the list that came", {FILE: aid(), "家访.xlsx": visits("| 1 | 温小暑 | 2 |")}, At("B4")
    ),
    case("listed", HOLDS, "listed", {FILE: aid(), **LISTED}),
    case("listed", BLANK, "the list did not come", aid()),
    case(
        "not-listed",
        FAILS,
        "visited, and moved away",
        {FILE: aid(去向="转学", 转学日期="2021-03-12"), **LISTED},
        At("B4", "家访.xlsx", related=f"{FILE} › Sheet1 › B4"),
    ),
    case("not-listed", HOLDS, "not moved", {FILE: aid(去向="在校"), **LISTED}),
    case("not-listed", BLANK, "nobody listed", LISTED),
    case("total", FAILS, "another sum than the list's", {FILE: counted("3", "", "", ""), **LISTED}, At("B4")),
    case("total", FAILS, "of those in school", {FILE: counted("2", "1", "", ""), **LISTED}, At("C4")),
    case("total", HOLDS, "the list's sum", {FILE: counted("2", "2", "", ""), **LISTED}),
    case("total", BLANK, "the list did not come", counted("3", "3", "", "")),
    case(
        "row-sum",
        FAILS,
        "one class too many",
        matrix("| 总计 | 4 |", "| 一年级 | 2 |", "| 二年级 | 1 |", "| 其中：村小 | 1 |"),
        At("B4"),
    ),
    case(
        "row-sum",
        FAILS,
        "more in the villages than in all",
        matrix("| 总计 | 3 |", "| 一年级 | 2 |", "| 二年级 | 1 |", "| 其中：村小 | 4 |"),
        At("B4"),
    ),
    case(
        "row-sum",
        HOLDS,
        "they add up",
        matrix("| 总计 | 3 | 90 |", "| 一年级 | 2 | 60 |", "| 二年级 | 1 | 30 |", "| 其中：村小 | 1 | 30 |"),
    ),
    case(
        "row-sum",
        FAILS,
        "not what is left of it",
        matrix("| 总计 | 3 | 90 |", "| 一年级 | 2 | 60 |", "| 二年级 | 1 | 30 |", "| 其中：村小 | 1 | 31 |"),
        At("C7"),
    ),
    case("row-sum", BLANK, "an empty form", matrix("| 总计 |", "| 一年级 |", "| 二年级 |", "| 其中：村小 |")),
    case("row-missing", FAILS, "two rows were deleted", matrix("| 总计 | 2 |", "| 一年级 | 2 |"), At("")),
    case(
        "row-missing",
        HOLDS,
        "all are there",
        matrix("| 总计 | 3 |", "| 一年级 | 2 |", "| 二年级 | 1 |", "| 其中：村小 | 1 |"),
    ),
    case("row-missing", BLANK, "an empty form", matrix("| 总计 |", "| 一年级 |")),
    case(
        "row-unknown",
        FAILS,
        "a row of the school's own",
        matrix("| 总计 | 3 |", "| 一年级 | 2 |", "| 二年级 | 1 |", "| 其中：村小 | 1 |", "| 幼儿班 | 1 |"),
        At("A8"),
    ),
    case(
        "row-unknown",
        HOLDS,
        "with spaces within",
        matrix("| 总 计 | 3 |", "| 一年级 | 2 |", "| 二年级 | 1 |", "| 其中：村小 | 1 |"),
    ),
    case("row-unknown", BLANK, "an empty form", matrix("| 总计 |", "| 一年级 |")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule(case: Case) -> None:
    case.hold()


def test_a_use_may_have_a_sentence_and_a_severity_of_its_own() -> None:
    found = check(district({FILE: aid(户名="赖大山")}, **SETTING))
    (at,) = found.frame.index[found.frame["rule"] == "same-as"]
    assert found.frame.loc[at, "severity"] == "warning"
    assert found.sentences(OWN, "zh")[at] == found.sentences(OWN, "en")[at] == "户名应为学生本人"


def test_a_paper_s_number_tells_who_somebody_is() -> None:
    rows = ("| 1 | 赖小满 | 护照 | E12345678 |", "| 2 | 赖小满 | 护照 | E12345678 |")
    made = check(district({FILE: sheet("资助发放登记表", AID, *rows)}, **SETTING))
    assert "id-length" not in set(made.frame["rule"])
    assert len(findings(district({FILE: sheet("资助发放登记表", AID, *rows)}, **SETTING))) == len(made.frame)
