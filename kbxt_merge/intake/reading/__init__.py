"""A file's reading: made in many processes or on a cluster, kept from one merge to the next."""
