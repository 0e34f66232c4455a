"""Nouns to outside: workbooks, reports and data files; never decides."""
