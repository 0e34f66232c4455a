"""Nouns to findings: every rule by its slug; never reads or writes."""
