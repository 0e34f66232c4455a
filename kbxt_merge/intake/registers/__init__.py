"""The bureau's own lists (比对库), read and indexed once; never judges."""
