"""Lets the tests import the fictional districts that the examples are made of."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
