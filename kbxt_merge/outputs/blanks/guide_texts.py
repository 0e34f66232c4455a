"""How blanks are filled in, said of the forms at hand: of what a row is, and only of types that occur in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.field import ROW_LABEL
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.blanks.blank_book import FILLED_ROWS

_A_ROW: Mapping[Bearer, Words] = {
    Bearer.CHILD: Words("一人一行", "one child a row"),
    Bearer.PERSON: Words("一人一行", "one person a row"),
    Bearer.THING: Words("一项一行", "one record a row"),
}
_SHAPES: Mapping[Shape, Words] = {
    Shape.LIST: Words(
        "在表格里填写，{a_row}；行数不够时，插入行或接着往下填都可以，表头、栏目不要改动。",
        "{a_row}. Insert rows, or go on below, where there are too few; leave the headers as they are.",
    ),
    Shape.ROWS: Words(
        "印好的各行照着逐行填写，不增删行，表头、栏目不要改动。",
        "Fill in the printed rows; neither add nor delete any, and leave the headers as they are.",
    ),
    Shape.STATISTICS: Words(
        "在表格里填写，一所学校一行，表头、栏目不要改动。", "One school a row; leave the headers as they are."
    ),
    Shape.CARD: Words("在空格里填写，各栏名称不要改动。", "Fill in the empty cells; leave the labels as they are."),
}
"""How a form is filled in by its shape; said of the first of these shapes that the forms at hand have, and of rows."""
_DAY = Words("每张表填好{called}的{day}{judged}。", "Fill in the form's date{judged}.")
_JUDGED = Words(
    "：{what}都以它为准；没有填时暂按今天计算", ": {what} are judged by it, or by today where it is missing"
)
_FROM_LISTS = Words("有下拉箭头的格子请从列表中选择", "Choose from the list where there is one")
_AS_TEXT = Words("{what}的格子已设为文本，直接输入即可", "{what} are text: just type")
_SELF_CHECK = Words(
    "表格右边的“自查”一栏不会打印：有错的格子变红，并写明哪里不对；全部显示 ✓ 再报送。",
    "The column 自查 at the right is not printed: faulty cells turn red, and it says why.",
)
_REACHES = Words(
    f"自查管到前 {FILLED_ROWS} 行；插入的行有错也变红，要看文字，可把上一行的自查格复制下来。",
    f" It reaches {FILLED_ROWS} rows; inserted rows turn red as well.",
)
_PASTE = Words(
    "从别处复制时请用“选择性粘贴—数值”（WPS：粘贴为数值），以免带走下拉列表和格式。",
    "Paste values only, so that lists and formats stay.",
)
_ZERO_REPORT = Words("没有可填的也请报送空表（零报告）。", "Return an empty form where there is nothing to report.")
_CARDS = Words(
    "登记表{each}：右键点工作表标签，“移动或复制”并勾选“建立副本”。", " For each further card, copy the whole sheet."
)
_STAMPED = Words(
    "打印、盖章后扫描件与电子表一起报送；电子表不要转成图片或 PDF。",
    "Send the workbook itself, beside the stamped scan.",
)
_UNSTAMPED = Words("报送电子表本身，不要转成图片或 PDF。", "Send the workbook itself, no picture or PDF of it.")
_TEXT_TYPES: Mapping[str, Words] = {
    "id_number": Words("身份证号码", "ID numbers"),
    "phone": Words("电话", "phones"),
    "roll_number": Words("学籍号", "roll numbers"),
    "code": Words("编码", "codes"),
    "date": Words("日期", "dates"),
}
_DATED_TYPES: Mapping[str, Words] = {"age": Words("年龄", "ages"), "date": Words("日期", "dates")}
_DATE_LABEL = re.compile(r"([\u4e00-\u9fff]+)\s*[:：]\s*\{date\}")


def how_to_fill(forms: Sequence[Form], language: Language) -> list[str]:
    """The numbered sentences for these forms."""
    told = [_by_shape(forms), _by_day(forms), _by_types(forms), _self_check(forms), _PASTE, _copies(forms)]
    told.append(_STAMPED if any(each.is_stamped for each in forms) else _UNSTAMPED)
    return [f"{number}. {words.of(language)}" for number, words in enumerate(filter(None, told), 1)]


def dated_by(forms: Sequence[Form]) -> Words | None:
    """What in these forms is judged by their day: ages, dates; None where there is neither."""
    return _named(_DATED_TYPES, forms, Words("、", " and "))


def _named(types: Mapping[str, Words], forms: Sequence[Form], between: Words) -> Words | None:
    occur = {each.type for form in forms for each in form.fields}
    found = [words for type_, words in types.items() if type_ in occur]
    zh, en = between.zh.join(each.zh for each in found), between.en.join(each.en for each in found)
    return Words(zh, en) if found else None


def _by_shape(forms: Sequence[Form]) -> Words:
    shapes = {each.shape for each in forms}
    bearers = {each.bearer for each in forms if each.shape is Shape.LIST}
    rows = [words for bearer, words in _A_ROW.items() if bearer in bearers][:1]
    if Bearer.THING in bearers and len(bearers) > 1:
        rows = [Words("一人（一项）一行", "one person or record a row")]
    first = next(shape for shape in _SHAPES if shape in shapes)
    told = [_SHAPES[each] for each in dict.fromkeys((first, *({Shape.ROWS} & shapes)))]
    zh, en = "".join(each.zh for each in told), " ".join(each.en for each in told)
    a_row = rows[0] if rows else Words("", "")
    return Words(zh.format(a_row=a_row.zh), en.format(a_row=a_row.en.capitalize()))


def _by_day(forms: Sequence[Form]) -> Words | None:
    dated = [each for each in forms if each.is_dated]
    if not dated:
        return None
    labels = {found[1] if (found := _DATE_LABEL.search(each.unit_line.printed)) else "" for each in dated} - {""}
    called = f"“{labels.pop()}”一栏" if len(labels) == 1 else "表头"
    day = "年月" if all(each.unit_line.by_month for each in dated) else "年月日"
    what = dated_by(dated)
    judged = Words(_JUDGED.zh.format(what=what.zh), _JUDGED.en.format(what=what.en)) if what else Words("", "")
    return Words(_DAY.zh.format(called=called, day=day, judged=judged.zh), _DAY.en.format(judged=judged.en))


def _by_types(forms: Sequence[Form]) -> Words | None:
    has_lists = any(
        each.vocabulary and each.type != ROW_LABEL and not each.printed for form in forms for each in form.fields
    )
    texts = _named(_TEXT_TYPES, forms, Words("、", ", "))
    told = [_FROM_LISTS] if has_lists else []
    told += [Words(_AS_TEXT.zh.format(what=texts.zh), _AS_TEXT.en.format(what=texts.en))] if texts else []
    zh, en = "；".join(each.zh for each in told), ". ".join(each.en for each in told)
    return Words(f"{zh}。", f"{en}.") if told else None


def _self_check(forms: Sequence[Form]) -> Words:
    grows = any(each.shape is Shape.LIST for each in forms)
    return Words(_SELF_CHECK.zh + _REACHES.zh, _SELF_CHECK.en + _REACHES.en) if grows else _SELF_CHECK


def _copies(forms: Sequence[Form]) -> Words | None:
    cards = [each for each in forms if each.shape is Shape.CARD]
    each = "一人一张" if all(form.bearer is not Bearer.THING for form in cards) else "要填几张的"
    own = Words(_CARDS.zh.format(each=each), _CARDS.en) if cards else Words("", "")
    zero = _ZERO_REPORT if any(form.shape in (Shape.LIST, Shape.CARD) for form in forms) else Words("", "")
    return Words(zero.zh + own.zh, zero.en + own.en) if zero.zh else None
