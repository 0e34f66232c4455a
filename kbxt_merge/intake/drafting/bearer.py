"""Of whom or what a drafted list is: the fields that say so, and the rules that follow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbxt_merge.intake.drafting.drafted import DraftedField
from kbxt_merge.intake.drafting.types import is_adult
from kbxt_merge.model.definition_book.cell_texts import Tree, texts_of

_OF_CHILDREN = re.compile(r"学生|儿童|少年|适龄|辍学|留守|幼儿|子女|孤儿")
_OF_THINGS = re.compile(r"车|食堂|设备|房屋|项目")
_OF_ADULTS = re.compile(r"职务|职称|学历|政治面貌|教龄|工龄|任教|岗位|编制|参加工作")
_OF_FAMILY = re.compile(r"家庭(?:主要)?成员|亲属|社会关系")
_NAMES = re.compile(r"名称$|编号$|名$")
"""What a thing is known by."""
_FOREIGN = re.compile(
    r"供[货应]|厂[家商]|生产(?:者|商|企业|单位)|[经代]销|销售[方商]|承[运建包租]|施工|收款|付款|开票|对方|保险|维保|检测(?:单位|机构)|票据|发票|凭证"
)
"""Another party than the one the list is of, and papers of whatever it tells."""
_BEGUN = re.compile(r"出生|建成|成立|购[置买]|启用|登记")
"""A day that is of the thing itself, and not of an event."""
_OTHERS = re.compile(r"监护|家长|父|母|持卡|填表|联系人|班主任|校长|车主|驾驶|司机|照管|责任|包保|帮扶|教师")
_WORKERS = re.compile(r"教职工|教师|班主任|校长|司机|驾驶员")
"""Those among these others of whom records may be as well."""
_OF_ANOTHER = re.compile(r"(?<!本)人(?:居民|公民|的)?(?:身份证|证件|年龄|性别)")
"""接送人身份证号."""
_PARTS: Mapping[str, tuple[str, ...]] = {
    "id": ("身份证号", "证件号码"),
    "sex": ("sex",),
    "birth_date": ("日期",),
    "age": ("年龄",),
    "grade": ("grade",),
}
"""What a list may say of a person, and of which types such a field is."""


def bearer_of(fields: Sequence[DraftedField], title: str, *, is_card: bool = False) -> dict[str, Tree]:
    """Of whom the records are, and which fields say what of them; those that it is known by are required."""
    names = [str(each.tree["name"]) for each in fields]
    named = [each for each in fields if each.tree["type"] == "姓名"]
    person = next((each for each in named if _is_of_bearer(each)), None)
    worker = _worker(named, fields, title) if person is None else ""
    person = named[0] if worker else person
    first_told = next((each for each in fields if each.tree["type"] != "序号"), None)
    is_thing = _OF_THINGS.search(title) and person is not first_told
    if person is None or (is_thing and "学生" not in str(person.tree["name"])):
        schools = (each for each in fields if is_card and each.tree["type"] == "学校")
        own = [each for each in fields if not _FOREIGN.search(_full_header(each))]
        if not is_card and (day := _day_of_a_flow(fields)):
            _require(day)
            return {"record": ""}
        first = next(schools, None) or next((each for each in own if each.tree["type"] == "编码"), None)
        first = first or next((each for each in own if _NAMES.search(str(each.tree["header"]))), None)
        first = first or next((each for each in own if each.tree["type"] == "文字"), None)
        first = first or next((each for each in fields if each.tree["type"] != "序号"), fields[0])
        _require(first)
        return {"record": str(first.tree["name"])}
    _require(person)
    parts: dict[str, Tree] = {"name": str(person.tree["name"])}
    for key, types in _PARTS.items():
        found = next((each for each in fields if each.tree["type"] in types and _fits(key, each, worker)), None)
        if found:
            parts[key] = str(found.tree["name"])
            if key == "id":
                _require(found)
    is_of_family = _OF_FAMILY.search(title) is not None
    is_of_children = _OF_CHILDREN.search(f"{title}{''.join(names[:4])}") or "grade" in parts
    is_a_child = _OF_CHILDREN.search(str(person.tree["header"])) is not None
    is_adults = (
        bool(worker) or is_adult(title) or (not is_of_children and _OF_ADULTS.search("".join(names)) is not None)
    )
    grown = is_of_family or (is_adults and not is_a_child)
    for each in fields if grown else ():
        if each.tree["name"] in (parts.get("id"), parts.get("age")):
            each.tree["of"] = "anyone" if is_of_family else "adult"
            each.guessed.add("of")
    return {"person" if grown else "child": parts}


def _day_of_a_flow(fields: Sequence[DraftedField]) -> DraftedField | None:
    """The day with which each line of a list of events begins, in which nothing tells one from another: a purchase."""
    told = [each for each in fields if each.tree["type"] != "序号"]
    first = next(iter(told), None)
    is_of_things = first is not None and _BEGUN.search(str(first.tree["header"])) is not None
    return first if first and first.tree["type"] == "日期" and not is_of_things else None


def _full_header(field: DraftedField) -> str:
    return f"{''.join(texts_of(field.tree.get('group')))}{field.tree['header']}"


def _require(field: DraftedField) -> None:
    field.tree["required"] = True
    field.guessed.add("required")


def _worker(named: Sequence[DraftedField], fields: Sequence[DraftedField], title: str) -> str:
    """What those are called of whom the records are where each name says so: 教师 of 教师姓名; blank for none.

    The title says it as well, or theirs is the first field.
    """
    found = _WORKERS.search(_full_header(named[0])) if named else None
    told = next((each for each in fields if each.tree["type"] != "序号"), None)
    is_first = bool(named) and told is named[0]
    return found[0] if found and not _OF_CHILDREN.search(title) and (found[0] in title or is_first) else ""


def _is_of_bearer(field: DraftedField, worker: str = "") -> bool:
    header = _full_header(field)
    return not _OTHERS.search(header.replace(worker, "") if worker else header)


def _fits(key: str, field: DraftedField, worker: str) -> bool:
    header = str(field.tree["header"])
    if key == "birth_date":
        return "出生" in header
    return _is_of_bearer(field, worker) and not _OF_ANOTHER.search(header)


def rules_of_person(tree: Mapping[str, Tree], fields: Sequence[DraftedField]) -> list[dict[str, Tree]]:
    """What holds for every list of people: the number tells sex, age and day of birth, and is one person's."""
    bearer = tree.get("child") or tree.get("person")
    if not isinstance(bearer, Mapping):
        return []
    rules: list[dict[str, Tree]] = []
    number = bearer.get("id")
    if number is None:
        return []
    for part, rule in (("sex", "sex-id-mismatch"), ("age", "age-id-mismatch"), ("birth_date", "birthdate-id-mismatch")):
        if part in bearer:
            rules.append({"rule": rule, "at": bearer[part], "id": number})
    if "grade" in bearer:
        rules.append({"rule": "grade-age-mismatch", "at": bearer["grade"], "id": number})
    rolls = [each.tree["name"] for each in fields if each.tree["type"] == "学籍号"]
    rules += [{"rule": "roll-number-id-mismatch", "at": name, "id": number} for name in rolls]
    rules += [{"rule": rule, "at": number} for rule in ("duplicate-in-form", "duplicate-across-schools")]
    return [*rules, {"rule": "id-name-conflict", "at": bearer["name"]}]
