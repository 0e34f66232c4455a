"""Bytes of one kind of file → grids; a module a family."""
