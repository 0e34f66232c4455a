"""The workbooks that a bureau hands out: the official forms, which catch a slip while it is typed."""

from kbxt_merge.outputs.blanks.handout import write_blanks

__all__ = ["write_blanks"]
