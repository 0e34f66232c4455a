"""The sheets 表间核对 and 各表关系: a row a sentence of drop-downs."""

from __future__ import annotations

from kbxt_merge.model.definition_book.layout import (
    RELATION_COLUMNS,
    RELATION_FILE,
    RELATION_SHEET,
    RULE_COLUMNS,
    RULE_SHEET,
)
from kbxt_merge.outputs.definition_book.pages import Pages
from kbxt_merge.outputs.definition_book.relation_rows import RelationRows
from kbxt_merge.outputs.definition_book.rule_rows import RuleRows

_FOLDED = [item.key for item in RULE_COLUMNS[8:]]
"""The columns behind the second part of a rule."""


def write_rules(pages: Pages) -> None:
    """Write a row a rule of every form, the sums that stand at fields left out."""
    labels = {rows.form.slug: rows.label for _, rows in pages.of_forms}
    writer = RuleRows(pages.made.catalogue, labels, pages.made.fields)
    told = [each for _, rows in pages.of_forms for each in writer.rows(rows.form.slug, rows.rules)]
    about = "一行是一句话：哪张表、核对什么、在哪一栏，再加条件和内容。单格的对错自动核对，不必写。"
    pages.list_of(RULE_SHEET, RULE_COLUMNS, ("表内、表间核对", about), told, "rule", _FOLDED)


def write_relations(pages: Pages) -> bool:
    """Write what each form is to the others, without a row where nothing is; False where no row can tell it."""
    own = [rows for _, rows in pages.of_forms if not rows.card]
    labels = {rows.file: rows.label for rows in own}
    fields = {rows.file: pages.made.fields[rows.form.slug] for rows in own}
    tree = pages.made.trees.get(RELATION_FILE)
    told = RelationRows(labels, fields).rows(tree) if tree else []
    if told is None:
        return False
    about = "哪张表是辍学名单、劝返台账、统计表……一行一项；没有这些关系的，不必写。"
    pages.list_of(RELATION_SHEET, RELATION_COLUMNS, ("各表关系", about), told, "relation")
    return True
