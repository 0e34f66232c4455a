"""Grids to sheets: which form a sheet is, whose it is, and which of its rows are records."""
