"""The order of work of check and merge; what judges and writes is imported while files are read."""

from kbxt_merge.errors import KbxtError
from kbxt_merge.merging.definitions import forms_in_force
from kbxt_merge.merging.examining import examine
from kbxt_merge.merging.progress import MOST_LOOKED_AT, Progress
from kbxt_merge.merging.run import merge

__all__ = ["MOST_LOOKED_AT", "KbxtError", "Progress", "examine", "forms_in_force", "merge"]
