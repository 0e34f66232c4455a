"""The floor: calamine reads every cell of every workbook, and nothing else is done.

python benchmarks/yardsticks/bare_read.py INBOX OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from python_calamine import load_workbook


def main(inbox: Path) -> None:
    for path in sorted(inbox.rglob("*.xlsx")):
        book = load_workbook(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
