"""The words of the pages on which form definitions are drafted, edited, tried and put in force."""

from __future__ import annotations

from kbxt_merge.model.text import Words

FORM_WORDS: dict[str, Words] = {
    "forms": Words("表格", "Forms"),
    "forms_in_force": Words("在用的表", "Forms in force"),
    "forms_shipped": Words("软件自带的六张表。", "The six that the program brings along."),
    "forms_of": Words("按“{file}”。", "As {file} has them."),
    "form_number": Words("表号", "Number"),
    "form_name": Words("名称", "Name"),
    "form_columns": Words("栏", "Columns"),
    "edition": Words("版次", "Edition"),
    "take_forms": Words("照在用的表起草，用来修改", "Draft from those in force"),
    "back_to_shipped": Words("改回软件自带的表", "Back to the program's own"),
    "draft": Words("从空表起草", "Draft from blanks"),
    "draft_how": Words(
        "放入空表（.xlsx .xls .docx，可几张一起），起草成一份草稿：黄色的格子是猜的，在网页里看过、改好，试读，启用。"
        "也可以下载“表格定义.xlsx”，在 Excel 或 WPS 里改好再放回来。",
        "Choose blanks (.xlsx .xls .docx) to draft them. Look at what is yellow, edit it here, try it, put it in "
        "force; or download 表格定义.xlsx, edit it in Excel or WPS and put it back.",
    ),
    "drafts": Words("草稿", "Drafts"),
    "no_drafts": Words("还没有草稿。", "There are no drafts."),
    "make_draft": Words("起草", "Draft"),
    "put_back": Words("放入改好的“表格定义.xlsx”", "Put in a changed 表格定义.xlsx"),
    "hand_in": Words("放入", "Put in"),
    "download": Words("下载“表格定义.xlsx”", "Download 表格定义.xlsx"),
    "try": Words("试读", "Try"),
    "try_how": Words("选空表或一所学校填好的表，看每一格读成什么；不汇总，不留存。", "See how each cell is read."),
    "last_trial": Words("上次试读的结果", "The last trial"),
    "use": Words("启用", "Put in force"),
    "use_how": Words(
        "启用后只收这些表：{forms}。启用前会自查一遍，通不过的说明原因。",
        "Only these are asked for then: {forms}. They are proven first.",
    ),
    "draft_faulty": Words("还不能用：", "Not usable yet: "),
    "doubts": Words("起草好了。请留意：", "Drafted. Mind:"),
    "forms_changed": Words("在用的表已换成：{forms}", "Forms in force now: {forms}"),
    "edit_tables": Words("在网页里看和改", "Look at it and edit it here"),
    "draft_tables": Words("改草稿", "Edit a draft"),
    "draft_sheets": Words("草稿的各张工作表", "The sheets of the draft"),
    "draft_wrong": Words("草稿还有 {count} 处要改，改好才能启用：", "{count} things to correct before it can be used:"),
    "draft_sound": Words("没有错处：可以试读，再启用。", "Nothing is wrong with it: try it, then put it in force."),
    "draft_changed": Words(
        "这份草稿刚被别处改过：请看过新的再改。", "The draft was changed elsewhere: look at it anew before you edit."
    ),
    "draft_head": Words("标题、表号、表下的注……", "Title, number, notes …"),
    "back_forms": Words("← 表格", "← forms"),
    "order": Words("次序", "Order"),
    "fields_how": Words("一行是表里的一栏。", "A line is a column of the form."),
    "order_how": Words(
        "照“次序”排；要挪动或插在中间，改这个数，如 3 就排到第 3 行前。",
        "To move a line or to put one between, type its number in this order.",
    ),
    "guesses_yellow": Words(
        "黄色的是从空表猜的，改过就不黄了。", "Yellow is guessed; what you edit is not yellow any more."
    ),
    "more_columns": Words("显示不常用的栏目", "Show rare columns"),
    "fewer_columns": Words("只显示常用的栏目", "Usual columns only"),
    "strike": Words("删去", "Strike"),
    "new_line": Words("新增一行", "new line"),
    "save_draft": Words("保存草稿", "Save the draft"),
    "add_sheet": Words("加一张表", "Add a sheet"),
    "add_sheet_what": Words("加什么", "What"),
    "new_form": Words("新的一张表，空的", "A new form, empty"),
    "form_like": Words("新的一张表，照“{sheet}”", "A new form, like {sheet}"),
    "own_sheet": Words("说明页“{sheet}”", "The sheet {sheet}"),
    "add_sheet_name": Words("表的简称", "The form's label"),
    "add_sheet_how": Words(
        "先保存正在改的。新表加在各表后面：填表号、各栏，有错处会标出来。登记卡里的名单另成一张表，在“印在哪张卡里”写卡的简称。",
        "Save what you edit first. The new form stands behind the others: fill in its number and fields; mistakes are "
        "marked. A list in a card is a sheet of its own, which names the card.",
    ),
    "sheet_unnamed": Words("新的表要有简称。", "A new form needs a label."),
    "strike_sheet": Words("删去这张表", "Strike this form"),
    "strike_sheet_how": Words(
        "整张“{sheet}”从草稿里拿掉；原来的草稿留在“改前”里。",
        "All of {sheet} leaves the draft; as it was it is kept.",
    ),
}
