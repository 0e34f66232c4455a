"""What the per-workbook stage runs on, where it is more than this machine's own processes."""
