"""The words of the pages, each once, in both languages."""

from __future__ import annotations

from types import SimpleNamespace

from kbxt_merge.desk.words_forms import FORM_WORDS
from kbxt_merge.desk.words_lan import LAN_WORDS
from kbxt_merge.desk.words_letters import LETTER_WORDS
from kbxt_merge.desk.words_prepare import PREPARE_WORDS
from kbxt_merge.model.text import Language, Words

_WORDS: dict[str, Words] = {
    "desk": Words("工作台", "desk"),
    "schools": Words("各校", "Schools"),
    "findings": Words("问题", "Findings"),
    "files": Words("文件", "Files"),
    "letters": Words("信件", "Letters"),
    "blanks": Words("下发", "Blanks"),
    "summaries": Words("汇总", "Summaries"),
    "decisions": Words("办理记录", "Decisions"),
    "settings": Words("设置", "Settings"),
    "settings_how": Words(
        "保存在收件夹旁的 kbxt.toml 里，空着的按默认；原来的文件留在“办理/旧设置”。",
        "Kept in kbxt.toml beside the inbox, what is blank by default; the old file stays in 办理/旧设置.",
    ),
    "other_settings": Words("其他设置", "Other settings"),
    "by_default": Words("默认 {value}", "{value} by default"),
    "save": Words("保存", "Save"),
    "quit": Words("退出", "Quit"),
    "quit_owed": Words(
        "您交办的还有 {count} 件没有办完（发信、收信、生成空白表……）：没有发出的信、没有办的，下次打开请再办。",
        "{count} things that you asked for (mails, blanks …) are not done: ask for them again when you open it.",
    ),
    "quit_said": Words(
        "工作台已退出，可以关闭本页。再次使用时，请点图标或运行 kbxt desk。",
        "The desk has ended; close this page. Open it again by its icon, or by `kbxt desk`.",
    ),
    "count_n": Words("（{count}）", " ({count})"),
    "colon": Words("：", ": "),
    "comma": Words("，", ", "),
    "and_also": Words("、", ", "),
    "skip": Words("跳到正文", "Skip to content"),
    "all_returned": Words(
        "{schools} 所学校，<b>{returned}</b> 所已交", "{schools} schools, <b>{returned}</b> returned"
    ),
    "some_to_correct": Words(
        "；其中 <b>{errors}</b> 所还有要改的。", "; <b>{errors}</b> of them have to correct something."
    ),
    "none_to_correct": Words("；没有须改的。", "; nothing to correct."),
    "none_yet": Words("还没有学校的表。", "Nothing has come yet."),
    "round": Words("第 {number} 轮", "Round {number}"),
    "made": Words("{made} 汇总", "merged at {made}"),
    "account": Words(
        "读取 {read} 行：汇总 {merged}，不是记录 {left_out}，未采用 {set_aside}",
        "{read} rows read: {merged} merged, {left_out} no records, {set_aside} set aside",
    ),
    "next_steps": Words("下一步", "Next steps"),
    "nothing_to_do": Words(
        "都办好了：没有要改、要催、要看的。", "All done: nothing to correct, to ask for or to look at."
    ),
    "step_drop": Words("把学校交来的文件放进收件夹", "Put what schools returned into the inbox"),
    "step_drop_how": Words(
        "拖到右边的框里，或直接放进“{inbox}”", "drop it into the box, or copy it into “{inbox}”"
    ),
    "step_files": Words("{count} 个文件没有采用或不知道是哪所学校的", "files not taken, or of nobody: {count}"),
    "step_missing": Words("{count} 所学校一张表也没有交", "schools that returned nothing: {count}"),
    "step_due": Words("截止 {due}", "due {due}"),
    "step_errors": Words(
        "{count} 所学校有须改的问题，共 {errors} 处", "schools with errors to correct: {count}; errors: {errors}"
    ),
    "step_errors_how": Words("退回的材料已备好，每校一封", "what goes back is ready, a mail a school"),
    "preview_all": Words("预览信件", "See the mails"),
    "step_warnings": Words("{count} 处请核实，还没有人回答", "warnings that nobody has answered: {count}"),
    "step_warnings_how": Words(
        "可以等学校答复，也可以由您核实后写明理由", "schools may answer them, or you may, with a reason"
    ),
    "look": Words("看一看", "Look"),
    "see": Words("逐条看", "See each"),
    "drop": Words("把学校交来的文件拖到这里", "Drop what schools returned here"),
    "drop_how": Words(
        "Excel、WPS、压缩包、整个文件夹都可以，文件名随意；也可以", "Workbooks, archives, whole folders, any names; or"
    ),
    "choose": Words("选择文件", "choose files"),
    "choose_folder": Words("选择文件夹", "choose a folder"),
    "send_files": Words("放进收件夹", "Put into the inbox"),
    "watching": Words("正在守着“{inbox}”，有文件到达就自动核查", "Watching “{inbox}”: what arrives is checked at once"),
    "looked": Words("上次查看 {at}", "last looked at {at}"),
    "merge_now": Words("重新汇总", "Merge again"),
    "reading": Words("正在读第 {done} 个，共 {count} 个", "reading {done} of {count}"),
    "sending": Words("正在放入第 {done} 个，共 {count} 个", "taking in {done} of {count}"),
    "working": Words("正在核查……", "checking…"),
    "noted": Words("已记下，正在重新核查……", "Noted; all is being checked again…"),
    "too_large": Words("“{file}”太大，没有放入", "“{file}” is too large and was not taken"),
    "not_sent": Words("“{file}”没有传完，请再试一次", "“{file}” did not come through; try again"),
    "renewed": Words("有新结果。", "There is a new result."),
    "reload": Words("显示", "Show"),
    "lost": Words("与工作台的连接断开，正在重连…", "The desk does not answer; trying again…"),
    "log": Words("刚才", "What happened"),
    "last_round": Words("与上一轮相比", "Since the last round"),
    "matrix": Words("各校情况", "School by school"),
    "school": Words("学校", "School"),
    "contact": Words("联系人", "Contact"),
    "last_file": Words("最近交来", "Last came"),
    "beside": Words("其他", "Other"),
    "filter_all": Words("全部", "All"),
    "filter_missing": Words("未交", "Nothing came"),
    "filter_errors": Words("必须修改", "Errors"),
    "filter_warnings": Words("只剩请核实", "Warnings only"),
    "filter_clean": Words("已无问题", "Clean"),
    "filter_changed": Words("本轮有变化", "Changed"),
    "find_school": Words("找学校", "Find a school"),
    "fixed_n": Words("改好{count}", "{count} fixed"),
    "new_n": Words("新{count}", "{count} new"),
    "none_of_forms": Words("一张表也没有交", "nothing came"),
    "errors_word": Words("必须修改", "error"),
    "warnings_word": Words("请核实", "verify"),
    "confirmed_word": Words("已核实", "confirmed"),
    "errors_n": Words("必须修改 {count}", "{count} errors"),
    "warnings_n": Words("请核实 {count}", "{count} warnings"),
    "clean": Words("无问题", "clean"),
    "missing": Words("未交", "missing"),
    "awaited": Words("待交", "awaited"),
    "late": Words("迟", "late"),
    "back": Words("← 各校情况", "← all schools"),
    "back_rules": Words("← 全部问题", "← all findings"),
    "none_of_rule": Words("这一类已没有问题。", "Nothing of this kind is left."),
    "no_findings": Words("没有问题。", "Nothing found."),
    "no_school": Words("未注明学校", "no school named"),
    "of_no_form": Words("不属于某一张表的", "of no single form"),
    "fixed": Words("本轮已改正", "Fixed in this round"),
    "came": Words("交来的文件", "What came"),
    "thread": Words("来往", "What passed"),
    "suggestion": Words("建议", "Suggestion"),
    "typed": Words("填写的是", "Typed"),
    "other_end": Words("另一处", "The other end"),
    "since": Words("自 {day}", "since {day}"),
    "confirm": Words("核实无误", "It is right as it stands"),
    "confirm_all": Words("把选中的都核实无误", "Confirm those chosen"),
    "confirm_how": Words(
        "由本局核实：写明理由，学校不再被问。可以撤回。",
        "The bureau's word: give a reason, and the school is asked no more. It can be withdrawn.",
    ),
    "read_as": Words("读作…", "read it as…"),
    "read_as_how": Words(
        "把“{typed}”读作下面的一项：共 {count} 处、{schools} 所学校，以后也一样。可以撤回。",
        "“{typed}” is read as this, in {count} places of {schools} schools, and from now on. It can be withdrawn.",
    ),
    "means": Words("读作", "Read as"),
    "word_said": Words("“{word}” → {means}", "“{word}” → {means}"),
    "choose_all": Words("全选", "Choose all"),
    "chosen": Words("已选 {count} 处：核实后不再请学校核实", "{count} chosen: schools are asked about them no more"),
    "reason": Words("理由", "Reason"),
    "reason_needed": Words("请写明理由。", "Give a reason."),
    "none_chosen": Words("还没有选中要核实的，没有办理。", "Nothing was chosen, and nothing done."),
    "reason_too_long": Words("理由最多 200 字，没有办理：请写短一些。", "At most 200 characters: shorten the reason."),
    "by_bureau": Words("本局核实：{reason}", "confirmed by the bureau: {reason}"),
    "withdraw": Words("撤回", "Withdraw"),
    "copy": Words("复制文字（微信、QQ）", "Copy as text"),
    "copied": Words("已复制", "Copied"),
    "text_head": Words("{school}：{period}材料核查结果", "{school}: what was found in the returns of {period}"),
    "text_foot": Words("请改正后把原文件重新报送。", "Please correct the workbooks and return them."),
    "show_phone": Words("显示电话", "Show the telephone"),
    "rule": Words("问题类型", "Kind"),
    "count": Words("处数", "Count"),
    "of_schools": Words("学校数", "Schools"),
    "file": Words("文件", "File"),
    "verdict": Words("结果", "What became of it"),
    "rows": Words("行", "Rows"),
    "rows_of": Words("读 {read}，汇总 {merged}", "{read} read, {merged} merged"),
    "left_out_n": Words("，不是记录 {count}", ", {count} no records"),
    "act": Words("处理", "Act"),
    "aside": Words("不采用", "Set aside"),
    "aside_how": Words(
        "这个文件不该算数时用；原文件不动，可以撤回。", "For what should not count; the file itself stays."
    ),
    "owner": Words("是这所学校的", "It is this school's"),
    "owner_said": Words("本局认定：{school}", "named by the bureau: {school}"),
    "aside_said": Words("本局决定不采用：{reason}", "set aside by the bureau: {reason}"),
    "files_how": Words(
        "收件夹里的每个文件都在这里；要看一看的排在前面。",
        "Every file of the inbox; those that need a look stand first.",
    ),
    "no_files": Words("收件夹还是空的。", "The inbox is empty."),
    "when": Words("时间", "When"),
    "what": Words("事项", "What"),
    "about": Words("对象", "About"),
    "no_decisions": Words("还没有办理过什么。", "Nothing was decided yet."),
    "decisions_how": Words(
        "每一项都写在“{file}”里，命令行汇总时同样照办；撤回后下次汇总即恢复。",
        "Each is a line of “{file}”, which the command line obeys as well; what is withdrawn holds no more.",
    ),
    "download_how": Words("都是本轮汇总写成的。", "All of it was written by the last merge."),
    "report": Words("核查报告", "The report"),
    "district": Words("汇总表", "District workbooks"),
    "data": Words("明细（表格）", "Data"),
    "data_findings": Words("每个问题一行，号码已遮住", "a row a finding, numbers masked"),
    "data_files": Words("每个文件一行：是哪所学校的、采用了没有", "a row a file, and what became of it"),
    "data_records": Words("{form}：采用的每一行，号码完整", "{form}: every record, numbers whole"),
    "data_left_out": Words("没有当作记录的行和原因", "rows that are no records, and why"),
    "data_log": Words("每个文件怎样判断的", "what was decided of each file"),
    "data_run": Words("这次汇总的情况，给程序用", "of this merge, for programs"),
    "stands_in_the_way": Words(
        "还有 {errors} 处必须修改，打印盖章前请先办完。", "{errors} errors are open: see to them before it is printed."
    ),
    "make_blanks": Words("生成空白表", "Make blanks"),
    "of_period": Words("学期或月份", "Period"),
    "period_how": Words("如 {this}；下一期是 {following}。", "Such as {this}; the next one is {following}."),
    "carry": Words("把上期仍未办结的预先填入", "Fill in what is still open"),
    "bundle": Words("每校一个工作簿", "One workbook a school"),
    "overwrite": Words("已填写的也覆盖", "Replace filled ones, too"),
    "make": Words("生成", "Make"),
    "make_how": Words(
        "按学校名册每校一套，带下拉选项和自查，写在“下发”开头的文件夹里。",
        "A set for each school of the roster, into a folder whose name begins with 下发.",
    ),
    "no_roster": Words(
        "没有学校名册：只生成一套不写校名的。把“学校名册.xlsx”放在收件夹旁，就按校生成、按校发送。",
        "There is no roster: one set without a school's name is made. Put 学校名册.xlsx beside the inbox.",
    ),
    "made_blanks": Words("已生成的", "Made"),
    "files_n": Words("{count} 个工作簿", "{count} workbooks"),
    "send_blanks": Words("按校发到邮箱", "Mail to each school"),
    "no_blanks": Words("还没有生成过。", "None were made yet."),
    "gone": Words(
        "这一页已经过时，选中的有 {count} 处已经不是原来的样子，没有办理。请看过新的一页再办：",
        "This page is out of date: {count} of those chosen are not the same any more, and were left. Look anew:",
    ),
    "others_noted": Words(
        "其余 {count} 处没有变，已记下，正在重新核查……", "The other {count} are noted; all is being checked."
    ),
    "back_there": Words("回到刚才那一页", "Back to where you were"),
    "stale": Words(
        "这一页已经过时：刚有了新的汇总结果。请看过新的一页再办。",
        "This page is out of date. Look at the new one first.",
    ),
    "not_here": Words("没有这一页。", "There is no such page."),
    "no_board": Words(
        "还没有汇总结果：把学校交来的文件放进收件夹，核查完就有了。",
        "Nothing was merged yet: put what schools returned into the inbox.",
    ),
    "last_state": Words(
        "这是上次汇总（{day}）的结果，正在重新核查，好了会自动更新。",
        "This is how the last merge ({day}) left it; all is being checked again, and shown when it is done.",
    ),
    "owing": Words("催报名单", "Who owes what"),
    "owing_how": Words(
        "欠报、待改、待答复的学校，也在“汇总/催报名单.xlsx”里。",
        "Also in 汇总/催报名单.xlsx.",
    ),
    "owes": Words("还欠什么", "What is owed"),
    "owes_all": Words("一张表都没有报", "nothing came"),
    "owes_forms": Words("缺 {forms}", "missing: {forms}"),
    "owes_corrections": Words("待更正 {count} 处", "{count} to correct"),
    "owes_answers": Words("待核实 {count} 处", "{count} to answer"),
    "owes_scans": Words("缺盖章扫描件：{forms}", "no stamped scan: {forms}"),
    "owes_links": Words("只发来网盘链接", "only a cloud link"),
    "owes_nothing": Words("各校都已报齐，没有要催的。", "No school owes anything."),
    "phone": Words("电话", "Telephone"),
    "show_phones": Words("显示电话", "Show telephones"),
    "group_text": Words("群发文字（微信、QQ 群）", "As text for a group chat"),
    "came_nothing": Words(
        "这一期还没有收到学校的表，所以这里还是空的：收到第一份、核查完就有了。",
        "Nothing has come for this period yet; what is here comes with the first return.",
    ),
    "written_before": Words(
        "还没有本期的汇总结果；下面是以前写成的，可以打开。", "There is no result of this period yet; this is older."
    ),
    "past": Words("往期", "Earlier periods"),
    "next_period": Words("开始新一期", "Begin another period"),
    "next_period_how": Words(
        "先生成并下发新一期的空白表，再开始。收件夹改名留在旁边，另开一个空的；设置里的期换成新的；"
        "这一期的汇总和报告在新一期第一次汇总时存到“往期”。",
        "Hand out its blanks first. The inbox is renamed and stays beside, an empty one takes its place; "
        "the summaries and the report of this period move to 往期 with the first merge of the next.",
    ),
    "which_next": Words("新的一期", "The next one"),
    "still_open": Words(
        "这一期还有 {errors} 处必须修改没有办完。", "{errors} errors of this period are still open."
    ),
    "begin": Words("开始", "Begin"),
    "begin_now": Words("确定开始", "Begin it now"),
    "rather_not": Words("先不开始", "Not yet"),
    "sure_of_period": Words(
        "{ends}就此结束，开始{begins}：确定吗？", "{ends} ends here, and {begins} begins: are you sure?"
    ),
    "none_open": Words("这一期没有必须修改的问题了。", "No errors of this period are open."),
    "period_begun": Words("已开始{period}", "Begun: {period}"),
    "laid_aside": Words("；上期交来的文件在“{folder}”里", "; what came before lies in “{folder}”"),
    "same_period": Words("这一期正在办，请写新的一期。", "This period has begun already; name another."),
    "no_period": Words("看不出是哪一期：写成 2021秋、2021-09、2021Q3。", "No period: write 2021秋 or 2021-09."),
    "no_file": Words("请先选择文件。", "Choose a file first."),
    "file_too_large": Words("文件太大，没有放入。", "The file is too large, and was not taken."),
}  # fmt: skip


def words_of(language: Language) -> SimpleNamespace:
    """The words in a language, by their names."""
    every = {**_WORDS, **PREPARE_WORDS, **FORM_WORDS, **LETTER_WORDS, **LAN_WORDS}
    return SimpleNamespace(**{name: each.of(language) for name, each in every.items()})
