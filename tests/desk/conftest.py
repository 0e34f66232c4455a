"""Debian's chromium for the desk's pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

CHROMIUM = "/usr/bin/chromium"
CUT_OFF = ["--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-sync", "--no-pings"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CUT_OFF)
        yield made
        made.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1400, "height": 900})
    made.set_default_timeout(15_000)
    yield made
    made.close()
