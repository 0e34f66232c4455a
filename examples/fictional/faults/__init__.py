"""Every fault that a merge must find, by rule, form, and way of breaking it."""

from fictional.faults.between import BETWEEN_FAULTS
from fictional.faults.cells import CELL_FAULTS
from fictional.faults.files import FILE_FAULTS
from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.faults.rows import ROW_FAULTS
from fictional.faults.sheets import SHEET_FAULTS

FAULTS: dict[FaultKey, Fault] = {**FILE_FAULTS, **SHEET_FAULTS, **CELL_FAULTS, **ROW_FAULTS, **BETWEEN_FAULTS}

INFOS = frozenset(
    ("file-duplicate", "file-superseded", "file-ignored", "file-other", "fill-date-missing", "value-normalised")
)
"""Rules of severity info: kept apart from the errors and warnings, for a merge notes more of them than are planted."""

__all__ = ["FAULTS", "INFOS", "Fault", "FaultKey", "Plot"]
