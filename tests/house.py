"""The house as its imports draw it: who asks whom, in figures and as a map.

python tests/house.py            import edges per 100 lines, rooms, floors and arrows
python tests/house.py --map      write docs/images/house.svg anew
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from graphlib import TopologicalSorter
from html import escape
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "kbxt_merge"
MAP = PACKAGE.parent / "docs" / "images" / "house.svg"
WINGS = ("intake", "rules", "outputs")
"""Folders whose folders are rooms of their own; any other folder or file is one room."""
EVERYWHERE = ("", "model", "errors", "own_code")
"""What every room may ask, left out of the map: an arrow from everyone says nothing."""
WIDTH, HEIGHT, GAP, RISE, MARGIN = 132, 34, 14, 64, 24


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room that a file stands in: a story, a folder, a folder of a wing."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return room_named([part for part in parts if part != "__init__"])


def room_named(parts: list[str]) -> str:
    """The room of a module below the package; a wing's own top is named like the wing."""
    top = parts[0] if parts else ""
    return f"{top}.{parts[1]}" if top in WINGS and parts[1:] and (PACKAGE / top / parts[1]).is_dir() else top


@cache
def imported(path: Path) -> Sequence[str]:
    """Every module that a file imports, anywhere in it."""
    return list(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            below = [f"{node.module}.{each.name}" for each in node.names]
            yield from (name if _is_module(name) else str(node.module) for name in below)


def _is_module(name: str) -> bool:
    stem = PACKAGE.parent.joinpath(*name.split("."))
    return name.startswith("kbxt_merge.") and (stem.with_suffix(".py").exists() or (stem / "__init__.py").exists())


def own_imports(path: Path) -> Iterator[str]:
    """What a file imports of this package, the shipped data left out, each as the parts below the package."""
    for name in imported(path):
        top, *rest = name.split(".")
        if top == "kbxt_merge" and rest[:1] not in (["schemas"], ["templates"]):
            yield ".".join(rest)


def arrows() -> Mapping[str, set[str]]:
    """Which other rooms each room asks, those left out that everyone may ask."""
    asks: dict[str, set[str]] = {}
    for path in modules():
        room = room_of(path)
        asked = {room_named(name.split(".")) for name in own_imports(path)}
        asks.setdefault(room, set()).update(asked - {room, *EVERYWHERE})
    return {room: asked for room, asked in asks.items() if room not in EVERYWHERE}


def floors(asks: Mapping[str, set[str]]) -> Mapping[str, int]:
    """How high each room stands: one above the highest that it asks. CycleError where rooms ask in a circle."""
    height: dict[str, int] = {}
    for room in TopologicalSorter(asks).static_order():
        height[room] = 1 + max((height[each] for each in asks.get(room, ())), default=0)
    return height


def edges_per_100_lines() -> float:
    """Imports of one module by another, for each hundred lines of code."""
    edges = sum(len(set(own_imports(path))) for path in modules())
    return 100 * edges / sum(path.read_text(encoding="utf-8").count("\n") for path in modules())


def drawn() -> str:
    """The map as SVG: who asks stands above whom it asks."""
    asks = arrows()
    height = floors(asks)
    storeys = [sorted(room for room in height if height[room] == floor) for floor in sorted(set(height.values()))]
    broad = max(map(len, storeys)) * (WIDTH + GAP) - GAP + 2 * MARGIN
    tall = len(storeys) * RISE + 2 * MARGIN - (RISE - HEIGHT)
    at = {
        room: ((broad - len(storey) * (WIDTH + GAP) + GAP) // 2 + place * (WIDTH + GAP), tall - MARGIN - HEIGHT - floor)
        for floor, storey in zip(range(0, len(storeys) * RISE, RISE), storeys, strict=True)
        for place, room in enumerate(storey)
    }
    lines = [_line(at[room], at[each]) for room in sorted(asks) for each in sorted(asks[room])]
    boxes = [_box(room, *at[room]) for room in sorted(at)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {broad} {tall}" font-family="sans-serif" font-size="12">'
    )
    return "\n".join([head, *lines, *boxes, "</svg>", ""])


def _line(above: tuple[int, int], below: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = above, below
    return (
        f'<path d="M{x1 + WIDTH // 2} {y1 + HEIGHT} C{x1 + WIDTH // 2} {y1 + RISE} '
        f'{x2 + WIDTH // 2} {y2 - RISE + HEIGHT} {x2 + WIDTH // 2} {y2}" fill="none" stroke="#9ab"/>'
    )


def _box(room: str, x: int, y: int) -> str:
    fill = {"intake": "#e3f0e3", "rules": "#f6ecd5", "outputs": "#e2eaf6"}.get(room.partition(".")[0], "#eee")
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4" fill="{fill}" stroke="#678"/>'
        f'<text x="{x + WIDTH // 2}" y="{y + HEIGHT // 2 + 4}" text-anchor="middle">{escape(room)}</text>'
    )


def main() -> None:
    if "--map" in sys.argv:
        MAP.write_text(drawn(), encoding="utf-8")
    asks = arrows()
    print(f"{edges_per_100_lines():.2f} import edges per 100 lines")
    for wing in WINGS:
        rooms = [room for room in asks if room.startswith(wing)]
        print(_figures(wing, {room: {each for each in asks[room] if each.startswith(wing)} for room in rooms}))
    print(_figures("whole", asks))


def _figures(name: str, asks: Mapping[str, set[str]]) -> str:
    return f"{name}: {len(asks)} rooms, {max(floors(asks).values())} floors, {sum(map(len, asks.values()))} arrows"


if __name__ == "__main__":
    main()
