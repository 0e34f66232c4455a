"""The nouns: what every stage takes and gives; no reading, no writing."""
