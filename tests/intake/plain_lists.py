"""Lists that are taken in one pass, as programs write them otherwise or amiss, and how each reader reads them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from unittest.mock import patch

import xlsxwriter
from mutations import LIMITS, TABLE, cut, edited_text, flipped, settled, shuffled

from kbxt_merge.intake.formats import ooxml
from kbxt_merge.intake.formats.plain_sheet import Plain, plain_sheet
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.model.returns import Kind

PLAIN_PARTS = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")
PLAIN_EDITS: tuple[tuple[bytes, bytes], ...] = (
    (rb"<v>[0-9.]+</v>", b"<v>1E5</v>"),
    (rb"<v>[0-9.]+</v>", b"<v>-007.50</v>"),
    (rb"<v>[0-9.]+</v>", b"<v> 3 </v>"),
    (rb"<v>[0-9.]+</v>", b"<v>0.1</v><f>A1</f>"),
    (rb"<v>[0-9.]+</v>", b"<v/>"),
    (rb' t="s"', b' t="n"'),
    (rb' t="s"', b' t="str"'),
    (rb' t="s"', b' t="b"'),
    (rb' t="s"', b""),
    (rb' s="[0-9]+"', b' s="3"'),
    (rb' s="[0-9]+"', b' s="77"'),
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="B7"'),
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="AB7"'),
    (rb'<row r="[0-9]+"', b'<row r="9"'),
    (rb'<row r="[0-9]+"', b'<row hidden="1" r="9"'),
    (rb' spans="[0-9:]+"', b' hidden="1"'),
    (rb' spans="[0-9:]+"', b" hidden='1'"),
    (rb' spans="[0-9:]+"', b' ht="0" customHeight="1"'),
    (rb"</row>", b'</row><row r="500"/>'),
    (rb"</row>", b'<c r="F500" s="1"/></row>'),
    (rb"</row>", b'<c r="ZZ500000"><v>1</v></c></row>'),
    (rb"<t>[^<]+</t>", b"<t/>"),
    (rb"<t>[^<]+</t>", b"<t> a &amp;lt; b&#20013;</t>"),
    (rb"<t>[^<]+</t>", b'<t xml:space="preserve">  </t>'),
    (rb"<t>[^<]+</t>", b"<t>a\r\nb_x000D_</t>"),
    (rb"<t>[^<]+</t>", b"<t>a &lt;&amp;amp;&gt;\n\tb </t>"),
    (rb"<t>[^<]+</t>", b'<t>a</t><phoneticPr fontId="1" type="noConversion"/>'),
    (rb"<t>[^<]+</t>", b"<r><t>a</t></r><r><t>b</t></r>"),
    (rb"<t>[^<]+</t>", b'<t>a</t><rPh sb="0" eb="1"><t>b</t></rPh>'),
    (rb'numFmtId="[0-9]+"', b'numFmtId="14"'),
    (rb'numFmtId="[0-9]+"', b'numFmtId="10"'),
    (rb"<cellXfs[^<>]*>", b'<cellXfs><xf/><xf\nnumFmtId="14"/>'),
    (rb"<t>[^<]+</t>", b"<t></t>"),
    (rb"<t>[^<]+</t>", b"<t>a&#10;b</t>"),
    (rb"<t>[^<]+</t>", b'<t xml:space="preserve">a&#10;</t>'),
    (rb"<t>[^<]+</t>", b"<t>&#10;a&#10;</t>"),
    (rb"<t>[^<]+</t>", b"<r><t>a&#10;</t></r><r><t>b</t></r>"),
    (rb"<t>[^<]+</t>", b'<r><rPr><sz val="11"/></rPr><t xml:space="preserve">a </t></r><r><t>b</t></r>'),
    (rb"<t>[^<]+</t>", b'<r><t>a</t></r><r><rPr><sz val="11"/><rFont val="x"/></rPr><t xml:space="preserve"> </t></r>'),
    (rb"<t>[^<]+</t>", b"<r><rPr><strike/></rPr><t>a</t></r><r><rPr><b/><strike/></rPr><t>&lt;b</t></r>"),
    (rb"<t>[^<]+</t>", b"<r><t>a </t></r><r><t> b</t></r>"),
    (rb"<t>[^<]+</t>", b"<r><rPr><sz/>x</rPr><t>a</t></r>"),
    (rb"<t>[^<]+</t>", b"<r><rPr><t>b</t></rPr><t>a</t></r>"),
    (rb"<t>[^<]+</t>", b"<r><t>a</t></r>x<r><t>b</t></r>"),
    (rb"<t>[^<]+</t>", b"<r><t></t></r><r><t>b</t></r>"),
    (rb"<t>[^<]+</t>", b'<r><t>a</t></r><phoneticPr fontId="1"/>'),
    (rb"</si>", b"</si><!-- </si><si> -->"),
    (rb"</si>", b"</si><si/>"),
    (rb"</si>", b"</si>\n"),
    (rb"</si>", b""),
    (rb"</si><si>", b""),
    (rb"<si>", b"<si><si>"),
    (rb"<sst [^<>]*>", b"<sst>"),
    (rb'formatCode="[^"]*"', b'formatCode="General"'),
    (rb'formatCode="[^"]*"', b'formatCode="0_ "'),
    (rb'formatCode="[^"]*"', b'formatCode="#,##0.00%"'),
    (rb'formatCode="[^"]*"', b'formatCode="yyyy"'),
    (rb'formatCode="[^"]*"', b'formatCode="[h]:mm"'),
    (rb"<fonts", b'<numFmts count="1"><numFmt numFmtId="0" formatCode="yyyy"/></numFmts><fonts'),
)
"""What programs write otherwise, or amiss, where a list holds texts and numbers and nothing else."""
FORMULA, RESULT = rb"<f>[^<]*</f>", rb"(?<=</f>)<v>[^<]*</v>"
CALCULATED_EDITS: tuple[tuple[bytes, bytes], ...] = (
    (FORMULA, b'<f t="shared" ref="J5:J9" si="0">A1</f>'),
    (FORMULA, b'<f t="shared" si="0"/>'),
    (FORMULA, b'<f t="array" ref="J5">A1&amp;"x"&lt;2</f>'),
    (FORMULA, b"<f/>"),
    (FORMULA, b"<f></f>"),
    (FORMULA, b"<f>A1&B1</f>"),
    (FORMULA, b"<f>'a'!A1='b'!B1</f>"),
    (FORMULA, b"<f>A1</f><f>A1</f>"),
    (FORMULA, b""),
    (RESULT, b""),
    (RESULT, b"<v></v>"),
    (RESULT, b"<v/>"),
    (RESULT, b"<v> a &amp; b</v>"),
    (RESULT, b"<v>a&#10;b\n c&lt;&amp;amp;</v>"),
    (RESULT, b"<v>_x000D_</v>"),
    (RESULT, b"<v>a&#10;</v>"),
    (RESULT, b"<v>a\r\nb</v>"),
    (RESULT, b"<v>\xff</v>"),
    (RESULT, b"<v>#REF!</v>"),
    (RESULT, b"<v>#BAD!</v>"),
    (RESULT, b"<v>1</v>"),
    (RESULT, b"<v>44000.5</v>"),
    (rb' t="(?:str|b|e)"', b' t="str"'),
    (rb' t="(?:str|b|e)"', b' t="b"'),
    (rb' t="(?:str|b|e)"', b' t="e"'),
    (rb' t="(?:str|b|e)"', b' t="n"'),
    (rb' t="(?:str|b|e)"', b' t="d"'),
    (rb' t="(?:str|b|e)"', b' t="s"'),
    (rb' t="(?:str|b|e)"', b""),
    (rb' t="(?:str|b|e)"', b' cm="1" t="str"'),
    (rb"</row>", b'<c r="AZ9" t="str"><f>A1</f><v></v></c></row>'),
    (rb"</row>", b'</row><row r="600"><c r="AZ600" t="str"><f>A1</f><v></v></c></row>'),
    (rb"</row>", b'</row><row r="600"><c r="AZ600" t="e"><f>A1</f><v>#N/A</v></c></row>'),
    (rb"<row ", b'<row r="1"><c r="A1" t="str"><f>A1</f><v></v></c></row><row '),
)
"""The same of cells with a formula."""


@lru_cache(maxsize=1)
def plain_list() -> bytes:
    """A list of texts and numbers, with a line that spans it, formats, blank cells and a row out of sight."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    percent = book.add_format({"num_format": 10})
    sheet = book.add_worksheet("附件3")
    for row, cells in enumerate(TABLE, start=1):
        sheet.write_row(row, 1, cells, bold if row == 3 else None)
    for row in range(4, 34):
        sheet.write_number(row, 7, row / 7, percent)
        sheet.write_blank(row, 8, None, day)
    sheet.merge_range(40, 1, 40, 5, "填表人：王五", bold)
    sheet.set_row(10, None, None, {"hidden": True})
    book.close()
    return settled(buffer.getvalue())


@lru_cache(maxsize=2)
def calculated_list(of_ours: bool) -> bytes:
    """The same list with formulas of every result, and with rows at its end in which they say nothing; `of_ours`: as a
    blank of this tool, with a sheet that is not read."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    ratio, day = book.add_format({"num_format": "0.000"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("附件3")
    for row, cells in enumerate(TABLE, start=1):
        sheet.write_row(row, 1, cells)
    results = (7, "✓", "", 0.25, "年龄 < 6\n岁", True, "#N/A", "")
    for row in range(4, 60):
        result = results[row % len(results)] if row < 34 else ""
        formula = f'=IF(B{row}<6,"✓",VLOOKUP(B{row},选项!A:B,2))' if row % 3 else f"=B{row}+1"
        sheet.write_formula(row, 8, formula, ratio, result)
        sheet.write_blank(row, 7, None, day)
    if of_ours:
        book.set_custom_property("kbxt_form", "3")
        book.add_worksheet("选项").write_column(0, 0, [f"选项{number}" for number in range(40)])
    book.close()
    return settled(buffer.getvalue())


LISTS: tuple[Callable[[], bytes], ...] = (plain_list, lambda: calculated_list(False), lambda: calculated_list(True))


def edited_plainly(data: bytes, chance: random.Random) -> bytes:
    """One of the parts that values stand in edited as programs differ, or damaged inside."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(PLAIN_PARTS)
    edits = [
        (places, text)
        for pattern, text in PLAIN_EDITS + CALCULATED_EDITS
        if (places := list(re.finditer(pattern, parts[name])))
    ]
    if edits and chance.random() < 0.8:
        places, text = chance.choice(edits)
        place = chance.choice(places)
        parts[name] = parts[name][: place.start()] + text + parts[name][place.end() :]
    else:
        parts[name] = chance.choice([edited_text, cut, flipped, shuffled])(parts[name], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def read_both_ways(number: int) -> str:
    """How an edited plain sheet is read: in one pass as by the readers that this spares, by these, or not so."""
    chance = random.Random(number)
    data = chance.choice(LISTS)()
    for _ in range(chance.choice([1, 1, 2, 3])):
        data = edited_plainly(data, chance)
    taken: list[bool] = []

    def in_one_pass(*asked: Any) -> Plain | None:
        found = plain_sheet(*asked)
        taken.append(found is not None)
        return found

    with patch.object(ooxml, "plain_sheet", in_one_pass):
        first = _outcome(data)
    with patch.object(ooxml, "plain_sheet", return_value=None):
        second = _outcome(data)
    if first != second:
        return f"{number}\n{first}\n{second}"
    return "in one pass" if taken and all(taken) else "by others"


def _outcome(data: bytes) -> str:
    try:
        return repr(read_workbook(data, Kind.XLSX, LIMITS))  # 1 and 1.0 are alike, but not as they are written
    except Unreadable as error:
        return f"{error.problem.slug} {error.problem.facts['what']}"
