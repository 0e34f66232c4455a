"""By what a school is known: its name, its aliases, the places before it, and the names of files."""

from __future__ import annotations

import pytest

from kbxt_merge.model.school import Roster, School, name_of_school
from kbxt_merge.model.text import plain

PLACES = ("赣州市", "赣县区")
NAMES = (
    "赣县区梅林中心小学", "赣县区梅林第二中心小学", "赣县区茅店中学", "赣县区茅店第二中学", "赣县区实验小学",
    "赣州市特殊教育学校", "赣县区特殊教育学校", "梅林中学",
)  # fmt: skip
ROSTER = Roster(
    (
        *(School(f"{number:010}", name) for number, name in enumerate(NAMES)),
        School("9", "赣县区茅店九年一贯制学校", ("茅店九年制", "茅店学校")),
    ),
    PLACES,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("赣县区梅林中心小学", "赣县区梅林中心小学"),
        ("梅林中心小学", "赣县区梅林中心小学"),
        ("赣州市赣县区梅林中心小学", "赣县区梅林中心小学"),
        ("赣县区赣州市梅林中心小学", "赣县区梅林中心小学"),
        (" 梅林　中心小学\u200b", "赣县区梅林中心小学"),
        ("赣县区梅林中学", "梅林中学"),
        ("茅店九年制", "赣县区茅店九年一贯制学校"),
        ("赣州市茅店学校", "赣县区茅店九年一贯制学校"),
        ("赣县区特殊教育学校", "赣县区特殊教育学校"),
        ("江西省赣州市赣县区梅林中心小学", "赣县区梅林中心小学"),
        ("江西省赣县梅林中心小学", "赣县区梅林中心小学"),
        ("江西赣州赣县区梅林中心小学", "赣县区梅林中心小学"),
        ("赣县实验小学", "赣县区实验小学"),
        ("赣县特殊教育学校", "赣县区特殊教育学校"),
        ("“赣县区茅店中学”", "赣县区茅店中学"),
        ("赣县区茅店镇茅店中学", "赣县区茅店中学"),
        ("茅店镇中学", "赣县区茅店中学"),
        ("赣县区教育局茅店中学", "赣县区茅店中学"),
        ("赣县区茅店中学（本部）", "赣县区茅店中学"),
        ("茅店中学七(1)班", "赣县区茅店中学"),
        ("茅店学校小学部", "赣县区茅店九年一贯制学校"),
        ("梅林中心校", "赣县区梅林中心小学"),
        ("梅林中小", "赣县区梅林中心小学"),
        ("茅店中", "赣县区茅店中学"),
        ("茅店初中", "赣县区茅店中学"),
        ("梅林镇中心学校", "赣县区梅林中心小学"),
        ("梅林中心小学桃源教学点", "赣县区梅林中心小学"),
        ("茅店中学附属小学", None),
        ("茅店中学、梅林中学", None),
        ("于都县茅店中学", None),
        ("南康区茅店中学", None),
        ("大茅店中学", None),
        ("茅店实验小学", None),
        ("特殊教育学校", None),
        ("梅林小学", None),
        ("赣县区", None),
        ("", None),
    ],
)
def test_a_school_is_found_by_name_alias_or_either_without_the_places(written: str, name: str | None) -> None:
    school = ROSTER.find(written)
    assert (school and school.name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("赣县区茅店第二中学附件1-2.xlsx", "赣县区茅店第二中学"),
        ("附件3（茅店中学）.xls", "赣县区茅店中学"),
        ("梅林第二中心小学/台账", "赣县区梅林第二中心小学"),
        ("江西省赣县梅 林 中心小学（改）", "赣县区梅林中心小学"),
        ("茅店九年制3月", "赣县区茅店九年一贯制学校"),
        ("赣县区梅林中学和赣县区茅店中学", None),
        ("赣县区梅林中学附属小学", None),
        ("赣县区梅林中学附件5", "梅林中学"),
        ("附件2-赣县区实验小学", "赣县区实验小学"),
        ("附件2（实验小学）", "赣县区实验小学"),
        ("附件2（大田实验小学）", None),
        ("赣州市赣县区特殊教育学校", "赣县区特殊教育学校"),
        ("特殊教育学校台账", None),
        ("残疾儿童台账", None),
    ],
)
def test_the_longest_name_in_a_file_s_name_tells_its_school(text: str, name: str | None) -> None:
    school = ROSTER.named_in(text)
    assert (school and school.name) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("梅林中心小", "赣县区梅林中心小学"),
        ("毛店中学", "赣县区茅店中学"),
        ("茅店二中学", "赣县区茅店第二中学"),
        ("大田中心小学", None),
        ("大田九年一贯制学校", None),
        ("县外某校", None),
    ],
)
def test_the_nearest_school_is_suggested_only_when_it_is_near(written: str, name: str | None) -> None:
    school = ROSTER.nearest(written)
    assert (school and school.name) == name


CENTRAL = Roster(
    (
        School("1", "赣县区茅店中心小学"),
        School("2", "赣县区桃源小学"),
        School("3", "赣县区石桥小学", centre="江口中心小学"),
        School("4", "赣县区江口中心小学"),
        School("5", "赣县区梅林中学"),
    ),
    PLACES,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("茅店中心小学（桃源小学）", "赣县区桃源小学"),
        ("茅店桃源小学", "赣县区桃源小学"),
        ("茅店中心小学大坝小学", "赣县区茅店中心小学"),
        ("茅店中心小学、江口中心小学", None),
    ],
)
def test_a_village_school_named_with_its_central_school_is_meant(written: str, name: str | None) -> None:
    school = CENTRAL.find(written)
    assert (school and school.name) == name


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("桃源小学", "茅店中心小学", True),
        ("茅店中心小学", "桃源小学", True),
        ("石桥小学", "江口中心小学", True),
        ("石桥小学", "茅店中心小学", False),
        ("茅店中心小学", "江口中心小学", False),
        ("梅林中学", "茅店中心小学", False),
        ("桃源小学", "石桥小学", False),
    ],
)
def test_village_and_central_school_belong_together(one: str, other: str, together: bool) -> None:
    first, second = CENTRAL.find(one), CENTRAL.find(other)
    assert first
    assert second
    assert CENTRAL.belong_together(first, second) is together


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("桃源", "赣县区桃源小学"),
        ("桃源教学点", "赣县区桃源小学"),
        ("石桥村", "赣县区石桥小学"),
        ("Sheet1", None),
        ("台账", None),
    ],
)
def test_a_place_alone_is_its_only_school(text: str, name: str | None) -> None:
    school = CENTRAL.of_place(text)
    assert (school and school.name) == name


def test_of_two_schools_equally_like_the_name_neither_is_suggested() -> None:
    roster = Roster((School("1", "梅林第三中学"), School("2", "梅林第四中学")))
    assert roster.nearest("梅林第八中学") is None


def test_schools_stand_in_the_roster_s_order_and_strangers_after_them() -> None:
    assert [ROSTER.position(name) for name in ("梅林中心小学", "茅店学校", "大田小学")] == [0, 8, 9]


def test_without_a_roster_spellings_of_one_name_are_one_school() -> None:
    roster = Roster.of_names(["梅林中学", "赣县区 梅林中学", "茅店中学", "", "赣州市茅店中学"], PLACES)
    assert [school.name for school in roster.schools] == ["赣县区梅林中学", "赣州市茅店中学"]
    assert roster.find("赣州市赣县区梅林中学") == roster.schools[0]


def test_a_school_is_shown_without_its_password_and_phone() -> None:
    assert not {"p4ss", "13912345678"} & set(repr(School("1", "甲", phone="13912345678", password="p4ss")).split("'"))


@pytest.mark.parametrize(
    "written", ["赣县区梅林中心小学", "赣县区梅林中心小学 13800000001", "赣县区梅林中心小学　0797-4422333"]
)
def test_a_telephone_behind_a_name_is_no_part_of_it(written: str) -> None:
    assert name_of_school(written) == "赣县区梅林中心小学"


@pytest.mark.parametrize("written", ["第2021中学", "3小学（12班）", ""])
def test_a_small_number_is_part_of_a_name(written: str) -> None:
    assert name_of_school(written) == plain(written)
