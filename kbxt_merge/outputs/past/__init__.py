"""What is kept of earlier periods, when a child must go out of it."""
