"""Which form stands on a sheet, and where: by its headers and title, wherever they are."""

from __future__ import annotations

import pytest
from cast import card, listed
from sheets import FORMS, page

from kbxt_merge.intake.recognition.recogniser import Header, Recognised, Recogniser
from kbxt_merge.model.returns import Grid

RECOGNISER = Recogniser(FORMS)


def recognised(grid: Grid) -> Recognised:
    found = RECOGNISER.recognise(grid)
    assert found
    return found


def header(grid: Grid) -> Header:
    found = recognised(grid).header
    assert found
    return found


@pytest.mark.parametrize("slug", ["1-1", "1-2", "2", "3", "4"])
def test_each_form_is_known_as_it_is_printed(slug: str) -> None:
    form = FORMS.by_slug[slug]
    found = recognised(listed(slug, "| 序号 |"))
    assert found.form.slug == slug
    assert found.header
    assert found.header.columns == {field.name: position for position, field in enumerate(form.fields)}
    assert (found.header.first, found.header.last) == (2, 1 + form.header_rows)
    assert found.title == form.title.format(year=2021, term="春")


def test_a_card_is_known_by_its_labels() -> None:
    found = recognised(card("赖小满"))
    assert (found.form.slug, found.header) == ("5", None)


def test_a_header_without_a_title_is_enough() -> None:
    found = recognised(
        page("| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |\n| 1 | 赖小满 | | | | | |")
    )
    assert (found.form.slug, found.title) == ("1-2", "")


def test_a_title_helps_a_header_that_lacks_columns() -> None:
    rows = "| 序号 | 姓名 | 身份证号 | 备注 |\n| 1 | 赖小满 | 360704200805210315 | |"
    assert RECOGNISER.recognise(page(rows)) is None
    assert recognised(page("| 赣县区义务教育阶段适龄残疾儿童就学台账 |\n" + rows)).form.slug == "3"


def test_of_two_forms_alike_the_columns_decide_between_them() -> None:
    common = "| 序号 | 姓名 | 性别 | 身份证号 | 年龄 | 家庭住址 | 监护人姓名 | 联系电话 |"
    assert header(page(common[:-1] + "| 残疾类别 | 年级 | 就学情况 | 备注 |")).columns.keys() >= {"grade"}
    assert header(page(common[:-1] + "| 不具备学习原因 | 人员类别 | 送教上门学校 | 备注 |")).columns.keys() >= {
        "reason"
    }


def test_columns_are_found_in_any_order_and_wording() -> None:
    found = header(
        page("""
            |  |  |  |  |  |  |  |
            |  | 登记<br>类型 | 姓　名 | 公民身份号码 | 学籍学校 | 人员类别（建档立卡脱贫户或城镇贫困户） | 备  注 |
        """)
    )
    assert found.columns == {
        "registration_type": 1, "name": 2, "id_number": 3, "roll_school": 4, "person_category": 5, "remark": 6,
    }  # fmt: skip
    assert (found.first, found.last) == (1, 1)


def test_headers_that_are_nearly_right_are_taken_when_no_other_column_has_them() -> None:
    found = header(page("| 序号 | 学生姓名 | 身份证号码 | 学籍所在学校名称 | 人员类别 | 登记类型 | 备注 |"))
    assert found.columns["roll_school"] == 3


def test_what_no_field_is_called_is_told_apart() -> None:
    found = header(page("| 序号 | 姓名 | 班主任 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |"))
    assert [(each.row, each.column, each.text) for each in found.others] == [(0, 2, "班主任")]


def test_a_header_of_two_rows_names_each_column_by_both() -> None:
    found = header(
        page("""
            | 赣县区2021年春季学期控辍保学专项行动统计表 |
            | 序号 | 学校 | 应返校学生数 |                      | 已返校学生数 | 失学辍学 |                  |
            |      |      | 合计         | 其中：建档立卡脱贫户 |              | 合计     | 其中：城镇贫困户 |
        """)
    )
    assert found.columns == {
        "seq": 0, "school": 1, "due": 2, "due_relief": 3, "returned": 4, "dropout": 5, "dropout_urban": 6,
    }  # fmt: skip
    assert (found.first, found.last) == (1, 2)


def test_a_header_of_two_rows_may_be_flattened_into_one() -> None:
    found = header(
        page("""
            | 赣县区2021年春季学期控辍保学专项行动统计表 |
            | 序号 | 学校 | 应返校学生数合计 | 应返校学生数其中：建档立卡脱贫户 | 已返校学生数 | 失学辍学合计 |
        """)
    )
    assert found.columns == {"seq": 0, "school": 1, "due": 2, "due_relief": 3, "returned": 4, "dropout": 5}
    assert (found.first, found.last) == (1, 1)


def test_a_header_stands_wherever_the_sheet_begins() -> None:
    grid = listed("3", "| 姓名 |\n| 赖小满 |")
    shifted = Grid("Sheet1", [[None, None, *row] for row in grid.rows], top=7, left=1)
    found = header(shifted)
    assert (found.first, found.columns["name"]) == (9, 3)


@pytest.mark.parametrize("sheet", ["填表说明", "选 项"])
def test_our_own_sheets_are_no_forms(sheet: str) -> None:
    assert RECOGNISER.recognise(listed("3", "| 姓名 |\n| 赖小满 |", sheet=sheet)) is None


@pytest.mark.parametrize(
    "text",
    [
        "| 课程表 | | |\n| | 周一 | 周二 |\n| 第一节 | 语文 | 数学 |",
        "| 序号 | 姓名 | 性别 | 职务 | 联系电话 | 备注 |\n| 1 | 赖大暑 | 男 | 校长 | 13800000001 | |",
        "| 姓名 | 语文 | 数学 |\n| 赖小满 | 90 | 91 |",
        "| 关于做好义务教育阶段辍学学生劝返工作的通知 |",
    ],
)
def test_other_tables_and_texts_are_no_forms(text: str) -> None:
    assert RECOGNISER.recognise(page(text)) is None


def test_an_empty_sheet_is_no_form() -> None:
    assert RECOGNISER.recognise(Grid("Sheet1", [])) is None


def test_a_header_is_compared_without_what_schools_put_around_it() -> None:
    found = header(
        page(
            "| 序号 No. | 1.姓名（必填） | ②身份证号 ID | *学籍所在学校 | （4）人员类别 | 5、★登记类型【选】 | 6 备注 |"
        )
    )
    assert sorted(found.columns.values()) == [0, 1, 2, 3, 4, 5, 6]
    assert found.others == ()


@pytest.mark.parametrize(
    ("slug", "field", "wording"),
    [
        ("1-2", "name", "学生"), ("1-2", "person_category", "类别"), ("1-2", "roll_school", "所在学校"),
        ("2", "return_date", "返校时间"), ("2", "return_school", "现就读学校"), ("2", "dropout_date", "离校时间"),
        ("3", "name", "残疾学生姓名"), ("3", "id_number", "证件号码"), ("3", "phone", "联系方式"),
        ("3", "phone", "家长手机号码"), ("3", "guardian", "联系人姓名"), ("3", "disability", "类别"),
        ("1-2", "registration_type", "类型"), ("4", "person_category", "学生类别"),
        ("3", "guardian", "家长（监护人）姓名"), ("3", "address", "现住址"),
        ("3", "enrolment", "是否入学"), ("3", "grade", "就读年级"), ("3", "disability", "残疾种类"),
        ("4", "reason", "残疾类别"), ("4", "teaching_school", "送教单位"),
    ],
)  # fmt: skip
def test_a_header_is_known_by_what_schools_call_it(slug: str, field: str, wording: str) -> None:
    form = FORMS.by_slug[slug]
    texts = [wording if each.name == field else each.header.replace("\n", "") for each in form.fields]
    found = header(page(f"| {' | '.join(texts)} |"))
    assert found.columns == {each.name: position for position, each in enumerate(form.fields)}


def test_a_header_of_another_person_is_never_the_childs() -> None:
    """The form's own word goes first, wherever it stands; what is left over is the school's own column."""
    found = header(
        page("""
            | 监护人身份证号 | 监护人电话 | 姓名 | 性别 | 身份证号 | 年龄 | 家长姓名 | 联系电话 | 残疾类别 | 年级 |
        """)
    )
    names = ["name", "sex", "id_number", "age", "guardian", "phone", "disability", "grade"]
    assert found.columns == {name: position for position, name in enumerate(names, start=2)}
    assert [each.text for each in found.others] == ["监护人身份证号", "监护人电话"]


def test_without_the_childs_own_column_another_persons_is_not_taken() -> None:
    found = header(
        page("| 姓名 | 性别 | 家长证件号码 | 年龄 | 家庭住址 | 监护人姓名 | 联系电话 | 残疾类别 | 年级 | 就学情况 |")
    )
    assert "id_number" not in found.columns
    assert [each.text for each in found.others] == ["家长证件号码"]


def test_a_header_that_only_its_hint_makes_plain_gives_way_to_a_plain_one() -> None:
    """Form 2 prints 备注 over the category; a school that adds a column 人员类别 keeps 备注 for its remarks."""
    texts = [each.header.split("\n")[0] for each in FORMS.by_slug["2"].fields]
    assert header(page(f"| {' | '.join(texts)} |")).columns["person_category"] == 9
    for both, column in ([*texts, "人员类别"], 10), ([*texts[:-1], "人员类别", "备注"], 9):
        assert header(page(f"| {' | '.join(both)} |")).columns["person_category"] == column


GROUPED = """
    | 赣县区义务教育阶段适龄残疾儿童就学台账 |
    |  | 残疾儿童基本情况 |  |  |  |  | 监护人情况 |  |  |  |  |  |
    | 序号 | 姓名 | 性别 | 身份证号 | 年龄 | 家庭住址 | 姓名 | 电话 | 残疾类别 | 年级 | 就学情况 | 备注 |
    | 1 | 温小寒 | 女 | 360704201105120321 | 9 | 某村 | 温大寒 | 13800000001 | 视力残疾 | 四年级 | 是 | |
"""


@pytest.mark.parametrize("merged", [(), ("B2:F2", "G2:H2")])
def test_a_column_is_named_by_the_header_over_it_as_well(merged: tuple[str, ...]) -> None:
    found = header(page(GROUPED, merged=list(merged)))
    assert found.columns == {each.name: position for position, each in enumerate(FORMS.by_slug["3"].fields)}
    assert (found.first, found.last) == (1, 2)


def test_a_column_is_named_by_the_header_below_it_as_well() -> None:
    found = header(
        page("""
            | 学校名称：赣县区梅林小学 |
            | 序号 | 姓名 | 性别 | 身份证号 | 年龄 | 住址 | 家长（监护人）信息 | | 残疾类别 | 年级 | 就学情况 |
            | | | | | | | 姓名 | 联系方式 | | | |
        """)
    )
    assert found.columns == {each.name: position for position, each in enumerate(FORMS.by_slug["3"].fields[:-1])}
    assert (found.first, found.last) == (1, 2)


def test_below_another_person_a_number_is_not_the_childs() -> None:
    found = header(
        page("""
            | | 监护人 | | | 学生 | | | | | | | |
            | 序号 | 姓名 | 身份证号 | 电话 | 姓名 | 性别 | 身份证号 | 年龄 | 家庭住址 | 残疾类别 | 年级 | 就学情况 |
        """)
    )
    assert found.columns == {
        "seq": 0, "guardian": 1, "phone": 3, "name": 4, "sex": 5, "id_number": 6, "age": 7, "address": 8,
        "disability": 9, "grade": 10, "enrolment": 11,
    }  # fmt: skip


def test_short_words_below_the_statistics_groups_are_theirs() -> None:
    found = header(
        page("""
            | 赣县区2021年春季学期控辍保学专项行动统计表 |
            | 序号 | 学校 | 应返校学生数 | | | 已返校学生数 | 失学辍学 | | 送教上门 | 适龄残疾儿童 | |
            |      |      | 小计         | 脱贫户 | 城镇户 |              | 合计     | 脱贫户 | | 合计 | 送教上门 |
        """)
    )
    assert found.columns == {
        "seq": 0, "school": 1, "due": 2, "due_relief": 3, "due_urban": 4, "returned": 5, "dropout": 6,
        "dropout_relief": 7, "home_taught": 8, "disabled": 9, "disabled_home_taught": 10,
    }  # fmt: skip


def test_a_header_far_down_is_found_where_there_is_none_above() -> None:
    lines = [[f"填表说明第{number}条"] for number in range(80)]
    rows = page("| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 |\n| 1 | 赖小满 | | | | |").rows
    assert header(Grid("Sheet1", [*lines, *rows])).first == 80


def test_columns_of_a_collecting_tool_are_none_of_the_schools() -> None:
    found = header(
        page(
            "| 提交者（自动） | 提交时间 | 班主任 | 1. 姓名（必填） | 2. 身份证号码（必填） | 学籍所在学校 | 登记类型 |"
        )
    )
    assert found.beside == {0, 1}
    assert found.columns["name"] == 3
