"""What a merge costs where every process is spawned, as on Windows, beside one where they are forked; and that both
write the same.

python benchmarks/spawned.py [SCHOOLS] [JOBS]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from fictional import make_district
from measured import Measured, adopt_orphans, measured
from second_merge import different

MOST = 1.3
"""How many times the work of forked processes it may take."""
_MERGE = "from kbxt_merge.__main__ import run; run()"
_SPAWN = """
import multiprocessing
from kbxt_merge.intake.pool import processes
multiprocessing.get_all_start_methods = lambda: ["spawn"]
processes.as_copies = lambda: None
"""


def main() -> None:
    """Measure both, twice, and say what the better runs took."""
    schools, jobs = (*sys.argv[1:], *("60", "2")[len(sys.argv) - 1 :])
    adopt_orphans()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_district(folder, int(schools), seed=3)
        files = sum(1 for path in (folder / "inbox").rglob("*") if path.is_file())
        best: dict[str, Measured] = {}
        for turn in range(2):
            for name, before in (("forked", ""), ("spawned", _SPAWN)):
                told = measured(_command(folder, f"{name}-{turn}", jobs, before))
                best[name] = min(best.get(name, told), told, key=lambda each: each.work)
        print(f"{schools} schools, {files} files, {jobs} jobs")
        for name, told in best.items():
            print(f"{name:8} {told.seconds:6.1f} s, {told.work:6.1f} s of work, {told.peak:5.0f} MB")
        ratio = best["spawned"].work / best["forked"].work
        differing = list(different(folder / "forked-1", folder / "spawned-1"))
        print(f"{ratio:.2f} times the work (at most {MOST}); differing outputs: {', '.join(differing) or 'none'}")
    sys.exit(ratio > MOST or bool(differing))


def _command(folder: Path, out: str, jobs: str, before: str) -> list[str]:
    options = ["--roster", str(folder / "roster.xlsx"), "--period", "2021春", "--as-of", "2021-03-20", "--jobs", jobs]
    return [sys.executable, "-c", before + _MERGE, "merge", str(folder / "inbox"), "--out", str(folder / out), *options]


if __name__ == "__main__":
    main()
