"""The same returns, read another way or lying otherwise: the same records and findings up to their address.

One small district with faults in it, one table of ways.
"""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fictional import make_district
from fictional.faults import FAULTS
from openpyxl.worksheet.worksheet import Worksheet

from kbxt_merge.merging import Progress, examine, merge
from kbxt_merge.model.form import Shape
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Sheet
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.settings import Settings, load_settings
from kbxt_merge.write_outputs.school_reports import SchoolReports

PLANTED = (
    "sex-id-mismatch", "id-checksum", "phone-invalid", "required-missing", "duplicate-in-form", "card-missing",
    "count-list-mismatch", "grade-age-mismatch", "date-order", "id-name-conflict",
)  # fmt: skip
Essence = tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]
"""The records, as form, school and fields; the findings, as rule, severity, form, school, field and value."""


@dataclass(frozen=True)
class World:
    """A district's inbox, and what this process alone reads in it."""

    folder: Path
    plain: Checked

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("district")
    faults = [next(key for key in FAULTS if key.slug == slug) for slug in PLANTED]
    make_district(folder, schools=4, seed=11, variants=False, faults=faults)
    made = World(folder, examine([folder / "inbox"], settings(folder, jobs=0), Progress()))
    assert set(PLANTED) <= {rule for rule, *_ in essence(made.plain)[1]}
    return made


def settings(folder: Path, **more: Any) -> Settings:
    options = {"roster": str(folder / "roster.xlsx"), "as_of": "2021-03-12", **more}
    return replace(load_settings(options, {}, folder), period=Period.parse("2021春"))


def essence(checked: Checked) -> Essence:
    records: Counter[tuple[str, ...]] = Counter()
    for slug, of_form in checked.district.records.items():
        for school, *fields in zip(of_form.school, *of_form.shown.values(), strict=True):
            records[slug, str(school), *fields] += 1
    frame = checked.findings.frame
    columns = [frame[name].astype(str) for name in ("rule", "severity", "form", "school", "field", "value")]
    return records, Counter(zip(*columns, strict=True))


def assert_same(checked: Checked, world: World, *, but: Sequence[str] = ()) -> None:
    """No record and no finding differs, but for findings by these rules."""
    ours, theirs = essence(checked), essence(world.plain)
    assert (ours[0] - theirs[0], theirs[0] - ours[0]) == (Counter(), Counter())
    found, wanted = (Counter({each: n for each, n in of[1].items() if each[0] not in but}) for of in (ours, theirs))
    assert (found - wanted, wanted - found) == (Counter(), Counter())


# --- the same inbox, read another way ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("forkserver", {"jobs": 1}),
        ("forkserver", {"jobs": 2}),
        ("spawn", {"jobs": 2}),
        ("forkserver", {"jobs": 2, "engine": "dask"}),
    ],
    ids=["one job", "two jobs", "spawn", "dask"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # sockets of a cluster that ends
def test_whoever_reads(world: World, method: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [method])
    assert_same(examine([world.inbox], settings(world.folder, **options), Progress()), world)


def test_what_was_kept(world: World, tmp_path: Path) -> None:
    known: list[int] = []
    for _ in range(2):
        with ResultStore(tmp_path / "kept") as store:
            progress = Progress(on_known=known.append)
            assert_same(examine([world.inbox], settings(world.folder, jobs=1), progress, store=store), world)
    assert known[-1] == len(world.plain.district.readings)


def test_a_merge_where_every_process_is_spawned_writes_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: readers start from nothing, so do those who write schools' reports; the rest is written here."""
    sent: list[object] = []
    travelling = SchoolReports.__getstate__
    merge(world.inbox, tmp_path / "copies", settings(world.folder, jobs=2))
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr("kbxt_merge.intake.pool.processes.as_copies", lambda: None)
    monkeypatch.setattr(SchoolReports, "__getstate__", lambda self: sent.append(self) or travelling(self))
    merge(world.inbox, tmp_path / "spawned", settings(world.folder, jobs=2))
    assert written(tmp_path / "spawned") == written(tmp_path / "copies")
    assert sent


def written(out: Path) -> dict[str, bytes]:
    """The outputs that hold nothing of the run itself, and of those that do, that they are there."""
    of_run = ("核查报告.html", "run.json", "log", "kbxt.db")
    paths = [each for each in sorted(out.rglob("*")) if each.is_file()]
    telling = (each.suffix == ".csv" or each.is_relative_to(out / "汇总") for each in paths)
    return {
        str(path.relative_to(out)): path.read_bytes() if tells and path.name not in of_run else b""
        for path, tells in zip(paths, telling, strict=True)
    }


# --- the same returns, lying otherwise --------------------------------------------------------------------------------


@dataclass
class Lie:
    """How the returns of a world lie in another inbox."""

    world: World
    inbox: Path
    office: dict[str, Path] = field(default_factory=dict)
    """The workbooks as LibreOffice saved them, by their paths."""

    def files(self) -> Iterator[tuple[Path, Path]]:
        """Each file of the world, and where it would lie here."""
        for path in sorted(self.world.inbox.rglob("*")):
            if path.is_file():
                target = self.inbox / path.relative_to(self.world.inbox)
                target.parent.mkdir(parents=True, exist_ok=True)
                yield path, target

    def sheets(self, path: Path) -> list[Sheet]:
        name = path.relative_to(self.world.inbox).as_posix()
        return next(each.sheets for each in self.world.plain.district.readings if each.file.path == name)


def zipped(lie: Lie) -> None:
    lie.inbox.mkdir()
    with zipfile.ZipFile(lie.inbox / "全部.zip", "w") as packed:
        for path, target in lie.files():
            packed.write(path, target.relative_to(lie.inbox))


def renamed(lie: Lie) -> None:
    for number, (path, target) in enumerate(lie.files()):
        shutil.copy2(path, target.with_name(f"新建 {number}{path.suffix}"))


def bundled(lie: Lie, *, backwards: bool = False) -> None:
    """All forms of a school in one workbook."""
    books: dict[str, openpyxl.Workbook] = {}
    for path, target in lie.files():
        school = target.relative_to(lie.inbox).parts[0]
        book = books.setdefault(school, openpyxl.Workbook())
        for sheet in openpyxl.load_workbook(path).worksheets:
            copied(sheet, book.create_sheet(f"{len(book.worksheets)} {sheet.title}"[:31], 0 if backwards else None))
    for school, book in books.items():
        book.remove(book["Sheet"])
        (lie.inbox / school).mkdir(exist_ok=True)
        book.save(lie.inbox / school / "全部.xlsx")


def backwards(lie: Lie) -> None:
    bundled(lie, backwards=True)


def copied(source: Worksheet, target: Worksheet) -> None:
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                target.cell(cell.row, cell.column, cell.value).number_format = cell.number_format
    for area in source.merged_cells.ranges:
        target.merge_cells(str(area))


def rows_turned(lie: Lie) -> None:
    """The records of each list in reverse."""
    assert changed(lie, _turn_rows) > 8


def columns_turned(lie: Lie) -> None:
    """The columns of each list whose header is one row in reverse."""
    assert changed(lie, _turn_columns) > 8


def changed(lie: Lie, turn: Callable[[Worksheet, Sheet], bool]) -> int:
    """Write the workbooks with their lists turned, and count these."""
    count = 0
    for path, target in lie.files():
        book = openpyxl.load_workbook(path)
        for sheet in lie.sheets(path):
            if sheet.shape == Shape.LIST and sheet.rows:
                count += turn(book[sheet.sheet], sheet)
        book.save(target)
    return count


def _turn_rows(cells: Worksheet, sheet: Sheet) -> bool:
    columns = range(1, cells.max_column + 1)
    values = {row: [cells.cell(row + 1, column).value for column in columns] for row in sheet.rows}
    for row, taken in zip(sheet.rows, reversed(sheet.rows), strict=True):
        for column, value in zip(columns, values[taken], strict=True):
            cells.cell(row + 1, column).value = value
    return len(sheet.rows) > 1


def _turn_columns(cells: Worksheet, sheet: Sheet) -> bool:
    header = sheet.header_row
    assert header is not None
    merged = [area for area in cells.merged_cells.ranges if area.min_row <= header + 1 <= area.max_row]
    if merged:
        return False
    columns = sorted(sheet.columns.values())
    for row in (header, *sheet.rows):
        values = [cells.cell(row + 1, column + 1).value for column in columns]
        for column, value in zip(columns, reversed(values), strict=True):
            cells.cell(row + 1, column + 1).value = value
    return True


def through_office(kind: str) -> Callable[[Lie], None]:
    """Each workbook opened and saved by LibreOffice, as a school with another office program does."""

    def saved(lie: Lie) -> None:
        work = lie.inbox.with_name("office")
        work.mkdir()
        names = {f"{number}{path.suffix}": (path, target) for number, (path, target) in enumerate(lie.files())}
        for name, (path, _) in names.items():
            shutil.copy(path, work / name)
        profile = f"-env:UserInstallation=file://{work / 'profile'}"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", work / "out"]
        subprocess.run([*command, *(work / name for name in names)], check=True, capture_output=True, timeout=240)
        for name, (_, target) in names.items():
            made = (work / "out" / name).with_suffix(f".{kind}")
            shutil.move(made, target.with_suffix(f".{kind}"))

    saved.__name__ = kind
    return saved


WAYS: Sequence[tuple[Callable[[Lie], None], tuple[str, ...]]] = (
    (zipped, ("file-container",)),
    (renamed, ()),
    (bundled, ()),
    (backwards, ()),
    (rows_turned, ()),
    (columns_turned, ()),
    (through_office("xls"), ()),
    (through_office("ods"), ()),
)
"""How the returns lie, and the rules that tell of nothing but that."""


@pytest.mark.parametrize(("lay", "but"), WAYS, ids=lambda each: getattr(each, "__name__", ""))
def test_however_the_returns_lie(
    world: World, lay: Callable[[Lie], None], but: tuple[str, ...], tmp_path: Path
) -> None:
    lie = Lie(world, tmp_path / "inbox")
    lay(lie)
    assert_same(examine([lie.inbox], settings(world.folder, jobs=0), Progress()), world, but=but)
