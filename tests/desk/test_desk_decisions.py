"""The bureau's word at the desk: confirmed, withdrawn, set aside, given to a school; and every merge obeys it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pandas as pd
import pytest
from cast import listed
from open_desk import HERE, SETTINGS, SILENT, THERE, Open, Visit, district, merged_at, save

from kbxt_merge.decisions import decide, every_decision, withdraw
from kbxt_merge.merging import merge
from kbxt_merge.model.decision import Act, Decisions
from kbxt_merge.settings import Settings, with_options

OFF_BY_ONE = """
| 姓名   | 年龄 |
| 赖小满 | 13   |
| 温小暑 | 13   |
| 钟立秋 | 10   |
"""
STRANGE = """
| 姓名   | 人员类别 |
| 赖小满 | 精准户   |
| 温小暑 | 精 准户  |
"""
STRANGER = """
| 姓名   | 人员类别 |
| 钟立秋 | 精准户   |
| 刘白露 | 特殊户   |
"""
NOBODYS = """
| 姓名   | 年龄 | 送教上门学校   |
| 曾谷雨 | 10   | 赣县区储潭小学 |
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Open, Visit]]:
    folder = district(tmp_path_factory.mktemp("王 老师#1") / "控辍 保学")
    save(folder / "收件夹" / HERE / "附件3.xlsx", listed("3", OFF_BY_ONE, school=HERE))
    save(folder / "收件夹" / "不知谁的.xlsx", listed("4", NOBODYS, school=""))
    (folder / "收件夹" / "课程表.xlsx").write_bytes(b"PK\x03\x04 not whole")
    with merged_at(folder) as made:
        yield made


def table(desk: Open, name: str) -> pd.DataFrame:
    return pd.read_csv(desk.place.out / "data" / name, encoding="utf-8-sig", dtype=str, keep_default_na=False)


def asked(desk: Open, rule: str = "age-id-mismatch") -> dict[str, str]:
    """The severity of what a rule finds, by cell, as the command line's merge finds it."""
    frame = table(desk, "findings.csv")
    return dict(frame.loc[frame["rule"] == rule, ["cell", "severity"]].to_numpy().tolist())


def findings(desk: Open, rule: str) -> list[dict[str, str]]:
    frame = table(desk, "findings.csv")
    return [
        {str(name): str(value) for name, value in row.items()}
        for row in frame[frame["rule"] == rule].to_dict("records")
    ]


def verdict(desk: Open, file: str) -> dict[str, str]:
    frame = table(desk, "files.csv")
    (row,) = frame[frame["file"] == file].to_dict("records")
    return {str(name): str(value) for name, value in row.items()}


def numbers(desk: Open, visit: Visit) -> dict[str, str]:
    """The numbers of the findings on the page of a rule, by cell."""
    page = visit.ask("/findings/age-id-mismatch")[1]
    return {cell: number for number, cell in re.findall(r'id="f(\d+)".*?<b class="cell">(\w+)</b>', page, re.S)}


def merged_by_command(desk: Open) -> None:
    merge(desk.place.inbox, desk.place.out, with_options(Settings(), {**SETTINGS, "as_of": "2021-03-20"}))


def test_a_warning_is_confirmed_for_a_reason_and_withdrawn(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    assert asked(desk) == {"B4": "warning", "B6": "warning"}
    found = numbers(desk, visit)
    for _ in range(2):  # a button that is pressed twice
        told = ("board", str(board)), ("finding", found["B4"]), ("reason", "出生证为准，13 岁")
        assert visit.post("/confirm", *told)[0].status == 303
    board = desk.board(visit, board)
    assert asked(desk) == {"B4": "info", "B6": "warning"}
    page = visit.ask("/school/0")[1]
    assert "赣县区教育局已核实无误：出生证为准，13 岁" in page
    merged_by_command(desk)
    assert asked(desk) == {"B4": "info", "B6": "warning"}
    made, _ = [each for each in every_decision(desk.place.out) if each.act is Act.CONFIRM]
    assert "360704200805210315" not in (desk.place.out / "办理" / "decisions.jsonl").read_text(encoding="utf-8")
    for _ in range(2):
        visit.post("/withdraw", ("key", made.key))
    desk.board(visit, board)
    assert asked(desk) == {"B4": "warning", "B6": "warning"}
    assert [each.act for each in every_decision(desk.place.out)] == [Act.CONFIRM, Act.CONFIRM, Act.WITHDRAW]
    assert asked(desk, "form-not-returned") == {"": "error"}


def test_one_decision_confirms_many_and_an_error_never(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    found = numbers(desk, visit)
    before = len(every_decision(desk.place.out))
    page = visit.ask("/school/0")[1]
    (wrong,) = [each.partition('"')[0] for each in page.split('<li class="finding error" id="f')[1:]]
    answer, _ = visit.post(
        "/confirm", ("board", str(board)), *(("finding", each) for each in (*found.values(), wrong)), ("reason", "已核")
    )
    assert answer.status == 303
    board = desk.board(visit, board)
    assert asked(desk) == {"B4": "info", "B6": "info"}
    assert asked(desk, "form-not-returned") == {"": "error"}
    made = every_decision(desk.place.out)[before:]
    assert [each.about["cell"] for each in made] == ["B4", "B6"]
    for each in made:
        visit.post("/withdraw", ("key", each.key))
    desk.board(visit, board)


def test_without_a_reason_or_from_an_old_page_nothing_is_decided(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board, found = desk.board(visit), numbers(desk, visit)
    before = every_decision(desk.place.out)
    assert visit.post("/confirm", ("board", str(board)), ("finding", found["B4"]), ("reason", " "))[0].status == 400
    answer, page = visit.post("/confirm", ("board", "0"), ("finding", found["B4"]), ("reason", "已核"))
    assert (answer.status, "这一页已经过时" in page) == (409, True)
    assert (
        visit.post("/confirm", ("board", str(board)), ("finding", found["B4"]), ("reason", "核" * 201))[0].status == 400
    )
    assert visit.post("/aside", ("board", str(board)), ("file", "99"), ("reason", "误交"))[0].status == 409
    assert visit.post("/owner", ("board", str(board)), ("file", "0"), ("school", "外县小学"))[0].status == 409
    assert every_decision(desk.place.out) == before


def chosen(visit: Visit, kind: str = "finding", path: str = "/findings/age-id-mismatch") -> list[str]:
    """What the forms of a page say of what they are about."""
    return [unescape(each) for each in re.findall(rf'name="{kind}" value="([^"]+)"', visit.ask(path)[1])]


def test_on_an_older_page_is_decided_what_still_stands_the_same(at: tuple[Open, Visit]) -> None:
    """Which does not is told, and the way back to the page; a step counts what its own schools are to correct."""
    desk, visit = at
    old = desk.board(visit)
    first, second = chosen(visit)
    visit.post("/confirm", ("board", str(old)), ("finding", first), ("reason", "出生证为准"))
    page = visit.ask("/findings")[1]
    assert "已记下，正在重新核查" in page
    assert 'id="checking">正在核查' in page
    board = desk.board(visit, old)
    assert "已记下" not in visit.ask("/findings")[1]
    assert asked(desk) == {"B4": "info", "B6": "warning"}
    fields = ("board", str(old)), ("finding", first), ("finding", second), ("reason", "按学籍")
    body = urlencode(fields).encode()
    answer, page = visit.ask(
        "/confirm", "POST", body, content_type="application/x-www-form-urlencoded", origin=f"http://{desk.host}",
        referer=f"http://{desk.host}/findings/age-id-mismatch",
    )  # fmt: skip
    assert (answer.status, "选中的有 1 处已经不是原来的样子" in page, "其余 1 处没有变" in page) == (409, True, True)
    assert f"{HERE}/附件3.xlsx › 表0 › B4" in page
    assert 'href="/findings/age-id-mismatch"' in page
    board = desk.board(visit, board)
    assert asked(desk) == {"B4": "info", "B6": "info"}
    assert "把选中的都核实无误" not in visit.ask("/findings/age-id-mismatch")[1]
    for path, field, more in (("/aside", "file", ("reason", "误交")), ("/word", "finding", ("means", "其他"))):
        answer, page = visit.post(path, ("board", "0"), (field, "0.gone.gone"), more)
        assert (answer.status, "这一页已经过时" in page) == (409, True)
    for each in Decisions.of(every_decision(desk.place.out)).all:
        visit.post("/withdraw", ("key", each.key))
    desk.board(visit, board)


def test_a_rule_of_which_nothing_is_left_is_still_a_page(at: tuple[Open, Visit]) -> None:
    _, visit = at
    answer, page = visit.ask("/findings/person-category-invalid")
    assert (answer.status, "这一类已没有问题" in page, 'href="/findings"' in page) == (200, True, True)
    assert visit.ask("/findings/no-such-rule", referer="http://[")[0].status == 404


def test_a_step_counts_what_is_to_be_corrected_by_the_schools_that_it_counts(at: tuple[Open, Visit]) -> None:
    """Not what is said of schools that sent nothing, nor of files that nobody can read."""
    desk, visit = at
    frame = table(desk, "findings.csv")
    wrong = frame[frame["severity"] == "error"]
    of_it = int((wrong["school"] == HERE).sum())
    assert 0 < of_it < len(wrong)
    assert f"1 所学校有须改的问题，共 {of_it} 处" in visit.ask("/")[1]


def number_of(visit: Visit, file: str) -> str:
    page = visit.ask("/files")[1]
    return page.split(f"<bdi>{file}</bdi>")[1].split('name="file" value="')[1].partition('"')[0]


def test_a_file_that_names_no_school_is_given_to_one(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    assert verdict(desk, "不知谁的.xlsx")["school"] == ""
    assert "不知道是哪所学校的，请在“文件”里指明" in visit.ask("/")[1]
    number = number_of(visit, "不知谁的.xlsx")
    visit.post("/owner", ("board", str(board)), ("file", number), ("school", SILENT))
    board = desk.board(visit, board)
    assert verdict(desk, "不知谁的.xlsx")["school"] == SILENT
    assert asked(desk, "school-missing") == {}
    merged_by_command(desk)
    assert verdict(desk, "不知谁的.xlsx")["school"] == SILENT


def test_a_file_set_aside_does_not_count_and_its_rows_are_accounted_for(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    file = f"{HERE}/附件3.xlsx"
    assert (verdict(desk, file)["verdict"], verdict(desk, file)["rows_merged"]) == ("merged", "3")
    visit.post("/aside", ("board", str(board)), ("file", number_of(visit, file)), ("reason", "是上学期的，已电话核实"))
    board = desk.board(visit, board)
    told = verdict(desk, file)
    assert (told["verdict"], told["rows_read"], told["rows_merged"]) == ("superseded", "3", "0")
    assert told["reason"] == "本局已决定不采用该文件：是上学期的，已电话核实；无需处理。"
    assert asked(desk) == {}
    (made,) = [each for each in every_decision(desk.place.out) if each.act is Act.ASIDE]
    visit.post("/withdraw", ("key", made.key))
    desk.board(visit, board)
    assert verdict(desk, file)["rows_merged"] == "3"


def test_a_word_is_read_as_a_value_wherever_it_stands(at: tuple[Open, Visit]) -> None:
    """What it changes is told before; the number of findings falls by that."""
    desk, visit = at
    board = desk.board(visit)
    save(desk.place.inbox / HERE / "附件1-2.xlsx", listed("1-2", STRANGE, school=HERE))
    save(desk.place.inbox / THERE / "附件1-2.xlsx", listed("1-2", STRANGER, school=THERE))
    board = desk.board(visit, board)
    assert len(findings(desk, "person-category-invalid")) == 4
    page = visit.ask("/findings/person-category-invalid")[1]
    assert "把“精准户”读作下面的一项：共 3 处、2 所学校" in page
    _, spaced, _ = [each for each in chosen(visit, path="/findings/person-category-invalid") if "精准户" in each]
    assert visit.post("/word", ("board", str(board)), ("finding", spaced), ("means", "别的"))[0].status == 409
    told = ("board", str(board - 1)), ("finding", spaced), ("means", "建档立卡脱贫户")
    assert visit.post("/word", *told)[0].status == 303  # 精 准户 is the word 精准户, on an older page, too
    board = desk.board(visit, board)
    assert [row["value"] for row in findings(desk, "person-category-invalid")] == ["特殊户"]
    merged_by_command(desk)
    assert table(desk, "records-1-2.csv")["person_category"].tolist().count("建档立卡脱贫户") == 3
    (made,) = [each for each in every_decision(desk.place.out) if each.act is Act.WORD]
    visit.post("/withdraw", ("key", made.key))
    desk.board(visit, board)
    assert len(findings(desk, "person-category-invalid")) == 4


def test_an_unreadable_file_set_aside_is_no_error_any_more(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    assert asked(desk, "file-unreadable") == {"": "error"}
    visit.post("/aside", ("board", str(board)), ("file", number_of(visit, "课程表.xlsx")), ("reason", "不是报表"))
    desk.board(visit, board)
    assert verdict(desk, "课程表.xlsx")["verdict"] == "other"
    assert asked(desk, "file-unreadable") == {}
    assert asked(desk, "file-set-aside") == {"": "info"}
    page = visit.ask("/files")[1]
    assert ("<b>本局决定不采用</b>" in page, "扫描件" in page) == (True, False)


def test_without_a_mailbox_nothing_can_be_sent_and_the_settings_are_led_to(at: tuple[Open, Visit]) -> None:
    _, visit = at
    page = visit.ask("/letters")[1]
    assert '<button class="first" disabled>发给选中的学校' in page
    assert '<p class="fault">还没有设置邮箱' in page
    assert '服务器。 <a href="/settings">' in page


def test_every_decision_is_listed_with_what_it_was_about(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    (word,) = decide(desk.place.out, Act.WORD, [{"vocabulary": "x", "word": "低保边缘", "means": "其他"}])
    decide(desk.place.out, Act.OWNER, [{"path": "甲.xlsx", "sha256": "0" * 64, "school": SILENT}])
    decide(desk.place.out, Act.ASIDE, [{"path": "乙.xlsx", "sha256": "1" * 64}], reason="误交")
    withdraw(desk.place.out, [word.key])
    number = next(iter(numbers(desk, visit).values()))
    visit.post("/confirm", ("board", str(board)), ("finding", number), ("reason", "已电话核实"))
    desk.board(visit, board)
    page = visit.ask("/decisions")[1]
    acts = ("核实无误", "不予采用", "认定所属学校", "读作", "撤回")
    for text in (*acts, "已电话核实", "甲.xlsx → 赣县区储潭小学", "乙.xlsx", "“低保边缘” → 其他"):
        assert text in page
    assert "读作：“低保边缘” → 其他" in page  # what the withdrawal names
    assert page.count("<td>已撤回</td>") == len(
        [each for each in every_decision(desk.place.out) if each.act is not Act.WITHDRAW]
    ) - len(Decisions.of(every_decision(desk.place.out)).all)
    assert page.count('action="/withdraw"') == len(Decisions.of(every_decision(desk.place.out)).all)
    for each in Decisions.of(every_decision(desk.place.out)).all:
        visit.post("/withdraw", ("key", each.key))
    desk.board(visit, board + 1)
