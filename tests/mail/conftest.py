"""One mail server for all tests of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from imap_server import dovecot


@pytest.fixture(scope="session")
def server() -> Iterator[int]:
    with dovecot() as port:
        yield port
