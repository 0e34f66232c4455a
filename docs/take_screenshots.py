"""Take the pictures in docs/images: the examples' report in both languages, wide, narrow and printed; and the desk.

    python docs/take_screenshots.py [desk | own-form]

Needs Debian's chromium, poppler-utils (pdftoppm), LibreOffice and a Chinese font, as the tests do.
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


def own_form(folder: Path) -> None:
    """Pictures of a form that a clerk makes: its draft, the blank and guide that follow, and the district's sums."""
    example, kbxt = ROOT / "examples" / "自己做一张表", Path(sys.executable).parent / "kbxt"
    blank = example / "空表" / "附件1 月报表.xlsx"
    options = ["--schemas", example / "我的表格" / "表格定义.xlsx", "--period", "2024-04"]
    for command in (
        ["forms", "--draft", blank, "--to", folder / "草稿"],
        ["blanks", "--out", folder / "下发", *options, "--roster", example / "学校名册.xlsx"],
        ["merge", example / "收件夹", "--out", folder / "结果", *options, "--as-of", "2024-05-06"],
    ):
        subprocess.run([kbxt, *command], check=True, stdout=subprocess.DEVNULL)
    handed_out = next(path for path in sorted((folder / "下发").rglob("*.xlsx")) if "月报表" in path.name)
    summary = next(path for path in (folder / "结果" / "汇总").glob("*.xlsx") if "月报表" in path.name)
    pictures = {
        "own-form-workbook": (folder / "草稿" / "表格定义.xlsx", 2, 490),
        "own-form-blank": (handed_out, 1, 300),
        "own-form-guide": (handed_out, 2, 690),
        "own-form-summary": (summary, 1, 310),
    }  # the page, and down to where something stands on it
    for name, (book, page, height) in pictures.items():
        paper = folder / name
        command = ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless"]
        subprocess.run(
            [*command, "--convert-to", "pdf", "--outdir", paper, book], check=True, stdout=subprocess.DEVNULL
        )
        options = ["-png", "-singlefile", "-r", "90", "-f", str(page), "-H", str(height)]
        subprocess.run(["pdftoppm", *options, next(paper.glob("*.pdf")), IMAGES / name], check=True)


def main() -> None:
    """Take all pictures; with `desk` or `own-form` on the command line only those."""
    IMAGES.mkdir(exist_ok=True)
    if sys.argv[1:] in ([], ["own-form"]):
        with TemporaryDirectory() as work:
            own_form(Path(work))
    if sys.argv[1:] == ["own-form"]:
        return
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
