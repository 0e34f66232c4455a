"""What the system says when an output folder can't be written, as sentences for the operator."""

from __future__ import annotations

import codecs
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.text import Words

_OF_WRITING = {
    errno.ENOSPC: Words("磁盘已满，请腾出空间后重新运行", "the disk is full: make room, and run again"),
    errno.EDQUOT: Words("磁盘配额已用完，请腾出空间后重新运行", "the disk quota is used up: make room, and run again"),
    errno.EROFS: Words("磁盘是只读的，请换一个 --out", "the disk is read-only: choose another --out"),
    errno.EFBIG: Words("文件超过了磁盘允许的大小，请换一个 --out", "a file is too large: choose another --out"),
}
"""What the system says only of writing, wherever that was."""

_CLOSE_FILES = Words(
    "没有写权限，或其中有文件正在 Excel/WPS 中打开，请关闭文件或换一个 --out",
    "it can't be written, or a file in it is open in another program: close it, or choose another --out",
)
_CHOOSE_INSIDE = Words(
    "它是挂载点或正被占用，请改用它里面的一个子文件夹", "it is a mount point, or in use: choose a folder inside it"
)
_TOO_LONG = Words("路径太长，请换一个更短的 --out", "its path is too long: choose a shorter --out")
_OF_ALL = {
    errno.EACCES: _CLOSE_FILES,
    errno.EPERM: _CLOSE_FILES,
    errno.EBUSY: _CHOOSE_INSIDE,
    errno.EXDEV: _CHOOSE_INSIDE,
    errno.ENAMETOOLONG: _TOO_LONG,
}
"""What the system also says of reading: meant for us only where it names the output folder."""


_LONGEST_FOLDER = 247
"""Characters: a path that is longer Windows calls missing, unless it was told to take long ones (260 with a file)."""

_LOCALE = Words(
    "系统的语言环境（{encoding}）写不出文件名“{name}”：请设置环境变量 PYTHONUTF8=1 后重新运行",
    "the system's encoding ({encoding}) has no room for the file name “{name}”: set PYTHONUTF8=1, and run again",
)


@contextmanager
def told_to_operator(out: Path) -> Iterator[None]:
    """Turn what the system says of an output folder into an OutputError; all else passes."""
    try:
        yield
    except OSError as error:
        named = [Path(os.fsdecode(name)) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
        is_ours = any(_is_of(out, path) for path in named)
        words = _OF_WRITING.get(error.errno or 0) or (_of_ours(error, named) if is_ours else None)
        if words is None:
            raise
        raise OutputError(f"无法写入输出文件夹“{out}”：{words.zh}", f"the output folder {out}: {words.en}") from error
    except UnicodeEncodeError as error:
        if codecs.lookup(error.encoding).name != codecs.lookup(sys.getfilesystemencoding()).name or _is_utf8():
            raise
        facts = {"encoding": error.encoding, "name": Path(error.object).name}
        zh, en = _LOCALE.zh.format(**facts), _LOCALE.en.format(**facts)
        raise OutputError(f"无法写入输出文件夹：{zh}", f"the output folder: {en}") from error


def _of_ours(error: OSError, named: Sequence[Path]) -> Words | None:
    if error.errno == errno.ENOENT:
        return _TOO_LONG if any(len(str(path)) > _LONGEST_FOLDER for path in named) else None
    return _OF_ALL.get(error.errno or 0)


def _is_utf8() -> bool:
    return codecs.lookup(sys.getfilesystemencoding()).name == "utf-8"


def _is_of(out: Path, path: Path) -> bool:
    """Tell whether a path is, holds or lies in the output folder, or what stands beside it while a run writes."""
    beside = path.is_relative_to(out.parent) and path != out.parent
    return out.is_relative_to(path) or path.is_relative_to(out) or (beside and _first_below(out.parent, path, out.name))


def _first_below(parent: Path, path: Path, name: str) -> bool:
    return path.relative_to(parent).parts[0].startswith(f".{name}.")
