"""Surnames: the 百家姓 in its order, with its compound ones, then those of the 公安部's 2020 list that it lacks.

Where a text stands alone in a row, the surname tells a child from a remark; a name beside a number needs none.
"""

from __future__ import annotations

import re

from kbxt_merge.model.returns import Cell
from kbxt_merge.model.text import plain

SINGLE = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉"
    "宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧"
    "殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公"
    "肖闫覃占涂兰代付邸仝佟阳丘苟战门原晋桑亓揭帅明宾官候练冼敬揭朴晏鄢钱丛伦仉苑楚邝税郄信冶鹿展逄"
)
_COMPOUND = (
    "万俟司马上官欧阳夏侯诸葛闻人东方赫连皇甫尉迟公羊澹台公冶宗政濮阳淳于单于太叔申屠公孙仲孙轩辕令狐钟离宇文长孙慕容鲜于闾丘"
    "司徒司空端木南宫西门百里呼延东郭南门独孤"
)
COMPOUND = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
_BARE = re.compile(r"[※★☆▲△●◆*#]?(?P<name>[\u3400-\u9fff]{2,4})(?:\(.*\))?")
_PARTED = re.compile(r"[\u3400-\u9fff]{1,8}[·•∙・.][\u3400-\u9fff·•∙・.]{1,16}")


def has_surname(cell: Cell) -> bool:
    """Tell a text that begins with a surname and is as long as a name, or is parted as 古丽·买买提 is."""
    compact = plain(cell) if isinstance(cell, str) else ""
    found = _BARE.fullmatch(compact)
    if found is None:
        return _PARTED.fullmatch(compact) is not None
    name = found["name"]
    if name[:2] in COMPOUND or (len(name) == 4 and SINGLE.issuperset(name[:2])):
        return len(name) > 2
    return len(name) < 4 and name[0] in SINGLE
