"""Outside to nouns: files become sheets, sheets become records; never judges."""
