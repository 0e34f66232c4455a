"""The self-check of what must hold between a record's cells, by the rules that the form's definition names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.field import Conditions
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.model.text import Words
from kbxt_merge.outputs.blanks.formula import clean, one_of, quoted, replaced, when
from kbxt_merge.outputs.blanks.workings import Checked, Workings

_DOTS = "•・･‧∙⋅."


@dataclass(frozen=True, slots=True)
class RowCheck:
    """One rule on one record: the form, the steps so far, and the checked fields by name.

    `column` leads from a step to that step of all records, for what must not come twice; None where there is but one.
    """

    form: Form
    workings: Workings
    fields: Mapping[str, Checked]
    column: Callable[[str], str] | None
    shared: dict[str, str] = field(default_factory=dict)

    def sound(self, *names: str) -> str:
        """The condition that these cells are filled and have no fault of their own; a paper is an ID card."""
        each = [f'{self.fields[name].fault}="",{self.fields[name].text}<>""' for name in names]
        each += [f'{self.fields[name].read["id"]}<>""' for name in names if self.form.by_name[name].papers]
        return f"AND({','.join(each)})"

    def once(self, key: str, formula: str) -> str:
        """The reference of a step that several rules need, added when first asked for."""
        if key not in self.shared:
            self.shared[key] = self.workings.step(formula)
        return self.shared[key]

    def sound_name(self) -> str:
        """The step with the child's name, its parts joined by ·; blank where it has a fault."""
        name = self.fields[str(self.form.child_name)]
        joined = replaced(name.text, ((dot, "·") for dot in _DOTS))
        return self.once("name", f'IF({name.fault}="",{joined},"")')

    def holds(self, conditions: Conditions) -> str:
        """The condition that each of these fields holds one of its values."""
        parts = (
            f"IF({self.sound(name)},{one_of(self.fields[name].read['word'], values)},FALSE)"
            for name, values in conditions.items()
            if "word" in self.fields[name].read
        )
        return f"AND({','.join(('TRUE', *parts))})"

    def label(self, name: str) -> Words:
        """What a field is called."""
        return self.form.by_name[name].label

    def add(self, use: RuleUse, broken: str, **facts: Words | str) -> None:
        """Note the rule's words, or the form's own, at the field it points at, where the condition holds."""
        own = use.say.of(self.workings.language) if use.say else ""
        says = quoted(own.format(field=self.label(use.at).of(self.workings.language), value="")) if own else ""
        says = says or self.workings.says(use.slug, **facts)
        if use.where:
            broken = f"IF({self.holds(use.where)},{broken},FALSE)"
        self.fields[use.at].more.append(self.workings.step(f'IF({broken},{says},"")'))


def check_row(check: RowCheck, use: RuleUse) -> None:
    """Add the steps of one rule, if the self-check covers it and its fields."""
    adder = _CHECKS.get(use.slug)
    if adder is not None:
        adder(check, use)


def _both(check: RowCheck, use: RuleUse, other: str, broken: str) -> None:
    """A rule that compares two sound cells."""
    check.add(use, f"IF({check.sound(use.at, other)},{broken},FALSE)")


def _sex(check: RowCheck, use: RuleUse) -> None:
    id_field = str(use.roles["id"])
    number, word = check.fields[id_field].read["id"], check.fields[use.at].read["word"]
    expected = f'IF(MOD(--MID({number},17,1),2)=1,"男","女")'
    _both(check, use, id_field, f"{word}<>{expected}")


def _age(check: RowCheck, use: RuleUse) -> None:
    id_field, workings = str(use.roles["id"]), check.workings
    birth, age = check.fields[id_field].read["birth"], check.fields[use.at].read["number"]
    oldest, youngest = _years(birth, workings.day), _years(birth, workings.first_day)
    _both(check, use, id_field, f"OR({age}>{oldest},{age}<{youngest})")


def _years(birth: str, day: str) -> str:
    """The full years between two days."""
    before_birthday = f"MONTH({day})*100+DAY({day})<MONTH({birth})*100+DAY({birth})"
    return f"YEAR({day})-YEAR({birth})-IF({before_birthday},1,0)"


def _birth_date(check: RowCheck, use: RuleUse) -> None:
    id_field = str(use.roles["id"])
    birth, date = check.fields[id_field].read["birth"], check.fields[use.at].read
    _both(check, use, id_field, f"OR({birth}<{date['first']},{birth}>{date['last']})")


def _roll_number(check: RowCheck, use: RuleUse) -> None:
    id_field = str(use.roles["id"])
    number, roll = check.fields[id_field].read["id"], check.fields[use.at].read["roll"]
    _both(check, use, id_field, f'AND(LEFT({roll},1)="G",MID({roll},2,18)<>{number})')


def _date_order(check: RowCheck, use: RuleUse) -> None:
    other = str(use.roles["after"])
    broken = f"{check.fields[use.at].read['last']}<{check.fields[other].read['first']}"
    check.add(use, f"IF({check.sound(use.at, other)},{broken},FALSE)", other=check.label(other))


def _duplicate(check: RowCheck, use: RuleUse) -> None:
    if check.column is None:
        return
    if check.form.by_name[use.at].type == "person_name":
        name = check.sound_name()
        same = [f"({check.column(name)}={name})", *_not_a_namesake(check), *_not_another_time(check, use)]
        check.add(use, f'IF({name}<>"",SUMPRODUCT({"*".join(same)}*1)>1,FALSE)')
    else:
        number = check.fields[use.at].read["id"]
        check.add(use, f"AND({_again(check, number)}>1,NOT({_under_two_names(check, number)}))")


def _not_a_namesake(check: RowCheck) -> Iterator[str]:
    """The records whose child's sex and age are this one's, or not told: arrays of truth values."""
    assert check.column is not None
    for name, read in ((check.form.child_sex, "word"), (check.form.child_age, "number")):
        if name is not None:
            own = check.once(f"told {name}", f'IF({check.sound(name)},{check.fields[name].read[read]},"")')
            every = check.column(own)
            yield f'((({every}={own})+({every}="")+({own}=""))>0)'


def _not_another_time(check: RowCheck, use: RuleUse) -> Iterator[str]:
    """The records that tell of no other time than this one: of two the later begins after the return of the first."""
    assert check.column is not None
    if "since" in use.roles and "till" in use.roles:
        since, till = check.fields[str(use.roles["since"])], check.fields[str(use.roles["till"])]
        read = f'AND({since.fault}="",{till.fault}="",{since.text}<>"")'
        start = check.once("start", f'IF({read},{since.read["first"]},"")')
        start_last = check.once("start last", f"IF({read},{since.read['last']},0)")
        end = check.once("end", f'IF(AND({read},{till.text}<>""),{till.read["first"]},99999)')
        starts, starts_last, ends = map(check.column, (start, start_last, end))
        yield f'({starts}<>"")*({start}<>"")'
        yield f"(1-({starts}<>{start})*((({starts_last}>{end})+({start_last}>{ends}))>0))"


def _two_names(check: RowCheck, use: RuleUse) -> None:
    if check.column is not None and check.form.child_id is not None:
        number = check.fields[check.form.child_id].read["id"]
        check.add(use, f'AND({check.sound_name()}<>"",{_under_two_names(check, number)})')


def _again(check: RowCheck, number: str) -> str:
    """The step that counts the records with this ID number; 0 without one."""
    assert check.column is not None
    return check.once("again", f'IF({number}="",0,SUMPRODUCT(--({check.column(number)}={number})))')


def _under_two_names(check: RowCheck, number: str) -> str:
    """The step that tells whether the records with this ID number have two sound names."""
    assert check.column is not None
    names = check.column(check.sound_name())
    named = f'({check.column(number)}={number})*({names}<>"")'
    one = f"LOOKUP(2,1/({named}),{names})"
    several = f"IF(SUMPRODUCT({named})<2,FALSE,SUMPRODUCT({named}*({names}<>{one}))>0)"
    return check.once("two names", f"IF({_again(check, number)}<2,FALSE,{several})")


def _count_sum(check: RowCheck, use: RuleUse) -> None:
    for role, differs in (("equals", "<>"), ("at_least", "<"), ("at_most", ">")):
        names = use.names(role)
        if not names:
            continue
        total = "+".join(_or_nothing(check, name) for name in names)
        taken = use.names("less")
        if taken:
            total = f"({total}-{'-'.join(_or_nothing(check, name) for name in taken)})"
            names = (*names, *taken)
        broken = f"{check.fields[use.at].read['number']}{differs}{total}"
        known = check.sound(use.at, *names)
        if any(_may_be_blank(check, name) for name in names):
            each = ",".join(_known(check, name) for name in names)
            known = f"AND({check.sound(use.at)},{each},OR({','.join(check.sound(name) for name in names)}))"
        check.add(use, f"IF({known},{broken},FALSE)")


def _may_be_blank(check: RowCheck, name: str) -> bool:
    """Whether a blank cell counts as nothing in a sum."""
    field = check.form.by_name[name]
    return not (field.required or field.required_when)


def _or_nothing(check: RowCheck, name: str) -> str:
    """The number of a cell, 0 where it may be blank and is."""
    number = check.fields[name].read["number"]
    return f'IF({check.fields[name].text}="",0,{number})' if _may_be_blank(check, name) else number


def _known(check: RowCheck, name: str) -> str:
    """The condition that a sum can be made of a cell."""
    sound = check.sound(name)
    return f'OR({check.fields[name].text}="",{sound})' if _may_be_blank(check, name) else sound


def check_conditions(check: RowCheck) -> None:
    """Add what a field demands by what others hold: to be filled in, or to be left blank."""
    for each in check.form.fields:
        own = check.fields.get(each.name)
        if own is None:
            continue
        applies = check.holds(each.applies_to)
        wanted = "TRUE" if each.required else check.holds(each.required_when) if each.required_when else "FALSE"
        if each.required_when or (each.required and each.applies_to):
            missing = f'AND({check.workings.is_record},{own.text}="",{wanted},{applies})'
            own.more.append(check.workings.step(f'IF({missing},{check.workings.says("required-missing")},"")'))
        if each.applies_to:
            said = f"AND({check.sound(each.name, *each.applies_to)},NOT({applies}))"
            own.more.append(check.workings.step(f'IF({said},{check.workings.says("not-applicable")},"")'))


def _product(check: RowCheck, use: RuleUse) -> None:
    names, added, by = use.names("of"), use.names("plus"), use.roles.get("divided_by")
    field = check.form.by_name[use.at]
    factors = [check.fields[name].read["number"] for name in names]
    factors += [f"({'+'.join(check.fields[name].read['number'] for name in added)})"] if added else []
    worth = "*".join(factors)
    own, involved = check.fields[use.at].read["number"], [use.at, *names, *added]
    ways = [own]
    if isinstance(by, str):
        divisor, involved = check.fields[by].read["number"], [*involved, by]
        times = 100 if field.unit == "%" else 1
        worth = f"IF({divisor}=0,{own},{worth}*{times}/IF({divisor}=0,1,{divisor}))"
        ways += [f"{own}*100"] if field.unit == "%" else []
    places = 0 if field.type == "count" else field.places
    shown = f'MAX({places or 0},LEN({own}&"")-LEN(INT({own})&"")-1)' if places != 0 else "0"
    apart = [f"ABS({way}-({worth}))>0.5*10^-({shown})+0.000001" for way in ways]
    check.add(use, f"IF({check.sound(*involved)},AND({','.join(apart)}),FALSE)")


def _same(check: RowCheck, use: RuleUse) -> None:
    other = str(use.roles["as"])
    texts = [f"UPPER({clean(check.workings.raw[name])})" for name in (use.at, other)]
    broken = f"{texts[0]}<>{texts[1]}"
    check.add(use, f"IF({check.sound(use.at, other)},{broken},FALSE)", other=check.label(other))


def _within(check: RowCheck, use: RuleUse) -> None:
    least, most, field = use.roles.get("least"), use.roles.get("most"), check.form.by_name[use.at]
    own, workings, other = check.fields[use.at].read, check.workings, use.roles.get("of")
    if field.type == "date":
        days = check.fields[other].read if isinstance(other, str) else {}
        first, last = days.get("first", workings.day), days.get("last", workings.day)
        longest, shortest = f"{own['last']}-{first}", f"{own['first']}-{last}"
        least = 0.0 if least is None else least
    else:
        longest = shortest = own["number"] if field.type == "age" else _years(own["birth"], workings.day)
    parts = [f"{longest}<{least}"] if isinstance(least, float) else []
    parts += [f"{shortest}>{most}"] if isinstance(most, float) else []
    involved = (use.at, *([other] if isinstance(other, str) else []))
    known = f'{own["id"]}<>""' if field.type == "id_number" else "TRUE"
    if parts:
        check.add(use, f"IF(AND({check.sound(*involved)},{known}),OR({','.join(parts)}),FALSE)")


def _unique(check: RowCheck, use: RuleUse) -> None:
    if check.column is None:
        return
    names = (use.at, *use.names("with"))
    own = check.workings.step(
        f'IF({check.sound(use.at)},{"&CHAR(10)&".join(_compared(check, each) for each in names)},"")'
    )
    check.add(use, f'IF({own}="",FALSE,SUMPRODUCT(--({check.column(own)}={own}))>1)')


def _compared(check: RowCheck, name: str) -> str:
    field = check.fields[name]
    return field.read.get("code") or f"UPPER({clean(check.workings.raw[name])})"


def _row_sum(check: RowCheck, use: RuleUse) -> None:
    if check.column is None:
        return
    label = check.once(
        "label", f'IF({check.sound(check.form.record)},{check.fields[check.form.record].read["word"]},"")'
    )
    number = check.once(f"sum {use.at}", f'IF({check.sound(use.at)},{check.fields[use.at].read["number"]},"")')
    may_be_blank = _may_be_blank(check, use.at)
    blank_is_nothing = f'IF({check.fields[use.at].text}="",0,{number})'
    part = check.once(f"part {use.at}", blank_is_nothing) if may_be_blank else number
    labels, numbers = check.column(label), check.column(part)
    for role, differs in (("equals", "<>"), ("at_least", "<")):
        parts, less = use.names(role), use.names("less")
        if parts:
            every = "+".join(f"({labels}={quoted(part)})" for part in (*parts, *less))
            known = f"SUMPRODUCT(({every})*ISNUMBER({numbers}))={len(parts) + len(less)}"
            signed = "+".join(f"({labels}={quoted(part)})" for part in parts)
            signed += "".join(f"-({labels}={quoted(part)})" for part in less)
            total = f"SUMPRODUCT(({signed})*ISNUMBER({numbers}),{numbers})"
            if may_be_blank:
                known += f",SUMPRODUCT(({every})*ISNUMBER({check.column(number)}))>0"
            own = f"AND({one_of(label, use.names('row'))},ISNUMBER({number}),{known})"
            check.add(use, f"IF({own},{number}{differs}{total},FALSE)")


_CHECKS: Mapping[str, Callable[[RowCheck, RuleUse], None]] = {
    "sex-id-mismatch": _sex,
    "age-id-mismatch": _age,
    "birthdate-id-mismatch": _birth_date,
    "roll-number-id-mismatch": _roll_number,
    "date-order": _date_order,
    "duplicate-in-form": _duplicate,
    "id-name-conflict": _two_names,
    "count-sum": _count_sum,
    "product": _product,
    "same-as": _same,
    "within": _within,
    "unique": _unique,
    "row-sum": _row_sum,
}


def fault_of(workings: Workings, checked: Checked) -> str:
    """The reference of what is wrong with a cell: its own fault, else the first that rules between fields find."""
    if not checked.more:
        return checked.fault
    *firsts, last = (checked.fault, *checked.more)
    return workings.step(when(*((f'{each}<>""', each) for each in firsts), otherwise=last))
