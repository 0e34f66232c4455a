"""An example of what each rule finds, as the rules' own tests have it: every person in it is invented."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kbxt_merge.model.rule import RuleExample
from kbxt_merge.model.text import Words

EXAMPLES_FILE = Path(__file__).with_name("examples.json")


@cache
def examples() -> Mapping[str, RuleExample]:
    """The examples by the rules' slugs; rules between periods have none."""
    read = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))
    return {
        slug: RuleExample(
            each["file"],
            each["cell"],
            tuple(each["columns"]),
            tuple((row[0], tuple(row[1:])) for row in each["rows"]),
            Words(each["zh"], each["en"]),
        )
        for slug, each in read.items()
    }
