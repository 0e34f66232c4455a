"""The committed example: a merge finds what its README says, and nothing else."""

from pathlib import Path

from planted import examine, outcome

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_the_examples_hold_the_faults_that_their_readme_names(tmp_path: Path) -> None:
    (tmp_path / "inbox").symlink_to(EXAMPLES / "returned")
    (tmp_path / "roster.xlsx").symlink_to(EXAMPLES / "学校名册.xlsx")
    for name in ("truth.csv", "notes.csv", "records.csv"):
        (tmp_path / name).symlink_to(EXAMPLES / "expected" / name)
    found = outcome(tmp_path, examine(tmp_path))
    assert found.missed == []
    assert found.without_cause == []
    assert not found.lost
    assert not found.without_source
