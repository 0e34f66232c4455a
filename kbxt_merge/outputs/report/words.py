"""What the reports say around the findings, in both languages."""

from __future__ import annotations

from kbxt_merge.model.text import Language, Words
from kbxt_merge.model.verdict import Verdict

_WORDS: dict[str, Words] = {
    "title": Words("{returns}核查报告", "{returns}: discrepancy report"),
    "school_title": Words("报表核查意见", "Findings on your returns"),
    "made": Words("生成时间", "made"),
    "unmasked": Words(
        "本文件显示完整的身份证号码和电话，仅限局内使用，请勿转发。",
        "This file shows ID numbers and phones in full: for the bureau only, do not pass it on.",
    ),
    "masked_note": Words(
        "身份证号只显示前 3 位，电话只显示前 3 位和后 2 位。",
        "Of ID numbers only the first 3 digits are shown, of phones the first 3 and last 2.",
    ),
    "skip": Words("跳到问题清单", "Skip to the findings"),
    "contents": Words("目录", "Contents"),
    "glance": Words("总体情况", "At a glance"),
    "matrix": Words("各校报送情况", "Who returned what"),
    "charts": Words("图示", "Charts"),
    "rules": Words("问题类型", "Findings by rule"),
    "findings": Words("问题清单", "Findings"),
    "not_checked": Words("未核查的内容及原因", "Not checked, and why"),
    "account": Words("数据核对", "The account"),
    "settings": Words("本次运行", "This run"),
    "changes": Words("与上一轮相比", "Since the last round"),
    "school": Words("学校", "School"),
    "form": Words("表", "Form"),
    "rule": Words("问题", "Rule"),
    "severity": Words("级别", "Severity"),
    "life": Words("轮次", "Round"),
    "all_lives": Words("全部", "all"),
    "since": Words("{day} 起", "since {day}"),
    "search": Words("查找", "Find"),
    "search_hint": Words("姓名、文件、文字…", "name, file, words…"),
    "all_schools": Words("全部学校", "all schools"),
    "all_forms": Words("全部表", "all forms"),
    "all_rules": Words("全部问题", "all rules"),
    "filters": Words("筛选", "Filters"),
    "group": Words("排列", "Arrange by"),
    "by_school": Words("按学校", "school"),
    "by_rule": Words("按问题", "rule"),
    "clear": Words("清除筛选", "Clear filters"),
    "copy": Words("复制文字", "Copy as text"),
    "copied": Words("已复制", "Copied"),
    "copy_failed": Words(
        "浏览器不允许复制，请手动选取下面的文字。", "The browser refused: please select the text below."
    ),
    "close": Words("关闭", "Close"),
    "more": Words("再显示 {n} 处", "Show {n} more"),
    "count_all": Words("共 {n} 处", "Findings: {n}"),
    "count_some": Words("{n} 处，共 {total} 处", "{n} of {total} findings"),
    "listed": Words(
        "其中 {shown} 处列在这里，其余见 data/findings.csv",
        "{shown} of them listed here, the rest in data/findings.csv",
    ),
    "searching_listed": Words("（只在已列出的范围内查找）", "(searched among those listed)"),
    "none": Words("没有符合条件的问题。", "No finding fits these filters."),
    "no_findings": Words("没有发现需要处理的问题。", "Nothing was found that needs attention."),
    "no_school": Words("未能确定学校", "School not known"),
    "not_in_roster": Words("不在名册中", "not in the roster"),
    "no_form": Words("文件及其他", "Files and others"),
    "whole_file": Words("整个文件", "whole file"),
    "whole_sheet": Words("整张表", "whole sheet"),
    "whole_school": Words("全校", "whole school"),
    "suggestion": Words("建议值", "Suggested"),
    "typed": Words("所填", "Typed"),
    "row": Words("原表此行", "The row as typed"),
    "marked": Words("有问题的一格", "the cell in question"),
    "other_end": Words("另一处", "The other place"),
    "blank": Words("（空）", "(blank)"),
    "place": Words("位置", "Place"),
    "message": Words("问题和处理办法", "What is wrong, and what to do"),
    "returned": Words("已报送", "Returned"),
    "records": Words("记录", "Records"),
    "errors": Words("必须修改", "Errors"),
    "warnings": Words("请核实", "Warnings"),
    "total": Words("合计", "Total"),
    "scan": Words("盖章件", "Stamped scan"),
    "scan_mark": Words("章", "S"),
    "scan_there": Words("有盖章扫描件", "stamped scan received"),
    "superseded_mark": Words("未采用 {n}", "{n} older"),
    "superseded_there": Words("另有 {n} 份较早报送的，未采用", "{n} older copies set aside"),
    "state_clean": Words("无问题", "clean"),
    "state_missing": Words("未报", "not returned"),
    "legend": Words("图例", "Legend"),
    "matrix_caption": Words(
        "格中是待处理的问题数，点击查看；点击表头排序。",
        "A cell counts what is left to do, and leads there. Click a header to sort.",
    ),
    "matrix_cut": Words("只列出问题最多的 {n} 所学校。", "Only the {n} schools with the most errors are shown."),
    "affected": Words("涉及学校", "Schools"),
    "count": Words("数量", "Count"),
    "field": Words("栏目", "Field"),
    "cells_left": Words("未核查处数", "Left unchecked"),
    "why_not_checked": Words(
        "下列核对所依据的单元格本身有错误，改正后才能核查；没有猜测。",
        "These checks rest on cells with an error of their own and run once it is corrected; nothing is guessed.",
    ),
    "why_off": Words(
        "下列各项要用到的表没有说明，因此没有进行（见 docs/schemas.md 的 relations.yaml）。",
        "These rest on forms that are not declared, and were not carried out (relations.yaml in docs/schemas.md).",
    ),
    "off": Words("没有进行的事项", "Not carried out"),
    "why": Words("原因", "Why"),
    "all_checked": Words("所有核对均已进行。", "Every check was carried out."),
    "rows_read": Words("读取的行", "Rows read"),
    "rows_merged": Words("汇总的行", "Rows merged"),
    "rows_left_out": Words("不是记录的行", "Rows that are no records"),
    "rows_set_aside": Words("未采用的文件中的行", "Rows of superseded and duplicate files"),
    "balances": Words("读取 = 汇总 + 不是记录 + 未采用，核对一致。", "Read = merged + left out + set aside."),
    "does_not_balance": Words("核对不一致，请联系维护人员。", "It does not balance: please report this."),
    "verdict": Words("处理结果", "Verdict"),
    "not_made": Words("没有做成的文件", "What could not be made"),
    "files": Words("文件", "Files"),
    "version": Words("程序版本", "Version"),
    "setting": Words("设置", "Setting"),
    "value": Words("值", "Value"),
    "cut_off": Words(
        "问题共 {total} 处，这里列出每校每类的前 {share} 处；数字均为全部。其余见 data/findings.csv。",
        "{total} findings in all; the first {share} of each school and rule are listed here, all figures "
        "count everything. The rest is in data/findings.csv.",
    ),
    "no_script": Words(
        "浏览器未启用脚本，下面是不能筛选的清单。", "Scripts are off in this browser: a plain list follows."
    ),
    "no_script_cut": Words("只列出前 {n} 处，共 {total} 处。", "The first {n} of {total} only."),
    "print_cut": Words("打印件只含前 {n} 处，请先筛选再打印。", "Only the first {n} are printed: filter, then print."),
    "chart_rules": Words("出现最多的问题", "The most frequent findings"),
    "chart_schools": Words("待改问题最多的学校", "Schools with the most errors left"),
    "chart_dropouts": Words("各校失学辍学学生（按人员类别）", "Dropouts by school and category"),
    "registered": Words("登记在册的学生", "Children registered as out of school"),
    "registration": Words("登记类型", "Registration"),
    "this_end": Words("此处", "This place"),
}


PRINTED = frozenset({"chart_rules", "chart_schools", "chart_dropouts", "registered", "registration"})
"""What stands in the page itself, and is nothing that its script says."""


def words(language: Language, returns: Words) -> dict[str, str]:
    """All of them in one language; `returns` is what the bureau calls this round's."""
    verdicts = {f"verdict_{each}": each.words for each in Verdict}
    told = {name: each.of(language) for name, each in {**_WORDS, **verdicts}.items()}
    called = returns.of(language)
    return {**told, "title": told["title"].replace("{returns}", called[:1].upper() + called[1:])}
