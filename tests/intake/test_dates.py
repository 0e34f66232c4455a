"""Dates as schools write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.intake.values.dates import find_date, iso, read_date, read_date_cell
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.returns import Cell

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2068, 12, 31))
DIGITS = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    """A number below a hundred as it is spoken: 十, 十二, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else DIGITS[tens]) + "十" if tens else "") + (DIGITS[ones] if ones else "")


WRITTEN_DAYS = {
    "iso": lambda day: day.isoformat(),
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "padded dots": lambda day: f"{day:%Y.%m.%d}",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "run together": lambda day: f"{day:%Y%m%d}",
    "characters": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "spaced": lambda day: f"{day.year} 年 {day.month:02} 月 {day.day:02} 日",
    "short year": lambda day: f"{day:%y}.{day.month}.{day.day}",
    "numerals": lambda day: (
        f"{''.join(DIGITS[int(digit)] for digit in str(day.year))}年{in_chinese(day.month)}月{in_chinese(day.day)}日"
    ),
    "full width": lambda day: str(day).translate({ord(str(digit)): ord("０") + digit for digit in range(10)}),
    "clock": lambda day: f"{day.isoformat()} 00:00:00",
}


@pytest.mark.parametrize("write", WRITTEN_DAYS.values(), ids=WRITTEN_DAYS.keys())
@given(day=DAYS)
def test_every_day_is_read_from_every_way_of_writing_it(write, day: dt.date) -> None:
    found = read_date(write(day))
    assert found is not None
    assert (found.first, found.last) == (day, day)


@pytest.mark.parametrize(
    "text",
    [
        "2021.3", "2021-03", "2021/3", "202103", "2021年3月", "2021年03月份", "2021 年 3 月", "21.3", "21年3月",
        "二〇二一年三月", "二○二一年三月", "二零二一年三月", "２０２１．３", "2021年3月 日", "2021年3月__日", "2021。3",
    ],
)  # fmt: skip
def test_a_month_keeps_its_precision(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert iso(found) == "2021-03"
    assert (found.first, found.last) == (dt.date(2021, 3, 1), dt.date(2021, 3, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-03-01T10:00:00Z", "2021-03-01"),
        ("2021-02-28T16:00:00.000Z", "2021-03-01"),
        ("2021-02-28T18:30-05:00", "2021-03-01"),
        ("2021-03-01T00:00:00+0800", "2021-03-01"),
        ("2021-03-01T10:00:00", "2021-03-01"),
    ],
)
def test_a_moment_is_the_day_that_a_clock_in_china_shows(text: str, day: str) -> None:
    found = read_date(text)
    assert found is not None
    assert (found.first, found.last) == (dt.date.fromisoformat(day),) * 2


@pytest.mark.parametrize("text", ["2021-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2021-03-01T25:00Z"])
def test_a_moment_that_no_calendar_has_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "去年", "2021", "2021年", "2021.13", "2021.0", "2021-02-29", "2021.4.31", "20210230", "1021.3", "2021春",
        "2021.3.1.1", "2021-0312", "2021年312", "2103", "20213", "210301", "1870-01-01", "/", "无", "三月", "3月1日",
        "2021年3月前",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2020年11月中旬", "2020年11月初", "2020年11月底", "2020年11月份左右", "约2020年11月", "大约2020.11",
        "2020年11月起",
        "自2020年11月起", "2020年11月至今", "2020，11", "2020、11", "2020.11中旬", "2020年11月（开学前）", "Nov-20",
        "Nov 2020",
        "November, 2020", "2020年十一月上旬", "大概2020年11月", "2020年11月中下旬", "2020年11月月底", "2020.11-至今",
        "2020年11月辍学", "2020年11月开始休学", "辍学时间：2020年11月", "于2020年11月辍学", "2020年约11月",
        "（2020年11月）", "“2020年11月”", "2020年11月（七年级上）", "贰零贰零年拾壹月", "2020·11", "2020\\11",
        "2020..11",
        "2020年11月/", "202011月", "11/2020", "11月2020年", "11月（2020年）", "公元2020年11月",
    ],
)  # fmt: skip
def test_words_that_leave_a_month_as_it_is_are_dropped(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert iso(found) == "2020-11"


@pytest.mark.parametrize(
    "text",
    [
        "20201105日", "2020年11月05日（周四）", "2020，11，5", "2020年11月5日起", "约2020年11月5日",
        "2020年11月5日上午", "5-Nov-20", "5 Nov 2020", "Nov 5, 2020", "2020年11月5日星期四", "2020.11.5 周四",
        "2020年11月5日 08:30:00", "2020/11/5 上午 12:00:00", "2020年11月5日8时30分", "2020-11-05T08:30:00Z",
        "2020年11月5日辍学", "2020年11月5日出生", "出生于2020年11月5日", "44140.0", "44140.35", "2020.11-5",
    ],
)  # fmt: skip
def test_words_that_leave_a_day_as_it_is_are_dropped(text: str) -> None:
    found = read_date(text)
    assert found is not None
    assert iso(found) == "2020-11-05"


@pytest.mark.parametrize(
    "text",
    [
        "2020年秋", "2020年下学期", "2020年9、10月", "11月", "2020年11月-12月", "2020年11月后", "2020年底",
        "2020年中旬",
        "2007年8月9日（农历）", "2020年11月（12月）", "2020年11月（不确定）", "2020.13起", "20-Nov", "Nov",
        "2020,9,10,11", "2020.10-11", "2020-10/11", "2020年9-10", "2020年11月（待核实）", "2020年11月(?)", "5/11/2020",
        "2020年秋季辍学", "2020年11月至2021年3月",
    ],
)  # fmt: skip
def test_words_that_make_it_another_date_are_not(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("number", [11, 2020])
def test_a_number_in_a_date_s_format_is_no_day(number: int) -> None:
    shown = dt.datetime(1899, 12, 30) + dt.timedelta(number)
    assert read_date_cell(shown).state is CellState.UNREADABLE


@given(DAYS, st.sampled_from(["约{}", "{}起", "{}左右", "自{}起", "{}（开学后）", "{}。", "{}上午"]))
def test_a_day_is_itself_within_what_is_dropped(day: dt.date, around: str) -> None:
    found = read_date(around.format(f"{day.year}年{day.month}月{day.day}日"))
    assert found is not None
    assert found.first == found.last == day


@given(st.text(max_size=30))
def test_no_text_is_too_strange_to_be_looked_at(text: str) -> None:
    read_date(text)
    find_date(text)


@pytest.mark.parametrize(
    ("cell", "read", "state"),
    [
        (dt.datetime(2021, 3, 1), "2021-03-01", CellState.AS_TYPED),
        (dt.date(2021, 3, 1), "2021-03-01", CellState.AS_TYPED),
        (dt.datetime(2021, 3, 1, 8, 30), "2021-03-01", CellState.AS_TYPED),
        ("2021-03-01", "2021-03-01", CellState.AS_TYPED),
        ("2021年3月", "2021-03", CellState.AS_TYPED),
        ("2021年3月1日", "2021-03-01", CellState.AS_TYPED),
        ("2021.3.1", "2021-03-01", CellState.NORMALISED),
        (44256.0, "2021-03-01", CellState.NORMALISED),
        (44256.354, "2021-03-01", CellState.NORMALISED),
        (44256, "2021-03-01", CellState.NORMALISED),
        ("44256", "2021-03-01", CellState.NORMALISED),
        (20210301.0, "2021-03-01", CellState.NORMALISED),
        (202103.0, "2021-03", CellState.NORMALISED),
        (2021.3, "2021-03", CellState.NORMALISED),
        (2020.12, "2020-12", CellState.NORMALISED),
        (2021.01, "2021-01", CellState.NORMALISED),
        ("2021.1", "2021-01", CellState.NORMALISED),
        (2021.1, "2021-01", CellState.AMBIGUOUS),
        (21.1, "2021-01", CellState.AMBIGUOUS),
        ("12.5", "2012-05", CellState.AMBIGUOUS),
    ],
)
def test_a_cell_is_read_by_what_the_spreadsheet_holds(cell: Cell, read: str, state: CellState) -> None:
    date, found_state = read_date_cell(cell)
    assert date is not None
    assert (iso(date), found_state) == (read, state)


@pytest.mark.parametrize(
    "cell", [20213.0, 2021.0, 2021.13, -3.5, 1e20, "去年", dt.time(8, 0), dt.timedelta(3), float("inf")]
)
def test_a_cell_without_a_date_is_unreadable(cell: Cell) -> None:
    assert read_date_cell(cell) == (None, CellState.UNREADABLE)


@pytest.mark.parametrize("cell", [None, "", " 　", "  年  月  日", "年月", "____年__月"])
def test_printed_blanks_are_blank(cell: Cell) -> None:
    assert read_date_cell(cell) == (None, CellState.BLANK)


@given(DAYS, st.integers(0, 86_399))
def test_a_serial_is_the_day_that_the_spreadsheet_shows(day: dt.date, second: int) -> None:
    if day.year > 2063:
        return
    serial = (day - dt.date(1899, 12, 30)).days
    for cell in (float(serial), serial + second / 86_400):
        date, _ = read_date_cell(cell)
        assert date is not None
        assert date.first == day


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("填报单位：赣县区梅林中学（盖章）            时间：2021年3月12日", "2021-03-12"),
        ("学校：赣县区梅林中学（盖章）  时间： 2021 年 3 月", "2021-03"),
        ("学校名称：赣县区梅林中学（盖章）  2021年3月   日", "2021-03"),
        ("设区市：赣州市  县(市、区)：赣县区  填表日期：2021.3.12", "2021-03-12"),
        ("时间：__2021__年__3__月__12__日", "2021-03-12"),
        ("时间：二〇二一年三月十二日", "2021-03-12"),
        ("时间：20210312", "2021-03-12"),
        ("时间：2021年3月1 2日", "2021-03-12"),
        ("时间：21年3月12日 联系电话：0797-4421234", "2021-03-12"),
        ("2020-2021学年 时间：2021/3/12", "2021-03-12"),
        ("单位：第二十四中学 2021年3月", "2021-03"),
        ("2021年3月1日印发 时间：2021年3月12日", "2021-03-12"),
    ],
)
def test_a_date_is_found_in_a_line(line: str, date: str) -> None:
    found = find_date(line)
    assert found is not None
    assert iso(found) == date


@pytest.mark.parametrize(
    "line",
    [
        "时间：  年  月  日", "时间：2021年  月  日", "赣县区2021年春季学期控辍保学专项行动统计表",
        "电话：0797-4421234", "360704200612105658", "赣教基字〔2021〕10号", "时间：2021年3月32日", "2020-2021学年",
    ],
)  # fmt: skip
def test_a_line_without_a_date_has_none(line: str) -> None:
    assert find_date(line) is None
