"""What registers cost: a district merged without 比对库, then twice with one of so many rows; how large its index is.

python benchmarks/registers.py [ROWS] [xlsx|csv]    a school roll of 300,000 rows and twelve columns in .xlsx by default
"""

from __future__ import annotations

import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

import xlsxwriter
from fictional.id_numbers import with_check
from fictional.people import GIVEN, SURNAMES

EXAMPLES = Path(__file__).parents[1] / "examples"
HEADER = (
    "序号", "学校标识码", "学校名称", "年级", "班级", "姓名", "性别", "出生日期", "身份证件类型", "身份证件号",
    "全国学籍号", "学生状态",
)  # fmt: skip


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Invented pupils of two hundred schools."""
    dice = Random(1)
    for at in range(count):
        born = f"20{dice.randrange(5, 15):02d}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}"
        number = with_check(f"360721{born}{dice.randrange(1000):03d}")
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))
        school = f"赣县区第{dice.randrange(200)}小学"
        yield (
            str(at + 1), "2136000001", school, "四年级", "1班", name, "男", born, "居民身份证", number, f"G{number}",
            dice.choice(("在读", "在读", "在读", "休学", "转出")),
        )  # fmt: skip


def write(path: Path, count: int) -> None:
    """Write the roll, in the format that the path's ending says."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="gb18030") as stream:
            csv.writer(stream).writerows((HEADER, *rows(count)))
        return
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("学生信息")
    for at, row in enumerate((HEADER, *rows(count))):
        sheet.write_row(at, 0, row)
    book.close()


def merge(folder: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Seconds of a cold `kbxt merge`, of processors in all its processes, and of reading registers."""
    command = [str(Path(sys.executable).with_name("kbxt")), "merge", str(folder / "returned"), "--out", str(out)]
    begun, used = time.perf_counter(), _processors()
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
    timings = json.loads((out / "data" / "run.json").read_text(encoding="utf-8"))["timings"]
    return time.perf_counter() - begun, _processors() - used, timings["registers"]


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Merge the examples without registers twice, then with them."""
    count, ending = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000, sys.argv[2] if len(sys.argv) > 2 else "xlsx"
    folder = Path(tempfile.mkdtemp(prefix="kbxt-registers-"))
    for name in ("returned", "学校名册.xlsx", "kbxt.toml"):
        copy = shutil.copytree if (EXAMPLES / name).is_dir() else shutil.copy
        copy(EXAMPLES / name, folder / name)
    registers = folder / "名册"
    registers.mkdir()
    write(registers / f"学籍.{ending}", count)
    size = sum(path.stat().st_size for path in registers.iterdir())
    print(f"{count:,} rows, {size / 1e6:.0f} MB as .{ending}")
    without, with_them = folder / "without", folder / "with"
    runs = {
        "first, without": merge(folder, without),
        "second, without": merge(folder, without),
        "first, with": merge(folder, with_them, "--registers", str(registers)),
        "second, with": merge(folder, with_them, "--registers", str(registers)),
    }
    for name, (seconds, processors, spent) in runs.items():
        print(f"{name:16}{seconds:7.2f} s, {processors:7.2f} s of processors, {spent:6.2f} s in registers")
    added = runs["second, with"][1] - runs["second, without"][1]
    print(f"a second merge takes {added:.2f} s of processors more with registers")
    index = sum(path.stat().st_size for path in (folder / ".with.registers").iterdir())
    print(f"its index: {index / 1e6:.0f} MB")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
