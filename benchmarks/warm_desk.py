"""One of a thousand returned files is replaced while the desk is open: what its merge takes, and when the page has it.

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
from fictional.bulk import write_bulk
from open_desk import Visit, at_work

from kbxt_merge.desk.worker import Worker

TIMES = 3


def main() -> None:
    given = [*sys.argv[1:], *("1000", "30", "0.01")[len(sys.argv) - 1 :]]
    folder = Path(tempfile.mkdtemp(prefix="kbxt-warm-"))
    books = write_bulk(folder, int(given[0]), int(given[1]), float(given[2]))
    (folder / "inbox").rename(folder / "收件夹")
    (folder / "roster.xlsx").rename(folder / "学校名册.xlsx")
    replaced = folder / "收件夹" / books[2].relative_to(folder / "inbox")
    spent: list[tuple[float, float]] = []
    as_it_is = Worker._merge

    def timed(worker: Worker) -> None:
        begun, used = time.perf_counter(), time.thread_time()
        as_it_is(worker)
        spent.append((time.perf_counter() - begun, time.thread_time() - used))

    Worker._merge = timed  # type: ignore[method-assign]
    with at_work(folder, jobs=None) as desk:
        visit = desk.enter()
        number = seen(visit, 0)
        print(f"first merge {spent[-1][0]:.1f} s, {spent[-1][1]:.1f} s of its thread")
        for _ in range(TIMES):
            slip(replaced)
            begun = time.perf_counter()
            visit.post("/merge")
            number = seen(visit, number)
            told = time.perf_counter() - begun
            print(f"on the page after {told:.2f} s; merge {spent[-1][0]:.2f} s, {spent[-1][1]:.2f} s of its thread")
    shutil.rmtree(folder)


def slip(path: Path) -> None:
    """Change the last character of an ID number in it."""
    book = openpyxl.load_workbook(path)
    cells = (cell for row in book.worksheets[0].iter_rows(min_row=5) for cell in row)
    cell = next(each for each in cells if isinstance(each.value, str) and len(each.value) == 18)
    cell.value = cell.value[:-1] + ("1" if cell.value.endswith("0") else "0")
    book.save(path)


def seen(visit: Visit, number: int) -> int:
    """Wait for the next board."""
    while True:
        state = json.loads(visit.ask("/state")[1])
        if state["number"] > number and not state["busy"]:
            return int(state["number"])
        time.sleep(0.02)


if __name__ == "__main__":
    main()
