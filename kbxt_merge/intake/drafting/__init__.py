"""A blank that nobody has defined yet → what its definition may be, each guess with its reason."""
