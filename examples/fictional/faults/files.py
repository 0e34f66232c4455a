"""Faults of files and sheets: what cannot be read, what is not a form, whose it is, what did not come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from fictional.district import DEFERRED, OTHER, RELIEF
from fictional.faults import broken
from fictional.faults.plot import Fault, FaultKey, Plot
from fictional.official import CARD_LABELS, LISTS
from fictional.returns import Expected, File, PlainSheet, Record, Sheet
from fictional.school_years import age_on
from fictional.workbooks import page_of, xlsx_bytes

LIST_FORMS = ("1-2", "2", "3", "4")
ALL_FORMS = ("1-1", *LIST_FORMS, "5")
UNKNOWN_SCHOOL = "赣县区月亮湾希望学校"


def beside(plot: Plot, slug: str, name: str, content: Callable[[], bytes], note: str) -> None:
    """Puts a file that is no return beside the returns."""
    file = File(name, content=content())
    plot.district.files.append(file)
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
        partial(broken.zip_bomb, 1100, 1),
        "inflates to more than a gigabyte",
    ),
    (
        "file-unsafe",
        "ratio",
        "压缩炸弹.xlsx",
        partial(broken.zip_bomb, 256, 9),
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
        plot.district.files.append(File("课程表.xlsx", [sheet]))
    plot.expect_in("form-unrecognised", sheet, "a timetable, none of the forms")


def hide(plot: Plot, form: str, what: str) -> None:
    sheet = plot.sheet(form)
    sheet.hidden = what
    if what == "sheet":
        note = PlainSheet("说明", [])
        plot.district.file_of(sheet).sheets.append(note)
    plot.expect_in("hidden-data", sheet, f"records in a hidden {what}")


def unsigned(plot: Plot, form: str) -> None:
    """No school in the unit line; the file's name says whose it is."""
    sheet = plot.sheet(form)
    sheet.unit = "________" if form == "3" else ""
    sheet.layout.unit = "line"
    plot.expect_in("school-missing", sheet, "the unit line names no school")


def stranger(plot: Plot, form: str, slug: str, unit: str) -> None:
    """A list of a school that nobody knows, or that nobody is named on, with a child of its own."""
    child = plot.community.child(plot.school, RELIEF if form == "2" else OTHER)
    rows = {
        "1-2": lambda: plot.fill.dropout_row(child, DEFERRED),
        "2": lambda: plot.fill.persuasion_row(child, returned=True),
        "3": lambda: plot.fill.disability_row(child, "是"),
    }
    sheet = Sheet(form, plot.school, [rows[form]()], f"附件{form}", unit)
    if form == "2":
        sheet.fill_date = "2021年3月"
    sheet.school = plot.school.__class__("", unit, unit, "", (), "", "", "")
    plot.district.files.append(File(f"收到的表{form}.xlsx", [sheet]))
    plot.expect_in(slug, sheet, f"the unit line says {unit!r}")


def signed_by_another(plot: Plot, form: str) -> None:
    """The file is named after another school than the one that signs."""
    sheet = plot.sheet(form)
    file = plot.district.file_of(sheet)
    file.path = f"{plot.other.name}附件{form}（补）.{file.path.rsplit('.', 1)[-1]}"
    plot.expect_in("school-conflict", sheet, f"signed by {plot.school.name}, in a file named after {plot.other.name}")


def undated(plot: Plot, form: str) -> None:
    sheet = plot.sheet(form)
    sheet.fill_date = None
    plot.expect_in("fill-date-missing", sheet, "no date")


def other_period(plot: Plot, form: str) -> None:
    """Dated half a year before the period; the ages are those of that day."""
    sheets = plot.district.sheets[plot.school.name][form][:1]
    for sheet in sheets:
        sheet.fill_date = "2020年9月" if form == "2" else "2020年9月25日"
        sheet.dated = dt.date(2020, 9, 30) if form == "2" else dt.date(2020, 9, 25)
        for record in sheet.records:
            if record.child and "age" in record.meant:
                record.put(age=age_on(record.child.birth, sheet.dated))
            if form == "2":
                back = "2020年9月" if record.meant["return_date"] else None
                record.put(dropout_date="2020年5月", return_date=back)
        plot.expect_in("period-mismatch", sheet, "dated September 2020")


def other_title(plot: Plot, form: str) -> None:
    """The title names a year that is not the period's."""
    sheet = plot.sheet(form)
    sheet.layout.title = LISTS[form].title.replace("2021", "2019")
    plot.expect_in("period-mismatch", sheet, "the title says 2019")


def without_column(plot: Plot, form: str, field: str) -> None:
    sheet = plot.sheet(form)
    sheet.dropped.add(field)
    plot.expect_in("column-missing", sheet, f"the column {field} is not there")


def with_column(plot: Plot, form: str) -> None:
    sheet = plot.sheet(form)
    sheet.unexpected = ("班主任", tuple("赖老师" for _ in sheet.records))
    sheet.layout.empty_column = ""
    plot.expect_in("column-unexpected", sheet, "a column that the form does not have", field="班主任")


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


MISSING_COLUMNS = {
    form: [column.name for column in listed.columns if column.name not in ("seq", listed.key)]
    for form, listed in LISTS.items()
} | {
    "5": [
        name for name in CARD_LABELS if name in ("ethnicity", "family", "sex", "birth_date", "roll_number", "id_number")
    ]
}

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
    **{
        FaultKey("hidden-data", form, what): partial(hide, form=form, what=what)
        for form in LIST_FORMS
        for what in ("sheet", "row", "column")
    },
    **{FaultKey("hidden-data", form, "sheet"): partial(hide, form=form, what="sheet") for form in ("1-1", "5")},
    **{FaultKey("school-missing", form): partial(unsigned, form=form) for form in LIST_FORMS},
    **{
        FaultKey("school-missing", form, "anywhere"): partial(stranger, form=form, slug="school-missing", unit="")
        for form in ("1-2", "2", "3")
    },
    **{
        FaultKey("school-unknown", form): partial(stranger, form=form, slug="school-unknown", unit=UNKNOWN_SCHOOL)
        for form in ("1-2", "2", "3")
    },
    **{FaultKey("school-conflict", form): partial(signed_by_another, form=form) for form in ("1-1", *LIST_FORMS)},
    **{FaultKey("fill-date-missing", form): partial(undated, form=form) for form in ALL_FORMS},
    **{FaultKey("period-mismatch", form): partial(other_period, form=form) for form in ALL_FORMS},
    **{FaultKey("period-mismatch", form, "title"): partial(other_title, form=form) for form in ("1-1", "2")},
    **{
        FaultKey("column-missing", form, field): partial(without_column, form=form, field=field)
        for form, fields in MISSING_COLUMNS.items()
        for field in fields
    },
    **{FaultKey("column-unexpected", form): partial(with_column, form=form) for form in ("1-1", *LIST_FORMS)},
    **{FaultKey("form-not-returned", form): partial(not_returned, form=form) for form in ALL_FORMS},
    FaultKey("school-not-returned"): nothing_returned,
}
