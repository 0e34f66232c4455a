"""Merge odd workbooks and mails beside good returns, and read the mails as a fetch does: nothing may end in a crash.

    python benchmarks/fuzz.py [INPUTS] [SEED] [JOBS]

What they are is told in tests/fuzzed.py; of each kind there are as many. Each merge must end well, have a verdict on
every file, and merge the good ones; each mail must be read or set aside, within seconds. The folder of a merge that
did not is kept, and named with the numbers of its inputs.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fuzzed import fuzzed

from kbxt_merge.mail.filing import Filing
from kbxt_merge.mail.parse_message import UnreadableMessageError, read_message
from kbxt_merge.model.china_time import CHINA

AT_ONCE = 250
SECONDS_A_MAIL = 5
GOOD = Path(__file__).parents[1] / "examples" / "returned" / "王母渡松林学校"


def merged(folder: Path, numbers: range, jobs: int) -> tuple[str, Counter[str]]:
    """What went wrong in a merge of these inputs, blank for nothing, and how often there was which verdict."""
    inbox, out = folder / "inbox", folder / "out"
    shutil.copytree(GOOD, inbox / "王母渡松林学校")
    good = sum(path.is_file() for path in inbox.rglob("*"))
    for number in numbers:
        name, data = fuzzed(number)
        below = inbox / f"赣县区第{number}小学"
        below.mkdir()
        (below / name).write_bytes(data)
    program = "from kbxt_merge.__main__ import run; run()"
    options = ["--out", str(out), "--as-of", "2021-03-20", "--jobs", str(jobs)]
    run = subprocess.run(
        [sys.executable, "-c", program, "merge", str(inbox), *options], capture_output=True, text=True, check=False
    )
    if run.returncode or run.stderr.strip():
        return f"exit {run.returncode}\n{run.stderr[-4000:]}", Counter()
    with (out / "data" / "files.csv").open(encoding="utf-8-sig") as stream:
        lines = list(csv.DictReader(stream))
    found = {line["file"]: line["verdict"] for line in lines}
    missing = [name for name in (f"赣县区第{n}小学/{fuzzed(n)[0]}" for n in numbers) if not found.get(name)]
    lost = [name for name, verdict in found.items() if name.startswith("王母渡") and not verdict.startswith("merged")]
    told = [line["reason"] for line in lines if "程序出错" in line["reason"] or "中断" in line["reason"]]
    faults = [f"{line['file']}: {line['reason']}" for line in lines if "程序出错" in line["reason"]]
    wrong = f"no verdict on {missing}; lost {lost[:3]}; {faults}" if missing or faults or len(lost) == good else ""
    return wrong, Counter(found.values()) + Counter(told)


def fetched(number: int, inbox: Path) -> str:
    """What became of a mail."""
    begun = time.process_time()
    try:
        message = read_message(fuzzed(number, "eml")[1])
    except UnreadableMessageError as fault:
        outcome = f"set aside: {fault}"
    else:
        at = dt.datetime(2021, 3, 12, tzinfo=CHINA) + dt.timedelta(seconds=number)
        arrival = Filing(inbox, None, "jyj@bureau.example").save(message, at)
        outcome = "saved" if arrival.files else "without a file"
        assert all(path.is_relative_to(inbox.parent) for path in arrival.files)
    spent = time.process_time() - begun
    return outcome if spent < SECONDS_A_MAIL else f"{spent:.0f} s over mail {number}"


def main(inputs: int, first: int, jobs: int) -> int:
    begun, wrong = time.perf_counter(), 0
    verdicts: Counter[str] = Counter()
    for start in range(first, first + inputs, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, first + inputs))
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        fault, found = merged(folder, numbers, jobs)
        verdicts += found
        if fault:
            wrong += 1
            print(f"{folder}: {numbers}: {fault}")
        else:
            shutil.rmtree(folder)
    with tempfile.TemporaryDirectory() as inbox:
        mails = Counter(fetched(number, Path(inbox, "inbox")) for number in range(first, first + inputs))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(f"{inputs} inputs, {time.perf_counter() - begun:.0f} s, peak {peak} MB, {wrong} merges went wrong")
    for told in (verdicts, mails):
        print(*(f"  {count:>5} {what}" for what, count in told.most_common()), sep="\n")
    return wrong


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(min(main(*(given + [2000, 18, len(os.sched_getaffinity(0))][len(given) :])), 1))
