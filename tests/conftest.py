"""What holds for all tests: no test fails because the machine had other work; and one browser for all pages."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from kbxt_merge.outputs.blanks import table_sheet
from kbxt_merge.outputs.blanks.blank_book import FILLED_ROWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

CHROMIUM = "/usr/bin/chromium"
WITHOUT = (
    # what playwright leaves out: of two such lists the last counts
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "TcpPortRandomizationWin,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    # pages of the browser's own behind the address bar, which cost more at each new window than the page that is tested
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess"
)
CUT_OFF = [
    "--no-sandbox",
    f"--disable-features={WITHOUT}",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-pings",
]


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay until the end: the collector need not walk through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def shorter_blanks() -> Iterator[None]:
    """Blanks under check as far as they are filled in here, not 300 rows: what a row says does not hang on its number.

    `whole_blanks` lengthens them where their length is the question.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_sheet, "FILLED_ROWS", 40)
        yield


@pytest.fixture(scope="module")
def whole_blanks() -> Iterator[None]:
    """Blanks as they are handed out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_sheet, "FILLED_ROWS", FILLED_ROWS)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, cut off from the network; one process can talk to one only."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CUT_OFF)
        yield made
        made.close()
