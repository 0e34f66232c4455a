"""What a finding of each rule looks like, out of the rules' own cases; `python tests/rules/examples.py` renews it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent / "examples")]

from rule_cases import At, Case, Kind  # noqa: E402 - where it is found is said above
from sheets import district  # noqa: E402

from kbxt_merge.model.cell import shown  # noqa: E402
from kbxt_merge.model.returns import Grid, Workbook, address, is_blank, position  # noqa: E402
from kbxt_merge.rules.examples import EXAMPLES_FILE  # noqa: E402
from kbxt_merge.rules.run import check  # noqa: E402

MOST_COLUMNS = 6
ROOMS = sorted(path.stem for path in HERE.glob("test_*.py") if path.stem != "test_every_rule_is_tested")


def cases() -> Iterator[Case]:
    for room in ROOMS:
        yield from getattr(import_module(room), "CASES", ())


def collected() -> dict[str, dict[str, Any]]:
    """An example a rule: the first case in which it fails on a sheet, else the first in which it fails."""
    failing: dict[str, list[Case]] = {}
    for case in cases():
        if case.kind is Kind.FAILS:
            failing.setdefault(case.slug, []).append(case)
    return {slug: _example(_best(of_rule)) for slug, of_rule in sorted(failing.items())}


def _best(of_rule: list[Case]) -> Case:
    return next((case for case in of_rule if _own(case).cell and _grid(case, _own(case))), of_rule[0])


def _own(case: Case) -> At:
    return next(at for at in case.expected if at.rule in ("", case.slug))


def _grid(case: Case, at: At) -> Grid | None:
    content = case.returns.get(at.file)
    grids = content.grids if isinstance(content, Workbook) else [content] if isinstance(content, Grid) else []
    return next((grid for grid in grids if grid.sheet == at.sheet), None)


def _example(case: Case) -> dict[str, Any]:
    at = _own(case)
    made = district(case.returns, **case.setting)
    found = check(made)
    frame = found.frame
    here = frame.index[(frame["rule"] == case.slug) & (frame["file"] == at.file) & (frame["cell"] == at.cell)][0]
    told = {language: found.sentences(made.forms, language)[here] for language in ("zh", "en")}
    grid = _grid(case, at)
    columns, rows = _excerpt(grid, at.cell) if grid and at.cell else ([], [])
    return {"file": at.file, "cell": at.cell, "columns": columns, "rows": rows, "zh": told["zh"], "en": told["en"]}


def _excerpt(grid: Grid, cell: str) -> tuple[list[str], list[list[str]]]:
    """The letters of some columns, and of some rows the number and those columns: the header's and the finding's."""
    row, column = position(cell) or (0, 0)
    first = next((at for at in range(row) if _width(grid, at) > 2), row)
    second = [first + 1] if first + 1 < row and _is_header(grid, first + 1) else []
    wanted = sorted({first, *second, row})
    filled = [at for at in range(40) if at == column or any(_text(grid, each, at) for each in wanted)]
    near = sorted(sorted(filled, key=lambda at: (at != column, at))[:MOST_COLUMNS])
    letters = [address(0, at)[:-1] for at in near]
    return letters, [[str(each + 1), *(_text(grid, each, at) for at in near)] for each in wanted]


def _is_header(grid: Grid, row: int) -> bool:
    """Whether a row holds words only."""
    return not any(character.isdigit() for at in range(len(grid.rows[row])) for character in _text(grid, row, at))


def _width(grid: Grid, row: int) -> int:
    return sum(not is_blank(cell) for cell in grid.rows[row]) if row < len(grid.rows) else 0


def _text(grid: Grid, row: int, column: int) -> str:
    if row >= len(grid.rows) or column >= len(grid.rows[row]):
        return ""
    return shown(grid.rows[row][column]).replace("\n", " ")


def written() -> str:
    return json.dumps(collected(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    EXAMPLES_FILE.write_text(written(), encoding="utf-8")
