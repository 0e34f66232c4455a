"""The words and severities of the rules on files and sheets."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.rule import RuleCard, Scope, Severity
from kbxt_merge.model.text import Words


def _card(
    slug: str, severity: Severity, scope: Scope, *pairs: tuple[str, str], asks_for_return: bool = False
) -> RuleCard:
    title, message, when = (Words(*pair) for pair in pairs)
    return RuleCard(slug, severity, scope, title, message, when, asks_for_return=asks_for_return)


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_FILE, _SHEET = Scope.FILE, Scope.SHEET

_CARDS = (
    _card(
        "file-unreadable",
        _ERROR,
        _FILE,
        ("文件无法读取", "file can't be read"),
        (
            "该文件{why}，没有读取，{do}。",
            "This file was not read: {why}. {do}.",
        ),
        ("损坏、不完整，或名为表格其实不是", "damaged, truncated, or no spreadsheet for all its name says"),
    ),
    _card(
        "file-encrypted",
        _ERROR,
        _FILE,
        ("文件有密码", "file is locked"),
        (
            "该文件{why}，没有读取，请去掉密码后重新报送。",
            "This file was not read: {why}. Remove the password and return it again.",
        ),
        ("需要密码才能打开", "needs a password to open"),
    ),
    _card(
        "file-unsafe",
        _ERROR,
        _FILE,
        ("文件超出读取限制", "file is past a reading limit"),
        (
            "该文件{why}，为安全起见没有读取，{do}。",
            "This file was not read for safety: {why}. {do}.",
        ),
        ("超过大小、单元格、文字或时间的限制", "past a limit on size, cells, strings or time"),
    ),
    _card(
        "file-settled",
        _INFO,
        _FILE,
        ("无法读取、已重新报送的文件", "unread, and sent again"),
        (
            "该文件{why}，没有读取；该校后来报送的“{later}”已采用，无需处理。",
            "This file was not read: {why}. The school sent “{later}” later, which counts; nothing to do.",
        ),
        (
            "无法读取的文件，同一学校后来又报送了可读的",
            "a file that can't be read, and was sent again",
        ),
    ),
    _card(
        "file-duplicate",
        _INFO,
        _FILE,
        ("重复的文件", "same file twice"),
        (
            "该文件与“{original}”内容完全相同，只读取了那一份，无需处理。",
            "Identical to “{original}”, which was read in its stead; nothing to do.",
        ),
        ("与另一文件逐字节相同", "bytes identical to another file of the inbox"),
    ),
    _card(
        "file-superseded",
        _INFO,
        _SHEET,
        ("已有后来报送的表，未采用", "replaced by a later return"),
        (
            "该校后来重新报送了{form}（“{other}”），{why}；{do}。",
            "The school returned {form} again later (“{other}”), {why}; {do}.",
        ),
        (
            "同一学校后来重新报送了同一张表；有人不在后来的表中时为请核实",
            "the same school returned the same form again later; a warning where that leaves children behind",
        ),
    ),
    _card(
        "parts-merged",
        _INFO,
        _SHEET,
        ("分开报送的表已合并", "parts of one form, merged"),
        (
            "该校的{form} 分几份报送，这一份与“{other}”没有相同的{child_noun}，已一并汇总，无需处理。",
            "The school returned {form} in parts: no {child_noun} stands both here and in “{other}”; all were merged.",
        ),
        ("同一学校的同一张表分几份报送，没有相同的人", "several returns of one form by one school share no child"),
    ),
    _card(
        "blank-returned",
        _INFO,
        _SHEET,
        ("空表", "an empty form"),
        (
            "该{form} 没有填写，该校另有填好的一份（“{other}”），已采用填好的，无需处理。",
            "This {form} is empty, and the school returned a filled one (“{other}”), which counts; nothing to do.",
        ),
        ("同一学校另有填好的同一张表", "an empty form beside or after a filled one of the same school"),
    ),
    _card(
        "sheet-set-aside",
        _INFO,
        _SHEET,
        ("不重复汇总的表", "a sheet not merged again"),
        (
            "该{form}{why}，没有重复汇总（已采用“{other}”）；{do}。",
            "This {form} was not merged again: {why}; “{other}” counts; {do}.",
        ),
        (
            "工作簿中的副本、汇总表，或其他月份、学期的表",
            "a copy or the sum of other sheets, or a sheet of another month or term",
        ),
    ),
    _card(
        "file-ignored",
        _INFO,
        _FILE,
        ("不是报送的文件", "not a return"),
        (
            "该文件{why}，已忽略，无需处理。",
            "Ignored: {why}; nothing to do.",
        ),
        (
            "~$ 锁定文件、.DS_Store、Thumbs.db、临时文件等",
            "~$ locks, .DS_Store, Thumbs.db, temporary files and the like",
        ),
    ),
    _card(
        "file-other",
        _INFO,
        _FILE,
        ("随附的其他文件", "kept beside the return"),
        (
            "该文件{why}，不含要汇总的表，已留存备查，无需处理。",
            "Kept beside the return, holds no form: {why}; nothing to do.",
        ),
        ("PDF、图片、没有表格的 Word 文件", "PDF and image files, Word files without a form's table"),
    ),
    _card(
        "file-set-aside",
        _INFO,
        _FILE,
        ("本局决定不采用的文件", "set aside by the bureau"),
        (
            "本局已决定不采用该文件：{why}；无需处理。",
            "The bureau set this file aside: {why}; nothing to do.",
        ),
        ("本局在工作台上决定不采用", "what the bureau decided on its desk"),
    ),
    _card(
        "file-container",
        _INFO,
        _FILE,
        ("压缩包或邮件", "archive or mail"),
        (
            "该文件{why}，里面的文件已逐个读取，无需处理。",
            "Each file inside was read by itself: {why}; nothing to do.",
        ),
        ("压缩包和邮件，内含文件逐个列出", "an archive or a mail whose files are listed one by one"),
    ),
    _card(
        "answers-not-taken",
        _INFO,
        _FILE,
        ("没有采用的答复", "answers that are not heeded"),
        (
            "核查意见中有 {count} 条“核实无误”没有采用：{why}；{do}。",
            "{count} lines of its sheet of findings say “Verified correct” and are not heeded: {why}; {do}.",
        ),
        (
            "核查意见没有本局的校验码，或不是该校自己的；问的是别的学校时为请核实",
            "its sheet of findings bears no code of this bureau, or is not its own; a warning where it is another's",
        ),
    ),
    _card(
        "form-unrecognised",
        _WARNING,
        _SHEET,
        ("无法识别表格类型", "not one of the forms"),
        (
            "{what}与通知中{all_forms}的表头都不相符，未汇总；如属应报送的表，请按{own_form}的表头填写后重新报送。",
            "{what} is none of the forms and was not merged; if it should be one, use the printed header.",
        ),
        (
            "有内容，但不是任何一张表；整个文件都不是时为必须修改",
            "content that is none of the forms; an error where no sheet of the file is",
        ),
    ),
    _card(
        "sheet-without-table",
        _INFO,
        _SHEET,
        ("只有文字的工作表", "a sheet of text"),
        (
            "工作表“{sheet}”只有文字，没有表格，无可汇总；如应有名单，请填入{own_form}的表格后重新报送。",
            "Sheet “{sheet}” holds text and no table: nothing was merged; if there is a list, fill in the form.",
        ),
        ("只有文字、没有表格的工作表", "lines of text and no table"),
    ),
    _card(
        "form-version",
        _WARNING,
        _SHEET,
        ("表格版本不对", "another version of the blank"),
        (
            "该表用的是 {found} 版的空白表，现行的是 {wanted} 版；已照常汇总，请核对各栏内容，今后使用现行表格。",
            "This blank is of version {found}, and {wanted} is in force; it was merged: check its columns.",
        ),
        ("本工具下发的空白表，但不是现行版本", "a blank of this tool, of another version than the one in force"),
    ),
    _card(
        "row-left-out",
        _WARNING,
        _SHEET,
        ("没有汇总的一行", "a row that was not merged"),
        (
            "第 {row} 行看作{reason}，没有汇总，但似有{child_noun}的信息；如果是{child_noun}，"
            "请把姓名、身份证号码等填完整后重新报送。",
            "Row {row} was taken for {reason} and not merged, though it seems to hold something of a {child_noun}; "
            "if it is one, fill in its columns and return it.",
        ),
        (
            "表头以下未作为记录的一行，其中有像记录的内容",
            "a row below the header that was not taken as a record though it holds something like a child's datum",
        ),
    ),
    _card(
        "row-struck-out",
        _WARNING,
        _SHEET,
        ("划掉的一行", "a row that is crossed out"),
        (
            "第 {row} 行划有删除线，已照常汇总；如果{this_child}不应报送，请删除这一行，否则请去掉删除线。",
            "Row {row} is crossed out and was merged all the same; delete the row, or remove the line through it.",
        ),
        ("姓名或整行划有删除线的一行", "a record whose name or whole row is crossed out"),
    ),
    _card(
        "hidden-data",
        _WARNING,
        _SHEET,
        ("有隐藏的数据", "hidden records"),
        (
            "有隐藏的数据（{what}），已照常汇总，请取消隐藏，核实是否应当报送。",
            "Records stand in hidden places ({what}) and were merged all the same; unhide them, and verify.",
        ),
        ("隐藏的工作表、行或列中有记录", "records on a hidden sheet, or in hidden rows or columns"),
    ),
    _card(
        "school-missing",
        _WARNING,
        _SHEET,
        ("没有填学校", "no school named"),
        ("{what}，{how}，{do}。", "{what}; {how}. {do}."),
        (
            "填报单位没有校名；文件和文件夹也说明不了时为必须修改",
            "the unit line holds no school; an error where nothing else names one",
        ),
    ),
    _card(
        "school-unknown",
        _ERROR,
        _SHEET,
        ("学校不在名册中", "school is not in the roster"),
        (
            "学校“{name}”不在学校名册中，请核对校名；新设或更名的学校，请联系教育局更新名册。",
            "“{name}” is not in the roster; check the name, or ask the bureau to add a new or renamed school.",
        ),
        (
            "填报单位的校名不在名册中；统计表有几行时，也看各行的学校",
            "the unit line's name is not in the roster; of several rows of 1-1, a row's",
        ),
    ),
    _card(
        "school-conflict",
        _WARNING,
        _SHEET,
        ("校名前后不一", "two schools named"),
        (
            "填报单位为“{unit}”，但文件名或文件夹名为“{path}”，已按填报单位归入，请核实。",
            "The unit line says “{unit}”, the path “{path}”; the unit line was taken. Please verify.",
        ),
        ("填报单位与文件或文件夹是名册中的两所学校", "unit line and path name two different schools of the roster"),
    ),
    _card(
        "fill-date-missing",
        _INFO,
        _SHEET,
        ("没有填表日期", "no date"),
        (
            "表中没有填写日期，已按汇总基准日核对，下次请填上日期。",
            "The form has no date; it was judged as of the reference day: fill it in next time.",
        ),
        ("表中没有日期", "no date in the form"),
    ),
    _card(
        "period-mismatch",
        _WARNING,
        _SHEET,
        ("不是本期的表", "of another period"),
        (
            "表上写的是 {found}，不属于本期（{period}）{counted}，请核实是否误报送了以前的表。",
            "The form says {found}, outside this period ({period}){counted}; verify that it is no old one.",
        ),
        (
            "日期或标题不属于本期：学期为前后 60 天之外，月份为当月和其后 10 天之外",
            "date or title outside the period: 60 days around a term; a month and ten days after it",
        ),
    ),
    _card(
        "old-return",
        _WARNING,
        _SHEET,
        ("可能是以前的表", "perhaps an old return"),
        (
            "表中没有日期，文件最后修改于 {saved}，早于本期（{period}）{counted}，请核实是否误报送了以前的表，"
            "并填上日期。",
            "The form has no date, and its file was saved on {saved}, before this period ({period}){counted}; "
            "verify that it is no old one, and date it.",
        ),
        ("没有日期，文件早于本期（学期为 60 天以前）", "undated, in a file older than the period (a term: by 60 days)"),
    ),
    _card(
        "column-missing",
        _ERROR,
        _SHEET,
        ("缺少一栏", "a column is missing"),
        (
            "表中没有“{column}”这一栏，请按{own_form}补上并填写。",
            "The form's column {column} is not there; please add and fill it.",
        ),
        ("缺少规定的一栏", "a column of the form is not there"),
    ),
    _card(
        "column-unexpected",
        _WARNING,
        _SHEET,
        ("多出一栏", "an unexpected column"),
        (
            "“{header}”不是{own_form}规定的栏目，其中的内容没有汇总，请核实是否填错了栏。",
            "{header} is no column of the form; its content was not merged. Please verify.",
        ),
        ("表中没有的一栏，且填有内容", "a column with values that the form does not have"),
    ),
    _card(
        "school-not-returned",
        _ERROR,
        _FILE,
        ("学校未报送", "school has not returned"),
        ("{school}未报送（未收到任何报表），请催报。", "Nothing came from {school}; please remind it."),
        ("名册中的学校未报送任何表", "a school of the roster of which nothing came"),
        asks_for_return=True,
    ),
)

FILE_RULES: Mapping[str, RuleCard] = {card.slug: card for card in _CARDS}
"""The rules on files and sheets, by slug."""
