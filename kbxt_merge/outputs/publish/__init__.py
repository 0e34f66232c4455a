"""A merge appears at once: its lock, its swap into place, what is stored for the next one."""
