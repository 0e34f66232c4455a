"""The definition workbook → the nodes that YAML files of the same definitions would have, each with its cell."""
