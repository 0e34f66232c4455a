"""A fictional district: what schools return, with every tolerated variant and every fault, and what a merge must find.

Made from the description of the forms alone, without a line of the tool under test: an independent witness.
"""

from fictional.faults import FAULTS, INFOS, FaultKey
from fictional.make import make_district, plant
from fictional.returns import Truth

__all__ = ["FAULTS", "INFOS", "FaultKey", "Truth", "make_district", "plant"]
