"""Who owes what, as a message for a group of schools: no contact, no telephone, no child."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kbxt_merge.model.owed import Owed
from kbxt_merge.model.period import Period
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.data.run_file import read_run

_HEAD = Words("【{bureau}】{period}{returns}催报（{day}）", "[{bureau}] {returns}, {period}: still owed on {day}")
_NOBODY = Words("各校都已报齐，没有待更正、待核实的问题。", "No school owes anything.")
_ASK = Words(
    "请以上学校尽快报送、更正；已办的不必理会。", "Please send, correct or answer soon; ignore this if it is done."
)
_SEP = Words("；", "; ")
_JOIN = Words("、", ", ")
_COUNT = Words("{school} {count} 处", "{school} {count}")
_FORMS = Words("{school}（{forms}）", "{school} ({forms})")
_MANY_FORMS = Words("{school}（{count} 张）", "{school} ({count})")
_FEW = 2
"""So many forms are named; of more a chat is told how many."""
_LINE = Words("{number}. {what}（{count} 所）：{schools}", "{number}. {what} ({count}): {schools}")

_Line = tuple[Words, Callable[[Mapping[str, Any]], object], Words | None]
_LINES: Sequence[_Line] = (
    (Words("一张表都没有报", "Nothing came from"), lambda each: each["nothing_came"], None),
    (Words("还缺表", "Forms are missing"), lambda each: each["forms"], _FORMS),
    (Words("待更正", "To be corrected"), lambda each: each["corrections"], _COUNT),
    (Words("待核实、答复", "To be verified and answered"), lambda each: each["answers"], _COUNT),
    (Words("缺盖章扫描件", "No stamped scan of"), lambda each: each["scans"], _FORMS),
    (Words("只发来网盘链接，请用附件重发", "Only a cloud link; send the file"), lambda each: each["links"], None),
)


def owed_facts(owed: Sequence[Owed]) -> list[dict[str, object]]:
    """What run.json keeps of it: neither contact nor telephone."""
    names = ("school", "nothing_came", "forms", "corrections", "answers", "scans", "links")
    return [{name: getattr(each, name) for name in names} for each in owed]


def reminder_text(out: Path, language: Language) -> str:
    """The message by what the last merge into OUT found; raises OutputError where there is none."""
    run = read_run(out)
    owed: Sequence[Mapping[str, Any]] = run.get("owed", ())
    returns = (run.get("returns") or {}).get(language, "")
    period = Period.parse((run.get("period") or {})["label"]).words.of(language)
    facts = {"bureau": run.get("bureau", ""), "period": period, "returns": returns, "day": run.get("as_of", "")}
    lines = [_HEAD.of(language).format(**facts)]
    for what, wanted, told in _LINES:
        those = [each for each in owed if wanted(each)]
        if those:
            schools = _SEP.of(language).join(_told(each, wanted(each), told, language) for each in those)
            shown = {"number": len(lines), "what": what.of(language), "count": len(those), "schools": schools}
            lines.append(_LINE.of(language).format(**shown))
    lines.append((_ASK if len(lines) > 1 else _NOBODY).of(language))
    return "\n".join(lines) + "\n"


def _told(each: Mapping[str, Any], wanted: object, words: Words | None, language: Language) -> str:
    if words is None:
        return str(each["school"])
    if not isinstance(wanted, list):
        return words.of(language).format(school=each["school"], count=wanted)
    told = words if len(wanted) <= _FEW else _MANY_FORMS
    return told.of(language).format(school=each["school"], count=len(wanted), forms=_JOIN.of(language).join(wanted))
