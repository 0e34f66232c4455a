"""Why a file was not read, in words: what the readers found, as a sentence's second half."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.returns import Problem
from kbxt_merge.model.text import Words

_WHAT: Mapping[str, Words] = {
    "archive-in-archive": Words(
        "是压缩包里的压缩包，请解压后再放入", "it is an archive inside archives; unpack it first"
    ),
    "archive-password": Words("压缩包设有密码", "the archive is locked with a password"),
    "bad-format": Words("不是能读取的表格格式", "it is no spreadsheet format that can be read"),
    "cannot-open": Words("文件打不开（{reason}）", "it can't be opened ({reason})"),
    "cells-lost": Words(
        "工作表“{sheet}”有 {found} 个单元格，只读出 {read} 个",
        "sheet “{sheet}” has {found} filled cells, but only {read} could be read",
    ),
    "changed-since": Words("读取之后文件被改动", "it was changed after it was read"),
    "changing": Words("读取时文件仍在变化", "it was still changing while it was read"),
    "crash": Words("读取时程序被它中断", "reading it made the reader fail"),
    "damaged": Words("文件已损坏", "it is damaged"),
    "doc": Words("是旧版 Word 文件（.doc）", "it is an old Word file (.doc)"),
    "docx": Words("是没有附件表格的 Word 文件", "it is a Word file without a form's table"),
    "empty": Words("文件是空的", "it is empty"),
    "entities": Words("文件内含危险的实体定义", "it holds dangerous entity definitions"),
    "fault": Words("处理时程序出错（{error}）", "the program failed over it ({error})"),
    "file-size": Words("文件有 {found} 字节，超过上限 {limit}", "it has {found} bytes, more than {limit}"),
    "html": Words("其实是没有表格的网页", "it is a web page without a table"),
    "image": Words("是图片", "it is an image"),
    "inflated-ratio": Words("解压后膨胀超过 {limit} 倍", "it inflates to more than {limit} times its size"),
    "inflated-size": Words(
        "解压后有 {found} 字节，超过上限 {limit}", "it inflates to {found} bytes, more than {limit}"
    ),
    "link": Words("是指向别处的链接", "it is a link to somewhere else"),
    "memory": Words("读取所需内存超过上限 {limit}", "reading it takes more memory than {limit}"),
    "not-a-file": Words("不是普通文件", "it is no regular file"),
    "overlapping-entries": Words("压缩内容互相重叠", "its compressed entries overlap"),
    "password": Words("打开需要密码", "it needs a password to open"),
    "pdf": Words("是 PDF 文件", "it is a PDF file"),
    "rar-unpacker": Words("是 RAR 压缩包，本机没有解压程序", "it is a RAR archive, and no unpacker is at hand"),
    "size-lie": Words("实际内容大于文件自己声明的大小", "it holds more than it declares"),
    "text": Words("是文本文件，不是表格", "it is a text file, no spreadsheet"),
    "time": Words("{limit} 秒内没有读完", "it could not be read within {limit} seconds"),
    "too-many-cells": Words("单元格超过上限 {limit} 个", "it has more than {limit} cells"),
    "too-many-entries": Words("内含文件超过上限 {limit} 个", "it has more than {limit} entries"),
    "too-many-sheets": Words("工作表超过上限 {limit} 张", "it has more than {limit} sheets"),
    "too-many-strings": Words("文字条目超过上限 {limit} 条", "it has more than {limit} strings"),
    "truncated": Words("文件不完整（可能没有传完）", "it is incomplete (perhaps not sent in full)"),
    "unknown": Words("不是电子表格", "it is no spreadsheet"),
    "zip": Words("是压缩包", "it is an archive"),
    "7z": Words("是压缩包", "it is an archive"),
}


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def reason(problem: Problem) -> Words:
    """Why, in both languages; a word that nobody explained is shown as it is, so that nothing hides behind a blank."""
    what = problem.facts.get("what", "unknown")
    words = _WHAT.get(what, Words(what, what))
    facts = _Facts(problem.facts)
    return Words(words.zh.format_map(facts), words.en.format_map(facts))
