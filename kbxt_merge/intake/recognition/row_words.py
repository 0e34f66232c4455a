"""What a text in a row says, where the row holds no child: a total, a signature, a note, a zero return."""

from __future__ import annotations

import re
from functools import lru_cache

from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.text import plain

_COUNT = r"[0-9一二三四五六七八九十两壹贰叁肆伍]+(?:人|名|个|户)"
_TOTALS = (
    r".{0,12}(?:合计数?|小计|总计|共计|累计|总数|人数|人次|学生数|占比|平均(?:数|年龄)?)(?:\([^)]*\))?(?:[:0-9].*)?",
    rf"计:?(?:{_COUNT})?|.{{0,20}}共有?:?{_COUNT}.*|(?:[男女][生童]?:?)?{_COUNT}(?:学生)?|[男女][生童]?:?{_COUNT}.{{0,12}}",
    r"(?i:total|sum|subtotal)[:0-9]*|∑|其中[:,、]?[男女][生童]?[:0-9]*|汇总",
)
_NONE = r"(?:无(?!误)|没有|未有|未发生|未发现|未出现|不存在|无需)"
_OF_WHOM = (
    r"(?:学生|儿童|少年|孩子|人员|对象|情况|现象|失学|辍学|休学|残疾|送教|[此该这]类|数据|变化|新增|适龄|上报|报告)"
)
_EMPTY = r"(?:无|没有|零|空白?)"
_ZERO_RETURNS = (
    r"[(\"“【\[]?(?:零|空|空表|空白表?|[全暂查]?无|没有|不(?:涉及|适用|存在)|未有)[)\"”】\]、]?(?:\(.*\))?[。.!]?",
    r".{0,12}零(?:报告|上报|报送|辍学|失学|新增).{0,6}|(?:暂无|[本我]校无|没有(?:发现|符合)).{0,12}|.{0,12}为[零0][人名]?",
    r"无(?:[此该这]|相关|符合|内容|异常|变[动化]|名单|一?人|劝返|辍学|失学|残疾|送教|任何).{0,12}|.{0,8}(?<![0-9])[0零][人名].{0,4}",
    rf".{{0,16}}{_NONE}.{{0,12}}{_OF_WHOM}.{{0,12}}|(?:经|本|我|目前).{{1,10}}[,，]?无[。.!]?|.{{0,8}}无需.{{0,12}}",
    r".{0,12}(?:全部|全员|均)已?(?:到校|在校|返校|在读|就读|入学|复学).{0,12}|.{0,6}应返尽返.{0,6}",
    rf"(?:[本我全该此][校项栏表类月]|本学期|目前|暂时?|[0-9]{{1,2}}月份?|.{{1,2}}年级)(?:均|都|全)?为?{_EMPTY}[。.!、]?",
    rf".{{0,4}}[此本该]表(?:无|为空).{{0,6}}|.{{0,8}}(?:辍学|失学|休学|残疾|送教|学生|儿童)[生人数]{{0,2}}:(?:{_EMPTY}|0)人?",
    r"无一[例人名]|(?:以上)?均无|没有[此该这](?:项|类|种).{0,4}|不需要|无(?:须|可|记录|增减|变更|异动|服务).{0,8}|.{0,4}不(?:需要?|用|必)(?:填|上报|送教).{0,8}|(?:同|与)上(?:个?月|学?期).{0,4}",
)
_WHO = (
    r"(?:填表|填报|制表|报表|报送|上报|审核|审批|审查|核实|核查|复核|经办|承办|联系|负责|主管|分管|包保|包联|统计|录入"
    r"|单位负责|学校负责|责任|校领导|班主任|(?:教导|德育)?主任|村(?:干部|主任|支书|委会)|居委会|校长|园长|书记)"
)
_SIGNATURES = (
    rf"{_WHO}(?:人|员|领导|教师|老师|干部|校长|单位)?(?:[及和、/]?(?:联系)?(?:电话|方式)|日期|时间)?(?:签字|签名|签章|盖章|意见)?"
    r"(?:\([^)]*\))?(?::.*)?",
    r"(?:填表|填报|制表|审核|审批|核实|经办|复核|统计|录入)人?[\u4e00-\u9fff]{2,4}",
    r"(?:联系)?电话(?:号码)?|手机(?:号码?)?|(?:日期|时间|签字|签名|盖章|公章)(?::.*)?",
    r"(?!学生|儿童|姓名|备注|附注|注明|说明)[\u4e00-\u9fff()、]{2,12}:.*",
    r".{0,16}(?:\((?:盖章|公章|签章|签字|签名|章)\)|(?:审核|审批|审查|核查|领导|单位|学校|村委会?)意见)[0-9年月日:._/-]*",
    r"(?!以上).{1,10}(?:签字|签名|签章)处?:?",
    r"以上.*(?:属实|有效|无误|真实).*|特此(?:证明|说明|报告|上报)[。.]?",
)
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,4}[处室科股办]|[\u4e00-\u9fff]{1,7}(?:人员?|员|领导|干部|教师|老师|主任|书记|专干|[校组段所股站室村]长)[:：]?|签发|核发|校对"
)
_NOTES = (
    r"(?:附?注|备注|注明|附|注意|(?:温馨)?提示|(?:填[表报写])?说明|填[表报写]要求)(?:事项)?(?::|[0-9]+[.、．]).*|※.{5,}",
    r"第[0-9]+页(?:[,、/]?共[0-9]+页)?|\(?(?:以下|此页|本页)(?:为?空白|为空|无正文)\)?[。.]?|接[上下]页|附件[0-9].*",
    r"(?:[此本]表|以上).{4,}|[★☆▲△●◆*#].{5,}",
    r"\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)?[.、．:：)].{6,}",
    r".{6,}[。;；!！].*|.{4,}[,，].{4,}",
)
_HEADINGS = (
    r".{0,3}年级(?:段|组)?|(?:小学|初中|高中|中学|学前|幼儿)(?:部|段|阶段|组|班)?|[男女]生|.{0,8}(?:失学|辍学|休学|缓学|在校|在读)(?:学生|儿童|生)?:?",
    r"(?:[一二三四五六七八九1-9]年级|[初高小][一二三四五六](?:年级)?).{0,10}|20[0-9]{2}[级届].{0,6}",
    r"[\u4e00-\u9fff]{1,3}(?:圩|坑|坳|寨|墟|埠|屋)",
    r"[一二三四五六七八九0-9]{1,3}\([一二三四五六七八九十0-9]+\)班?.{0,12}|[一二三四五六七八九十0-9A-Z]{1,3}[班组]",
    r"\([一二三四五六七八九十]{1,2}\).{1,10}|[一二三四五六七八九十]{1,2}、.{1,10}",
    r"[\u4e00-\u9fff]{2,8}(?:村|镇|乡|社区|街道|居委会|教学点|村小|片区|[^小]组|队)(?:\([^)]*\))?:?",
    r"(?:建档立卡|城镇贫困|贫困|脱贫|残疾|留守|寄宿|走读|住校|随班就读)(?:家庭|学生|儿童|生|户)?|.{1,6}户|农村|城区|城镇",
    r".{2,4}\((?:包保|包联|责任|班主任|帮扶|送教).{0,6}\)",
)
_STAGE = r"(?:小学|初中|高中|中学|学前|幼儿)"
_GRADE = r"[一二三四五六七八九1-9]"
_PART = re.compile(
    rf"(?:其中)?[:,、]?(?:{_STAGE}(?:部|段|阶段|组|班)?|.{{1,2}}年级|{_GRADE}(?:年级)?(?:[至到~-]|—+){_GRADE}年级"
    rf"|{_GRADE}(?:年级)?\([一二三四五六七八九十0-9]+\)班|[男女][生童]|.{{2,20}}(?:学校|小学|中学){_STAGE}(?:部|段|阶段))(?:\(.*\))?"
    rf"|.{{2,20}}(?:学校|小学|中学)\({_STAGE}(?:部|段|阶段)?\)"
)
_DATE = re.compile(
    r"(?=.*[0-9日〇○零])(?:20[0-9_]{0,2}|[〇○零一二三四五六七八九]{4})?年[0-9_一二三四五六七八九十]{0,3}月(?:[0-9_一二三四五六七八九十]{0,3}日)?"
    r"|20[0-9]{2}([-./])[0-9]{1,2}(?:\1[0-9]{1,2})?|20[0-9]{2}年?[春秋]季?(?:学期)?"
)
_COLUMN_WORD = re.compile(
    r"[\u4e00-\u9fff/()]{0,6}(?:姓名|名字|名称|性别|年龄|班级|年级|班主任|教师|老师|电话|手机号?|号码|方式|职务|职位|职称|人员?|干部|领导|校长|对象|人数|学生数"
    r"|数量|次数|日期|时间|地点|地址|住址|内容|情况|结果|原因|类别|类型|等级|备注|序号|编号|学校|单位|部门|关系|措施|项目|学科|民族|面貌|性质|籍贯|邮编|职业|证号|村|[小村]?组|镇|乡)"
)
"""What heads a column of a table that is none of the forms."""
_FILLER = re.compile(r"[/\\|—–―－_=×○-]+|(?:暂?无|没有?|零|空)|[0〇]|N/?A|null|none|nil|wu", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"[(\[【]?(?:填[写报表])?(?:示例|样例|范例|示范|例子?)[0-9]?[)\]】]?:?|(?:示例|样例|范例|例)[:：].*"
    r"|.*[(\[【](?:填[写报表])?(?:示例|样例|范例|例)[)\]】]|[(\[【](?:填[写报表])?(?:示例|样例|范例)[)\]】].*"
)
_EXAMPLE_BESIDE = re.compile(r".*(?:[示样范举]例).*|例?如:?|例[0-9:]?|样表|样行|模板|参考|示范")
_EXAMPLE_MARK = re.compile(
    r"[(\[【]?(?:填[写报表])?(?:示例|样例|范例|例子?)[)\]】:]+|^(?:填[写报表])?(?:示例|样例|范例|例子?)$"
)
_GUIDANCE = re.compile(
    r"[(\[]?(?:[必选可][填选](?:项|内容)?|(?:下拉|单选|手工|自动|系统).{0,6}|文本(?:型|格式)?|数[字值](?:型|格式)?|日期(?:型|格式)?)[)\]]?"
    r"|请?填写?.{2,}|.{0,6}[0-9]{2}位.{0,8}|.{0,6}全称|(?:学生|真实|监护人)姓名|与.{2,8}一致|如有.{0,8}|格式.*"
)
_NOBODY = re.compile(r"张三丰?|李四|王五|赵六|孙七|周八|[张李王]?小明|[\u4e00-\u9fff]?[某×xX*○]{1,3}|姓名")
_PLACEHOLDER = re.compile(r"(?:[×某○]|[xX*]{2}).{0,8}|[0-9]{0,14}[×xX*○]{3,}")
_PRINTED_NUMBER = re.compile(r"[(.、]?(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3}|[①-⑳])[).、]?")


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns))


_SAYS = (
    (Reason.TOTAL, _any_of(_TOTALS)),
    (Reason.ZERO_RETURN, _any_of(_ZERO_RETURNS)),
    (Reason.SIGNATURE, _any_of(_SIGNATURES)),
    (Reason.NOTE, _any_of(_NOTES)),
)
"""What a text says wherever it stands; the first that fits."""

_HEADING = _any_of(_HEADINGS)


@lru_cache(maxsize=4096)
def said_by(text: str) -> Reason | None:
    """Tell why a row without a child is none, by a text in it; None where the text says nothing of the kind."""
    compact = plain(text)
    if _FILLER.fullmatch(compact):
        return Reason.ZERO_RETURN
    return next((reason for reason, pattern in _SAYS if pattern.fullmatch(compact)), None)


def closes(text: str) -> bool:
    """Tell what closes a sheet: who signs, a stamp, the day."""
    return is_date(text) or said_by(text) is Reason.SIGNATURE


def is_date(text: str) -> bool:
    """Tell a day, a month or a term that is all of a text."""
    return _DATE.fullmatch(plain(text)) is not None


def is_office(text: str) -> bool:
    """Tell a word for whoever signs, of an office that no list has, from other words; a name may look like one."""
    return _OFFICE.fullmatch(plain(text)) is not None


def heads_column(text: str) -> bool:
    """Tell a word that may head a column of any table, such as 班主任 or 人数."""
    return _COLUMN_WORD.fullmatch(plain(text)) is not None


def is_filler(text: str) -> bool:
    """Tell a mark for nothing, such as `/`, 无 or 0, from a value."""
    return _FILLER.fullmatch(plain(text)) is not None


def is_heading(text: str) -> bool:
    """Tell what heads a group of children (a class, a village, a kind) from a name."""
    return _HEADING.fullmatch(plain(text)) is not None


def is_part(text: str) -> bool:
    """Tell a part of a school, such as 小学部, from a school."""
    return _PART.fullmatch(plain(text)) is not None


def marks_example(text: str) -> bool:
    """Tell a mark of the blank's example (示例, 例：张三, 张三（示例）)."""
    return _EXAMPLE.fullmatch(plain(text)) is not None


def tells_example(text: str) -> bool:
    """Tell what says beside a child of examples that its row is one: 举例, 此行为示例，请删除."""
    return _EXAMPLE_BESIDE.fullmatch(plain(text)) is not None


def is_guidance(text: str) -> bool:
    """Tell what a blank says of how its column is filled in: 必填, 下拉选择, 18位."""
    return _GUIDANCE.fullmatch(plain(text)) is not None


def is_nobody(text: str) -> bool:
    """Tell the children of examples, such as 张三, from any other name, whatever mark stands at it."""
    bare = _EXAMPLE_MARK.sub("", plain(text))
    return not bare or _NOBODY.fullmatch(bare) is not None


def is_placeholder(text: str) -> bool:
    """Tell what only stands for a value, such as ××学校 or 360721XXXXXXXXXXXX."""
    return _PLACEHOLDER.fullmatch(plain(text)) is not None


def is_printed_number(text: str) -> bool:
    """Tell the number that a blank prints before each row from what a school writes there."""
    return _PRINTED_NUMBER.fullmatch(plain(text)) is not None
