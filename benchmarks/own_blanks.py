"""What a workbook costs that was filled in our own blank, beside a plain one with the same rows: read, and marked.

    python benchmarks/own_blanks.py [--kinds xlsx resaved ods xls] [--rounds 7] [--rows 30]
    python benchmarks/own_blanks.py --write FOLDER WORKBOOKS ROWS     FOLDER/inbox, FOLDER/plain, a roster beside them

In one process, both in turn, form 3 and form 4; `resaved`, .ods and .xls are as LibreOffice saves them.  What one costs
is the least of its rounds.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))

from fictional.bulk import Bulk, _school, stencils
from fictional.cells import Cell
from fictional.id_numbers import IdNumbers
from fictional.returns import School
from fictional.roster import write_roster

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.answer import Treatment
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Reading, SourceFile, column_letters
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.seal import Seal
from kbxt_merge.outputs.blanks.master import Master
from kbxt_merge.outputs.returned.marking import Marker, ToMark
from kbxt_merge.outputs.returned.opinion import Opinion
from kbxt_merge.rules.catalogue import CATALOGUE

FORMS = load_forms(CATALOGUE)
SLUGS = ("3", "4")
KINDS = {"xlsx": "", "resaved": "xlsx", "ods": "ods", "xls": "xls"}
"""How a workbook is saved, and what LibreOffice makes of it; blank where it is as it was filled in."""
PERIOD = Period.parse("2021春")
NO_DAY, DAY = "      年    月    日", "2021年3月12日"
STRINGS = "xl/sharedStrings.xml"


def write_pairs(folder: Path, rows: int, count: int = 1) -> list[School]:
    """The same rows of forms 3 and 4 in our own blanks, below `blanks`, and in plain workbooks, below `plain`."""
    dice = Random(1)
    bulk = Bulk(dice, IdNumbers(dice), 0.0)
    made = {slug: (stencils(slug), _master(slug, rows)) for slug in SLUGS}
    for name in ("blanks", "plain"):
        (folder / name).mkdir(parents=True)
    schools = [_school(number) for number in range(count)]
    for number, school in enumerate(schools):
        children = bulk.children(school, rows, "送教上门")
        for slug, (plain, master) in made.items():
            typed, name = bulk.typed(slug, children), f"{school.name}附件{slug}.xlsx"
            (folder / "plain" / name).write_bytes(plain[number % len(plain)].filled(school.name, typed))
            (folder / "blanks" / name).write_bytes(_filled(master.stamped(school.name, school.code), typed))
    return schools


def _master(slug: str, rows: int) -> Master:
    form = replace(FORMS.by_slug[slug], printed_rows=rows)
    forms = replace(FORMS, forms=tuple(form if each.slug == slug else each for each in FORMS.forms))
    return Master.of(forms, [form], None, PERIOD, "zh")


def _filled(blank: bytes, rows: Sequence[Sequence[Cell]]) -> bytes:
    """A blank with rows typed into it, as Excel writes it: a blank's own cells with their formats, and shared texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        strings = source.read(STRINGS).decode().replace(NO_DAY, DAY)
        first = strings.count("</si>")
        texts: dict[str, int] = {}
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = _typed_in(content.decode(), rows, texts, first).encode()
            if entry.filename != STRINGS:
                target.writestr(entry, content)
        new = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        told = re.sub(r'ount="[0-9]+"', f'ount="{first + len(texts)}"', strings)
        target.writestr(STRINGS, told.replace("</sst>", f"{new}</sst>"))
    return out.getvalue()


def _typed_in(xml: str, rows: Sequence[Sequence[Cell]], texts: dict[str, int], known: int) -> str:
    """The sheet with these rows; `texts` gets those that are new, behind the `known` ones."""
    lines = xml.split("<row ")
    first = next(at for at, line in enumerate(lines) if line.split("</c>")[0].endswith("<v>1</v>"))
    for at, row in enumerate(rows, first):
        number = lines[at].split('"')[1]
        for column, cell in enumerate(row[1:], 1):
            value, kind = cell, ""
            if isinstance(cell, str):
                value, kind = known + texts.setdefault(cell, len(texts)), ' t="s"'
            lines[at] = _put(lines[at], f"{column_letters(column)}{number}", value, kind)
    return "<row ".join(lines)


def _put(line: str, address: str, value: Cell, kind: str) -> str:
    head, begin, rest = line.partition(f'<c r="{address}"')
    style, _, rest = rest.partition("/>")
    return line if value is None or not begin else f"{head}{begin}{style}{kind}><v>{value}</v></c>{rest}"


def saved(folder: Path, kind: str) -> Path:
    """The workbooks of a folder as they are saved so, in a folder beside it."""
    ending = KINDS[kind]
    if not ending:
        return folder
    target = folder.with_name(f"{folder.name}-{kind}")
    profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(target)]
    subprocess.run([*command, *map(str, sorted(folder.iterdir()))], check=True, capture_output=True)
    return target


def read_all(read: ReadReturn, files: Sequence[SourceFile]) -> list[Reading]:
    return [read(file) for file in files]


def mark_all(marker: Marker, work: Sequence[ToMark]) -> None:
    for each in work:
        assert marker(each).content


def to_mark(reading: Reading) -> ToMark:
    """One finding in each of the first ten rows."""
    (sheet,) = reading.sheets
    identity = ("id-checksum", sheet.form, "某学校", reading.file.path, sheet.sheet)
    cells = [f"{column_letters(sheet.columns['id_number'])}{row + 1}" for row in sheet.rows[:10]]
    opinions = tuple(
        Opinion(
            Severity.ERROR, sheet.sheet, cell, "身份证号码", "", "校验码不符", "", "",
            (*identity, cell, "id_number", "a", "b", "c"), Treatment.NONE, "",
        )
        for cell in cells
    )  # fmt: skip
    return ToMark(
        reading.file, reading.kind, reading.sha256, frozenset({sheet.sheet}), opinions, "zh", True, Seal.new()
    )


def least(work: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The seconds of work of each, the least of its rounds; all of them in turn."""
    found = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, run in work.items():
            began = time.process_time()
            run()
            found[name] = min(found[name], time.process_time() - began)
    return found


def costs(folder: Path, kind: str, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """What reading and what marking costs, of `blanks` and `plain`, in seconds a workbook."""
    read = ReadReturn(FORMS, Limits())
    files = {name: walk(saved(folder / name, kind)) for name in ("blanks", "plain")}
    marker = Marker(read.unlocked, read.grids)
    work = {name: [to_mark(each) for each in read_all(read, each)] for name, each in files.items()}
    reading = least({name: partial(read_all, read, each) for name, each in files.items()}, rounds)
    marking = least({name: partial(mark_all, marker, each) for name, each in work.items()}, rounds)
    count = len(files["plain"])
    return {name: each / count for name, each in reading.items()}, {
        name: each / count for name, each in marking.items()
    }


def table(rows: int, kinds: Sequence[str], rounds: int) -> str:
    lines = [
        "| saved as | read, own blank | plain | ratio | marked, own blank | plain | ratio |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as name:
        write_pairs(Path(name), rows)
        for kind in kinds:
            parts = []
            for cost in costs(Path(name), kind, rounds):
                own, plain = cost["blanks"], cost["plain"]
                parts += [f"{own * 1e3:.1f} ms", f"{plain * 1e3:.1f} ms", f"{own / plain:.2f}"]
            lines.append(f"| {kind} | {' | '.join(parts)} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--rows", type=int, default=30)
    asked.add_argument("--write", nargs=3)
    options = asked.parse_args()
    if options.write:
        folder, workbooks, rows = options.write
        schools = write_pairs(Path(folder), int(rows), max(1, int(workbooks) // len(SLUGS)))
        Path(folder, "blanks").rename(Path(folder, "inbox"))
        write_roster(Path(folder, "roster.xlsx"), schools)
        return
    print(table(options.rows, options.kinds, options.rounds))


if __name__ == "__main__":
    main()
