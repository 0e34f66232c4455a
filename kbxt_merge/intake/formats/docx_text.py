"""The text of a Word paragraph as the page shows it, and whether it is crossed out."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

PARAGRAPH, TEXT, BREAK, SYMBOL = qn("w:p"), qn("w:t"), qn("w:br"), qn("w:sym")
_SIGNS = {qn("w:tab"): "\t", BREAK: "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# phonetic readings, and the second copy of a text box that old programs show
_UNSHOWN = frozenset({qn("w:rt"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})
_RUN, _CONTROL, _PROPERTIES = qn("w:r"), qn("w:sdt"), qn("w:sdtPr")
_LETTER = re.compile("[0-9A-Fa-f]{2,4}")
_PLACEHOLDER = qn("w:showingPlcHdr")
_CROSSED_OUT = tuple(f"{qn('w:rPr')}/{qn(name)}" for name in ("w:strike", "w:dstrike"))
_MARKS = {("wingdings", 0xFC): "√", ("wingdings", 0xFB): "×", ("wingdings 2", 0x50): "√", ("wingdings 2", 0x4F): "×"}
"""The marks that stand in no box, by their font and letter."""
_OFF = ("0", "false", "off")


def text_of(paragraph: Any) -> str:
    """The text, line breaks and tabs included; a letter of a font of signs is that of Unicode's private area."""
    return "".join(
        _SIGNS.get(node.tag) or (_sign(node) if node.tag == SYMBOL else node.text or "")
        for node in paragraph.iter(TEXT, SYMBOL, *_SIGNS)
        if not any(ancestor.tag in _UNSHOWN or _asks_for_text(ancestor) for ancestor in node.iterancestors())
    )


def is_struck(cell: Any) -> bool:
    """Whether all letters in a cell are crossed out."""
    runs = [run for run in cell.iter(_RUN) if any((node.text or "").strip() for node in run.iter(TEXT))]
    return bool(runs) and all(map(_is_crossed_out, runs))


def _is_crossed_out(run: Any) -> bool:
    return any(_is_on(toggle) for path in _CROSSED_OUT for toggle in run.iterfind(path))


def _is_on(toggle: Any) -> bool:
    return toggle.get(qn("w:val"), "1") not in _OFF


def _sign(symbol: Any) -> str:
    letter = symbol.get(qn("w:char"), "")
    if not _LETTER.fullmatch(letter):
        return ""
    number = int(letter, 16)
    return _MARKS.get((symbol.get(qn("w:font"), "").lower(), number & 0xFF), chr(number))


def _asks_for_text(element: Any) -> bool:
    """Whether an element is a control that still shows what to type into it."""
    return element.tag == _CONTROL and element.find(f"{_PROPERTIES}/{_PLACEHOLDER}") is not None
