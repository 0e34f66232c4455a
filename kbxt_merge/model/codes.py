"""Codes that are no identity paper: number plates, licences, bank cards, addresses; what each looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kbxt_merge.model.text import Words

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ANY = "[0-9A-HJ-NP-Z]"
_PLATE = rf"[{_PROVINCES}][A-HJ-NP-Z](?:{_ANY}{{4}}[0-9A-HJ-NP-Z挂学警港澳]|[A-HJK]{_ANY}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
_MARKS: Mapping[str, str] = {"#": "[0-9]", "@": "[A-Z]", "?": "[0-9A-Z]"}
"""What the signs of a mask stand for: a digit, a letter, either of them; anything else stands for itself."""

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of code: what it is called, what it looks like in words and as a pattern, an example, and its lengths.

    `check` names the check digit that it ends with. `keeps_case` is true where small letters are not capitals. `masks`
    say it by signs, where these can. `is_persons` is false of what is sure to be the number of no person.
    """

    words: Words
    shape: Words
    pattern: str
    example: str
    lengths: tuple[int, ...] = ()
    check: str = ""
    keeps_case: bool = False
    masks: tuple[str, ...] = ()
    is_persons: bool = True

    def fits(self, text: str) -> bool:
        """Tell whether a cleaned text is such a code."""
        if re.fullmatch(self.pattern, text) is None:
            return False
        return not self.check or _CHECKS[self.check](text)


def luhn(text: str) -> bool:
    """Tell whether the last digit of a bank card's number is its check digit.

    >>> luhn("6217994270000000001"), luhn("6217994270000000002")
    (True, False)
    """
    doubled = (int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(text)))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def credit(text: str) -> bool:
    """Tell whether the last character of a 统一社会信用代码 is its check character, by GB 32100.

    >>> credit("91350100M000100Y43"), credit("91350100M000100Y44")
    (True, False)
    """
    total = sum(_CREDIT.index(each) * weight for each, weight in zip(text, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT[-total % 31] == text[-1]


_CHECKS: Mapping[str, Callable[[str], bool]] = {"luhn": luhn, "credit": credit}

CODES: Mapping[str, Code] = {
    "plate": Code(
        Words("车牌号", "number plate"),
        Words("省份简称、一个字母、5 位字母数字（新能源 6 位）", "a province, a letter, 5 characters (electric: 6)"),
        _PLATE,
        "赣B12345",
        (7, 8),
        is_persons=False,
    ),
    "vin": Code(
        Words("车架号", "frame number"),
        Words("17 位字母和数字（没有 I、O、Q）", "17 letters and digits without I, O and Q"),
        "[A-HJ-NPR-Z0-9]{17}",
        "LSVAA4182E2123456",
        (17,),
        is_persons=False,
    ),
    "licence": Code(
        Words("驾驶证号码", "driving licence"),
        Words("与身份证号码相同的 18 位", "18 characters, those of the ID number"),
        "[0-9]{17}[0-9X]",
        "360704198001010016",
        (18,),
    ),
    "food_licence": Code(
        Words("食品经营许可证号", "food licence"), Words("JY 加 14 位数字", "JY and 14 digits"), "JY[0-9]{14}",
        "JY13607040001234", (16,),
        is_persons=False,
    ),
    "bank_card": Code(
        Words("银行卡号", "bank card"),
        Words("15 至 19 位数字，末位为校验码", "15 to 19 digits, the last of which checks the others"),
        "[0-9]{15,19}",
        "6217994270000000001",
        (15, 16, 17, 18, 19),
        "luhn",
    ),
    "email": Code(
        Words("电子邮箱", "e-mail address"),
        Words("name@example.cn 的样子", "like name@example.cn"),
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
        "name@example.cn",
        keeps_case=True,
    ),
    "credit_code": Code(
        Words("统一社会信用代码", "unified credit code"),
        Words("18 位数字和大写字母，末位为校验码", "18 digits and capitals, the last of which checks the others"),
        "[0-9A-HJ-NPQRTUWXY]{18}",
        "91350100M000100Y43",
        (18,),
        "credit",
        is_persons=False,
    ),
    "postcode": Code(
        Words("邮政编码", "postcode"), Words("6 位数字", "6 digits"), "[0-9]{6}", "341100", (6,), masks=("######",),
        is_persons=False,
    ),
    "school_code": Code(
        Words("学校标识码", "school code"), Words("10 位数字", "10 digits"), "[0-9]{10}", "2136070400", (10,),
        masks=("##########",),
        is_persons=False,
    ),
}  # fmt: skip
"""The kinds that a definition may name."""


def of_masks(masks: tuple[str, ...]) -> Code:
    """The code of which each mask is a way to be written.

    >>> of_masks(("JY##",)).fits("JY12"), of_masks(("JY##",)).fits("JY1")
    (True, False)
    """
    patterns = ("".join(_MARKS.get(sign, re.escape(sign)) for sign in mask) for mask in masks)
    example = masks[0].replace("#", "1").replace("@", "A").replace("?", "1")
    pattern = "|".join(f"(?:{each})" for each in patterns)
    return Code(
        Words("编码", "code"), _shape_of(masks), pattern, example, tuple(sorted(set(map(len, masks)))), masks=masks
    )


def _shape_of(masks: tuple[str, ...]) -> Words:
    """The masks in words: those of digits alone by how many they are.

    >>> of_masks(("####", "#####", "######")).shape.zh
    '4 至 6 位数字'
    """
    lengths = sorted(len(mask) for mask in masks if set(mask) == {"#"})
    if len(lengths) == len(masks) > 1 and lengths == list(range(lengths[0], lengths[-1] + 1)):
        return Words(f"{lengths[0]} 至 {lengths[-1]} 位数字", f"{lengths[0]} to {lengths[-1]} digits")
    zh, en = [], []
    for mask in masks:
        digits = set(mask) == {"#"}
        zh.append(f"{len(mask)} 位数字" if digits else f"{mask} 的样子，共 {len(mask)} 位（# 为数字，@ 为字母）")
        en.append(f"{len(mask)} digits" if digits else f"like {mask}, {len(mask)} characters (# a digit, @ a letter)")
    return Words("，或 ".join(zh), ", or ".join(en))
