"""From the start of `kbxt desk` to its first page, whole: seconds by the clock, and of work until then.

python benchmarks/first_page.py FOLDER [KBXT ...]    the commands in turn, over a folder that was merged before or not
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROUNDS = 5


def first_page(command: str, folder: Path) -> tuple[float, float, float]:
    """Seconds until the address is told and until the page is there, and seconds of work until then."""
    begun = time.monotonic()
    at_once = {**os.environ, "PYTHONUNBUFFERED": "1"}
    desk = subprocess.Popen([command, "desk", folder, "--no-browser"], stdout=subprocess.PIPE, text=True, env=at_once)
    assert desk.stdout is not None
    found = re.search(r"(http://[^/]+)/\S+", desk.stdout.readline())
    assert found is not None
    told = time.monotonic() - begun
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(found[0]).read()
    there, work = time.monotonic() - begun, _work(desk.pid)
    assert b"</html>" in page
    browser.open(urllib.request.Request(f"{found[1]}/quit", b"", {"Origin": found[1]})).read()
    desk.wait()
    desk.stdout.close()
    return told, there, work


def _work(process: int) -> float:
    """What a process spent on processors until now."""
    after_the_name = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(after_the_name[11]) + int(after_the_name[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    folder, commands = Path(sys.argv[1]), sys.argv[2:] or [str(Path(sys.executable).with_name("kbxt"))]
    for _ in range(ROUNDS):
        for each in commands:
            told, there, work = first_page(each, folder)
            print(f"{each}: address {told:.2f} s, page {there:.2f} s, of work {work:.2f} s", flush=True)


if __name__ == "__main__":
    main()
