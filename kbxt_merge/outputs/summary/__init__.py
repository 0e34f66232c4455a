"""The district workbooks, a form each: in the official layout, ready to print and stamp."""
