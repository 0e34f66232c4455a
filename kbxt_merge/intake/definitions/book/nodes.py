"""YAML nodes made of cells: whoever reads them reads a workbook as it reads a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from kbxt_merge.model.definition_book.cell_texts import Tree

_TAG = "tag:yaml.org,2002:"


Place = Any
"""Where a node stands: a CellMark, which is no mark of YAML's own type."""


def node_of(tree: Tree, mark: Place) -> Any:
    """A tree as nodes, all of which stand in one cell."""
    if isinstance(tree, bool):
        return _scalar("true" if tree else "false", mark, "bool")
    if tree is None:
        return _scalar("", mark, "null")
    if isinstance(tree, str):
        return _scalar(tree, mark)
    if isinstance(tree, Mapping):
        made = mapping(mark)
        for key, each in tree.items():
            put(made, (key,), node_of(each, mark))
        return made
    return sequence([node_of(each, mark) for each in tree], mark)


def _scalar(text: str, mark: Place, tag: str = "str") -> Any:
    return yaml.ScalarNode(f"{_TAG}{tag}", text, mark, mark)


def sequence(nodes: Sequence[Any], mark: Place) -> Any:
    """A list of nodes."""
    return yaml.SequenceNode(f"{_TAG}seq", list(nodes), mark, mark)


def mapping(mark: Place) -> Any:
    """Keys with values, none yet."""
    return yaml.MappingNode(f"{_TAG}map", [], mark, mark)


def put(owner: Any, path: Sequence[str], node: Any) -> None:
    """Put a node under a key, below other keys where the path is longer."""
    key, *rest = path
    if rest:
        below = got(owner, key)
        if not isinstance(below, yaml.MappingNode):
            below = mapping(node.start_mark)
            owner.value.append((_scalar(key, node.start_mark), below))
        put(below, rest, node)
    else:
        owner.value.append((_scalar(key, node.start_mark), node))


def got(owner: Any, key: str) -> Any:
    """The node under a key, or None."""
    return next((node for name, node in owner.value if name.value == key), None)


def plain_words(owner: Any, *keys: str) -> None:
    """Make names under these keys that only say their Chinese one text for both languages."""
    for at, (key, node) in enumerate(owner.value):
        if (
            key.value in keys
            and isinstance(node, yaml.MappingNode)
            and [name.value for name, _ in node.value] == ["zh"]
        ):
            owner.value[at] = (key, node.value[0][1])


def tree_of(node: Any) -> Tree:
    """What a node holds, its places forgotten."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): tree_of(each) for key, each in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [tree_of(each) for each in node.value]
    if node.tag.endswith(":bool"):
        return str(node.value).lower() in ("true", "yes", "on")
    return None if node.tag.endswith(":null") else str(node.value)
