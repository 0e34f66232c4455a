"""A YAML file's text → its nodes; what is no YAML is told in the clerk's words, libyaml's English beside them."""

from __future__ import annotations

from typing import Any

import yaml

from kbxt_merge.intake.definitions.yaml_nodes import Entry, Fault
from kbxt_merge.model.text import Words

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str, file: str, faults: list[Fault]) -> Entry | None:
    """A YAML file's one document, or None where it has none or is not YAML."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        faults.append(_syntax_fault(error, text, file))
        return None
    finally:
        loader.dispose()
    if node is None:
        faults.append(Fault(file, "", 1, Words("文件是空的", "the file is empty")))
        return None
    return Entry(node, file, "", faults)


_PROBLEMS: tuple[tuple[str, str], ...] = (
    ("found character '\\t'", "缩进里有制表符，请改为空格"),
    ("found unexpected ':'", "方括号、花括号里的冒号后面要空一格；文字里有冒号的，整段要加引号"),
    ("expected alphabetic or numeric character", "以 & * ! 开头的文字要加引号"),
    ("expected comment or line break", "这里多出了文字：以 ! | > 开头的文字要加引号"),
    ("expected whitespace or line break", "以 ! 开头的文字要加引号"),
    ("mapping keys are not allowed", "问号后面不能空一格；文字以问号开头的要加引号"),
    ("unknown escape character", "双引号里的反斜杠 \\ 要写两个，或者改用单引号"),
    ("expected directive name", "以 % 开头的文字要加引号"),
    ("found unexpected non-alphabetical character", "以 % 开头的文字要加引号"),
    ("expected <document start>", "第一行前面多出了文字"),
    ("found character", "有 YAML 不允许的字符（以 @ 或 ` 开头的文字要加引号）"),
    ("while scanning a quoted scalar", "引号没有成对"),
    ("found unexpected end of stream", "引号没有成对"),
    ("mapping values are not allowed", "一行里有两个“: ”，或缩进不对；文字里有冒号加空格的，整段要加引号"),
    ("did not find expected ',' or", "括号 [ ] { } 里缺少逗号，或没有成对"),
    ("did not find expected key", "缩进不对，或括号、引号没有成对"),
    ("did not find expected '-' indicator", "列表各行的“-”没有对齐"),
    ("did not find expected node content", "这里缺少内容，或多了逗号"),
    ("could not find expected ':'", "缺少冒号：键和值之间用“: ”（半角冒号加空格）"),
    ("block sequence entries are not allowed", "“-”前面的缩进不对"),
    ("expected a single document", "文件里有两份内容（---），只能有一份"),
    ("but found another document", "文件里有两份内容（---），只能有一份"),
    ("undefined alias", "用了没有定义的名称（*）"),
    ("special characters are not allowed", "有不可见的控制字符，请删去"),
    ("control characters are not allowed", "有不可见的控制字符，请删去"),
)
"""What libyaml says, by how it begins, and what that means to whoever wrote the file."""


def _in_chinese(said: str) -> str:
    return next((words for begins, words in _PROBLEMS if begins in said), "格式不对")


def _syntax_fault(error: yaml.YAMLError, text: str, file: str) -> Fault:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, problem = (mark.line + 1 if mark else 1), str(error.problem or error.context)
        said = f"{error.problem or ''} {error.context or ''}"
    else:
        position = getattr(error, "position", 0)
        line, problem = text.count("\n", 0, position) + 1, str(getattr(error, "reason", error))
        said = problem
    zh = f"不是正确的 YAML：{_in_chinese(said)}。请检查缩进、引号，冒号、逗号、括号要用半角"
    en = f"this is not YAML ({problem}): look at the indentation, the quotes, and for full-width colons or commas"
    return Fault(file, "", line, Words(zh, en))
