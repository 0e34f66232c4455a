"""The ID number of GB 11643: its parts, its regions, what a wrong one may have been."""
