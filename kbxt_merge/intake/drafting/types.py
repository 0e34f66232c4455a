"""What a column most likely holds, by the words of its header; each guess says why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.text import plain


@dataclass(frozen=True, slots=True)
class Typed:
    """A type with further keys of the field, and the reason."""

    type: str
    why: str
    more: Mapping[str, Tree] = field(default_factory=dict)


def _because(word: str) -> str:
    return f"表头有“{word}”"


@dataclass(frozen=True, slots=True)
class _Hint:
    """What a header says that fits the pattern."""

    pattern: re.Pattern[str]
    type: str
    more: Mapping[str, Tree] = field(default_factory=dict)


def _hint(pattern: str, type_: str, **more: Tree) -> _Hint:
    return _Hint(re.compile(pattern), type_, more)


_ADULTS = re.compile(
    r"教师|教职工|职工|司机|驾驶[员人]|车主|照管[员人]|监护人|家长|父亲|母亲|户主|厨师|工作人员|从业人员|校长|保安|(?:责任|接送|委托|联系|负责|经办|承包|代理)人"
)
_MEASURES = "千瓦时|立方米|公里|kWh|厘米|米|千米|cm|CM|千克|公斤|吨|kg|KG|毫升|升|ml|mL|分|分钟|小时|学时|度|亩|㎡|m2|℃"
_HINTS = (
    _hint(r"序号$|^编号$|^行次$|^No\.?$", "序号"),
    _hint(r"(?:身份)?证件类[型别]|证件种类", "证件类型"),
    _hint(r"学籍号|学籍编号", "学籍号"),
    _hint(
        r"银行卡号|银行账号|银行帐号|社保卡号|一卡通|^[卡账帐]号$",
        "编码",
        mask=["#" * length for length in range(16, 20)],
    ),
    _hint(r"车牌|牌照号|号牌号", "编码", kind="车牌号"),
    _hint(r"车架号|车辆识别", "编码", kind="车架号"),
    _hint(r"邮箱|电子邮件|[Ee]-?mail", "编码", kind="电子邮箱"),
    _hint(r"食品经营许可证", "编码", kind="食品经营许可证号"),
    _hint(r"统一社会信用代码", "编码", kind="统一社会信用代码"),
    _hint(r"邮政编码|邮编", "编码", kind="邮政编码"),
    _hint(r"学校标识码|学校代码", "编码", kind="学校标识码"),
    _hint(r"教师资格证.*(?:号|编码)", "编码", mask="#################"),
    _hint(r"身份证件?号|身份证$|居民身份证|公民身份号|身份证号码", "身份证号"),
    _hint(r"证件号|^IDN(?:o|umber)", "证件号码"),
    _hint(r"(?:人|姓名|校长|班主任)(?:姓名)?[及和与、/／][\u4e00-\u9fff]{0,2}(?:电话|手机|联系方式)", "文字"),
    _hint(r"电话|手机|联系方式|联系号码|(?:Phone|Mobile|Tel)", "电话"),
    _hint(r"性别|^(?:Sex|Gender)$", "sex"),
    _hint(r"^民族|民族$", "ethnicity"),
    _hint(r"政治面貌", "政治面貌"),
    _hint(r"学历", "学历"),
    _hint(r"学段$", "学段"),
    _hint(r"户口性质|户籍性质", "户口性质"),
    _hint(r"残疾(?:类[别型]|种类)", "disability"),
    _hint(r"普通话.*等级", "普通话等级"),
    _hint(r"就学情况|是否入学", "enrolment"),
    _hint(r"^是否|是否$|^有无", "是否"),
    _hint(r"年龄$|周岁$|^年龄|^Age$", "年龄"),
    _hint(
        r"(?:有效期|到期|截止|截至).{0,4}$|有效期|证.{0,3}期止$|^(?:Visa)?Expir",
        "日期",
        may_lie_ahead=True,
        min="填表日期",
        nothing=["长期", "长期有效", "永久"],
    ),
    _hint(r"^(?:计划|预计|拟).{0,6}(?:日期|时间)", "日期", may_lie_ahead=True),
    _hint(r"[期时]限$|起[止讫]", "文字"),
    _hint(r"日期|时间$|年月日?$|出生年月|何时|DateofBirth|^Date", "日期"),
    _hint(r"^[%％]$|率$|比例$|百分比|占比|[（(]%[）)]", "数值", unit="%", places="2"),
    _hint(r"万元", "金额", unit="万元", places="2"),
    _hint(
        r"[（(]元|元[）)]|金额|经费|收入$|支出$|结余$|补助标准|资助标准|餐费|费用|工资|资金|投资|拨款|[单定总]价|码洋|价值",
        "金额",
        unit="元",
        places="2",
    ),
    _hint(r"增减|净增|差[额数]$|变化|盘盈|盘亏|盈亏|缺口|余缺", "数值", min="-1000000"),
    _hint(r"年限|课时$|学时$", "数值"),
    _hint(r"生均|师均|人均|户均|平均", "数值"),
    _hint(r"(?<!分)(?<!指)(?<!系)数(?:[（(].*)?$|数量", "人数"),
    _hint(
        r"用[电水气油煤]量|[应实]出勤$|面积|平方米|公里|里程|距离|身高|体重|肺活量|视力(?!不良|低下|监测|筛查)|得分|分值|总分|分数|(?<!^)成绩$",
        "数值",
    ),
    _hint(rf"[（(](?:{_MEASURES})[)）]", "数值"),
    _hint(r"地址|住址|地点|居住地|所在地|站点|线路|路线|位置|场所|部位|地段", "文字"),
    _hint(
        r"电?子?备注|说明|原因|内容|措施|问题|方式$|评[价语]|健康状况|责任人$|负责人$|经办人$|关系|情况简述|结果|记录|意见|职务|职称|课程|学科|班级|年级班级|开户银?行|公司",
        "文字",
    ),
    _hint(r"单位$", "文字"),
    _hint(
        r"^(?:Full|Chinese|Student)?Name$|姓名$|名字$|^(?:法定|第[一二])?监护人[0-9一二]?$|^家长$|^填表人$|^班主任$|^校长$|^联系人$|^Guardian$",
        "姓名",
    ),
    _hint(r"年级$", "grade"),
    _hint(
        r"人数|人口$|数$|数量|次数|天数|月数|个数|趟次|班次|合计|小计|总计|总数|其中|[（(][个人次天台辆名所间张处套件册][）)]",
        "人数",
    ),
    _hint(r"学校(?:名称)?$|^校名$|单位名称$|所在校$|^School$", "学校"),
    _hint(r"范围|类[别型]$|性质$|级别$|形式$|名称$", "文字"),
)
"""The first that fits counts."""
_MEASURE = re.compile(rf"[（(]({_MEASURES})[)）]")
_COUNTED_WORDS = ("grade", "年龄")
"""In a table of counts the header 一年级 is over children of that grade."""
_TOTAL = re.compile(r"(?:合计|小计|总计|总数|计|总额|数量)$")
"""What tells nothing of what is added up."""
_SURELY_TEXT = re.compile(
    r"位置|场所|部位|地段|范围|类[别型]$|性质$|级别$|形式$|备注|说明|地[址点]|措施|意见|记录|职务|名称|(?<!其他)原因|内容|问题|方式$|评[价语]|责任人|[期时]限$|^Remark"
)
_ELSEWHERE = re.compile(r"转|毕业|来源|去向|升入|流入|流出")
"""Another school than those of the county, as like as not."""
_OWNER = re.compile(r"车主姓名|业主姓名|法人")
"""Who may be a company as well."""


_ENDS_OF_TIME = re.compile(r"自|至|起|止|始|开始|结束|起始|终止|截止|从|到")
_OF_GROUPS = ("金额", "数值", "人数")
"""What an upper header may say of all columns below it: 补助金额（元） over 小学, 初中, 缺勤天数 over 事假, 病假."""
_DATED_GROUP, _DOSE = re.compile(r"接种|疫苗|日期|时间"), re.compile(r"第[一二三四五1-5][剂针次]")


def typed(header: str, groups: tuple[str, ...], *, counts: bool) -> Typed:
    """The type of a column; where the form `counts`, what no word tells is a number of people or things."""
    bare = plain(header)
    for hint in _HINTS:
        found = hint.pattern.search(header_text(header)) or hint.pattern.search(bare)
        if found and not (counts and (hint.type in _COUNTED_WORDS or (hint.type == "学校" and groups))):
            if counts and hint.type == "文字" and not _SURELY_TEXT.search(bare):
                continue
            more = dict(hint.more)
            if hint.type == "数值" and (measure := _MEASURE.search(header)):
                more["unit"] = measure[1]
            if hint.type in ("身份证号", "证件号码", "年龄") and _ADULTS.search(f"{''.join(groups)}{bare}"):
                more["of"] = "adult"
            is_elsewhere = hint.type == "学校" and _ELSEWHERE.search(f"{''.join(groups)}{bare}")
            type_ = "文字" if is_elsewhere or _OWNER.search(bare) else hint.type
            is_total = hint.type == "人数" and _TOTAL.match(header_text(header))
            return (is_total and _of_group(groups)) or Typed(type_, _because(found[0]), more)
    if of_group := _of_group(groups):
        return of_group
    if _DOSE.fullmatch(bare) and any(map(_DATED_GROUP.search, groups)):
        return Typed("日期", f"上层{_because(groups[-1])}")
    if _ENDS_OF_TIME.fullmatch(bare) and any(re.search("时间|日期|期限", each) for each in groups):
        ahead: Mapping[str, Tree] = {} if re.fullmatch("自|起|始|从|开始|起始", bare) else {"may_lie_ahead": True}
        return Typed("日期", f"上层{_because(groups[-1])}", ahead)
    if counts:
        return Typed("人数", "统计表里的一栏，按人数（个数）猜")
    return Typed("文字", "表头看不出是什么，按文字猜")


def _of_group(groups: tuple[str, ...]) -> Typed | None:
    """The type that the nearest upper header gives to the columns below it."""
    for group in reversed(groups):
        hint = next((each for each in _HINTS if each.pattern.search(plain(group))), None)
        if hint and hint.type in _OF_GROUPS:
            return Typed(hint.type, f"上层{_because(group)}", hint.more)
    return None


def is_adult(text: str) -> bool:
    """Tell what speaks of adults."""
    return _ADULTS.search(text) is not None
