"""What a definition calls the types of fields, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.codes import CODES
from kbxt_merge.model.form import BASIC_TYPES, Whose

IDENTITY = "identity"
"""An ID number or the number of another identity paper: read as `id_number`, whose kind another field tells."""

ROW_NAME = "row"
"""The labels of printed rows."""

TYPES_IN_CHINESE: Mapping[str, str] = {
    "文字": "text",
    "姓名": "person_name",
    "身份证号": "id_number",
    "证件号码": IDENTITY,
    "学籍号": "roll_number",
    "序号": "sequence",
    "年龄": "age",
    "人数": "count",
    "个数": "count",
    "数值": "number",
    "金额": "number",
    "日期": "date",
    "电话": "phone",
    "学校": "school",
    "编码": "code",
    "行名": ROW_NAME,
}
"""The Chinese names of the types; a vocabulary may have any name of its own."""

WHOSE_IN_CHINESE: Mapping[str, str] = {
    "儿童": Whose.CHILD,
    "学生": Whose.CHILD,
    "成人": Whose.ADULT,
    "任何人": Whose.ANYONE,
}

CODES_IN_CHINESE: Mapping[str, str] = {words.words.zh: name for name, words in CODES.items()}

TYPE_NAMES = (*BASIC_TYPES, IDENTITY, ROW_NAME, *TYPES_IN_CHINESE)
"""All names of types that are no vocabulary."""
