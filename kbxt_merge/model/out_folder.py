"""What stands in an output folder, and under which names: known to whoever writes it and to whoever reads it."""

from __future__ import annotations

import re
import sys
import unicodedata

REPORT = "核查报告.html"
SUMMARY_FOLDER = "汇总"
DIFFERENCE_LIST = "比对清单.xlsx"
"""In 汇总: a row a difference between returns and the bureau's registers."""
PROBLEM_LIST = "问题清单.xlsx"
"""In 汇总: a row a finding, for a clerk to filter."""
BRIEF = "情况汇报.docx"
"""In 汇总: a page for the chief, then the term's report; so is its template called, too."""
REMINDER_LIST = "催报名单.xlsx"
"""In 汇总: who owes what, and whom to call."""
RETURN_FOLDER = "退回"
"""A folder a school."""
DATA_FOLDER = "data"
OUTBOX_FOLDER = "发件"
"""The record of what was sent, and the mails of a dry run."""
LEDGER_FILE = "kbxt.db"
PAST_FOLDER = "往期"
"""A folder a period that was merged here before: its report and its 汇总, as they last stood."""

MADE_ANEW = (REPORT, SUMMARY_FOLDER, RETURN_FOLDER, DATA_FOLDER)
"""What every run makes anew; all else in an output folder stays."""

FINDINGS_FILE = "findings.csv"
FILES_FILE = "files.csv"
ROWS_LEFT_OUT_FILE = "rows-left-out.csv"
RUN_FILE = "run.json"
LOG_FILE = "log"
"""Of the data folder."""

CLERKS_FOLDER = "办理"
"""Below OUT: what is the clerk's own, and no merge makes anew."""

PASSWORD_SHEET = "口令单.xlsx"
"""In the clerk's folder: the passwords that were made for schools."""

NOBODYS_FOLDER = "未注明学校"
"""The folder of files that name no school."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.I)
_LONGEST_BYTES = 200


def records_file(form: str) -> str:
    """The name of a form's records in the data folder."""
    return f"records-{form}.csv"


def safe_name(text: str) -> str:
    """The text as a file name that Windows and Linux both take; empty where nothing of it can stand in one.

    >>> safe_name("田村 中学/分校. ")
    '田村 中学_分校'
    """
    name = _writable(_FORBIDDEN.sub("_", unicodedata.normalize("NFC", text))).strip(" .")
    name = f"_{name}" if _RESERVED.fullmatch(name) else name
    stem, dot, suffix = name.rpartition(".")
    if len(name.encode()) <= _LONGEST_BYTES:
        return name
    if not dot or len(suffix) > 8:
        stem, dot, suffix = name, "", ""
    return stem.encode()[: _LONGEST_BYTES - 9].decode(errors="ignore") + dot + suffix


def _writable(name: str) -> str:
    """The name with _ for what this system's file names can't hold: under GBK, characters that are too rare for it."""
    encoding = sys.getfilesystemencoding()
    try:
        name.encode(encoding)
    except UnicodeEncodeError:
        return "".join(each if _fits(each, encoding) else "_" for each in name)
    return name


def _fits(character: str, encoding: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


def school_folder(school: str) -> str:
    """The name of a school's folder below 退回/."""
    return safe_name(school) or NOBODYS_FOLDER
