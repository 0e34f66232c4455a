"""Merges by the command line, and what of their outputs must be the same wherever the returns were read from."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from marked_returns import SEAL

from kbxt_merge.cli import main
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.ledger.store import bring_up_to_date, connect, file_url
from kbxt_merge.ledger.tables import seals
from kbxt_merge.model.out_folder import LEDGER_FILE
from kbxt_merge.rules.catalogue import CATALOGUE

BUREAU = load_forms(CATALOGUE).bureau
EXAMPLES = Path(__file__).parents[2] / "examples"
OF_THE_RUN = re.compile(
    rb'"(made|inbox|jobs|engine|scheduler|walk|read|assemble|ledger|check|write)": [^\n]*|"registers": [0-9.]+,?'
    rb"|<time>[^<]*</time>"
)
"""What run.json and the copies of it in the reports say of the run itself."""
NO_OUTPUTS = ("kbxt.db", ".kbxt")


def few(inbox: Path) -> Path:
    """Some of the example's files: tables, cards, an archive, one that is encrypted, one that is damaged, a lock."""
    inbox.mkdir()
    names = ("清溪小学", "育英小学.zip", "加密的表.xlsx", "损坏", "~$")
    for path in (EXAMPLES / "returned").iterdir():
        if any(name in path.name for name in names):
            shutil.copy2(path, inbox)
    (inbox / "沙地松林学校").mkdir()
    shutil.copy2(EXAMPLES / "returned" / "沙地松林学校" / "附件1-2.xlsx", inbox / "沙地松林学校")
    return inbox


def command(inbox: Path | str, out: Path, *options: str) -> list[str]:
    """A merge into a new folder, as a program of its own."""
    return [sys.executable, "-c", "from kbxt_merge.cli import main; main()", *asked(inbox, out, *options)]


def asked(inbox: Path | str, out: Path, *options: str) -> list[str]:
    """A merge into a new folder, whose ledger has one key for all: by a key of its own each marks otherwise."""
    if not out.exists():
        out.mkdir()
        engine = connect(file_url(out / LEDGER_FILE))
        bring_up_to_date(engine)
        with engine.begin() as connection:
            connection.execute(seals.insert().values(bureau=BUREAU, key=SEAL.written()))
        engine.dispose()
    return ["merge", str(inbox), "--out", str(out), "--as-of", "2021-04-01", *options]


def merged(inbox: Path | str, out: Path, *options: str) -> dict[str, bytes]:
    """The outputs of a merge that must say nothing on its error stream."""
    done = subprocess.run(command(inbox, out, *options), capture_output=True, text=True, cwd=out.parent)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return outputs(out)


def merged_here(inbox: Path | str, out: Path, *options: str) -> dict[str, bytes]:
    """The same in this process, where most is imported already."""
    done = CliRunner().invoke(main, asked(inbox, out, *options))
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return outputs(out)


def outputs(out: Path) -> dict[str, bytes]:
    """Every output by its path, without what is told of the run itself: its times and its engine."""
    paths = [Path(folder, name) for folder, _, names in os.walk(out) for name in names]
    return {
        path.relative_to(out).as_posix(): OF_THE_RUN.sub(b"", path.read_bytes())
        for path in paths
        if not path.name.startswith(NO_OUTPUTS)
    }
