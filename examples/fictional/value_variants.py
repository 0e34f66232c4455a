"""Every way a value may be typed and still be good: the variants of vocabulary.md, by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from fictional.cells import Cell, Formula
from fictional.school_years import GRADES

VOCABULARIES: dict[str, dict[str, tuple[Cell, ...]]] = {
    "sex": {
        "男": ("男性", "男生", 1, "1", "M", "男 ", " 男"),
        "女": ("女性", "女生", 2, "2", "F", "女\u3000", "\u200b女"),
    },
    "person_category": {
        "建档立卡脱贫户": (
            "建档立卡",
            "建档立卡户",
            "建档立卡贫困户",
            "脱贫户",
            "已脱贫户",
            "建卡户",
            "精准扶贫户",
            "建档立卡 脱贫户",
            "建档立卡\n脱贫户",
        ),
        "城镇贫困户": ("镇贫困户", "城镇贫困", "城镇困难户", "城镇贫困群众", "城贫"),
        "其他": (None, "无", "否", "一般户", "一般农户", "非贫困户", "普通户", "/", "-"),
    },
    "registration_type": {
        "失学辍学": ("失学", "辍学", "失学、辍学", "失学/辍学", "失学，辍学", "流失", "失学 辍学"),
        "缓学休学": ("缓学", "休学", "缓学、休学", "延缓入学", "暂缓入学", "因病休学"),
    },
    "enrolment": {
        "是": ("已入学", "在校", "在读", "已就学", "随班就读", "特教班", "特教学校", "特校", "√"),
        "送教上门": ("送教", "上门送教", "送教 上门"),
        "否": ("未入学", "未就学", "未就读", "×"),
    },
    "disability": {
        "视力残疾": ("视力", "盲", "弱视", "视力一级", "视力残疾（二级）"),
        "听力残疾": ("听力", "聋", "听障", "听力二级", "三级听力残疾"),
        "言语残疾": ("言语", "语言残疾", "言语残疾(一级)", "言语 残疾"),
        "肢体残疾": ("肢体", "肢残", "肢体二级", "肢体残疾（二级）", "肢体残疾二级"),
        "智力残疾": ("智力", "智障", "智力二级", "智力残疾（一级）"),
        "精神残疾": ("精神", "孤独症", "自闭症", "精神残疾二级"),
        "多重残疾": ("多重", "综合", "多重 残疾", "多重残疾一级"),
    },
    "ethnicity": {"毛南族": ("毛难", "毛南", "毛难族"), "德昂族": ("崩龙", "德昂", "崩龙族")},
    "persuaded": {"是": ("有", "已开展", "√"), "否": ("无", "未开展", "×")},
}

_LOOK_ALIKES = "xхХχΧ×ⅩＸ"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


def _id_number(value: str, dice: Random) -> Cell:
    spaced = f"{value[:6]} {value[6:14]} {value[14:]}"
    ways = [
        spaced,
        f"\u00a0{value}",
        f"{value} ",
        f"'{value}",
        f"’{value}",
        f"`{value}",
        f"{value}\u200b",
        f"\ufeff{value}",
    ]
    ways += [f"{value[:6]}-{value[6:14]}-{value[14:]}", value.translate(_FULL_WIDTH), f"{value}\n"]
    if value.endswith("X"):
        ways += [value[:-1] + mark for mark in _LOOK_ALIKES]
    else:
        ways.append(f"{value}.0")
    return dice.choice(ways)


def _name(value: str, dice: Random) -> Cell:
    if "·" in value:
        return value.replace("·", dice.choice("•・．‧"))
    if len(value) == 2:
        return value[0] + dice.choice((" ", "  ", "\u3000", "\u00a0")) + value[1]
    return dice.choice((f"{value} ", f" {value}", f"{value}\u200b"))


def _grade(value: str, dice: Random) -> Cell:
    number = GRADES.index(value) + 1
    chinese = value[0]
    ways: list[Cell] = [
        number,
        str(number),
        chinese,
        f"{value}（2）班",
        f"{value}(3)班",
        f"{value} ",
        f"{number}年级"[:1],
    ]
    if number >= 7:
        ways += [f"初{'一二三'[number - 7]}", f"{chinese}上", f"{chinese}(2)班"]
    return dice.choice(ways)


def _ethnicity(value: str, dice: Random) -> Cell:
    return dice.choice(VOCABULARIES["ethnicity"].get(value, (value.removesuffix("族"),)))


def _age(value: int, dice: Random) -> Cell:
    return dice.choice(
        (str(value), f"{value}岁", f" {value}", f"{value} 岁", f"{value} ", Formula(f"=2021-{2021 - value}", value))
    )


def _phone(value: str, dice: Random) -> Cell:
    landline = f"0797444{value[-4:]}"
    ways: list[Cell] = [int(value), f"{value[:3]} {value[3:7]} {value[7:]}", f"{value[:3]}-{value[3:7]}-{value[7:]}"]
    ways += [
        "0791-86760000",
        f"+86 {value}",
        f"+86{value}",
        landline,
        f"0797-{landline[4:]}",
        f"(0797){landline[4:]}",
        int(landline),
    ]
    ways += [f"{value}、0797-{landline[4:]}", f"{value}；{value[:-1]}7", f"{value}\n{value[:-1]}3"]
    return dice.choice(ways)


def _school(value: str, dice: Random) -> Cell:
    short = value.removeprefix("赣县区")
    return dice.choice((short, f"赣州市{value}", f"{value} ", f"赣州市赣县区{short}"))


def month_variants(year: int, month: int) -> tuple[Cell, ...]:
    """A month as schools type it; the numbers Y.1 are left out, for they may be a damaged Y.10."""
    text = f"{year}.{month}"
    numbers: tuple[Cell, ...] = () if month in (1, 10) else (float(text), float(text[2:]))
    chinese_month = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")[month - 1]
    return (
        text,
        text[2:],
        f"{year}-{month:02d}",
        f"{year}/{month}",
        f"{year}{month:02d}",
        f"{year}年{month}月",
        f"{year} 年 {month} 月",
        f"{str(year).translate(_CHINESE_DIGITS)}年{chinese_month}月",
        *numbers,
    )


def day_variants(day: dt.date) -> tuple[Cell, ...]:
    """A day as schools type it."""
    return (
        day,
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day.year}.{day.month}.{day.day}",
    )


def _month(value: str, dice: Random) -> Cell:
    year, month = (int(part) for part in value.removesuffix("月").split("年"))
    if dice.random() < 0.3:
        return dice.choice(day_variants(dt.date(year, month, dice.randrange(1, 10))))
    return dice.choice(month_variants(year, month))


def _text(value: str, dice: Random) -> Cell:
    return dice.choice((f"{value} ", f"{value}\n", value))


def _number(value: int, dice: Random) -> Cell:
    return dice.choice((str(value), f" {value}", f"{value} ", Formula(f"=SUM({value},0)", value)))


_BY_FIELD: dict[str, Callable[..., Cell]] = {
    "name": _name,
    "guardian": _name,
    "guardian1": _name,
    "guardian2": _name,
    "id_number": _id_number,
    "grade": _grade,
    "ethnicity": _ethnicity,
    "age": _age,
    "phone": _phone,
    "guardian1_phone": _phone,
    "guardian2_phone": _phone,
    "persuading_phone": _phone,
    "roll_school": _school,
    "former_school": _school,
    "teaching_school": _school,
    "return_school": _school,
    "school": _school,
    "dropout_date": _month,
    "return_date": _month,
}


def typed(field: str, value: Cell, dice: Random) -> Cell:
    """The value in one of its good variants; what has none stays as it is."""
    if field in VOCABULARIES and isinstance(value, str) and value in VOCABULARIES[field]:
        return dice.choice(VOCABULARIES[field][value])
    if value is None:
        return value
    if field in _BY_FIELD:
        return _BY_FIELD[field](value, dice)
    if field == "birth_date" and isinstance(value, dt.date):
        return dice.choice(day_variants(value))
    return _number(value, dice) if isinstance(value, int) else _text(str(value), dice)
