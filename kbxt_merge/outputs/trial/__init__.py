"""How a bureau's definitions read some files: on the terminal, and as a page coloured by field."""

from kbxt_merge.outputs.trial.page import TRIAL, write_trial
from kbxt_merge.outputs.trial.trial import As, Trial, TrialCell, TrialSheet

__all__ = ["TRIAL", "As", "Trial", "TrialCell", "TrialSheet", "write_trial"]
