"""The template filled in, as a Word file that comes out the same of the same figures."""

from __future__ import annotations

import os
import zipfile
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.out_folder import BRIEF
from kbxt_merge.outputs.brief.figures import Figures

_of_owner = partial(os.open, mode=0o600)


def write_brief(figures: Figures, folder: Path, own: Path | None = None) -> Path:
    """Write 情况汇报.docx into a folder, in the bureau's `own` template or in the package's; its path is returned.

    Raises OutputError where the template can't be filled in.
    """
    template = own.read_bytes() if own else _packaged().read_bytes()
    content = _filled(template, figures, str(own or f"templates/{BRIEF}"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / BRIEF
    with open(path, "wb", opener=_of_owner) as stream:
        stream.write(content)
    return path


def _packaged() -> Traversable:
    """The package's template, found by its ending: where names are of GBK, its own name can't be spelt."""
    return next(each for each in files("kbxt_merge.templates").iterdir() if each.name.endswith(Path(BRIEF).suffix))


def _filled(template: bytes, figures: Figures, name: str) -> bytes:
    from jinja2 import TemplateError

    from kbxt_merge.outputs.brief.filled import filled  # brings python-docx: only who writes this file waits for it

    try:
        return filled(template, figures)
    except TemplateError as error:
        raise OutputError(
            f"模板 {name} 填不进去：{error}。请在 Word 里改正花括号中的名称，或换回原来的模板",
            f"the template {name} can't be filled in: {error}; correct what stands in braces, or restore it",
        ) from error
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise OutputError(
            f"模板 {name} 不是 Word 文件（.docx），请换回原来的模板", f"the template {name} is no .docx; restore it"
        ) from error
