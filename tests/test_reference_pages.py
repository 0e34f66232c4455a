"""The reference pages say what the code does: they are what `kbxt rules`, `kbxt forms` and `kbxt settings` print."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kbxt_merge.cli import main

DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_of_findings_is_what_its_command_prints() -> None:
    printed = CliRunner().invoke(main, ["rules", "--examples", "--lang", "zh"]).stdout
    assert (DOCS / "findings.md").read_text(encoding="utf-8") == printed, (
        "run: kbxt rules --examples > docs/findings.md"
    )


@pytest.mark.parametrize("name", ["rules", "forms", "settings"])
def test_a_reference_page_is_what_its_command_prints(name: str) -> None:
    printed = CliRunner().invoke(main, [name, "--lang", "zh"]).stdout
    written = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert written == printed, f"run: kbxt {name} > docs/{name}.md"
