"""Rich text (.rtf, and what old WPS saves as .doc) → a grid a table, with the lines around it (RTF 1.9.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.rtf_rows import CellEdge, Row, table_of
from kbxt_merge.intake.formats.text_tables import Block, Line, Table, grids_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Workbook

TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]+)(?P<number>-?[0-9]{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
UNSHOWN = frozenset({
    "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr",
    "footerf", "footnote", "object", "nonesttables", "xe", "tc", "rxe", "private", "filetbl",
})  # fmt: skip
"""Groups that begin so hold nothing of the page's text; nor does any that begins with an asterisk."""
SIGNS: Mapping[str, str] = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emdash": "—",
    "endash": "–", "bullet": "•", "emspace": " ", "enspace": " ", "nestcell": "\n", "nestrow": "\n",
}  # fmt: skip
ESCAPED = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n"}
CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5"}
"""The encoding of a font's \\'hh, by its \\fcharset."""
CODE_PAGES = {932: "cp932", 949: "cp949", 950: "big5"}
CHINESE = "gb18030"


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group."""

    unshown: bool = False
    hidden: bool = False
    fonts: bool = False
    encoding: str = ""
    fallbacks: int = 1


@dataclass(slots=True)
class _Flow:
    """Follows the tokens; `pending` characters after a \\u only stand in for it."""

    state: _State = _State()
    outer: list[_State] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    texts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    row: Row = field(default_factory=Row)
    merged: set[str] = field(default_factory=set)
    encodings: dict[int, str] = field(default_factory=dict)
    default: str = CHINESE
    font: int = 0
    pending: int = 0
    in_table: bool = False

    def follow(self, data: bytes) -> None:
        """Read all tokens; raises Unreadable when a group is not closed."""
        at = 0
        while at < len(data):
            token = TOKEN.match(data, at)
            if token is None:
                break
            at = token.end()
            if token["word"] == b"bin":
                at += max(int(token["number"] or 0), 0)
            self._take(token)
            if token["brace"] == b"}" and not self.outer:
                break
        if self.outer:
            raise Unreadable("file-unreadable", "truncated")
        self._end_line()
        self._end_table()

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

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.state = replace(self.state, unshown=True)
        elif sign in ESCAPED:
            self._flush()
            self._show(ESCAPED[sign])
        elif sign in b"\\{}":
            self._bytes(sign)

    def _plain(self, text: bytes) -> None:
        """Text as it stands; past ASCII, where it may not stand, it is UTF-8 or else in the font's encoding."""
        skipped = min(self.pending, len(text))
        self.pending -= skipped
        text = text[skipped:]
        if not text.isascii():
            try:
                shown = text.decode()
            except UnicodeDecodeError:
                pass
            else:
                self._flush()
                self._show(shown)
                return
        self._bytes(text)

    def _bytes(self, raw: bytes) -> None:
        if self.pending:
            self.pending -= 1
        elif not self.state.unshown:
            self.raw += raw

    def _flush(self) -> None:
        if self.raw:
            self._show(self.raw.decode(self.state.encoding or self.default, "replace"))
            self.raw.clear()

    def _show(self, text: str) -> None:
        if not self.state.unshown and not self.state.hidden:
            self.texts.append(text)

    def _word(self, word: str, number: bytes | None) -> None:
        if word in UNSHOWN:
            self.state = replace(self.state, unshown=True)
        elif word in SIGNS:
            self._show(SIGNS[word])
        elif word in WORDS:
            value = int(number) if number is not None else None
            WORDS[word](self, value)
        elif word in ("clmgf", "clmrg", "clvmgf", "clvmrg"):
            self.merged.add(word)

    def _unicode(self, number: int | None) -> None:
        self._show(chr((number or 0) & 0xFFFF))
        self.pending = self.state.fallbacks

    def _font(self, number: int | None) -> None:
        self.font = number or 0
        if not self.state.fonts:
            self.state = replace(self.state, encoding=self.encodings.get(self.font, ""))

    def _charset(self, number: int | None) -> None:
        if self.state.fonts and number in CHARSETS:
            self.encodings[self.font] = CHARSETS[number]

    def _code_page(self, number: int | None) -> None:
        self.default = CODE_PAGES.get(number or 0, CHINESE)

    def _paragraph(self, number: int | None) -> None:
        if self.in_table:
            self._show("\n")
        else:
            self._end_line()

    def _page(self, number: int | None) -> None:
        if not self.in_table:
            self._end_line()
            self._line("")

    def _row_begins(self, number: int | None) -> None:
        self.row.left, self.row.edges = 0, []
        self.merged.clear()

    def _row_left(self, number: int | None) -> None:
        self.row.left = number or 0

    def _edge(self, number: int | None) -> None:
        self.row.edges.append(CellEdge(number or 0, frozenset(self.merged)))
        self.merged.clear()

    def _cell_ends(self, number: int | None) -> None:
        self.row.texts.append(self._text().strip("\n"))

    def _row_ends(self, number: int | None) -> None:
        if self.row.texts:
            self.rows.append(self.row)
        self.row = Row(self.row.left, list(self.row.edges))
        self.texts.clear()

    def _set(self, **change: bool | int) -> None:
        self.state = replace(self.state, **change)  # type: ignore[arg-type]  # each is a field of that type

    def _text(self) -> str:
        """What was shown since it was last asked; halves of characters past U+FFFF are joined."""
        text = "".join(self.texts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.texts.clear()
        return text

    def _end_line(self) -> None:
        text = self._text().strip()
        self._line(text)

    def _line(self, text: str) -> None:
        self._end_table()
        self.blocks.append(Line(text))

    def _end_table(self) -> None:
        if self.rows:
            self.blocks.append(table_of(self.rows))
            self.rows = []

    def _in_table(self, is_in: bool) -> None:
        self.in_table = is_in


WORDS: Mapping[str, Callable[[_Flow, int | None], None]] = {
    "u": _Flow._unicode,
    "uc": lambda flow, number: flow._set(fallbacks=1 if number is None else number),
    "f": _Flow._font,
    "fonttbl": lambda flow, _: flow._set(unshown=True, fonts=True),
    "fcharset": _Flow._charset,
    "ansicpg": _Flow._code_page,
    "v": lambda flow, number: flow._set(hidden=number != 0),
    "deleted": lambda flow, number: flow._set(hidden=number != 0),
    "plain": lambda flow, _: flow._set(hidden=False),
    "par": _Flow._paragraph,
    "sect": _Flow._page,
    "page": _Flow._page,
    "pard": lambda flow, _: flow._in_table(False),
    "intbl": lambda flow, _: flow._in_table(True),
    "trowd": _Flow._row_begins,
    "trleft": _Flow._row_left,
    "cellx": _Flow._edge,
    "cell": _Flow._cell_ends,
    "row": _Flow._row_ends,
}
"""What each control word does."""


def read(data: bytes, limits: Limits) -> Workbook:
    """The document's tables as grids, the lines around them included; raises Unreadable when it has none."""
    flow = _Flow()
    flow.follow(data)
    if not any(isinstance(block, Table) for block in flow.blocks):
        raise Unreadable("file-other", "rtf")
    return Workbook(grids_of(flow.blocks, limits))
