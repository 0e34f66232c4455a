"""Lists, conditions and bounds of a definition as the text of one cell, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

Tree = str | bool | None | Sequence["Tree"] | Mapping[str, "Tree"]
"""What YAML holds once its places are forgotten: texts as they are written, true, false, nothing, lists, keys."""

_SEPARATORS = "、，,；;\n"
_SPECIAL = re.compile(rf"[{_SEPARATORS}=＝「」]|^\s|\s$|^$")
_PART = re.compile(rf"\s*(?:「((?:[^」]|」」)*)」|([^{_SEPARATORS}]+))\s*(?:[{_SEPARATORS}]|$)")
_CONDITION = re.compile(r"(?:「(?:[^」]|」」)*」|[^；;\n「])+")
_EQUALS = re.compile(r"\s*(?:「((?:[^」]|」」)*)」|([^=＝]+?))\s*[=＝](.*)", re.DOTALL)

Naming = Callable[[str], str]
"""Names → what people read, or back."""


def quoted(text: str) -> str:
    """A text that stands in a list: in 「」 where it would be taken apart.

    >>> quoted("失学"), quoted("失学、辍学")
    ('失学', '「失学、辍学」')
    """
    return f"「{text.replace('」', '」」')}」" if _SPECIAL.search(text) else text


def joined(texts: Iterable[str]) -> str:
    """Texts in one cell."""
    return "、".join(map(quoted, texts))


def parted(cell: str) -> list[str]:
    """The texts of one cell.

    >>> parted("失学、「失学、辍学」；流失")
    ['失学', '失学、辍学', '流失']
    """
    found = (match for match in _PART.finditer(cell) if match[0].strip())
    return [_unquoted(match[1]) if match[2] is None else match[2].strip() for match in found]


def _unquoted(inner: str) -> str:
    return inner.replace("」」", "」")


def lines(texts: Iterable[str]) -> str:
    """Texts that are long, each on a line of its own."""
    return "\n".join(texts)


def parted_lines(cell: str) -> list[str]:
    """The lines of one cell."""
    return [line for line in cell.split("\n") if line.strip()]


def conditions_text(tree: Mapping[str, Tree], shown: Naming) -> str:
    """Conditions as a clerk writes them.

    >>> conditions_text({"kind": ["a", "b"]}, str.upper)
    'KIND=a、b'
    """
    return "；".join(f"{quoted(shown(name))}={joined(texts_of(values))}" for name, values in tree.items())


def conditions_of(cell: str, named: Naming) -> dict[str, Tree] | None:
    """The conditions in a cell; None where a part of it is none.

    >>> conditions_of("KIND=a、b", str.lower)
    {'kind': ['a', 'b']}
    """
    found: dict[str, Tree] = {}
    for part in _CONDITION.findall(cell):
        if not part.strip():
            continue
        match = _EQUALS.fullmatch(part)
        if match is None:
            return None
        name = _unquoted(match[1]) if match[2] is None else match[2].strip()
        found[named(name)] = parted(match[3])
    return found


def texts_of(tree: Tree) -> Sequence[str]:
    """A list of texts, or the one that stands for it."""
    if isinstance(tree, str):
        return (tree,)
    return [str(each) for each in tree] if isinstance(tree, Sequence) else ()


def flattened(tree: Tree, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], str]]:
    """Every end of a tree with the way to it; a list of texts is one end."""
    if isinstance(tree, Mapping) and tree:
        for key, each in tree.items():
            yield from flattened(each, (*path, key))
    elif isinstance(tree, Sequence) and not isinstance(tree, str) and not all(isinstance(each, str) for each in tree):
        for at, each in enumerate(tree, start=1):
            yield from flattened(each, (*path, f"#{at}"))
    else:
        yield path, _end_text(tree)


_NOTHING, _NO_KEYS = "（空）", "（无）"
_FLAGS: Mapping[str, bool] = {"是": True, "否": False}


def _end_text(tree: Tree) -> str:
    if isinstance(tree, bool):
        return "是" if tree else "否"
    if tree is None:
        return _NOTHING
    if isinstance(tree, str):
        return f"“{tree}”" if tree in _FLAGS or tree[:1] in "[（“" else tree
    return _NO_KEYS if isinstance(tree, Mapping) else f"[{joined(texts_of(tree))}]"


def end_of(text: str) -> Tree:
    """What the text of one end stands for.

    >>> end_of("[甲、乙]"), end_of("是"), end_of("“是”")
    (['甲', '乙'], True, '是')
    """
    if text in _FLAGS:
        return _FLAGS[text]
    if text == _NOTHING:
        return None
    if text == _NO_KEYS:
        return {}
    if text[:1] == "[" and text[-1:] == "]":
        return parted(text[1:-1])
    return text[1:-1] if text[:1] == "“" and text[-1:] == "”" else text
