"""The rooms of a returned workbook: its package, its marks, its sheet of opinions."""
