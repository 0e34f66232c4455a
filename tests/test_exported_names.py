"""What `kbxt_merge` exports is documented, is imported when it is asked for, and nothing else is promised."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import kbxt_merge

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
MEMBERS = [
    *((kbxt_merge.id_number, name) for name in kbxt_merge.id_number.__all__),
    *((kbxt_merge.Result, name) for name in vars(kbxt_merge.Result) if not name.startswith("_")),
]


@pytest.mark.parametrize("name", kbxt_merge.__all__)
def test_an_exported_name_has_a_docstring_and_stands_on_the_page(name: str) -> None:
    assert inspect.getdoc(getattr(kbxt_merge, name))
    assert re.search(rf"\b{name}\b", PAGE)


@pytest.mark.parametrize(("owner", "name"), MEMBERS, ids=lambda each: each if isinstance(each, str) else "")
def test_so_have_the_names_within(owner: object, name: str) -> None:
    if (member := inspect.getattr_static(owner, name, None)) is not None:  # a field stands in its class's docstring
        assert inspect.getdoc(member)
    assert re.search(rf"\b{name}\b", PAGE)


def test_the_names_are_listed_and_in_order() -> None:
    assert kbxt_merge.__all__ == sorted(kbxt_merge.__all__, key=lambda name: (name.islower(), name))
    assert set(kbxt_merge.__all__) <= set(dir(kbxt_merge))


def test_no_name_is_also_a_module_of_the_package() -> None:
    # importing that module would put it in the name's place
    functions = [name for name in kbxt_merge.__all__ if not isinstance(getattr(kbxt_merge, name), ModuleType)]
    package = ROOT / "kbxt_merge"
    assert [name for name in functions if (package / f"{name}.py").exists() or (package / name).exists()] == []


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="chekc"):
        _ = kbxt_merge.chekc


def test_the_package_alone_imports_nothing_of_itself() -> None:
    asks = "import sys, kbxt_merge; print([name for name in sys.modules if name.startswith('kbxt_merge.')])"
    told = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


def test_an_id_number_is_judged_without_the_rest_of_the_package() -> None:
    asks = (
        "import sys; from kbxt_merge import id_number; id_number.validate('360721200708094056');"
        "print({'kbxt_merge.merging', 'pandera', 'sqlalchemy', 'openpyxl'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "set()"
