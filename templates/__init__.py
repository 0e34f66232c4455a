"""Jinja2 templates of the reports and mails, and the official blanks."""
