"""What a form of each shape must have, and what it can't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbxt_merge.intake.definitions.field_types import UNKNOWN_TYPE
from kbxt_merge.intake.definitions.yaml_nodes import Entry
from kbxt_merge.model.field import ROW_LABEL
from kbxt_merge.model.form import Form, Shape


def check_shape(entry: Entry, form: Form, child: Mapping[str, Entry], layout: Entry | None) -> None:
    """Note what a statistics form, a list or a card lacks."""
    has_school = any(each.type in ("school", UNKNOWN_TYPE) for each in form.fields)
    if form.shape is Shape.STATISTICS and not has_school:
        entry.fault("统计表要有一个类型为学校的字段", "a statistics form needs a field of type school")
    if form.shape in (Shape.LIST, Shape.CARD) and not child and not form.record:
        entry.fault(
            "缺少“child”：请写明哪个字段是姓名（登记的不是人时，用“record”写明凭哪个字段认，没有这样的字段写空）",
            "`child` is missing; say which field is the name (of things say in `record` what they are known by; it is "
            "blank where nothing is)",
        )
    if form.shape is Shape.CARD and layout is None:
        entry.fault("登记卡缺少“layout”，请补上", "`layout` is missing; a card needs it")
    if form.shape is not Shape.CARD and form.labels_above:
        entry.fault("只有登记卡（shape: card）才有 labels_above", "only a card (shape: card) has `labels_above`")
    if form.shape is not Shape.CARD and layout is not None:
        layout.fault("只有登记卡（shape: card）才有 layout", "only a card (shape: card) has a layout")


def check_rows(entry: Entry, form: Form, labels: Sequence[str]) -> None:
    """A form of rows prints their labels, and has one field for them."""
    if form.shape is not Shape.ROWS:
        if labels:
            entry.fault("只有 shape: rows 的表才有 rows", "only a form of rows (shape: rows) has `rows`")
        return
    if not labels:
        entry.fault("缺少“rows”：请列出印好的各行名称", "`rows` is missing; list the labels of the printed rows")
    if sum(each.type == ROW_LABEL for each in form.fields) != 1:
        entry.fault("要有一个类型为行名的字段", "one field of type row is wanted")
    for label in form.sections.keys() - set(labels):
        entry.fault(
            f"段落标题“{form.sections[label]}”要在某一行之上，没有名为“{label}”的行",
            f"the line `{form.sections[label]}` stands over no row: none is called `{label}`",
        )
    for label in {each for each in labels if labels.count(each) > 1}:
        entry.fault(f"行名“{label}”写了两次", f"two rows are called `{label}`")
