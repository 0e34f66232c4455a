"""What the desk answers, a room a view."""
