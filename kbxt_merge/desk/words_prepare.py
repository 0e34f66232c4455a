"""The words of the pages on which a round is prepared: roster, accepted words, registers."""

from __future__ import annotations

from kbxt_merge.model.text import Words

PREPARE_WORDS: dict[str, Words] = {
    "prepared": Words("名册与词语", "Roster and words"),
    "roster": Words("学校名册", "Roster"),
    "roster_how": Words(
        "保存到“{file}”，文件里的其他内容不动；原来的文件留在“办理/旧名册”。校名改了，原来的校名会记在“别名”里，旧文件照样认得。",
        "Saved into {file}, whose other content stays; the old file is kept in 办理/旧名册. A school that is renamed "
        "keeps its old name as an alias.",
    ),
    "roster_new": Words(
        "还没有学校名册：填好保存，就会在收件夹旁生成“{file}”。", "There is no roster yet: {file} will be made."
    ),
    "roster_no_edit": Words(
        "名册“{file}”不是 .xlsx 或 .csv，在这里只能看：请另存为 .xlsx。",
        "The roster {file} is neither .xlsx nor .csv: save it as .xlsx to edit it here.",
    ),
    "roster_changed": Words(
        "名册刚被别处改过：请看过新的名册再改。", "The roster was changed elsewhere: look at it anew before you edit."
    ),
    "roster_saved": Words(
        "名册已保存：改 {changed} 格，新增 {came} 所，移出 {left} 所",
        "Roster saved: {changed} cells changed, {came} schools added, {left} left",
    ),
    "roster_faults": Words(
        "没有保存：下面标红的 {count} 处要先改好。", "Not saved: correct the {count} marked cells first."
    ),
    "show_hidden": Words("显示电话和口令", "Show telephones and passwords"),
    "hidden_how": Words(
        "电话和口令没有显示：不填就不变；显示会留下记录。",
        "Telephones and passwords are hidden: what is left blank stays. Showing them is noted.",
    ),
    "col_name": Words("学校名称", "School"),
    "col_aliases": Words("别名", "Aliases"),
    "col_stage": Words("学段", "Stage"),
    "col_contact": Words("联系人", "Contact"),
    "col_phone": Words("联系电话", "Telephone"),
    "col_email": Words("邮箱", "Mail address"),
    "col_password": Words("口令", "Password"),
    "col_centre": Words("中心校", "Central school"),
    "col_code": Words("学校标识码", "Code"),
    "cell_too_long": Words("最多 200 字", "at most 200 characters"),
    "leaves": Words("移出", "Leaves"),
    "new_school": Words("新增", "New"),
    "add_line": Words("再加一行", "One more line"),
    "accepted_words": Words("词语", "Words"),
    "unknown_words": Words("还不认识的词", "Words that nobody knows yet"),
    "unknown_how": Words(
        "学校这样写，词表里没有。意思清楚的，读作规范的一项：所有学校、以后各轮都一样，可以撤回。",
        "Schools write them, no vocabulary has them. Read as a value in all schools from now on; it can be withdrawn.",
    ),
    "no_unknown": Words("没有不认识的词。", "There are none."),
    "accepted": Words("局里认可的词", "Words that the bureau accepted"),
    "no_accepted": Words("还没有认可过。", "None were accepted yet."),
    "word": Words("写的是", "Written"),
    "vocabulary": Words("词表", "Vocabulary"),
    "places": Words("出现", "Stands in"),
    "places_n": Words("{count} 处，{schools} 所学校", "{count} times, in {schools} of the schools"),
    "stood": Words("见于", "Where it stood"),
    "by_whom": Words("谁", "By whom"),
    "bureau_itself": Words("本局", "the bureau"),
    "withdrawn": Words("已撤回", "withdrawn"),
    "known_words": Words("词表里本来有的", "What the vocabularies know"),
    "registers": Words("比对库", "Registers"),
    "registers_how": Words(
        "局里自己的名册（学籍、脱贫户、残疾人证、户籍）放在“{folder}”里，每次汇总都拿来核对。换下和移走的留在“办理/旧比对库”。",
        "The bureau's own lists lie in {folder}, and every merge is held against them. What is replaced or taken out "
        "stays in 办理/旧比对库.",
    ),
    "registers_elsewhere": Words("比对库不在本机，不能从这里放入。", "The registers are not on this machine."),
    "register": Words("是哪种", "Which"),
    "register_unknown": Words("没有认出", "not made out"),
    "dated": Words("日期", "Of"),
    "saved_on": Words("{day}（文件时间）", "{day} (saved)"),
    "in_use": Words("可用", "used"),
    "not_read_yet": Words("还没有读：下次汇总时读", "not read yet"),
    "no_registers": Words("比对库里还没有文件。", "There are no registers."),
    "lacking": Words("还没有的：{names}", "None of: {names}"),
    "put_in": Words("放进比对库", "Put in"),
    "take_out": Words("移走", "Take out"),
    "register_kept": Words("比对库已放入“{file}”", "“{file}” put among the registers"),
    "register_replaced": Words(
        "比对库里原来的“{file}”已换下，留在“办理/{old}”", "the old “{file}” is kept in 办理/{old}"
    ),
    "register_removed": Words("已从比对库移走“{file}”，留在“办理/{old}”", "“{file}” is kept in 办理/{old}"),
}
