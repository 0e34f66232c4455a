"""The discrepancy report: one page for the bureau, one for each school."""

from kbxt_merge.outputs.report.page import Reports, write_report, write_school_report

__all__ = ["Reports", "write_report", "write_school_report"]
