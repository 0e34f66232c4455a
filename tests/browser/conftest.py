"""Pages that fail their test by any word in the console."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

sys.path.append(str(Path(__file__).parents[1] / "outputs"))  # the district that the tests of the file also use


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1400, "height": 900})
    made.set_default_timeout(5_000)
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """A page; whatever it says in the console, a breach of its own policy too, or asks from elsewhere, is a failure."""
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert not said
    assert {url.partition(":")[0] for url in asked} <= {"file"}
    assert {url.rpartition(".")[2].partition("#")[0] for url in asked} <= {"html"}
