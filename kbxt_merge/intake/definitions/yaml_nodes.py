"""YAML read with its places, so that every fault of a file can say where it stands."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from kbxt_merge.model.definition_book.form_layout import KEYS_IN_CHINESE
from kbxt_merge.model.definition_book.layout import RELATION_PARTS
from kbxt_merge.model.definition_book.register_layout import REGISTER_WORDS
from kbxt_merge.model.definition_book.rule_words import PARTS
from kbxt_merge.model.text import Language, Words, nearest

_LISTED = 24
"""So many valid names are listed where none is near enough to suggest."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """Where a node of a definition workbook stands; `line` is its row, counted from 0 as YAML's marks count."""

    sheet: str
    cell: str
    line: int
    position: int = 0
    """The sheet's place among the sheets."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a YAML file, `line` counted from 1, an index in `path` as well; or at a cell."""

    file: str
    path: str
    line: int
    words: Words
    mark: CellMark | None = None

    def sentence(self, language: Language) -> str:
        """The place, then what is wrong there, on one line."""
        if self.mark and language == "zh":
            return f"{self.file} 工作表“{self.mark.sheet}” {self.mark.cell}：{self.words.zh}"
        if self.mark:
            return f"{self.file}, sheet {self.mark.sheet}, {self.mark.cell}: {self.words.en}"
        if language == "zh":
            return f"{self.file} 第 {self.line} 行 {self.path}：{self.words.zh}"
        return f"{self.file}, line {self.line}, {self.path}: {self.words.en}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a YAML file, where it stands, and the list that takes its faults.

    The readers below return None where the value is not what they read, and have then noted the fault.
    Texts are taken as they are written: `1`, `2021.10` and `no` need no quotes to stay texts.
    """

    node: Any
    file: str
    path: str
    faults: list[Fault]

    def fault(self, zh: str, en: str) -> None:
        """Note that something is wrong here."""
        mark = self.node.start_mark
        place = mark if isinstance(mark, CellMark) else None
        words = Words(_in_the_workbooks_words(zh) if place else zh, en)
        if place and any(each.mark == place for each in self.faults):
            return  # whoever read the cell said already what is wrong with it
        self.faults.append(Fault(self.file, self.path, mark.line + 1, words, place))

    def text(self) -> str | None:
        """The value as a text that is not empty."""
        if isinstance(self.node, yaml.ScalarNode) and not self._is_null() and self.node.value.strip():
            return str(self.node.value)
        self.fault("这里要填文字", "a text is wanted here")
        return None

    @property
    def is_off(self) -> bool:
        """Tell whether `off` (or `no`, or `false`) stands in place of a value."""
        is_flag = isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":bool")
        return is_flag and self.node.value.lower() in ("false", "no", "off")

    def flag(self) -> bool | None:
        """The value as true or false."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":bool"):
            return self.node.value.lower() in ("true", "yes", "on")
        self.fault("这里要填 true 或 false", "true or false is wanted here")
        return None

    def number(self) -> float | None:
        """The value as a number above zero."""
        if isinstance(self.node, yaml.ScalarNode):
            try:
                number = float(self.node.value)
            except ValueError:
                number = 0.0
            if 0 < number < float("inf"):
                return number
        self.fault("这里要填大于 0 的数", "a number above 0 is wanted here")
        return None

    def signed(self) -> float | None:
        """The value as a number, below zero as well."""
        text = self.text()
        try:
            number = math.nan if text is None else float(text)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
        if text is not None:
            self.fault("这里要填数", "a number is wanted here")
        return None

    def whole(self) -> int | None:
        """The value as a whole number above zero."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.value.isascii() and self.node.value.isdigit():
            number = int(self.node.value)
            if number > 0:
                return number
        self.fault("这里要填大于 0 的整数", "a whole number above 0 is wanted here")
        return None

    def items(self) -> list[Entry]:
        """The members of a list."""
        if isinstance(self.node, yaml.SequenceNode):
            return [
                Entry(node, self.file, f"{self.path}[{position}]", self.faults)
                for position, node in enumerate(self.node.value, start=1)
            ]
        self.fault("这里要填列表，如 [甲, 乙]", "a list is wanted here, as in [a, b]")
        return []

    def texts(self) -> tuple[str, ...]:
        """The members of a list of texts."""
        return tuple(text for item in self.items() if (text := item.text()) is not None)

    def entries(self) -> dict[str, Entry]:
        """The values of a mapping by their keys; a key given twice is a fault and keeps its first value."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fault(
                "这里要填“键: 值”（冒号用半角，后面空一格）", "keys with values are wanted here, as in `key: value`"
            )
            return {}
        found: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            key = Entry(key_node, self.file, self.path, self.faults).text()
            if key is None:
                continue
            value = Entry(value_node, self.file, f"{self.path}.{key}".lstrip("."), self.faults)
            if key in found:
                place = Entry(key_node, self.file, value.path, self.faults)
                place.fault(f"“{key}”写了两次，请删去一个", f"`{key}` is given twice; delete one")
            found.setdefault(key, value)
        return found

    def words(self) -> Words | None:
        """A name in both languages: `{zh: …, en: …}`, or one text for both."""
        if isinstance(self.node, yaml.ScalarNode):
            text = self.text()
            return None if text is None else Words(text, text)
        found = read_keys(self, {"zh": Key(Entry.text, "", required=True), "en": Key(Entry.text, "", required=True)})
        return Words(found["zh"], found["en"])

    def one_of(self, names: Collection[str], zh: str, en: str) -> str | None:
        """The value as one of `names`; `zh` and `en` say what they are names of."""
        name = self.text()
        if name is None or name in names:
            return name
        self.unknown(name, names, zh, en)
        return None

    def unknown(self, name: str, names: Collection[str], zh: str, en: str) -> None:
        """Note that `name` is none of `names`, with the nearest of them."""
        suggestion = nearest(name, names)
        if suggestion:
            self.fault(
                f"没有名为“{name}”的{zh}，是否“{suggestion}”？", f"no {en} is called `{name}`; is it `{suggestion}`?"
            )
            return
        listed = sorted(names)[:_LISTED]
        rest = "…" if len(names) > _LISTED else ""
        self.fault(
            f"没有名为“{name}”的{zh}；可用：{'、'.join(listed) or '（无）'}{rest}",
            f"no {en} is called `{name}`; there are: {', '.join(listed) or 'none'}{rest}",
        )

    def can_fill_in(self, text: str, places: Collection[str]) -> bool:
        """Tell whether all {places} of a text are among those that are filled in; what is wrong is noted."""
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError:
            self.fault("花括号 { } 没有成对", "the braces { } don't pair")
            return False
        strange = [name for name in names if name not in places]
        for name in strange:
            self.unknown(name, places, "占位", "place to fill in")
        return not strange

    def _is_null(self) -> bool:
        return bool(self.node.tag.endswith(":null"))


_QUOTED = re.compile(r"“(\w+)”")
_BARE_KEY = re.compile(r"(?<![\w“{.])[a-z]+(?:_[a-z]+)*(?![\w”}.])")
_IN_YAML = re.compile(r"（(?:shape: )?[a-z_]+）|shape: (?=[a-z]+ 的表)")
"""What only whoever writes YAML need be told."""
_CALLED = {
    **{name: called for name, (called, _) in RELATION_PARTS.items()},
    **PARTS,
    **KEYS_IN_CHINESE,
    **REGISTER_WORDS,
    "id": PARTS["id"],
    "zh": "中文名称",
    "en": "英文名称",
}
"""By a key what a sentence calls it to whoever has the workbook."""


def _in_the_workbooks_words(zh: str) -> str:
    """A sentence that calls the keys as the workbook's columns do."""
    quoted = _QUOTED.sub(lambda found: f"“{_CALLED.get(found[1], found[1])}”", _IN_YAML.sub("", zh))
    return _BARE_KEY.sub(lambda found: f"“{_CALLED[found[0]]}”" if found[0] in _CALLED else found[0], quoted)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping: how its value is read, and what stands for it where it is missing or faulty."""

    read: Callable[[Entry], Any]
    default: Any = None
    required: bool = False


def read_keys(entry: Entry, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a mapping that has these keys and no others; whatever happens, each key has a value afterwards."""
    found = entry.entries()
    for name in found.keys() - keys.keys():
        found[name].unknown(name, keys.keys(), "键", "key")
    is_mapping = isinstance(entry.node, yaml.MappingNode)
    for name, key in keys.items():
        if key.required and is_mapping and name not in found:
            entry.fault(f"缺少“{name}”，请补上", f"`{name}` is missing; add it")
    return {name: _value(found.get(name), key) for name, key in keys.items()}


def _value(entry: Entry | None, key: Key) -> Any:
    value = None if entry is None else key.read(entry)
    return key.default if value is None else value
