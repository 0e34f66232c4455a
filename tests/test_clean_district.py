"""A clean district yields no error and no warning, whatever tolerated form its returns have."""

from pathlib import Path

from fictional.make import make_district
from planted import examine, outcome

SCHOOLS = 60


def test_sixty_schools_with_every_tolerated_variant_raise_nothing_and_lose_nothing(tmp_path: Path) -> None:
    make_district(tmp_path, schools=SCHOOLS, seed=11)
    checked = examine(tmp_path)
    found = outcome(tmp_path, checked)
    assert found.without_cause == []
    assert found.missed == []
    assert not found.lost
    assert not found.without_source
    assert checked.account.read == checked.account.merged + checked.account.left_out + checked.account.set_aside
