"""A rule and nothing else; a module for what a rule looks at."""
