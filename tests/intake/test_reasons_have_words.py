"""Whatever reading can refuse a file for, there is a sentence for it, and the sentence's facts are given."""

from __future__ import annotations

import ast
from pathlib import Path

import kbxt_merge.intake
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem
from kbxt_merge.rules.checks.reasons import reason

ROOM = Path(kbxt_merge.intake.__file__).parent
LIMITS = ROOM.parent / "model" / "limits.py"


def raised() -> dict[str, set[str]]:
    """Each machine word that is raised, with the facts that come with it every time."""
    found: dict[str, set[str]] = {
        f"{listing}{what}": facts
        for listing in ("", "list-")
        for what, facts in {"memory": {"limit"}, "time": {"limit"}, "crash": set(), "fault": {"error"}}.items()
    }
    for path in (*ROOM.rglob("*.py"), LIMITS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unreadable":
                words = [each.value for each in node.args[1:] if isinstance(each, ast.Constant)]
                facts = {str(keyword.arg) for keyword in node.keywords}
                for word in words:
                    found[word] = found.get(word, facts) & facts
    return found


def test_every_reason_has_its_sentence_and_its_facts() -> None:
    assert len(raised()) > 20
    for word, facts in raised().items():
        told = reason(Problem("file-unreadable", {"what": word, **dict.fromkeys(facts, "7")}))
        assert word not in (told.zh, told.en), f"no sentence for {word}"
        assert "?" not in told.zh + told.en, f"the sentence for {word} lacks a fact"


def test_the_limits_that_are_told_can_be_set() -> None:
    assert {"cells", "sheets", "entries", "seconds", "memory_bytes"} <= set(Limits.__slots__)
