"""One of a thousand returned files is replaced while the desk is open: when the page tells of the file by itself, when
it has the district, and when all is written.

python benchmarks/warm_desk.py [WORKBOOKS] [ROWS] [WRONG]    the plainest of workbooks, each of a school of its own
"""

from __future__ import annotations

import http.client
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

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
    looked: list[float] = []
    if ask:
        Thread(
            target=heard, args=(visit, "单看", lambda: looked.append(time.perf_counter() - begun)), daemon=True
        ).start()
        time.sleep(0.1)
        visit.post(ask)
    told, state = 0.0, state_of(visit)
    while state["number"] <= before or state["busy"]:
        if not told and state["number"] > before:
            told = time.perf_counter() - begun
        time.sleep(0.1)
        state = state_of(visit)
    all_of_it, work = time.perf_counter() - begun, sum(process.cpu_times()[:2]) - used
    at_once = f"the file by itself after {looked[0]:.2f} s; " if looked else ""
    print(
        f"{at_once}the district on the page after {told or all_of_it:.2f} s; all written {all_of_it:.2f} s, "
        f"{work:.2f} s of the desk's work",
        flush=True,
    )
    return int(state["number"])


def heard(visit: Visit, text: str, on_heard: Callable[[], None]) -> None:
    """Listen as a page does, from now on, until a line with this text is told."""
    kept = int(visit.ask("/files")[1].partition('data-heard="')[2].partition('"')[0])
    line = http.client.HTTPConnection(visit.host)
    line.request("GET", f"/events?after={kept}", headers={"cookie": f"kbxt={visit.cookie}"})
    answer = line.getresponse()
    while told := answer.readline().decode():
        if text in told:
            on_heard()
            return


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
