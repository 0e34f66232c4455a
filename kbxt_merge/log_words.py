"""The words of the log, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.returned_form import NamedBy, Standing
from kbxt_merge.model.text import Words

LINES: Mapping[str, Words] = {
    "run": Words("kbxt {version}，{period}，基准日 {as_of}", "kbxt {version}, {period}, as of {as_of}"),
    "roster": Words("名册有 {schools} 所学校", "the roster has {schools} schools"),
    "no-roster": Words("没有名册，学校照所写", "no roster: schools are taken as named"),
    "register": Words("{file}：{register}，{rows} 行，{why}", "{file}: {register}, {rows} rows, {why}"),
    "kind": Words("{file}：内容为 {kind}，{size} 字节", "{file}: holds {kind}, {size} bytes"),
    "verdict": Words(
        "{file}：{slug}（{verdict}），读 {read} 行，汇总 {merged} 行，{left_out} 行不是记录",
        "{file}: {slug} ({verdict}), {read} rows read, {merged} merged, {left_out} left out",
    ),
    "problem": Words("{file}：没有读成，{slug}（{title}）", "{file}: not read, {slug} ({title})"),
    "copy": Words("{file}：与 {other} 逐字节相同，只读那一份", "{file}: byte for byte {other}, which is read instead"),
    "answers": Words("{file}：核查意见中有 {count} 条答复", "{file}: {count} answers on its sheet of findings"),
    "no-form": Words("{place}：有表格，不像任何一张表", "{place}: a table that is like none of the forms"),
    "text": Words("{place}：只有文字，没有表格", "{place}: lines of text, no table"),
    "form": Words("{place}：认作 {form}，凭{signs}，得分 {score}", "{place}: form {form} by {signs}, score {score}"),
    "header": Words("{place}：表头到第 {row} 行", "{place}: the header ends in row {row}"),
    "missing": Words("{place}：缺 {count} 栏：{fields}", "{place}: {count} columns are missing: {fields}"),
    "unexpected": Words(
        "{place}：有 {count} 栏不属于这张表：{cells}", "{place}: {count} columns are not of this form: {cells}"
    ),
    "hidden": Words("{place}：隐藏处有数据：{what}", "{place}: there is data in what is hidden: {what}"),
    "school": Words("{place}：学校凭{by}：{match}", "{place}: school by {by}: {match}"),
    "listed": Words("名册中的{school}（{how}）", "{school} of the roster ({how})"),
    "unknown": Words("名册中没有，也没有相近的", "not in the roster, nor is anything like it"),
    "unknown-near": Words("名册中没有，最相近的是{near}", "not in the roster; most like it is {near}"),
    "as-written": Words("照所写", "as written"),
    "no-school": Words("无从得知", "nobody knows"),
    "dated": Words("{place}：填表日期在 {cell}", "{place}: dated in {cell}"),
    "undated": Words("{place}：没有填表日期，按基准日", "{place}: no date; the reference day stands in"),
    "rows": Words("{place}：取为记录 {count} 行：{rows}", "{place}: {count} rows taken as records: {rows}"),
    "left-out": Words("{place}：这一行不是记录，{slug}（{why}）", "{place}: this row is no record, {slug} ({why})"),
    "set-aside": Words("{place}：不采用，{why}，改用 {other}", "{place}: set aside, {why}, for {other}"),
    "part": Words("{place}：与 {other} 是同一张表的两部分", "{place}: another part of what is in {other}"),
    "found": Words(
        "{place}：{severity} {rule}（{title}）{count} 处", "{place}: {severity} {rule} ({title}), {count} times"
    ),
    "confirmed": Words("学校已核实无误 {count} 处", "{count} warnings verified by schools"),
    "skipped": Words(
        "{rule}（{title}）：表 {form} 有 {count} 行没有核对，所需的值有错或没有",
        "{rule} ({title}): {count} rows of form {form} not checked, for a value it needs is wrong or missing",
    ),
    "not-made": Words("{name}：{what}", "{name}: {what}"),
    "off": Words("没有做：{feature}，{why}", "not done: {feature}, {why}"),
    "gap": Words("不能与上期比较：{what}，{why}", "not compared with the last period: {what}, {why}"),
}

BY_SIGNS: Mapping[tuple[bool, bool], Words] = {
    (False, True): Words("标题和表头", "title and header"),
    (False, False): Words("表头", "header"),
    (True, True): Words("标题和栏目名", "title and labels"),
    (True, False): Words("栏目名", "labels"),
}
"""By whether it is a card, and whether its title was there."""

NAMED_BY: Mapping[NamedBy, Words] = {
    NamedBy.UNIT_LINE: Words("填报单位", "the unit line"),
    NamedBy.TITLE: Words("标题", "a title"),
    NamedBy.TAB: Words("工作表名称", "the name of its sheet"),
    NamedBy.ROW: Words("各行", "its rows"),
    NamedBy.PATH: Words("文件或文件夹的名称", "the name of file or folder"),
    NamedBy.STAMP: Words("盖章处", "the place for its stamp"),
    NamedBy.BUNDLE: Words("同一文件中的其他表", "the other sheets of its file"),
    NamedBy.MARK: Words("下发时的标记", "the mark of its blank"),
    NamedBy.LIST: Words("列有这个人的名单", "the list that has its person"),
    NamedBy.DECISION: Words("本局的决定", "the bureau's decision"),
    NamedBy.NOBODY: Words("什么都没有", "nothing"),
}

REPLACED: Mapping[Standing, Words] = {
    Standing.SUPERSEDED: Words("有后来的一份", "a later one counts"),
    Standing.BLANK: Words("没有填写", "nothing is filled in"),
}
"""Why a return does not count, where it has no reason of its own."""

MATCHED: Mapping[str, Words] = {
    "name": Words("校名", "by name"),
    "alias": Words("别名", "by alias"),
    "other": Words("另一种写法", "in another spelling"),
    "known": Words("已知", "known"),
}
"""How a school of the roster was written."""
