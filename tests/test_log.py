"""The log tells what was decided of each file, sheet and row, and why, in either language."""

from __future__ import annotations

import logging

import pytest
from cast import card, listed
from click.testing import CliRunner
from sheets import AS_OF, FORMS, MIDDLE, PRIMARY, Content, district, page

from kbxt_merge.cli import main
from kbxt_merge.log import LOG, decisions
from kbxt_merge.log_words import LINES, MATCHED, NAMED_BY, REPLACED
from kbxt_merge.model.left_out import Reason
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.returned_form import NamedBy, Standing
from kbxt_merge.model.returns import Problem, Workbook
from kbxt_merge.model.text import Language
from kbxt_merge.rules.engine.verdicts import account, verdicts
from kbxt_merge.rules.run import check

EARLIER = listed("1-2", "| 姓名 |\n| 赖小满 |", school="梅小")
LATER = listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |", school=PRIMARY, without=["备注"])
LATER.rows.append(["合计", 2.0])
UNKNOWN = listed("3", "| 姓名 |\n| 钟小寒 |", school="赣县区梅岭小学")
STRANGE = page("| 项目 | 金额 |\n| 书本 | 12 |", "流水")
REMARK = FORMS.by_slug["1-2"].by_name["remark"].label
RETURNS: dict[str, Content] = {
    "一/附件1-2.xlsx": EARLIER,
    "二/附件1-2.xlsx": LATER,
    "茅店中学/卡片.xlsx": card("温小暑"),
    "来历不明.xlsx": Workbook([UNKNOWN, STRANGE, page("| 说明如下 |", "说明")]),
    "锁.xlsx": Problem("file-encrypted"),
}


def decided(language: Language) -> list[str]:
    made = district(RETURNS)
    findings = check(made)
    files = verdicts(made, findings)
    return list(decisions(Checked(made, findings, files, account(made, files)), language))


def said(line: str, language: Language, **facts: object) -> str:
    return LINES[line].of(language).format(**facts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_decision_has_its_line(language: Language) -> None:
    lines = decided(language)
    unit, path = (NAMED_BY[by].of(language) for by in (NamedBy.UNIT_LINE, NamedBy.PATH))
    by_name, by_alias, known = (MATCHED[how].of(language) for how in ("name", "alias", "known"))
    first, second, third = "一/附件1-2.xlsx › Sheet1", "二/附件1-2.xlsx › Sheet1", "来历不明.xlsx › Sheet1"
    cards, replaced = "茅店中学/卡片.xlsx › Sheet1", REPLACED[Standing.SUPERSEDED].of(language)
    expected = [
        said("run", language, version="0.1.0", period="2021春", as_of=AS_OF),
        said("roster", language, schools=3),
        said("kind", language, file="锁.xlsx", kind="unknown", size=1),
        said("header", language, place=second, row=3),
        said("rows", language, place=second, count=2, rows="4-5"),
        said("dated", language, place=second, cell="A2"),
        said("left-out", language, place=f"{second} › A6", slug="total", why=Reason.TOTAL.words.of(language)),
        said("missing", language, place=second, count=1, fields=REMARK.of(language)),
        said("set-aside", language, place=first, why=replaced, other="二/附件1-2.xlsx"),
        said("no-form", language, place="来历不明.xlsx › 流水"),
        said("text", language, place="来历不明.xlsx › 说明"),
        *(
            said("school", language, place=place, by=by, match=said(match, language, **facts))
            for place, by, match, facts in (
                (first, f"{unit} A2", "listed", {"school": PRIMARY, "how": by_alias}),
                (second, f"{unit} A2", "listed", {"school": PRIMARY, "how": by_name}),
                (third, f"{unit} A2", "unknown-near", {"near": PRIMARY}),
                (cards, path, "listed", {"school": MIDDLE, "how": known}),
            )
        ),
    ]
    assert [line for line in expected if line not in lines] == []
    assert any("锁.xlsx" in line and "file-encrypted" in line for line in lines)
    assert any("二/附件1-2.xlsx" in line and "merged-with-errors" in line for line in lines)
    assert any(line.startswith(third) and "school-unknown" in line for line in lines)


def test_every_way_to_name_a_school_has_its_words() -> None:
    assert set(NAMED_BY) == set(NamedBy)


def test_what_happens_is_shown_where_it_is_asked_for_and_nowhere_else(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "说明.txt").write_text("没有报表", encoding="utf-8")
    asked = [
        CliRunner().invoke(main, ["check", str(folder), "--jobs", "0", *more]).stderr for more in (["--verbose"], [])
    ]
    assert "说明.txt" in asked[0]
    assert asked[1] == ""
    assert LOG.handlers == []
    assert not LOG.isEnabledFor(logging.INFO)
