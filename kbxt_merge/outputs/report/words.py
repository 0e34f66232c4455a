"""What the reports say around the findings, in both languages."""

from __future__ import annotations

from kbxt_merge.model.text import Language, Words
from kbxt_merge.model.verdict import Verdict

_WORDS: dict[str, Words] = {
    "title": Words("{returns}核查报告", "{returns}: discrepancy report"),
    "aims": Words("控辍保学情况", "The notice's aims"),
    "cleared": Words("脱贫户学生失学辍学动态清零", "No child of a relief household out of school"),
    "cleared_yes": Words("已清零。", "Reached."),
    "cleared_left": Words("未清零，尚有 {n} 人。", "Not reached: {n} are left."),
    "cleared_unsure": Words("名单未报齐，还不能确认。", "Not known yet."),
    "cleared_lacking": Words("另有 {n} 所学校没有报名单。", "The lists of {n} schools did not come."),
    "left_who": Words("失学辍学的脱贫户学生", "Dropouts of relief households"),
    "unpersuaded": Words("缓学休学学生本学期未劝返", "Deferred and not persuaded this term"),
    "unpersuaded_some": Words(
        "{n} 人的登记表没有劝返记录（通知要求每学期至少劝返一次）。", "The cards of {n} tell of none."
    ),
    "unpersuaded_who": Words("登记表没有劝返记录的缓学休学学生", "Deferred children whose cards tell of no persuasion"),
    "since_period": Words("数字后为与{period}相比的增减。", "Behind the figures: the change on {period}."),
    "whole_district": Words("全区", "The district"),
    "no_stage": Words("未注明学段", "no stage"),
    "aims_note": Words(
        "应返校、已返校、劝返复学按各校统计表；失学辍学、缓学休学、送教上门、残疾儿童按名单，一人一次。“—”为没有报。",
        "Due, returned and brought back are the statistics'; the others are counted in the lists, each child once.",
    ),
    "no_rate": Words(
        "{n} 所学校的应返校或已返校没有读出，这两项合计和返校率不含这些学校。",
        "Schools of which one of both is not known: {n}; the sums of these two and the rate are without them.",
    ),
    "registers": Words("与比对库核对", "Held against the registers"),
    "registers_lead": Words(
        "各校报的学生与局里的名册逐人核对：先按身份证号码，再按姓名和出生日期或学校。",
        "Every child was looked for on the bureau's registers: by number, then by name and birth date or school.",
    ),
    "registers_note": Words(
        "逐人的差异见 汇总/比对清单.xlsx；“未能核对”是号码有误、表中还有问题待改，或比对库不全的学生。",
        "Each difference stands in 汇总/比对清单.xlsx. Not checked: what is to be corrected first.",
    ),
    "kept_by": Words("（{office}）", "({office})"),
    "register_rows": Words("{n} 行，数据日期 {day}", "{n} rows, of {day}"),
    "register_rows_saved": Words("{n} 行，文件保存于 {day}", "{n} rows, saved on {day}"),
    "register_file": Words("比对库文件", "File"),
    "schools_differing": Words("有差异的学校（各表合计）", "Schools with differences (all forms)"),
    "no_school_of_register": Words("未注明学校", "no school named"),
    "strange_registers": Words("没有认出的文件", "Files that are none of the registers"),
    "compared": Words("核对", "Compared"),
    "why_troubled": Words(
        "下列比对库没有用上，或缺少栏目，据此的核对没有进行。",
        "These registers could not be used, or lack a column; what rests on them was not checked.",
    ),
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
    "brief": Words("简报（一页）", "Brief (one page)"),
    "brief_back": Words("← 返回全部内容", "← back to the whole report"),
    "rules_folded": Words("展开全部 {n} 类", "all {n} kinds"),
    "trend": Words("各轮情况", "Round by round"),
    "round": Words("第 {n} 轮", "round {n}"),
    "day": Words("日期", "Day"),
    "trend_new": Words("新增", "New"),
    "trend_fixed": Words("改正", "Fixed"),
    "trend_confirmed": Words("已核实", "Confirmed"),
    "trend_open": Words("尚未改正", "Open"),
    "unreadable": Words(
        "{n} 个文件没有读出，里面的学生不在汇总里：", "Not read, no child in it merged: {n} files"
    ),
    "unreadable_more": Words("另有 {n} 个，见 data/files.csv。", "{n} more stand in data/files.csv."),
    "unknown_kind": Words("类型不明", "kind not known"),
    "unknown_category": Words("类别不明", "category not known"),
    "registered_twice": Words("另有重复登记 {n} 条，未计入。", "Besides, {n} records of children named already."),
    "rules": Words("问题类型", "Findings by rule"),
    "findings": Words("问题清单", "Findings"),
    "not_checked": Words("未核查的内容及原因", "Not checked, and why"),
    "account": Words("数据核对", "The account"),
    "settings": Words("本次运行", "This run"),
    "changes": Words("与上一轮相比", "Since the last round"),
    "fixed": Words("已改正的问题", "What was fixed"),
    "said_before": Words("上一轮的问题", "What the last round said"),
    "fixed_listed": Words("其中 {n} 处列在这里，其余见账本 kbxt.db", "{n} of them listed here, all in kbxt.db"),
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
    "state_not_owed": Words("无须报", "not owed"),
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


PRINTED = frozenset(
    {
        *("chart_rules", "chart_schools", "chart_dropouts", "registered", "registration"),
        *("aims", "aims_note", "cleared", "cleared_yes", "cleared_left", "cleared_unsure", "cleared_lacking"),
        *("left_who", "unpersuaded", "unpersuaded_some", "unpersuaded_who", "since_period", "whole_district"),
        *("no_stage", "no_rate", "registers", "registers_lead", "registers_note", "kept_by", "register_rows"),
        *("register_rows_saved", "register_file", "schools_differing", "no_school_of_register"),
        *("strange_registers", "compared", "why_troubled", "brief", "brief_back", "rules_folded", "trend", "round"),
        *("day", "trend_new", "trend_fixed", "trend_confirmed", "trend_open", "unreadable", "unreadable_more"),
        *("unknown_kind", "unknown_category", "registered_twice"),
    }
)
"""What stands in the page itself, and is nothing that its script says."""


def words(language: Language, returns: Words) -> dict[str, str]:
    """All of them in one language; `returns` is what the bureau calls this round's."""
    verdicts = {f"verdict_{each}": each.words for each in Verdict}
    told = {name: each.of(language) for name, each in {**_WORDS, **verdicts}.items()}
    called = returns.of(language)
    return {**told, "title": told["title"].replace("{returns}", called[:1].upper() + called[1:])}
