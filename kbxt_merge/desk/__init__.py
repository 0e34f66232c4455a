"""The clerk's desk: the whole round on a local web page; the only home of the web framework."""
