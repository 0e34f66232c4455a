"""What a merge writes: the data, the district workbooks, the report, and what goes back to the schools."""

from kbxt_merge.write_outputs.writing import Writing, run_facts, write_data_folder

__all__ = ["Writing", "run_facts", "write_data_folder"]
