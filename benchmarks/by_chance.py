"""Merge the same returns many times over: nothing that a merge writes, and no merge, may depend on chance.

    python benchmarks/by_chance.py [TIMES] [JOBS]

The examples, and one zip of 150 workbooks with wrong cells in each, alternately: out of the zip all of them are marked
by copies of the process that listed it. Each merge must end well, say nothing, and write what the first one wrote.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "cluster"))

from fictional.bulk import write_bulk
from merges import EXAMPLES, merged

WORKBOOKS, ROWS, WRONG = 150, 3, 0.2


def one_zip(folder: Path, workbooks: int = WORKBOOKS) -> Path:
    """An inbox of one zip, the roster beside it."""
    write_bulk(folder / "made", workbooks, ROWS, WRONG)
    inbox = folder / "inbox"
    inbox.mkdir()
    shutil.make_archive(str(inbox / "各校"), "zip", folder / "made" / "inbox")
    shutil.copy2(folder / "made" / "roster.xlsx", folder)
    return inbox


def unlike_the_first(inbox: Path, out: Path, jobs: int, first: dict[str, bytes]) -> str:
    """What went otherwise in a merge than in the first one, whose outputs are taken from it; blank for nothing."""
    shutil.rmtree(out, ignore_errors=True)
    out.with_name(f".{out.name}.kept").unlink(missing_ok=True)
    try:
        written = merged(inbox, out, "--jobs", str(jobs))
    except AssertionError as error:
        return str(error).strip().splitlines()[-1]
    first.update(written if not first else {})
    names = sorted(name for name in written.keys() | first.keys() if written.get(name) != first.get(name))
    return f"differs: {', '.join(names)}" if names else ""


def main() -> None:
    """Merge both inboxes so often, and tell what went otherwise as it comes."""
    times, jobs = (int(each) for each in [*sys.argv[1:], *("100", "4")[len(sys.argv) - 1 :]])
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kbxt-by-chance-") as folder:
        inboxes = {"examples": EXAMPLES / "returned", "one zip": one_zip(Path(folder))}
        faults = dict.fromkeys(inboxes, 0)
        outputs: dict[str, dict[str, bytes]] = {name: {} for name in inboxes}
        for done in range(1, times + 1):
            for name, inbox in inboxes.items():
                fault = unlike_the_first(inbox, Path(folder, f"out {name}"), jobs, outputs[name])
                faults[name] += bool(fault)
                if fault:
                    print(f"{name}, merge {done}: {fault}", flush=True)
            told = ", ".join(f"{count} of {name}" for name, count in faults.items())
            print(f"{done} merges each, {time.monotonic() - begun:.0f} s; went otherwise: {told}", flush=True)
    sys.exit(any(faults.values()))


if __name__ == "__main__":
    main()
