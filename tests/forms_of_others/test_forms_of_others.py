"""Nine forms of other kinds, as county bureaus hand them out, each defined in YAML as a bureau would write it.

Each folder holds the blank, two schools' returns, the roster and the definition. All persons in them are invented.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml

import kbxt_merge.schemas
from kbxt_merge import merging
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.settings import load_settings

HERE = Path(__file__).parent
SHIPPED = Path(kbxt_merge.schemas.__path__[0])
EXAMPLES = HERE.parent.parent / "examples"
MIDDLE, PRIMARY, COMBINED = (f"云岭县{name}.xlsx" for name in ("江口中学", "王母渡小学", "韩坊学校"))

Fault = tuple[str, str, str]
"""File, cell and rule."""


@dataclass(frozen=True)
class Case:
    """What is planted in the returns of one form; `besides` is as true by the form's own printed note."""

    planted: Sequence[Fault]
    besides: Sequence[Fault] = ()


CASES: Mapping[str, Case] = {
    "01-left-behind-list": Case(
        planted=[
            (MIDDLE, "B6", "id-name-conflict"),
            (MIDDLE, "B7", "id-name-conflict"),
            (MIDDLE, "K7", "phone-invalid"),
        ]
    ),
    "02-aid-list": Case(
        planted=[
            (MIDDLE, "F7", "roll-number-invalid"),
            (MIDDLE, "N7", "product"),
            (MIDDLE, "R7", "required-missing"),
            (MIDDLE, "P6", "unique"),
            (MIDDLE, "P8", "unique"),
        ]
    ),
    "03-left-behind-statistics": Case(
        planted=[(PRIMARY, "C8", "count-sum")],
        besides=[(PRIMARY, "D8", "count-sum")],  # “3列≤2列”: 8 girls of 7
    ),
    "04-matrix": Case(
        planted=[(COMBINED, "C6", "count-sum")],
        besides=[
            (COMBINED, "C7", "count-sum"),  # “(1)=(2)+…+(7)” in the row of the girls: 156, 154
            (PRIMARY, "C7", "count-sum"),  # 138, 137
        ],
    ),
    "05-canteen": Case(
        planted=[
            (MIDDLE, "G6", "count-sum"),
            (PRIMARY, "E6", "vocabulary-invalid"),
            (PRIMARY, "O6", "code-invalid"),
            (PRIMARY, "P6", "out-of-range"),
        ]
    ),
    "06-school-bus": Case(
        planted=[
            (PRIMARY, "C3", "code-invalid"),
            (PRIMARY, "E3", "code-invalid"),
            (PRIMARY, "E5", "out-of-range"),
            (PRIMARY, "C7", "same-as"),
            (PRIMARY, "E7", "vocabulary-invalid"),
        ]
    ),
    "07-teachers": Case(planted=[(MIDDLE, "Q6", "code-invalid"), (PRIMARY, "C5", "sex-id-mismatch")]),
    "09-monthly": Case(planted=[]),
    "10-suspected": Case(
        planted=[
            (MIDDLE, "L6", "vocabulary-invalid"),
            (MIDDLE, "C7", "sex-id-mismatch"),
            (MIDDLE, "R7", "required-missing"),
        ]
    ),
}
NAMES = sorted(CASES)


def examined(inbox: Path, schemas: Path | None, roster: Path) -> Checked:
    """What is found in an inbox by these definitions; nothing is written."""
    options = {"schemas": schemas, "roster": roster, "period": "2021秋", "as_of": "2021-09-15", "jobs": 0}
    given = {name: value for name, value in options.items() if value is not None}
    return merging.examine([inbox], load_settings(given, {}, inbox.parent), merging.Progress())


def raised(checked: Checked) -> list[Fault]:
    """What is found in the returns and is more than information."""
    frame = checked.findings.frame
    asked = frame[(frame["severity"] != "info") & (frame["file"] != "")]
    return sorted(set(asked[["file", "cell", "rule"]].itertuples(index=False, name=None)))


@pytest.mark.parametrize("name", NAMES)
def test_the_definition_finds_what_is_planted_and_nothing_else(name: str) -> None:
    folder, case = HERE / name, CASES[name]
    checked = examined(folder / "inbox", folder / "definition", folder / "学校名册.xlsx")
    assert raised(checked) == sorted([*case.planted, *case.besides])
    absent = checked.findings.frame[checked.findings.frame["file"] == ""]
    assert absent["rule"].tolist() == ["school-not-returned"]


@pytest.fixture(scope="module")
def definitions_of_both(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The shipped six with the nine before them in force, and after them."""
    forms: list[str] = []
    words: dict[str, object] = {}
    base = tmp_path_factory.mktemp("both")
    for name in NAMES:
        for path in sorted((HERE / name / "definition").glob("*.yaml")):
            read = yaml.safe_load(path.read_text(encoding="utf-8"))
            if path.name == "vocabularies.yaml":
                words |= read
            elif path.name != "bureau.yaml":
                forms.append(path.stem)
                shutil.copy(path, base / path.name)
    (base / "vocabularies.yaml").write_text(yaml.safe_dump(words, allow_unicode=True, sort_keys=False), "utf-8")
    bureau = yaml.safe_load((SHIPPED / "bureau.yaml").read_text(encoding="utf-8"))
    six = bureau["forms"]
    folders = {}
    for order, named in {"before": [*forms, *six], "after": [*six, *forms]}.items():
        folders[order] = base.parent / f"{base.name}-{order}"
        shutil.copytree(base, folders[order])
        text = yaml.safe_dump({**bureau, "forms": named}, allow_unicode=True)
        (folders[order] / "bureau.yaml").write_text(text, encoding="utf-8")
    return folders


@pytest.fixture(scope="module")
def of_the_six() -> pd.DataFrame:
    """What is found in the examples' returns with only the six in force."""
    return examined(EXAMPLES / "returned", None, EXAMPLES / "学校名册.xlsx").findings.frame


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_six_forms_findings_are_the_same_with_the_nine_in_force(
    order: str, of_the_six: pd.DataFrame, definitions_of_both: Mapping[str, Path]
) -> None:
    both = examined(EXAMPLES / "returned", definitions_of_both[order], EXAMPLES / "学校名册.xlsx").findings.frame
    own = both[~both["form"].str.startswith("y")].reset_index(drop=True)
    assert len(of_the_six) > 50
    pd.testing.assert_frame_equal(own, of_the_six)


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("name", NAMES)
def test_each_of_the_nine_is_told_from_all_the_others(
    name: str, order: str, definitions_of_both: Mapping[str, Path]
) -> None:
    folder, case = HERE / name, CASES[name]
    checked = examined(folder / "inbox", definitions_of_both[order], folder / "学校名册.xlsx")
    assert raised(checked) == sorted([*case.planted, *case.besides])
