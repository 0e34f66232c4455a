"""XML written as text says what was meant, and an archive's untouched entries lie in the new one as they lay."""

from __future__ import annotations

import io
import zipfile

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from returned_cases import by_xlsxwriter

from kbxt_merge.outputs.sheets.archive import archive_of, attribute, entries_of, escaped

TEXTS = st.text(st.characters(exclude_categories=()))
HOSTILE = "</t>]]>&amp;\x00\x0b\ud800\ufffe\r\n\t\"'张𠮷"


def possible(text: str) -> str:
    """The text without what no XML can hold."""
    forbidden = {*map(chr, range(0x20)), *map(chr, range(0xD800, 0xE000)), "\ufffe", "\uffff"} - {*"\t\n\r"}
    return "".join(each for each in text if each not in forbidden)


@given(TEXTS)
@example(HOSTILE)
def test_an_element_says_the_text(text: str) -> None:
    element = etree.fromstring(f"<t>{escaped(text)}</t>")
    assert (element.text or "") == possible(text)
    assert len(element) == 0


@given(TEXTS)
@example(HOSTILE)
def test_an_attribute_says_the_text(text: str) -> None:
    assert etree.fromstring(f'<t a="{attribute(text)}"/>').get("a") == possible(text)


def packed(archive: bytes) -> dict[str, tuple[int, int, int]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {each.filename: (each.CRC, each.compress_size, each.compress_type) for each in opened.infolist()}


def test_entries_that_nobody_changed_lie_as_they_lay() -> None:
    before = by_xlsxwriter()
    assert packed(archive_of(entries_of(before))) == packed(before)


def test_a_changed_entry_stands_in_its_place_and_is_packed_as_it_was() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("表一.xml", b"<a/>" * 50, zipfile.ZIP_DEFLATED)
        archive.writestr("two.xml", b"<b/>", zipfile.ZIP_STORED)
        archive.writestr("three.xml", b"<c/>" * 50, zipfile.ZIP_DEFLATED)
    first, second, third = entries_of(out.getvalue())
    after = archive_of([first.with_content(b"<aa/>" * 50), second.with_content(b"<bb/>"), third])
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        contents = [(each.filename, archive.read(each)) for each in archive.infolist()]
    assert contents == [("表一.xml", b"<aa/>" * 50), ("two.xml", b"<bb/>"), ("three.xml", b"<c/>" * 50)]
    assert [each[2] for each in packed(after).values()] == [8, 0, 8]


def test_a_streamed_archive_with_its_sizes_behind_the_content_is_copied_whole() -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.xml", b"<a/>" * 50)
        archive.writestr("two.xml", b"<b/>" * 50)
    assert packed(archive_of(entries_of(out.getvalue()))) == packed(out.getvalue())
