"""The workbooks that a bureau hands out: the official forms, which catch a slip while it is typed."""

from kbxt_merge.outputs.blanks.handed_out import Blank, read_blank
from kbxt_merge.outputs.blanks.handout import bundle_of, folders_of, write_blanks

__all__ = ["Blank", "bundle_of", "folders_of", "read_blank", "write_blanks"]
