"""The steps of a row's self-check: whether it is a record at all, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.field import COUNTED
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.outputs.blanks import names
from kbxt_merge.outputs.blanks.blank_book import SOUND_MARK
from kbxt_merge.outputs.blanks.formula import has, one_of, quoted, when, without
from kbxt_merge.outputs.blanks.option_sheet import NOTHING_BESIDE
from kbxt_merge.outputs.blanks.self_check import all_faults
from kbxt_merge.outputs.blanks.workings import Workings

_NO_RECORDS = ("合计", "小计", "总计", "共计", "累计", "示例", "例", "样例", "范例")
_SHORTEST_NUMBER = 12
"""Characters that a signature's telephone at most has; an ID number cut short has more."""

_NO_RECORD_BEGINS = ("注", "备注", "说明", "※")
_NOTHING_TO_REPORT = ("零报告", "空白", "暂无", "没有", "以下空白")


def record_step(workings: Workings, form: Form) -> str:
    """The step that tells a record from blank rows, totals, notes and the lines below the table."""
    fields = [each.name for each in form.fields]
    leading = [workings.raw[name] for name in fields[: fields.index(form.record_field) + 1]]
    first = when(*((f'{cell}<>""', f'{cell}&""') for cell in leading))
    lead = workings.step(f'IF(ISERROR({first}),"",{without(f"ASC({first})", (" ", "　"))})')
    is_counted = form.shape in (Shape.STATISTICS, Shape.ROWS)
    own = 1 + fields.index(form.record_field) if is_counted else int(form.fields[0].type == "sequence")
    cells = f"{workings.raw[fields[own]]}:{workings.raw[fields[-1]]}"
    count = f"SUMPRODUCT(--(LEN({without(cells, (' ', '　'))})>0))"
    filled = workings.step(f"IF(ISERROR({count}),2,{count})")
    if form.shape is Shape.ROWS:
        return workings.step(f"{filled}>{_printed_beside(form)}")
    begins = (f"LEFT({lead},{len(mark)})={quoted(mark)}" for mark in _NO_RECORD_BEGINS)
    is_line = f"OR({one_of(lead, _NO_RECORDS)},{has(lead, ':')},{','.join(begins)})"
    is_line = f"AND({is_line},NOT({_is_child(workings, form, filled)}))"
    return workings.step(f"AND({filled}>0,NOT({is_line}),NOT({_reports_nothing(workings, form, cells, filled)}))")


def _printed_beside(form: Form) -> int:
    """How many cells of a printed row may be filled in already, beside its label."""
    behind = form.fields[list(form.by_name).index(form.record) + 1 :]
    if any(each.printed for each in form.fields):
        return sum(bool(each.printed) for each in behind)
    return sum(each.type not in COUNTED for each in behind)


def _is_child(workings: Workings, form: Form, filled: str) -> str:
    """The condition that the row holds a child, whatever stands before it: an ID number, or most required cells."""
    if form.child_name is None:
        return "FALSE"
    if form.child_id is not None:
        length = f"LEN({workings.raw[form.child_id]})"
        return f"IF(ISERROR({length}),FALSE,{length}>{_SHORTEST_NUMBER})"
    return f"{filled}>{sum(each.required for each in form.fields) // 2}"


def _reports_nothing(workings: Workings, form: Form, cells: str, filled: str) -> str:
    """The condition that nobody stands where the child should, and nothing beside: 零报告, or 无, 无, /."""
    if form.child_name is None:
        return "FALSE"
    name = workings.raw[form.child_name]
    count = f"SUMPRODUCT(--({cells}={names.BESIDE}))"
    nobody = one_of(name, (*_NOTHING_TO_REPORT, *NOTHING_BESIDE))
    own = f"IF({one_of(name, NOTHING_BESIDE)},0,1)"
    return f"IF(ISERROR({count}),FALSE,AND({nobody},{count}+{own}={filled}))"


def result_step(workings: Workings, form: Form, verdicts: Mapping[str, str]) -> str:
    """The step that says what is wrong with a row, or that nothing is."""
    found = workings.step(all_faults(workings, form, verdicts, quoted("；")))
    listed = f'IF({found}="",{quoted(SOUND_MARK)},LEFT({found},LEN({found})-1))'
    return workings.step(f'IF({workings.is_record},{listed},"")')
