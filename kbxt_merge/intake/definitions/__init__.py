"""YAML to forms: every fault of a definition is told at once, with its line."""
