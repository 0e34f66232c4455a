"""The roster as a clerk edits it: each cell that changes, what else stands in the file as it was, the old file kept."""

from kbxt_merge.roster_file.editing import ChangedError, Done, Edited, RosterFile, read_for_editing, save
from kbxt_merge.roster_file.faults import CellFault

__all__ = ["CellFault", "ChangedError", "Done", "Edited", "RosterFile", "read_for_editing", "save"]
