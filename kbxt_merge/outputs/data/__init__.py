"""The data of a merge for programs and terminals: CSV, JSON, lines, reference pages."""
