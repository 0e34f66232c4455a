"""Sheets to a district: whose each return is, and which of several counts."""
