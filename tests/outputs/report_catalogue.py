# ruff: noqa: E501  # tables of sentences
"""Rules and their sentences, as a report shows them."""

from collections.abc import Mapping

from kbxt_merge.model.rule import RuleCard, Scope, Severity
from kbxt_merge.model.text import Words


def _card(slug: str, severity: Severity, zh: str, en: str, when_zh: str = "", when_en: str = "") -> RuleCard:
    return RuleCard(slug, severity, Scope.CELL, Words(zh, en), Words("", ""), Words(when_zh, when_en))


CATALOGUE: Mapping[str, RuleCard] = {
    each.slug: each
    for each in (
        _card("id-checksum", Severity.ERROR, "身份证号校验码不符", "check character wrong", "最后一位与前 17 位算出的不一致", "the last character does not follow from the other seventeen"),
        _card("required-missing", Severity.ERROR, "必填项空白", "required cell blank", "必填的单元格没有填写", "a required cell is blank"),
        _card("age-id-mismatch", Severity.ERROR, "年龄与身份证号不符", "age differs from the ID number", "年龄与身份证号上的出生日期不一致", "the age differs from the birth date of the ID number"),
        _card("count-list-mismatch", Severity.ERROR, "统计数与名单不一致", "count differs from the list", "1-1 的人数与名单的人数不同", "form 1-1 counts other than the list holds"),
        _card("card-missing", Severity.ERROR, "缺少辍学学生登记表", "dropout card missing", "1-2 的学生没有附件 5", "a child of 1-2 has no form 5"),
        _card("phone-invalid", Severity.ERROR, "联系电话不正确", "phone number wrong", "不是手机或固定电话号码", "neither a mobile nor a landline"),
        _card("grade-age-mismatch", Severity.WARNING, "年级与年龄相差较大", "grade far from the age", "年级与年龄相差三个年级以上", "more than three grades from the cohort's"),
        _card("duplicate-across-schools", Severity.WARNING, "两校有同一身份证号", "same child in two schools", "同一张表中两所学校有同一身份证号", "the same ID number in the same form of two schools"),
        _card("hidden-data", Severity.WARNING, "隐藏的行列中有数据", "records in hidden rows", "隐藏的行、列或工作表中有记录", "hidden rows, columns or sheets hold records"),
        _card("value-normalised", Severity.INFO, "已按规范读取", "read in its standard form", "读取的值与所填不同", "what was read differs from what was typed"),
        _card("school-not-returned", Severity.ERROR, "学校未报送", "school has not returned", "名册上的学校没有任何报送", "nothing came from a school of the roster"),
        _card("file-encrypted", Severity.ERROR, "文件有密码", "file needs a password", "需要密码才能打开", "the file needs a password to open"),
    )
}  # fmt: skip

FAULTS: Mapping[str, tuple[str, str, str, str]] = {
    "id-checksum": ("1-2", "id_number", "第 {row} 行{child}的身份证号码 {value} 最后一位不对，请对照户口簿改正。", "Row {row}: the last character of {child}'s ID number {value} is wrong; please check the household register."),
    "required-missing": ("3", "guardian", "第 {row} 行{child}的监护人姓名没有填写，请补填。", "Row {row}: the guardian of {child} is missing; please fill it in."),
    "age-id-mismatch": ("3", "age", "第 {row} 行{child}填 {value} 岁，按身份证号应为 {n} 岁，请核对后改正。", "Row {row}: {child} is given as {value}, by the ID number {n}; please correct one of them."),
    "count-list-mismatch": ("1-1", "dropout", "失学辍学人数填 {value} 人，附件 1-2 的名单有 {n} 人，请改成一致。", "Dropouts are given as {value}, the list in 1-2 has {n}; please make them agree."),
    "card-missing": ("1-2", "name", "{child}在附件 1-2 中，但没有附件 5 登记表，请补报。", "{child} is listed in 1-2 but has no card (form 5); please return it."),
    "phone-invalid": ("4", "phone", "第 {row} 行{child}的联系电话 {value} 不是手机号或固定电话，请改正。", "Row {row}: {value} of {child} is no phone number; please correct it."),
    "grade-age-mismatch": ("3", "grade", "第 {row} 行{child}的年级 {value} 与年龄相差较大，请核实。", "Row {row}: the grade {value} of {child} is far from the age; please verify."),
    "value-normalised": ("3", "disability", "第 {row} 行的残疾类别“{value}”按规范读取，不必处理。", "Row {row}: the disability {value} was read in its standard form; nothing to do."),
}  # fmt: skip
