"""Who is the same child, in one district and from period to period."""
