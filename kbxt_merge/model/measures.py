"""What things are counted and measured in: behind 单位： such words name no school."""

from __future__ import annotations

MEASURES = (
    "平方公里", "平方千米", "立方米", "平方米", "千瓦时", "毫克", "毫升", "毫米", "厘米", "千米", "公里", "公顷",
    "公斤", "千克", "市斤", "千瓦", "万元", "千元", "百元", "亿元", "万人", "人次", "人天", "人日", "台次", "课时",
    "学时", "小时", "分钟", "平方", "立方", "个", "名", "元", "角", "分", "次", "%", "‰", "吨", "克", "斤", "两",
    "升", "米", "亩", "度", "辆", "趟", "台", "套", "册", "本", "张", "件", "间", "栋", "幢", "座", "所", "班",
    "户", "份", "只", "头", "条", "瓶", "箱", "桶", "袋", "盒", "把", "块", "支", "组", "节", "天", "日", "月",
    "年", "岁", "项", "处", "期", "场", "批", "人", "kg", "km", "cm", "mm", "m", "g", "ml", "l", "㎡", "m2",
)  # fmt: skip
_BETWEEN = r"[、，,/和及与 ]+"

A_MEASURE = "(?:" + "|".join(sorted(MEASURES, key=len, reverse=True)) + ")"
"""A pattern of one, the longest first."""
SOME_MEASURES = rf"{A_MEASURE}(?:{_BETWEEN}{A_MEASURE})*"
"""A pattern of several side by side: 公斤、元."""
