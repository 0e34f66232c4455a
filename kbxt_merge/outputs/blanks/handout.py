"""What each school is handed: a folder of its blanks, or one workbook of them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.carry_over import Carried
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.blanks.handed_out import filled_in
from kbxt_merge.outputs.blanks.master import Master
from kbxt_merge.outputs.sheets.names import Names

_MOST_NAMED = 3
_NOBODY = School("", "　　　　　　　　　　")
"""A neutral blank leaves room for the school's name."""


def write_blanks(
    forms: Forms,
    out: Path,
    *,
    roster: Roster | None,
    period: Period | None,
    bundle: bool = False,
    language: Language = "zh",
    carried: Carried | None = None,
    overwrite: bool = False,
) -> list[Path]:
    """Write a set of blanks for each school of the roster, one neutral set without a roster; the files are returned.

    A set is a folder named after the school, or with `bundle` one workbook. Without a period the year and the term are
    left open. Blanks of the same names are replaced; workbooks that were filled in only with `overwrite`, else
    OutputError is raised and nothing written. With records `carried` over they hold children's data, and
    only their owner can read them.
    """
    if not overwrite:
        _refuse_filled(out, [out, *(folder for folder, _ in _folders(out, roster, bundle))])
    chosen = [forms.handed_out] if bundle else [(form,) for form in forms.handed_out]
    make = partial(Master.of, forms, roster=roster, period=period, language=language)
    masters = [(_title(each, forms if bundle else None), each, make(each)) for each in chosen]
    written: list[Path] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for folder, school in _folders(out, roster, bundle):
            folder.mkdir(mode=0o777 if carried is None else 0o700, parents=True, exist_ok=True)
            rows = carried.of(school.name) if carried is not None else {}
            for title, some, master in masters:
                path = folder / f"{_prefix(school, bundle)}{title}.xlsx"
                own = make(some, rows=rows) if any(form.slug in rows for form in some) else master
                _write(path, own.stamped(school.name, school.code), is_private=carried is not None)
                written.append(path)
    except OSError as error:
        place = error.filename or out
        raise OutputError(
            f"无法写入 {place}（{error.strerror}）：请关闭其中打开的文件，或换一个文件夹。",
            f"can't write {place} ({error.strerror}): close what is open there, or choose another folder",
        ) from error
    return written


def _refuse_filled(out: Path, folders: Iterable[Path]) -> None:
    found = list(filled_in(dict.fromkeys(folders)))
    if found:
        named = "、".join(str(each.relative_to(out)) for each in found[:_MOST_NAMED])
        raise OutputError(
            f"“{out}”里有 {len(found)} 个已填写的工作簿（{named} 等），没有写任何文件："
            "请换一个文件夹；确要覆盖的，加 --overwrite。",
            f"{out} holds {len(found)} workbooks that were filled in ({named} …), so nothing was written: "
            "choose another folder, or --overwrite to replace them.",
        )


def _write(path: Path, blank: bytes, *, is_private: bool) -> None:
    """Write one blank; a private one so that nobody else can read it at any moment."""
    if is_private:
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
    path.write_bytes(blank)


def _title(forms: Sequence[Form], bundle: Forms | None) -> str:
    if bundle:
        return _bundle_title(bundle)
    return safe_name(f"{forms[0].attachment.replace(' ', '')} {forms[0].label.zh}".strip())


def _bundle_title(forms: Forms) -> str:
    return safe_name(forms.returns.zh)


def _prefix(school: School, bundle: bool) -> str:
    return f"{safe_name(school.name)} " if bundle and school is not _NOBODY else ""


def folders_of(out: Path, roster: Roster) -> Mapping[str, Path]:
    """The folder of each school of the roster."""
    return {school.name: folder for folder, school in _folders(out, roster, bundle=False)}


def bundle_of(out: Path, school: School, forms: Forms) -> Path:
    """The one workbook in which a school has all its blanks."""
    return out / f"{_prefix(school, True)}{_bundle_title(forms)}.xlsx"


def _folders(out: Path, roster: Roster | None, bundle: bool) -> Iterator[tuple[Path, School]]:
    if roster is None or not roster.schools:
        yield out, _NOBODY
        return
    names = Names()
    for school in roster.schools:
        yield (out if bundle else out / names.file(school.name)), school
