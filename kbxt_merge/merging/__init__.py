"""The order of work of check and merge."""

from kbxt_merge.errors import KbxtError
from kbxt_merge.merging.definitions import forms_in_force
from kbxt_merge.merging.examining import UnbalancedError, examine
from kbxt_merge.merging.offered import lines_of, schema_of
from kbxt_merge.merging.progress import MOST_LOOKED_AT, Progress
from kbxt_merge.merging.run import merge
from kbxt_merge.model.merge_result import Checked

__all__ = [
    "MOST_LOOKED_AT",
    "Checked",
    "KbxtError",
    "Progress",
    "UnbalancedError",
    "examine",
    "forms_in_force",
    "lines_of",
    "merge",
    "schema_of",
]
