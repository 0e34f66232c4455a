"""One of a thousand returned files is replaced while the desk is open: when the page has it, and when all is written.

python benchmarks/warm_desk.py [WORKBOOKS] [ROWS] [WRONG]    the plainest of workbooks, each of a school of its own
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.extend(str(Path(__file__).parents[1] / each) for each in ("examples", "tests", "tests/desk"))

import openpyxl
import psutil
from fictional.bulk import write_bulk
from open_desk import Visit, entered
from test_desk_lasting import started

TIMES = 3


def main() -> None:
    given = [*sys.argv[1:], *("1000", "30", "0.01")[len(sys.argv) - 1 :]]
    folder = Path(tempfile.mkdtemp(prefix="kbxt-warm-"))
    books = write_bulk(folder, int(given[0]), int(given[1]), float(given[2]))
    (folder / "inbox").rename(folder / "收件夹")
    (folder / "roster.xlsx").rename(folder / "学校名册.xlsx")
    replaced = folder / "收件夹" / books[2].relative_to(folder / "inbox")
    with started(folder, jobs=2) as desk:
        visit, process = entered(desk.url), psutil.Process(desk.process.pid)
        number = seen(visit, process, 0)
        for _ in range(TIMES):
            slip(replaced)
            number = seen(visit, process, number, "/merge")
    shutil.rmtree(folder)


def seen(visit: Visit, process: psutil.Process, before: int, ask: str = "") -> int:
    """Wait for the next board, then until all is written; tell how long both took."""
    begun, used = time.perf_counter(), sum(process.cpu_times()[:2])
    if ask:
        visit.post(ask)
    told, state = 0.0, state_of(visit)
    while state["number"] <= before or state["busy"]:
        if not told and state["number"] > before:
            told = time.perf_counter() - begun
        time.sleep(0.1)
        state = state_of(visit)
    all_of_it, work = time.perf_counter() - begun, sum(process.cpu_times()[:2]) - used
    print(
        f"on the page after {told or all_of_it:.2f} s; all written {all_of_it:.2f} s, {work:.2f} s of the desk's work"
    )
    return int(state["number"])


def state_of(visit: Visit) -> dict[str, int]:
    """What the desk tells a page that asks."""
    told: dict[str, int] = json.loads(visit.ask("/state")[1])
    return told


def slip(path: Path) -> None:
    """Change the last character of an ID number in it."""
    book = openpyxl.load_workbook(path)
    cells = (cell for row in book.worksheets[0].iter_rows(min_row=5) for cell in row)
    cell = next(each for each in cells if isinstance(each.value, str) and len(each.value) == 18)
    cell.value = cell.value[:-1] + ("1" if cell.value.endswith("0") else "0")
    book.save(path)


if __name__ == "__main__":
    main()
