"""Files that hold files; a module a format, each with `opened(source, limits)` that gives an Archive."""
