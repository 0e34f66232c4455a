"""Lists that the clerk filters and works off: 问题清单.xlsx, 催报名单.xlsx."""
