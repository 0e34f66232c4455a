"""Take the pictures in docs/images: the examples' report in both languages, wide, narrow and printed; and the desk.

    python docs/take_screenshots.py [desk]

Needs Debian's chromium, poppler-utils (pdftoppm) and a Chinese font, as the tests do.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
WIDE = {"width": 1280, "height": 860}
NARROW = {"width": 360, "height": 780}
DOTS_PER_INCH = 64


def merge(language: str, out: Path) -> str:
    """Merge the examples; the address of their report."""
    command = [Path(sys.executable).parent / "kbxt", "merge", ROOT / "examples" / "returned", "--out", out]
    subprocess.run([*command, "--lang", language], check=True, stdout=subprocess.DEVNULL)
    return (out / "核查报告.html").as_uri()


def photograph(browser: Browser, address: str, name: str, size: dict[str, int], anchor: str = "") -> None:
    """A picture of the report as a window of this size shows it, from the anchor on."""
    page = browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    page.goto(address)
    if anchor:
        page.locator(anchor).evaluate("section => section.scrollIntoView()")
    page.wait_for_timeout(300)
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


def print_out(browser: Browser, address: str, name: str, folder: Path) -> None:
    """Pictures of the first printed page, and of the first of a school."""
    page = browser.new_page(viewport={"width": WIDE["width"], "height": WIDE["height"]})
    page.goto(address)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    heading = page.locator("#print-list .title").first.text_content() or ""
    paper = folder / "report.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    page.close()
    text = subprocess.run(["pdftotext", paper, "-"], check=True, capture_output=True, text=True).stdout
    school = next(number for number, each in enumerate(text.split("\f"), 1) if each.lstrip().startswith(heading))
    for suffix, number in (("print", 1), ("print-school", school)):
        options = ["-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(number)]
        subprocess.run(["pdftoppm", *options, paper, IMAGES / f"{name}-{suffix}"], check=True)


def desk(browser: Browser, folder: Path) -> None:
    """A picture of the desk over the examples."""
    place = folder / "控辍保学"
    shutil.copytree(ROOT / "examples" / "returned", place / "收件夹")
    for name in ("学校名册.xlsx", "kbxt.toml"):
        shutil.copy(ROOT / "examples" / name, place)
    command = [Path(sys.executable).parent / "kbxt", "desk", place, "--no-browser"]
    at_work = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert at_work.stdout is not None
    address = at_work.stdout.readline().strip().rpartition("：")[2]
    page = browser.new_page(viewport={"width": WIDE["width"], "height": WIDE["height"]})
    page.goto(address)
    page.locator("#matrix tbody tr").first.wait_for(timeout=120_000)
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "desk-zh-wide.png")
    draft(page, sorted((ROOT / "examples" / "自己做一张表" / "空表").glob("*.xlsx")))
    page.get_by_role("button", name="退出").click()
    at_work.wait(60)


def draft(page: Page, blanks: list[Path]) -> None:
    """A picture of a draft of these blanks as it is edited on the page."""
    page.get_by_role("link", name="名册与词语").click()
    page.get_by_role("link", name="表格", exact=True).click()
    page.locator("form[action='/forms/draft'] [name='files']").set_input_files(blanks)
    page.get_by_role("button", name="起草", exact=True).click(timeout=120_000)
    page.get_by_role("link", name="在网页里看和改").first.click(timeout=120_000)
    page.get_by_label("填什么，学校名称").fill("学枚")
    page.get_by_role("button", name="保存草稿").click()
    page.locator("td.wrong").wait_for(timeout=120_000)
    page.screenshot(path=IMAGES / "desk-zh-forms.png")


def main() -> None:
    """Take all pictures; with a word on the command line only those of the desk."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in ("zh", "en") if len(sys.argv) == 1 else ():
            address = merge(language, Path(work) / language)
            photograph(browser, address, f"report-{language}-wide", WIDE)
            photograph(browser, address, f"report-{language}-findings", WIDE, "#findings")
            photograph(browser, address, f"report-{language}-narrow", NARROW, "#findings")
            print_out(browser, address, f"report-{language}", Path(work))
        desk(browser, Path(work))
        browser.close()


if __name__ == "__main__":
    main()
