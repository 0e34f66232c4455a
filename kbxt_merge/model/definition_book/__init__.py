"""The definition workbook (表格定义.xlsx): its sheets and columns, and how a cell's text stands for what YAML says."""
