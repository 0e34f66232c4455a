"""The signs of boxes that a form prints before its options, empty and ticked."""

from __future__ import annotations

TICKS = "√✓✔☑☒✅■●◉▣🗹\uf052\uf0fe\uf0fc"
"""The last three are Wingdings characters, as Word files hold them."""
BOXES = "□☐○◯▢◻\uf0a3\uf0a8\uf06f"


def prints_boxes(text: str) -> bool:
    """Tell a printed text that is of options with a box before each."""
    return text.strip()[:1] in tuple(BOXES) and sum(text.count(each) for each in BOXES) > 1
