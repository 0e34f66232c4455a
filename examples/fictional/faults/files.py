"""Faults of files and sheets: what cannot be read, what is not a form, whose it is, what did not come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fictional.faults import broken
from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.returns import Expected, File, PlainSheet, Record, Sheet
from fictional.workbooks import page_of, xlsx_bytes

LIST_FORMS = ("1-2", "2", "3", "4")
ALL_FORMS = ("1-1", *LIST_FORMS, "5")
UNKNOWN_SCHOOL = "赣县区月亮湾希望学校"


def beside(plot: Plot, slug: str, name: str, content: Callable[[], bytes], note: str) -> None:
    """Puts a file that is no return beside the returns."""
    file = plot.bring(File(name, content=content()))
    plot.expect_of(slug, file, note)


def truncated() -> bytes:
    """The first half of a workbook."""
    whole = xlsx_bytes([page_of(PlainSheet("Sheet1", [["姓名", "性别"], ["张三丰", "男"]]))])
    return whole[: len(whole) // 2]


BESIDE: tuple[tuple[str, str, str, Callable[[], bytes], str], ...] = (
    ("file-unreadable", "truncated", "补充材料（损坏）.xlsx", truncated, "the second half of the file is gone"),
    ("file-unreadable", "pdf", "补充名单.xlsx", lambda: broken.PDF, "a PDF under the name of a workbook"),
    ("file-unreadable", "web page", "下载的表.xls", lambda: broken.WEB_PAGE, "a web page under the name of a workbook"),
    ("file-unreadable", "text", "说明.xlsx", lambda: broken.TEXT, "plain text under the name of a workbook"),
    ("file-unreadable", "empty", "空文件.xlsx", lambda: b"", "a file of no bytes"),
    ("file-encrypted", "", "加密的表.xlsx", broken.encrypted_workbook, "needs a password"),
    (
        "file-unsafe",
        "inflated size",
        "压缩炸弹.xlsx",
        partial(broken.zip_bomb, 1100),
        "inflates to more than a gigabyte",
    ),
    (
        "file-unsafe",
        "ratio",
        "压缩炸弹.xlsx",
        partial(broken.zip_bomb, 256),
        "inflates to a thousand times its size",
    ),
    ("file-ignored", "lock", "~$附件3.xlsx", lambda: b"\x06Owner", "the lock of an open workbook"),
    ("file-ignored", "thumbs", "Thumbs.db", lambda: b"\0\0", "a system's file"),
    ("file-ignored", "desktop", "desktop.ini", lambda: b"[.ShellClassInfo]", "a system's file"),
    ("file-ignored", "store", ".DS_Store", lambda: b"\0\0\0\1Bud1", "a system's file"),
    ("file-other", "pdf", "盖章扫描件.pdf", lambda: broken.PDF, "a stamped scan"),
    ("file-other", "image", "盖章照片.jpg", lambda: broken.JPEG, "a photograph"),
)


def copy_beside(plot: Plot) -> None:
    """The same bytes once more, behind the original in path order."""
    original = plot.district.file_of(plot.sheet("1-2"))
    stem, _, extension = original.path.rpartition(".")
    copy = File(f"{stem}（副本）.{extension}", twin=original)
    plot.district.files.append(copy)
    plot.expect_of("file-duplicate", copy, "the same bytes as another file")


def returned_again(plot: Plot, form: str, later_in_time: bool) -> None:
    """An earlier return of a form, with fewer rows; the later one counts, by time or, at the same time, by path."""
    kept = plot.sheet(form)
    file = plot.district.file_of(kept)
    first = Record(form, dict(kept.records[0].meant), kept.records[0].child, dict(kept.records[0].typed))
    early = Sheet(form, plot.school, [first], kept.name, kept.unit, kept.fill_date, kept.dated, counted=False)
    if form == "1-1":
        first.put(remark="第一次上报")
    folder, slash, name = file.path.rpartition("/")
    before = f"{folder}{slash}0{name}"
    behind = f"{folder}{slash}龟{name}"
    earlier = File(before, [early], suffix=file.suffix)
    if later_in_time:
        earlier.path, earlier.modified = behind, file.modified - 3 * 86400
    plot.district.files.append(earlier)
    plot.expect_of("file-superseded", earlier, f"form {form} came again later")


def timetable(plot: Plot, in_bundle: bool) -> None:
    """A sheet that is none of the forms, in a file of its own or among forms."""
    sheet = PlainSheet("课程表", [["节次", "周一", "周二"], [1, "语文", "数学"], [2, "英语", "体育"]])
    if in_bundle:
        plot.district.file_of(plot.sheet("3")).sheets.append(sheet)
    else:
        plot.bring(File("课程表.xlsx", [sheet]))
    plot.expect_in("form-unrecognised", sheet, "a timetable, none of the forms")


def _take_out(plot: Plot, form: str) -> None:
    """Takes a form's sheets out of the files, and files that hold nothing else out of the inbox."""
    for sheet in plot.district.sheets[plot.school.name][form]:
        file = plot.district.file_of(sheet)
        file.sheets.remove(sheet)
        if not file.sheets:
            plot.district.files.remove(file)
    plot.district.sheets[plot.school.name][form] = []


def not_returned(plot: Plot, form: str) -> None:
    """The statistics count children for a list that did not come; or the statistics themselves did not."""
    _take_out(plot, form)
    if form == "1-1":
        plot.expect_of("form-not-returned", None, f"{plot.school.name} returned no statistics")
        return
    sheet = plot.sheet("1-1")
    note = f"{plot.school.name} counts children for form {form}, and it did not come"
    plot.district.expected.append(Expected("form-not-returned", note, plot.district.file_of(sheet), sheet))


def nothing_returned(plot: Plot) -> None:
    for form in ALL_FORMS:
        _take_out(plot, form)
    plot.expect_of("school-not-returned", None, f"nothing came from {plot.school.name}")


FILE_FAULTS: dict[FaultKey, Fault] = {
    **{
        FaultKey(slug, "", case): partial(beside, slug=slug, name=name, content=content, note=note)
        for slug, case, name, content, note in BESIDE
    },
    FaultKey("file-duplicate"): copy_beside,
    **{
        FaultKey("file-superseded", form, "by time"): partial(returned_again, form=form, later_in_time=True)
        for form in ALL_FORMS
    },
    **{
        FaultKey("file-superseded", form, "by path"): partial(returned_again, form=form, later_in_time=False)
        for form in ALL_FORMS
    },
    FaultKey("form-unrecognised", "", "own file"): partial(timetable, in_bundle=False),
    FaultKey("form-unrecognised", "", "beside a form"): partial(timetable, in_bundle=True),
    **{FaultKey("form-not-returned", form): partial(not_returned, form=form) for form in ALL_FORMS},
    FaultKey("school-not-returned"): nothing_returned,
}
