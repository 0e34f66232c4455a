"""Files read in many processes or on a cluster, and what is kept of earlier readings."""
