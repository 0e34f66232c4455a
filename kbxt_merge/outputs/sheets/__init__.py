"""Writing worksheets: pages, styles, widths; what summaries and blanks share."""
