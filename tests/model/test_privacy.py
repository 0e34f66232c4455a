"""However a number is typed, three digits of an ID number are shown, and five of a phone; a day is shown whole."""

import datetime as dt
import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbxt_merge.model.privacy import MASKED, NO_PERSONS, Privacy, of_names

ID = "360721200901011239"
PHONE = "19912345678"
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
PARTINGS = [
    " ", "  ", "\u3000", "\u00a0", "-", "－", "–", "—", " - ", ".", "·", ":", "：", "/", "_", "\n", "\r\n  ", "\u200b",
    "\u2060", "\u00ad", "\ufeff", ")(", "）（", "]", "'", "、", "，",
    " " * 9, "\n" + " " * 20,
]  # fmt: skip
AROUND = st.text("身份证号，。 （）\n", max_size=6)
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31))


def digits(text: str) -> str:
    """The digits that a text shows, as they are read."""
    return "".join(str(int(digit)) for digit in re.findall(r"\d", text))


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110101", "360721", "440306", "522601", "710000"]))
    return f"{region}{draw(DAYS):%Y%m%d}{draw(st.from_regex('[0-9]{3}[0-9X]', fullmatch=True))}"


@st.composite
def parted(draw: st.DrawFn, numbers: st.SearchStrategy[str], least: int) -> tuple[str, str]:
    """A number, and as it may be typed: in groups of at least so many digits, one thing between them all."""
    number = draw(numbers)
    cuts = sorted(draw(st.sets(st.integers(1, len(number) // least - 1), max_size=5)))
    bounds = [0, *(cut * least for cut in cuts), len(number)]
    typed = draw(st.sampled_from(PARTINGS)).join(number[a:b] for a, b in pairwise(bounds))
    return number, typed.translate(FULL_WIDTH) if draw(st.booleans()) else typed


@given(parted(id_numbers(), 1), AROUND, AROUND)
def test_an_id_number_in_running_text_is_found_whatever_parts_it(
    typed: tuple[str, str], before: str, behind: str
) -> None:
    number, text = typed
    assert digits(MASKED.text[f"{before}{text}{behind}"]) == number[:3]
    assert "X" not in MASKED.text[f"{before}{text}{behind}"].upper()


@given(parted(st.from_regex("1[3-9][0-9]{9}", fullmatch=True), 3), AROUND)
def test_a_phone_in_running_text_shows_its_first_three_and_last_two(typed: tuple[str, str], before: str) -> None:
    number, text = typed
    listed = any(mark in text for mark in "、，")  # these part numbers of a list, too: a phone they part is hidden more
    assert digits(MASKED.text[before + text]) == number[:3] + number[-2:] or listed


@given(st.lists(st.one_of(id_numbers(), st.from_regex("1[3-9][0-9]{9}", fullmatch=True)), min_size=1, max_size=4))
def test_each_of_several_numbers_is_masked_for_itself(numbers: list[str]) -> None:
    shown = MASKED.text["；".join(numbers)].split("；")
    assert [digits(each) for each in shown] == [
        number[:3] + (number[-2:] if len(number) == len(PHONE) else "") for number in numbers
    ]


@example([dt.date(2000, 11, 1), dt.date(2019, 1, 1), dt.date(2000, 1, 1)], "{0:%Y年%m月%d日}", "、", "")
@given(
    st.lists(DAYS, min_size=1, max_size=4),
    st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0.year}.{0.month}.{0.day}", "{0:%Y/%m/%d}", "{0:%Y年%m月%d日}"]),
    st.sampled_from(["、", " ", "—", "\n", "至", "-", "；"]),
    AROUND,
)
def test_days_are_left_as_they_are(days: list[dt.date], form: str, between: str, around: str) -> None:
    text = f"{around}{between.join(form.format(day) for day in days)}{around}"
    assert MASKED.text[text] == text


@pytest.mark.parametrize(
    "text",
    [
        "2021-03", "2021.3-2021.7", "202103-202106", "2021—2022学年", "2021春", "2021Q2", "2021-03-15 17:37:58",
        "2021-03-15T08:30:00", "2026-11-27 173758", "20210315173758", "1. 2021-03-15 家访\n2. 2021-04-16 家访",
        "3.15 3.22 3.29 4.5 4.12", "1、2、3、4、5、6、7、8", "合计120+230+1450=1800", "第 12 行填 45 人，名单有 8 人。",
        "附件1-2（第一次）.xlsx", "无", "",
    ],
)  # fmt: skip
def test_months_periods_times_and_counts_are_left_as_they_are(text: str) -> None:
    assert MASKED.text[text] == text
    assert MASKED.value("phone")[text] == text


@pytest.mark.parametrize(
    "typed",
    [
        ID,
        ID.translate(FULL_WIDTH),
        "\u200b".join(ID),
        "360721 20090101 1239",
        "360721年2009年01月01日1239",
        "36072120090101123x",
        f"'{ID}",
        "360721200901012000",
        "360721-2009-13-41-1239",
        "360721090101123",
        "360721",
        f"G{ID}",
        f"{ID}（户口簿）",
        f"{ID}、440306201001011234",
        "360***********1239",
    ],
)
def test_a_cell_of_an_id_number_shows_three_digits_of_it(typed: str) -> None:
    for field_type in ("id_number", "roll_number"):
        assert digits(MASKED.value(field_type)[typed]) == "360"


@pytest.mark.parametrize("typed", ["36O721200901O11239", "3607212O09o1011239", "36072l200901011239"])
def test_a_letter_typed_for_a_digit_is_one_of_the_digits(typed: str) -> None:
    for shown in (MASKED.text[typed], MASKED.value("id_number")[typed]):
        assert shown == typed[:3] + "*" * 15


@pytest.mark.parametrize("typed", ["2009-01-01", "2009年1月", "20090101", "2009.1.1", "不详", ""])
def test_a_day_in_the_cell_of_an_id_number_is_no_number(typed: str) -> None:
    assert MASKED.value("id_number")[typed] == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (PHONE, "19978"),
        ("199 1234 5678", "19978"),
        ("+86-199-1234-5678", "8619978"),
        ("8619912345678", "8619978"),
        ("199****5678", "19978"),
        ("0797-4422333", "07933"),
        ("(0797)4422333", "07933"),
        ("4422333", "44233"),
        ("1991234567", "19967"),
        (f"{PHONE}/0797-4422333", "1997807933"),
        (ID, "360"),
    ],
)
def test_a_cell_of_phones_shows_of_each_the_first_three_and_last_two(typed: str, shown: str) -> None:
    assert digits(MASKED.value("phone")[typed]) == shown


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_a_cell_that_is_a_plain_id_number_shows_what_one_with_a_blank_before_it_does(number: str) -> None:
    assert f" {MASKED.value('id_number')[number]}" == MASKED.value("id_number")[f" {number}"]


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_cell_that_is_a_plain_phone_shows_what_running_text_does(phone: str) -> None:
    assert MASKED.value("phone")[phone] == MASKED.text[phone]


@pytest.mark.parametrize("typed", ["362***********1239", "362XXXXXXXXXXX1239", "362***********", "362 2009**** 1239"])
def test_what_a_school_had_half_hidden_is_hidden_further(typed: str) -> None:
    assert digits(MASKED.text[typed]) == "362"


@given(st.text("0123456789*X xX-./、年月\u200b０９", max_size=40))
def test_what_is_masked_shows_no_digit_that_was_not_typed_and_keeps_its_length(text: str) -> None:
    shown = MASKED.text[text]
    assert len(shown) == len(text)
    assert all(new in ("*", old) for new, old in zip(shown, text, strict=True))


CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<br>".join(["360721", "20090101", "1239"]), "360"),
        ("<BR />".join(ID), "360"),
        ("&nbsp;".join(["360721", "20090101", "1239"]), "360"),
        ("-" * 12 + "--".join(["360721", "20090101" + "—" * 20, "1239"]), "360"),
        (f"{ID[:13]}①{ID[14:]}", "360"),
        (ID.translate(CIRCLED), "360"),
        (f"①{ID}②{PHONE}", "1360"),
        (f"①{ID} ②{PHONE}", "1360219978"),
        ("199、1234、5678", "19978"),
        ("电话：199，1234，5678、无", "19978"),
    ],
)
def test_what_else_may_stand_between_the_digits_of_a_number(typed: str, shown: str) -> None:
    assert "".join(str(unicodedata.digit(char)) for char in MASKED.text[typed] if char.isdigit()) == shown


@pytest.mark.parametrize(
    "text",
    [
        "按①②③④⑤⑥⑦⑧⑨填写", "①12人②34人③56人", "① 2021-03-15 家访 ② 2021-04-16 家访",
        "第一项 ........ 12\n第二项 ........ 34",
        "199、1234、567", "120、1234、5678", "3<br>4<br>5", "2020<br>2021<br>2022", "①", "12——————————————————45",
    ],
)  # fmt: skip
def test_lists_and_leaders_are_no_numbers(text: str) -> None:
    assert MASKED.text[text] == text


@pytest.mark.parametrize(
    "name",
    [
        "附件3-2021.3.xlsx",
        "20210315093000.xlsx",
        "1615777777777.xlsx",
        "13874257203.xlsx",
        "2136000001 0797-4421234.xlsx",
        "IMG_20210315_093000_20210316_1200.jpg",
        "2021-03-15 140807/20210315001.xlsx",
        "20210315093000123456.xlsx",
    ],
)
def test_a_files_name_is_shown_with_all_that_it_is_told_apart_by(name: str) -> None:
    assert of_names(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"附件3{ID}.xlsx", "附件3360***************.xlsx"),
        (f"20210315{ID}.xlsx", "20210315360***************.xlsx"),
        (f"2021-03-15 140807/20210315-{ID}.xlsx", "2021-03-15 140807/20210315-360***************.xlsx"),
        ("2021-03-15 140807200901011239", "2021-03-15 140***************"),
        (f"{ID}{ID}", f"360{'*' * 33}"),
    ],
)
def test_an_id_number_in_a_name_is_hidden_whatever_digits_stand_before_it(name: str, shown: str) -> None:
    assert of_names(name) == shown


def test_unmasked_shows_everything() -> None:
    assert Privacy(unmasked=True).value("id_number")[ID] == ID
    assert Privacy(unmasked=True).text[ID] == ID


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "92360702ma35abcd0f", "赣B12345", "JY13607040001234", "2136070400"]
)
def test_codes_of_no_person_are_shown_and_persons_numbers_among_them_are_not(code: str) -> None:
    show = MASKED.value(NO_PERSONS)
    assert show[code] == code
    assert show["360704201010120017"] == "360***************"
    assert show["13900000101"].startswith("139****")
