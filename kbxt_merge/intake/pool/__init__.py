"""Processes of their own for bytes that came from outside: one that crashes, hangs or swells costs its file only."""
