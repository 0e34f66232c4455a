"""The comments of a sheet and their boxes, as xlsxwriter writes them: what is the same in all of them is made once."""

from __future__ import annotations

import io
from typing import Any

from xlsxwriter.comments import Comments
from xlsxwriter.vml import Vml

_BOX = (
    '<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:%.15gpt;margin-top:%.15gpt;'
    'width:%.15gpt;height:%.15gpt;z-index:%d;visibility:hidden" fillcolor="%s" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>%s, %s, %s, %s, %s, %s, %s, %s</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)
_POINTS_A_PIXEL = 0.75


class CommentTexts(Comments):  # type: ignore[misc]  # xlsxwriter has no types
    """The part that holds what is said."""

    def __init__(self) -> None:
        """Begin without a font."""
        super().__init__()
        self.fh: Any = None
        self._fonts: dict[tuple[object, ...], str] = {}

    def _write_r_pr(self, comment: Any) -> None:
        font = comment.font_size, comment.font_name, comment.font_family
        if font not in self._fonts:
            file, self.fh = self.fh, io.StringIO()
            super()._write_r_pr(comment)
            self._fonts[font], self.fh = self.fh.getvalue(), file
        self.fh.write(self._fonts[font])


class CommentBoxes(Vml):  # type: ignore[misc]
    """The part that holds the boxes."""

    def _write_comment_shape(self, shape_id: int, z_index: int, comment: Any) -> None:
        if comment.is_visible:
            super()._write_comment_shape(shape_id, z_index, comment)
            return
        column, row, x, y, last_column, last_row, last_x, last_y, *box = comment.vertices
        left, top, width, height = (pixels * _POINTS_A_PIXEL for pixels in box)
        colour = comment.color._vml_rgb_hex_value()
        anchor = column, x, row, y, last_column, last_x, last_row, last_y
        self.fh.write(_BOX % (shape_id, left, top, width, height, z_index, colour, *anchor, comment.row, comment.col))
