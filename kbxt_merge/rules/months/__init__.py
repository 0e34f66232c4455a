"""From month to month: who is still open, who came and who went."""
