"""How a rule is declared and worded, and what its findings come to."""
