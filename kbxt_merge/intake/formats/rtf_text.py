"""The tokens of rich text, and the text that they show in whatever encoding its fonts have (RTF 1.9.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from kbxt_merge.intake.formats.damage import Unreadable

TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]+)(?P<number>-?[0-9]{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
UNSHOWN = frozenset({
    "colortbl", "stylesheet", "info", "pict", "footnote", "object", "nonesttables", "xe", "tc", "rxe", "private",
    "filetbl",
})  # fmt: skip
"""Groups that begin so hold nothing of the page's text; nor does any that begins with an asterisk."""
ON_PAGES = frozenset({f"{place}{pages}" for place in ("header", "footer") for pages in ("", "l", "r", "f")})
"""Groups that begin so hold what the pages print above and below themselves."""
SIGNS: Mapping[str, str] = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emdash": "—",
    "endash": "–", "bullet": "•", "emspace": " ", "enspace": " ", "nestcell": "\n", "nestrow": "\n",
}  # fmt: skip
ESCAPED = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n"}
CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5"}
"""The encoding of a font's \\'hh, by its \\fcharset."""
CODE_PAGES = {932: "cp932", 949: "cp949", 950: "big5"}
CHINESE = "gb18030"
Word = Callable[[Any, int | None], None]
"""What a control word does to the flow, with its number."""


@dataclass(frozen=True, slots=True)
class State:
    """What holds inside a group."""

    unshown: bool = False
    hidden: bool = False
    struck: bool = False
    on_page: bool = False
    fonts: bool = False
    encoding: str = ""
    fallbacks: int = 1


@dataclass
class TextFlow:
    """Follows the tokens; `pending` characters after a \\u only stand in for it.

    `margins` is what the pages print above and below themselves, `looks` whether letters shown are crossed out.
    """

    words: ClassVar[Mapping[str, Word]] = {}
    state: State = State()
    outer: list[State] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    texts: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    looks: set[bool] = field(default_factory=set)
    encodings: dict[int, str] = field(default_factory=dict)
    default: str = CHINESE
    font: int = 0
    pending: int = 0

    def follow(self, data: bytes) -> None:
        """Read all tokens; raises Unreadable when a group is not closed."""
        at = 0
        while (token := TOKEN.match(data, at)) is not None:
            at = token.end()
            if token["word"] == b"bin":
                at += max(int(token["number"] or 0), 0)
            self._take(token)
            if token["brace"] == b"}" and not self.outer:
                break
        if self.outer:
            raise Unreadable("file-unreadable", "truncated")

    def show(self, text: str) -> None:
        """Add to what is shown, unless nothing is here."""
        if self.state.unshown or self.state.hidden:
            return
        (self.margins if self.state.on_page else self.texts).append(text)
        if text.strip():
            self.looks.add(self.state.struck)

    def shown(self) -> str:
        """What was shown since it was last asked; halves of characters past U+FFFF are joined."""
        text = "".join(self.texts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.texts.clear()
        self.looks.clear()
        return text

    def _take(self, token: re.Match[bytes]) -> None:
        if token["brace"]:
            self._flush()
            self._group(token["brace"])
        elif token["word"]:
            self._flush()
            self._word(token["word"].decode(), token["number"])
        elif token["hex"]:
            self._bytes(bytes.fromhex(token["hex"].decode()))
        elif token["sign"]:
            self._sign(token["sign"])
        elif token["text"]:
            self._plain(token["text"])

    def _group(self, brace: bytes) -> None:
        self.pending = 0
        if brace == b"{":
            self.outer.append(self.state)
        elif self.outer:
            self.state = self.outer.pop()

    def _word(self, word: str, number: bytes | None) -> None:
        if word in UNSHOWN:
            self.set(unshown=True)
        elif word in ON_PAGES:
            self.set(on_page=True)
        elif self.state.on_page and word == "par":
            self.show("\n")
        elif self.state.on_page and word not in TEXT_WORDS and word not in SIGNS:
            return
        elif word in SIGNS:
            self.show(SIGNS[word])
        elif word in self.words:
            self.words[word](self, int(number) if number is not None else None)

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.set(unshown=True)
        elif sign in ESCAPED:
            self._flush()
            self.show(ESCAPED[sign])
        elif sign in b"\\{}":
            self._bytes(sign)

    def _plain(self, text: bytes) -> None:
        """Text as it stands; past ASCII, where it may not stand, it is UTF-8 or else in the font's encoding."""
        skipped = min(self.pending, len(text))
        self.pending -= skipped
        text = text[skipped:]
        try:
            shown = text.decode()
        except UnicodeDecodeError:
            shown = ""
        if shown and not shown.isascii():
            self._flush()
            self.show(shown)
        else:
            self._bytes(text)

    def _bytes(self, raw: bytes) -> None:
        if self.pending:
            self.pending -= 1
        elif not self.state.unshown:
            self.raw += raw

    def _flush(self) -> None:
        if self.raw:
            self.show(self.raw.decode(self.state.encoding or self.default, "replace"))
            self.raw.clear()

    def set(self, **change: bool | int | str) -> None:
        """Change what holds from here to the end of the group."""
        self.state = replace(self.state, **change)  # type: ignore[arg-type]  # each is a field of that type

    def show_unicode(self, number: int | None) -> None:
        """A character by its number; those after it only stand in for it."""
        self.show(chr((number or 0) & 0xFFFF))
        self.pending = self.state.fallbacks

    def set_font(self, number: int | None) -> None:
        """A font is chosen or, in the table of fonts, described."""
        self.font = number or 0
        if not self.state.fonts:
            self.set(encoding=self.encodings.get(self.font, ""))

    def set_charset(self, number: int | None) -> None:
        """The font that is described is of this character set."""
        if self.state.fonts and number in CHARSETS:
            self.encodings[self.font] = CHARSETS[number]

    def set_code_page(self, number: int | None) -> None:
        """What has no font of another character set is in this code page."""
        self.default = CODE_PAGES.get(number or 0, CHINESE)


TEXT_WORDS: Mapping[str, Word] = {
    "u": TextFlow.show_unicode,
    "uc": lambda flow, number: flow.set(fallbacks=1 if number is None else number),
    "f": TextFlow.set_font,
    "fonttbl": lambda flow, _: flow.set(unshown=True, fonts=True),
    "fcharset": TextFlow.set_charset,
    "ansicpg": TextFlow.set_code_page,
    "v": lambda flow, number: flow.set(hidden=number != 0),
    "deleted": lambda flow, number: flow.set(hidden=number != 0),
    "strike": lambda flow, number: flow.set(struck=number != 0),
    "striked": lambda flow, number: flow.set(struck=number != 0),
    "plain": lambda flow, _: flow.set(hidden=False, struck=False),
}
"""The control words about the text itself."""
