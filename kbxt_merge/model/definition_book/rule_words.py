"""What the sheet 表间核对 calls the parts of rules and the choices among them."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.rule import RuleCard

OWN_KEYS = ("rule", "at", "severity", "say")
"""The keys that every rule has; `where` is one more, unless the rule means something of its own by it."""

PARTS: Mapping[str, str] = {
    "ages": "年龄段",
    "after": "不早于哪一栏",
    "id": "身份证号一栏",
    "of": "由哪几栏",
    "plus": "由哪几栏之和",
    "divided_by": "除以哪一栏",
    "as": "与哪一栏相同",
    "equals": "等于各项之和",
    "at_least": "不小于各项之和",
    "at_most": "不大于各项之和",
    "less": "再减去",
    "list": "对照的表",
    "with": "对照的栏",
    "or": "或者这一栏",
    "where": "只看",
    "among": "其中",
    "unless": "除非填了",
    "since": "起于哪一栏",
    "till": "止于哪一栏",
    "filled": "那张表填了",
    "value": "填的值",
    "remark": "说明栏",
    "begun": "是否已开展一栏",
    "result": "结果一栏",
    "row": "哪一行",
    "register": "哪种比对库",
    "least": "最少",
    "most": "最多",
    "more_than": "超过百分之",
    "field": "取哪一栏",
    "how": "怎样算接上",
}
"""By the part's name in YAML what the workbook calls it."""

CHOICES: Mapping[str, str] = {
    "compulsory": "义务教育阶段",
    "disabled": "残疾儿童",
    "equal": "相等",
    "not-below": "不少于",
    "school": "本校",
    "district": "全县",
}
"""By the choice's name in YAML what the workbook calls it."""


def kind_of_part(card: RuleCard | None, name: str) -> str:
    """How a part is told: as its rule declares it; by `where` any rule may be held to some records only."""
    if card and name in card.roles:
        return card.roles[name].kind
    return "where" if name == "where" else "text"
