"""The six forms as the notice prints them, written down from forms.md and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass

RELIEF = "建档立卡脱贫户"
URBAN = "城镇贫困户"
OTHER = "其他"
DROPOUT = "失学辍学"
DEFERRED = "缓学休学"
DISABILITIES = ("视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾", "多重残疾")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as printed: its header, the bracketed hint, and the group that spans it in a two-row header."""

    name: str
    header: str
    hint: str = ""
    group: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ListForm:
    """A list or the statistics, as printed."""

    form: str
    title: str
    unit_label: str
    date_label: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    unit_below: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def key(self) -> str:
        """The field whose cell is the record's address."""
        return "school" if self.form == "1-1" else "name"


def _group(prefix: str, header: str, lower: tuple[tuple[str, str], ...]) -> tuple[Column, ...]:
    return tuple(
        Column(prefix + suffix, text, group=header if len(lower) > 1 else "", required=True) for suffix, text in lower
    )


_BY_HOUSEHOLD = (("", "合计"), ("_relief", "其中：建档立卡脱贫户"), ("_urban", "其中：城镇贫困户"))
_BY_SCHOOLING = (("", "总数"), ("_in_school", "在校就读"), ("_home_taught", "送教上门"), ("_out", "未入学"))

STATISTICS = ListForm(
    "1-1",
    "赣县区2021年春季学期控辍保学专项行动统计表",
    "填报单位",
    "时间",
    (
        Column("seq", "序号"),
        Column("school", "学校"),
        *_group("due", "应返校学生数", _BY_HOUSEHOLD),
        Column("returned", "已返校学生数", required=True),
        Column("absent", "未返校学生数", required=True),
        *_group("dropout", "失学辍学", _BY_HOUSEHOLD),
        *_group("deferred", "缓学休学", _BY_HOUSEHOLD),
        Column("home_taught", "送教上门", required=True),
        Column("other_absent", "其他原因", required=True),
        *_group("brought_back", "本学期劝返复学", _BY_HOUSEHOLD),
        *_group("disabled", "适龄残疾儿童", _BY_SCHOOLING),
        Column("remark", "备注"),
    ),
)

DROPOUTS = ListForm(
    "1-2",
    "赣县区义务教育阶段辍学学生登记汇总表",
    "填报单位",
    "时间",
    (
        Column("seq", "序号"),
        Column("name", "姓名", required=True),
        Column("id_number", "身份证号码", required=True),
        Column("roll_school", "学籍所在学校", required=True),
        Column("person_category", "人员类别", "(建档立卡脱贫户或镇贫困户)"),
        Column("registration_type", "登记类型", required=True),
        Column("remark", "备注"),
    ),
    ("注：1. 本表为附件 1-1 的名单汇总。", "2. 登记类型填“失学辍学”或者“缓学休学”。"),
)

PERSUASION = ListForm(
    "2",
    "赣县区2021年脱贫户子女辍学学生劝返复学工作台账",
    "学校",
    "时间",
    (
        Column("seq", "序号"),
        Column("former_school", "原就读学校", required=True),
        Column("name", "姓名", required=True),
        Column("sex", "性别", required=True),
        Column("age", "年龄", required=True),
        Column("dropout_date", "辍学时间", required=True),
        Column("return_school", "复学学校"),
        Column("return_date", "复学时间"),
        Column("class_name", "班级"),
        Column("person_category", "备注", "(建档立卡贫困户/城镇贫困户)"),
    ),
    unit_below=True,
)

_PERSON = (
    Column("seq", "序号"),
    Column("name", "姓名", required=True),
    Column("sex", "性别", required=True),
    Column("id_number", "身份证号", required=True),
    Column("age", "年龄", required=True),
    Column("address", "家庭住址"),
    Column("guardian", "监护人姓名", required=True),
    Column("phone", "联系电话", required=True),
)

DISABILITY = ListForm(
    "3",
    "赣县区义务教育阶段适龄残疾儿童就学台账",
    "学校名称",
    "",
    (
        *_PERSON,
        Column("disability", "残疾类别", "(与残疾证保持一致)", required=True),
        Column("grade", "年级", required=True),
        Column("enrolment", "就学情况", "(填是否入学)", required=True),
        Column("remark", "备注"),
    ),
)

HOME_TAUGHT = ListForm(
    "4",
    "赣县区义务教育阶段重度残疾儿童少年送教上门工作台账",
    "单位",
    "时间",
    (
        *_PERSON,
        Column("reason", "不具备学习原因", "（与残疾保证保持一致）", required=True),
        Column("person_category", "人员类别", "（建档立卡贫困户或镇贫困户）"),
        Column("teaching_school", "送教上门学校", required=True),
        Column("remark", "备注"),
    ),
)

LISTS = {form.form: form for form in (STATISTICS, DROPOUTS, PERSUASION, DISABILITY, HOME_TAUGHT)}

CARD_TITLE = "江西省义务教育阶段辍学学生登记表"


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the card and the columns its value spans, of eight beside the band."""

    name: str
    text: str
    span: int
    required: bool = False


CARD_BANDS: tuple[tuple[str, tuple[tuple[Label, ...], ...]], ...] = (
    (
        "基本信息",
        (
            (Label("name", "姓名", 3, True), Label("id_number", "居民身份证号码", 3, True)),
            (
                Label("birth_date", "出生日期", 1, True),
                Label("sex", "性别", 1, True),
                Label("age", "年龄", 1, True),
                Label("ethnicity", "民族", 1, True),
            ),
            (Label("health", "健康情况", 3), Label("roll_number", "全国学籍号", 3)),
            (
                Label("guardian1", "监护人1", 1, True),
                Label("guardian1_relation", "与被核查人关系", 1),
                Label("guardian1_phone", "联系电话", 3, True),
            ),
            (
                Label("guardian2", "监护人2", 1),
                Label("guardian2_relation", "与被核查人关系", 1),
                Label("guardian2_phone", "联系电话", 3),
            ),
            (Label("household_address", "户籍所在地", 7, True),),
            (Label("roll_address", "学籍所在地", 7, True),),
            (Label("home_address", "现居住地", 7, True),),
            (Label("dropout_reason", "辍学原因", 3, True), Label("family", "家庭情况简述", 3)),
        ),
    ),
    (
        "核查劝返情况",
        (
            (
                Label("persuaded", "是否已开展劝返工作", 1, True),
                Label("persuasion_count", "劝返次数", 1),
                Label("persuasion_result", "劝返结果", 1),
                Label("not_returned_reason", "未复学原因", 1),
            ),
            (
                Label("persuading_unit", "劝返单位", 1),
                Label("persuading_person", "劝返责任人", 1),
                Label("persuading_phone", "联系电话", 3),
            ),
            (Label("persuasion_log", "劝返过程详细记录", 7),),
        ),
    ),
)

CARD_LABELS = {label.name: label for _, rows in CARD_BANDS for row in rows for label in row}

PRINTED_HINTS = {
    "household_address": "填写详细地址。示例：江西省赣州市赣县区××镇××村××组××号",
    "roll_address": "要求同上",
    "home_address": "要求同上",
    "persuasion_log": "示例: 1. 什么时间，什么人，以什么方式，做了什么工作，效果如何；2. ……",
}


def required_fields(form: str) -> tuple[str, ...]:
    """The fields of a form that must not be blank."""
    if form == "5":
        return tuple(name for name, label in CARD_LABELS.items() if label.required)
    return tuple(column.name for column in LISTS[form].columns if column.required)
