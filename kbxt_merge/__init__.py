"""Check, merge and return the workbooks that schools send a district's education bureau."""

__version__ = "0.1.0"
