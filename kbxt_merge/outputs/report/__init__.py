"""The discrepancy report: one page for the bureau, one for each school."""

from kbxt_merge.outputs.report.page import Reports

__all__ = ["Reports"]
