"""Bytes of one kind of file to grids; a module a format."""
