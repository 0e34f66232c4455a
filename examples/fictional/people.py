"""Invented people: names, addresses, phones, children."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

SURNAMES = (
    "谢钟曾刘李黄陈赖肖张罗廖郭温邱朱叶韩袁卢蓝雷吴何王林杨周胡徐孙马高梁宋郑唐冯于董萧程曹彭吕苏蒋蔡贾丁魏薛余潘杜戴夏"
)
COMPOUND_SURNAMES = ("欧阳", "上官", "司徒", "诸葛", "夏侯")
GIVEN = (
    "晨曦宇轩梓涵雨桐浩然思远佳怡俊杰志强小梅春花秋月建国文斌丽华玉兰水生福根金凤明辉海燕婷婷欣"
    "悦子睿一诺嘉禾青松石林晓东桂英招娣长庚"
)
RARE_NAMES = ("阿依古丽·买买提", "买尔旦·艾力", "拉姆·次仁", "王㛃", "刘𬭎", "欧阳𠅤", "Anna Lee", "谢天")
"""Names of parts, of characters beyond the common planes, and of Latin letters; and a common one."""

TOWNS = (
    "江口镇",
    "王母渡镇",
    "韩坊镇",
    "沙地镇",
    "湖江镇",
    "田村镇",
    "吉埠镇",
    "五云镇",
    "阳埠乡",
    "大埠乡",
    "长洛乡",
    "石芫乡",
)
VILLAGES = ("清溪村", "松林村", "桃源村", "石桥村", "上坝村", "黄沙村", "枫树村", "竹园村", "大坪村", "牛岭村")
RELATIONS = ("父亲", "母亲", "祖父", "祖母", "外祖母", "伯父")


@dataclass(slots=True)
class Child:
    """An invented child; everything the six forms ask about a person."""

    name: str
    sex: str
    birth: dt.date
    id_number: str
    grade: int
    address: str
    guardian: str
    phone: str
    ethnicity: str = "汉族"
    category: str = "其他"


class Names:
    """Hands out person names, each once a school, so that school and name are enough to know a child."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.given: set[str] = set()
        self.elsewhere: list[str] = []

    def next_school(self) -> None:
        """From now on, names are those of another school's children: now and then one that is in use elsewhere."""
        self.elsewhere += sorted(self.given)
        self.given = set()

    def plain(self) -> str:
        """Any name; guardians may share theirs."""
        surname = self.dice.choice(COMPOUND_SURNAMES) if self.dice.random() < 0.03 else self.dice.choice(SURNAMES)
        return surname + "".join(self.dice.choices(GIVEN, k=1 if self.dice.random() < 0.15 else 2))

    def new(self) -> str:
        """A name nobody at the school has yet."""
        while True:
            pick = self.dice.random()
            name = self.dice.choice(RARE_NAMES) if pick < 0.01 else self.plain()
            if 0.01 <= pick < 0.03 and self.elsewhere:
                name = self.dice.choice(self.elsewhere)
            if name not in self.given:
                self.given.add(name)
                return name


def address(dice: Random) -> str:
    """A home somewhere in the district."""
    return f"江西省赣州市赣县区{dice.choice(TOWNS)}{dice.choice(VILLAGES)}{dice.randrange(1, 90)}号"


def mobile(dice: Random) -> str:
    """A mobile number that looks invented: its middle four digits are 0000."""
    return f"1{dice.choice('356789')}{dice.randrange(10)}0000{dice.randrange(10000):04d}"


def ethnicity(dice: Random) -> str:
    """Mostly 汉族, as in 赣县."""
    return (
        "汉族" if dice.random() < 0.8 else dice.choice(("畲族", "瑶族", "回族", "壮族", "毛南族", "维吾尔族", "德昂族"))
    )
