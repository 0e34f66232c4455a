"""Why a file was not read, in words: what the readers found, as a sentence's second half."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.returns import Problem
from kbxt_merge.model.text import Words

_WHAT: Mapping[str, Words] = {
    "answers-alone": Words("只有核查意见", "it holds its sheet of findings alone"),
    "archive-cipher": Words(
        "在用 AES 加密的 zip 里，软件打不开（可改用 7z）",
        "it is in a zip locked by AES, which can't be opened here (a 7z can)",
    ),
    "archive-in-archive": Words("是压缩包里的压缩包", "it is an archive inside archives"),
    "archive-password": Words("压缩包设有密码", "the archive is locked with a password"),
    "bad-format": Words("不是能读取的表格格式", "it is no spreadsheet format that can be read"),
    "cannot-open": Words("打不开（{reason}）", "it can't be opened ({reason})"),
    "cells-lost": Words(
        "工作表“{sheet}”有 {found} 个单元格，只读出 {read} 个",
        "sheet “{sheet}” has {found} filled cells, but only {read} could be read",
    ),
    "changed-since": Words("读取之后文件被改动", "it was changed after it was read"),
    "changing": Words("读取时文件仍在变化", "it was still changing while it was read"),
    "contact": Words("是通讯录或日程", "it is a contact or an appointment"),
    "crash": Words("读取时程序被它中断", "reading it made the reader fail"),
    "damaged": Words("已损坏", "it is damaged"),
    "doc": Words("是旧版 Word 文件（.doc）", "it is an old Word file (.doc)"),
    "docx": Words("是没有附件表格的 Word 文件", "it is a Word file without a form's table"),
    "embedded": Words("是空的工作表，上面嵌着另一个文件", "its sheets are empty, and another file is embedded in them"),
    "eml": Words("是邮件", "it is a mail"),
    "empty": Words("是空的", "it is empty"),
    "entities": Words("内含危险的实体定义", "it holds dangerous entity definitions"),
    "fault": Words("处理时程序出错（{error}）", "the program failed over it ({error})"),
    "file-size": Words("有 {found} 字节，超过上限 {limit}", "it has {found} bytes, more than {limit}"),
    "half-download": Words("没有下载完", "it is a download that was not finished"),
    "html": Words("其实是没有表格的网页", "it is a web page without a table"),
    "image": Words("是图片", "it is an image"),
    "iwork": Words("是苹果 Numbers 一类的文件", "it is a file of Apple's Numbers or its like"),
    "inflated-ratio": Words("解压后膨胀超过 {limit} 倍", "it inflates to more than {limit} times its size"),
    "inflated-size": Words(
        "解压后有 {found} 字节，超过上限 {limit}", "it inflates to {found} bytes, more than {limit}"
    ),
    "link": Words("是指向别处的链接", "it is a link to somewhere else"),
    "mail-alone": Words("是没有附件的邮件", "it is a mail without attachments"),
    "mail-forged": Words(
        "是邮件，服务商核对后认定不是发件人发出的，里面的附件没有采用",
        "it is a mail of which the provider says that it is not from its sender; nothing in it was taken",
    ),
    "mail-link": Words("是邮件，附件在网盘或在线文档里", "it is a mail whose attachments lie in a cloud"),
    "mail-text": Words("是邮件的正文", "it is the text of a mail"),
    "media": Words("是视频或录音", "it is a video or a recording"),
    "memory": Words("读取所需内存超过上限 {limit}", "reading it takes more memory than {limit}"),
    "msg": Words("是 Outlook 邮件", "it is a mail of Outlook"),
    "not-a-file": Words("不是普通文件", "it is no regular file"),
    "overlapping-entries": Words("压缩内容互相重叠", "its compressed entries overlap"),
    "password": Words("打开需要密码", "it needs a password to open"),
    "passing": Words(
        "是系统、办公软件或下载软件的临时文件", "a temporary file of the system, the office program or a download"
    ),
    "pdf": Words("是 PDF 文件", "it is a PDF file"),
    "picture-only": Words("里面只有图片，没有表格", "it holds pictures and no table"),
    "program": Words("是程序，请不要打开", "it is a program; do not open it"),
    "rar": Words("是压缩包", "it is an archive"),
    "rar-unpacker": Words("是 RAR 压缩包，本机没有解压程序", "it is a RAR archive, and no unpacker is at hand"),
    "resource-fork": Words("是苹果电脑的附属文件", "what a Mac keeps beside a file"),
    "rtf": Words("是没有附件表格的 RTF 文件", "it is an RTF file without a form's table"),
    "sealed-mail": Words("是签名或加密的邮件", "it is a sealed mail"),
    "shortcut": Words("只是一个链接或快捷方式，不是文件本身", "it is only a link to a file"),
    "signature": Words("是数字签名", "it is a signature"),
    "size-lie": Words("实际内容大于文件自己声明的大小", "it holds more than it declares"),
    "sylk": Words("是 SYLK 文件（.slk）", "it is a SYLK file (.slk)"),
    "text": Words("是文本文件，不是表格", "it is a text file, no spreadsheet"),
    "tnef": Words("是 Outlook 的 winmail.dat", "it is Outlook's winmail.dat"),
    "list-crash": Words(
        "使列出它的程序中断，里面的文件都没有看", "listing it made the lister fail; nothing in it was looked at"
    ),
    "list-fault": Words(
        "使列出它的程序出错（{error}），里面的文件都没有看",
        "the program failed to list it ({error}); nothing in it was looked at",
    ),
    "list-memory": Words(
        "列出里面的文件所需内存超过上限 {limit}，里面的文件都没有看",
        "listing it takes more memory than {limit}; nothing in it was looked at",
    ),
    "list-time": Words(
        "{limit} 秒内没有列完，里面的文件都没有看",
        "it could not be listed within {limit} seconds; nothing in it was looked at",
    ),
    "time": Words("{limit} 秒内没有读完", "it could not be read within {limit} seconds"),
    "too-many-cells": Words("单元格超过上限 {limit} 个", "it has more than {limit} cells"),
    "too-many-entries": Words(
        "内含文件 {found} 个，超过上限 {limit} 个，都没有看",
        "it has {found} entries, more than {limit}; none was looked at",
    ),
    "too-many-records": Words("有 {found} 行记录，超过上限 {limit} 行", "it has {found} records, more than {limit}"),
    "too-many-sheets": Words("工作表超过上限 {limit} 张", "it has more than {limit} sheets"),
    "too-many-strings": Words("文字条目超过上限 {limit} 条", "it has more than {limit} strings"),
    "truncated": Words("不完整（可能没有传完）", "it is incomplete (perhaps not sent in full)"),
    "unknown": Words("不是电子表格", "it is no spreadsheet"),
    "unlisted": Words("其实是邮件或压缩包，名字却不是", "it is a mail or an archive under another name"),
    "volume": Words("是分卷压缩包的一卷", "it is one volume of an archive in several"),
    "whole-records": Words(
        "有 {found} 行记录；收件夹里合计超过上限 {limit} 行，行数最多的文件没有汇总",
        "it has {found} records; the whole inbox has more than {limit}, and the largest files are not merged",
    ),
    "whole-bytes": Words(
        "里面有 {count} 个文件，整个压缩包到此解压后共 {found} 字节，超过上限 {limit}，这 {count} 个都没有看",
        "it holds {count} files, with which the whole archive inflates to {found} bytes, more than {limit}; none of "
        "the {count} was looked at",
    ),
    "whole-members": Words(
        "里面有 {count} 个文件，整个压缩包到此共 {found} 个，超过上限 {limit} 个，这 {count} 个都没有看",
        "it holds {count} files, with which the whole archive has {found}, more than {limit}; none of the {count} was "
        "looked at",
    ),
    "zip": Words("是压缩包", "it is an archive"),
    "7z": Words("是压缩包", "it is an archive"),
}

_DO: Mapping[str, Words] = {
    "archive-cipher": Words(
        "在用 AES 加密的 zip 里，软件打不开（可改用 7z）",
        "it is in a zip locked by AES, which can't be opened here (a 7z can)",
    ),
    "archive-in-archive": Words("请解压后重新报送", "Unpack it and return what is in it"),
    "embedded": Words("请双击打开嵌入的表格，另存为 .xlsx 后重新报送", "Open what is embedded, and save it as .xlsx"),
    "half-download": Words("请重新下载，或请学校重新发送", "Download it again, or have it sent again"),
    "iwork": Words("请在 Numbers 中选“导出为 Excel”后重新报送", "Export it to Excel from Numbers and return that"),
    "mail-forged": Words(
        "请向学校核实；确是学校发的，把附件另存到该校的文件夹里再汇总",
        "Ask the school; if it did send it, save the attachments into the school's folder",
    ),
    "mail-link": Words(
        "请打开邮件里的链接，下载文件后重新报送", "Open the link in it, download the files, and return those"
    ),
    "picture-only": Words("请把表格本身填好后重新报送", "Return the table itself"),
    "sealed-mail": Words("请把邮件里的附件另存后重新报送", "Save its attachments and return them"),
    "shortcut": Words("请打开链接，下载文件后重新报送", "Open the link, download the file, and return that"),
    "unlisted": Words("请取出里面的文件后重新报送", "Return the files that are in it"),
    "volume": Words("请合成一个压缩包，或直接发送表格", "Send it as one archive, or the workbooks themselves"),
    "whole-records": Words(
        "请核对是不是重复或空的内容；确有这么多，请调大设置 limits.inbox_records",
        "See whether they are copies or empty; if not, raise the setting limits.inbox_records",
    ),
    **dict.fromkeys(
        ("list-crash", "list-fault", "list-memory", "list-time", "whole-bytes", "whole-members"),
        Words("请解压后把表格放入收件夹，或分成几个压缩包重新报送", "Unpack it, or send it as several archives"),
    ),
}
"""What to do about a file that was not read, where saving it anew does not help."""
_COPY = Words("请把表格内容复制到新的工作簿后重新报送", "Copy its tables into a new workbook and return that")
"""The same of a file past a limit, which would be past it again."""
_SAVE = Words("请用 Excel 或 WPS 重新保存为 .xlsx 后重新报送", "Save it again as .xlsx and return it")


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def reason(problem: Problem) -> Words:
    """Why, in both languages; a word that nobody explained is shown as it is, so that nothing hides behind a blank."""
    what = problem.facts.get("what", "unknown")
    words = _WHAT.get(what, Words(what, what))
    facts = _Facts(problem.facts)
    return Words(words.zh.format_map(facts), words.en.format_map(facts))


def advice(problem: Problem) -> Words:
    """What the school should do about a file that can't be read."""
    return _DO.get(problem.facts.get("what", ""), _COPY if problem.slug == "file-unsafe" else _SAVE)
