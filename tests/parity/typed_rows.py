"""Rows as schools type them, by the thousand: sound ones, every tolerated variant, every kind of fault.

All children are invented: their numbers are drawn at random, and only their check characters are right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, Shape

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REGIONS = ("360704", "360721", "360702", "362121", "440305")
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "一二三四五六七八九十明华国强芳秀英敏静丽军杰涛超霞平刚桂"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = "〇一二三四五六七八九"

Row = dict[str, object]
Slip = Callable[["Typist", object, Row], object]


def id_number(region: str, born: dt.date, sequence: int) -> str:
    return with_check(f"{region}{born:%Y%m%d}{sequence:03d}")


def with_check(body: str) -> str:
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def chinese_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE[tens] + "十") + (CHINESE[ones] if ones else "")


@dataclass
class Typist:
    """Somebody who fills in one form on one day."""

    form: Form
    day: dt.date
    random: Random
    earlier: list[Row] = field(default_factory=list)

    def rows(self, count: int) -> list[Row]:
        """As many rows: a third of them sound, the others with a slip or two, some of them no records at all."""
        return [self._row(number) for number in range(1, count + 1)]

    def _row(self, number: int) -> Row:
        if self.random.random() < 0.04 and self.form.shape is not Shape.CARD:
            return self._no_record()
        row = self._sound(number)
        self.earlier.append(dict(row))
        if self.random.random() < 0.08:
            self._repeat(row)
        typed = [each for each in self.form.fields if each.type != "sequence" and _slips_of(each)]
        for chosen in self.random.sample(typed, self.random.choice((0, 1, 1, 1, 2, 2))):
            if row[chosen.name] is not None or chosen.type in ("text", "school"):
                row[chosen.name] = self.random.choice(_slips_of(chosen))(self, row[chosen.name], row)
        return row

    def _no_record(self) -> Row:
        names = [each.name for each in self.form.fields]
        blank: Row = dict.fromkeys(names)
        kinds = ("number", "blank", "total", "nothing", "number" if self.form.unit_line.below else "example")
        kind = self.random.choice(kinds)
        if kind == "number":
            blank["seq"] = 7
        elif kind == "total":
            blank |= {"seq": "合计", names[-1]: "12"}
        elif kind == "example":
            blank = self._sound(1) | {"seq": "示例"}
        elif kind == "nothing":
            blank[self.form.record_field] = self.random.choice(("无", "零报告", "/"))
            if self.form.child_name:
                blank["seq"] = self.random.choice((None, 1))
                blank[names[-1]] = self.random.choice((None, "无", "/"))
        return blank

    def _repeat(self, row: Row) -> None:
        """The same child once more, the same number under another name, or a namesake or another time of a child."""
        other = self.random.choice(self.earlier)
        for name in (self.form.child_id, self.form.child_name):
            if name is not None and (name == self.form.child_id or self.random.random() < 0.5):
                row[name] = other[name]
        if self.form.child_id is None and self.form.child_name is not None and self.random.random() < 0.8:
            copied = [each.name for each in self.form.fields if each.type in ("person_name", "sex", "age", "date")]
            row |= {
                name: other[name] for name in self.random.sample(copied, len(copied) - self.random.choice((0, 1, 2)))
            }

    def _sound(self, number: int) -> Row:
        born = dt.date(2005, 9, 1) + dt.timedelta(self.random.randrange(3600))
        sequence = self.random.randrange(1, 1000)
        child = {
            "born": born,
            "id_number": id_number(self.random.choice(REGIONS), born, sequence),
            "sex": "男" if sequence % 2 else "女",
            "age": self.day.year - born.year - ((self.day.month, self.day.day) < (born.month, born.day)),
        }
        counts = _counts(self.form, self.random)
        row = {each.name: self._value(each, child, counts) for each in self.form.fields}
        if any(each.type == "sequence" for each in self.form.fields):
            row["seq"] = number
        dates = [each.name for each in self.form.fields if each.type == "date" and not each.hint]
        for earlier, later in pairwise(dates):
            row[earlier], row[later] = "2020年9月", self.random.choice((None, "2021年2月", "2020-12-01"))
        return row

    def _value(self, each: Field, child: Mapping[str, object], counts: Mapping[str, int]) -> object:
        if each.type == "sex":
            return child["sex"]
        if each.vocabulary is not None:
            return self.random.choice(each.vocabulary.values)
        born = child["born"]
        assert isinstance(born, dt.date)
        values: dict[str, Callable[[], object]] = {
            "person_name": self.name,
            "id_number": lambda: child["id_number"],
            "roll_number": lambda: self.random.choice((None, f"G{child['id_number']}")),
            "age": lambda: child["age"],
            "count": lambda: counts.get(each.name, 3),
            "date": lambda: f"{born.year}年{born.month}月{born.day}日" if each.hint else "2021-03-01",
            "phone": lambda: f"1{self.random.randrange(3, 10)}{self.random.randrange(10**9):09d}",
            "school": lambda: "赣县区梅林第一中心小学",
            "text": lambda: self.random.choice(("赣县区梅林镇", "七(2)班", "无")) if each.required else None,
        }
        return values.get(each.type, lambda: None)()

    def name(self) -> str:
        given = "".join(self.random.choice(GIVEN) for _ in range(self.random.choice((1, 2, 2))))
        return self.random.choice(FAMILY) + given


def _counts(form: Form, random: Random) -> dict[str, int]:
    """Counts that add up as the form's rules say."""
    counts = {each.name: random.randrange(0, 4) for each in form.fields if each.type == "count"}
    for use in form.rules:
        if use.slug == "count-sum" and (parts := use.roles.get("at_least")) and use.at not in _totals(form):
            counts[use.at] = sum(counts[str(part)] for part in parts) + random.randrange(3)  # type: ignore[attr-defined]
    for _ in range(3):  # a total's part may be a total itself
        for name, parts_of in _totals(form).items():
            counts[name] = sum(counts[part] for part in parts_of)
    for use in form.rules:
        if use.slug == "count-sum" and (parts := use.roles.get("at_least")) and use.at in _totals(form):
            counts.update(dict.fromkeys(map(str, parts), 0))  # type: ignore[call-overload]
    return counts


def _totals(form: Form) -> dict[str, tuple[str, ...]]:
    uses = (use for use in form.rules if use.slug == "count-sum" and use.roles.get("equals"))
    return {use.at: tuple(use.roles["equals"]) for use in uses}  # type: ignore[arg-type]


def _digit_changed(typist: Typist, value: object, row: Row) -> object:
    text = str(value)
    at = typist.random.randrange(len(text) - 1)
    other = str((int(text[at]) + typist.random.randrange(1, 10)) % 10) if text[at].isdigit() else "1"
    return text[:at] + other + text[at + 1 :]


def _swapped(typist: Typist, value: object, row: Row) -> object:
    text = str(value)
    at = typist.random.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _inserted(*marks: str) -> Slip:
    def slip(typist: Typist, value: object, row: Row) -> object:
        text = str(value)
        at = typist.random.randrange(1, len(text))
        return text[:at] + typist.random.choice(marks) + text[at:]

    return slip


def _one_of(*values: object) -> Slip:
    return lambda typist, value, row: typist.random.choice(values)


def _other_birth(*births: str) -> Slip:
    return lambda typist, value, row: with_check(str(value)[:6] + typist.random.choice(births) + str(value)[14:17])


def _as_written(typist: Typist, value: object, row: Row) -> object:
    """A day in every form of vocabulary.md."""
    day = dt.date(2020, 1, 1) + dt.timedelta(typist.random.randrange(430))
    y, m, d = day.year, day.month, day.day
    year = "".join(CHINESE[int(digit)] for digit in str(y))
    return typist.random.choice(
        (
            f"{y}.{m}", f"{y}-{m:02d}", f"{y}/{m}/{d}", f"{y}.{m:02d}.{d:02d}", f"{day:%Y%m%d}", f"{day:%Y%m}",
            f"{y}年{m}月", f"{y}年{m}月{d}日", f"{y} 年 {m} 月", f"{y % 100}.{m}", f"{year}年{chinese_number(m)}月",
            f"{year}年{chinese_number(m)}月{chinese_number(d)}日", dt.datetime(y, m, d), f"{y}．{m}", f"{y}-{m}-{d} ",
            float(f"{y}.{m}"), int(f"{y}{m:02d}{d:02d}"),
        )
    )  # fmt: skip


def _shifted(*steps: int) -> Slip:
    def slip(typist: Typist, value: object, row: Row) -> object:
        return value + typist.random.choice(steps) if isinstance(value, int) else value

    return slip


def _written(*patterns: str) -> Slip:
    return lambda typist, value, row: typist.random.choice(patterns).format(value, str(value).translate(FULL_WIDTH))


def _variant(each: Field) -> Slip:
    vocabulary = each.vocabulary
    assert vocabulary is not None
    variants = list(vocabulary.variants)
    around = {
        "disability_degree": ("{}二级", "{}（三级）", "重度{}", "{}-一级"),
        "class_number": ("{}（2）班", "{}3班", "{}(12)班", "{}二班"),
        "grade_words": ("{}上学期", "{}（下）"),
    }
    patterns = [pattern for name in vocabulary.decorations for pattern in around[name]]

    def slip(typist: Typist, value: object, row: Row) -> object:
        if patterns and typist.random.random() < 0.6:
            return typist.random.choice(patterns).format(typist.random.choice(vocabulary.values))
        return typist.random.choice(("{}", " {}", "{}　", "{}\u200b")).format(typist.random.choice(variants))

    return slip


BLANK, ERROR = _one_of(None, None, " ", "　"), _one_of("=NA()", "#N/A", "=1/0")
NOTHING = _one_of("无", "/", "—", "暂无", "N/A")
_PHONES = (
    "0797-4421234", "(0797)4421234", "0797 4421234", "7974421234", "138 1234 5678", "+86 13812345678", "138-1234-5678",
    "13812345678、13912345678", "13812345678/0797-4421234", "13812345678\n13912345678", 13812345678, "010-62345678",
    "１３８１２３４５６７８", "8613812345678", "13812345678；",
)  # fmt: skip
_SLIPS: Mapping[str, tuple[Slip, ...]] = {
    "person_name": (
        _inserted(" ", "　", "\u200b"), _one_of("阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽.买买提", "Anna Li"),
        _one_of("待定", "李某", "李某某", "不详", "张", "张3", "张三?", "王A五", "张三（大）", "无"),
    ),
    "id_number": (
        _inserted(" ", "-", "\u200b", "　", "\xa0"), _written("'{0}", "’{0}", "{1}", " {0} ", "{0}.0"),
        lambda typist, value, row: str(value).lower(),
        lambda typist, value, row: str(value).replace("X", typist.random.choice("хХ×Ｘχ")),
        _digit_changed, _digit_changed, _swapped, _inserted("0", "5"), _inserted("A", "O", "?"),
        lambda typist, value, row: str(value)[:-1],
        lambda typist, value, row: str(value)[:6] + str(value)[8:17],
        lambda typist, value, row: float(str(value)[:17] + "0"),
        lambda typist, value, row: int(str(value)[:14]),
        _one_of("3.60704E+17", "无", "12345", "36070420101301001X"),
        _other_birth("20101301", "20100230", "20100431", "19891231", "20300101", "00000000", "20100100"),
    ),
    "roll_number": (
        _written("g{0}", "G {0}"), _digit_changed, lambda typist, value, row: str(value)[1:],
        lambda typist, value, row: "J" + str(value)[1:], lambda typist, value, row: "Q" + str(value)[1:],
        lambda typist, value, row: str(value) + "1", lambda typist, value, row: "L36070420100101123X",
    ),
    "age": (
        _written("{0}岁", " {0}", "{1}", "{0}周岁", "{0}.0", "{0}"), _shifted(1, -1), _shifted(2, -3, 5),
        NOTHING,
        _one_of("十二", "二十", 31, -1, 12.5, "12.5", "十几岁", "45岁", "1 2岁", "七"),
    ),
    "count": (
        _written("{0}人", " {0}", "{1}", "{0}.0", "{0}", "{0}名"), _shifted(1, -1, 2), _shifted(1, 5),
        NOTHING,
        _one_of(-1, 3.5, "若干", "三", "十二", "三人", "1,234", "1,23", "无", "3人左右"),
    ),
    "date": (
        NOTHING, _as_written, _as_written, _as_written, _one_of(2021.1, 2020.1, 44256, "44256"),
        _one_of("去年", "2021.13", "2021-02-30", "2020年", "3月", "2021.3.1.5", "20213", "2021-3-0", "2021-00-01"),
        _one_of("2021.12", "2030-01-01", "2021-03-17", dt.datetime(2022, 1, 1)),
    ),
    "phone": (
        _one_of(*_PHONES), _one_of(*_PHONES),
        _one_of("1381234567", "138123456789", "12812345678", "电话", "0797-442123", "4421234", "13812345678、138", "-"),
    ),
    "text": (_one_of("赣县区"), NOTHING),
    "school": (_one_of("赣县区梅林第二中学"),),
}  # fmt: skip


def _slips_of(each: Field) -> tuple[Slip, ...]:
    always = (BLANK, ERROR)
    if each.vocabulary is not None:
        return (
            *always,
            _variant(each),
            _variant(each),
            NOTHING,
            _one_of("无此项", "不知道", "X1", "*", "?", "一班", *each.vocabulary.values[:2]),
        )
    return (*always, *_SLIPS[each.type])
