"""The discrepancy report: one page for the bureau, one for each school."""

from kbxt_merge.outputs.report.page import Reports
from kbxt_merge.outputs.report.template import compile_templates

__all__ = ["Reports", "compile_templates"]
