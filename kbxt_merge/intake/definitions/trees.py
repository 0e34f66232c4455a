"""A bureau's definition files as trees, to be written again as a workbook or as YAML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from kbxt_merge.intake.definitions.book.nodes import tree_of
from kbxt_merge.intake.definitions.loader import SHIPPED, own_files
from kbxt_merge.intake.definitions.own_files import Files
from kbxt_merge.intake.definitions.yaml_nodes import Fault
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.definition_book.layout import BESIDE_FORMS, BUREAU_FILE, STOCK_FILE
from kbxt_merge.model.rule import RuleCard

_WIDTH = 118


def definition_trees(path: Path | None, catalogue: Mapping[str, RuleCard]) -> dict[str, Tree]:
    """What each file of the definitions in force holds: the bureau's own, or without any all of the package's.

    The stock of common vocabularies is the package's for everyone, unless a bureau has its own.
    """
    faults: list[Fault] = []
    own: Files = (own_files(path, catalogue, faults) if path else None) or SHIPPED
    bureau = _tree(own if own.has(BUREAU_FILE) else SHIPPED, BUREAU_FILE)
    names = bureau.get("forms") if isinstance(bureau, Mapping) else ()
    forms = [f"{name}.yaml" for name in names] if isinstance(names, list) else []
    beside = [name for name in BESIDE_FORMS if own.has(name) and (path or name != STOCK_FILE)]
    trees: dict[str, Tree] = {BUREAU_FILE: bureau}
    for name in (*forms, *beside):
        trees[name] = _tree(own if own.has(name) else SHIPPED, name)
    return trees


def _tree(files: Files, name: str) -> Tree:
    entry = files.entry(name, [])
    return tree_of(entry.node) if entry else None


def yaml_text(tree: Tree) -> str:
    """A tree as YAML, its innermost keys on one line."""
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=_WIDTH)


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: what is said twice is said twice."""

    def ignore_aliases(self, data: object) -> bool:
        """Never name a part."""
        return True
