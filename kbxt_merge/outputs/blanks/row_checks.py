"""The self-check of what must hold between a record's cells, by the rules that the form's definition names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.outputs.blanks.formula import replaced, when
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
        """The condition that these cells are filled and have no fault of their own."""
        each = (f'{self.fields[name].fault}="",{self.fields[name].text}<>""' for name in names)
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

    def add(self, use: RuleUse, broken: str) -> None:
        """Note the rule's words at the field it points at, where the condition holds."""
        says = self.workings.says(use.slug)
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
    _both(check, use, other, f"{check.fields[use.at].read['last']}<{check.fields[other].read['first']}")


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
    for role, differs in (("equals", "<>"), ("at_least", "<")):
        parts = use.roles.get(role)
        if not isinstance(parts, list | tuple):
            continue
        names = [str(part) for part in parts]
        total = "+".join(check.fields[name].read["number"] for name in names)
        broken = f"{check.fields[use.at].read['number']}{differs}{total}"
        check.add(use, f"IF({check.sound(use.at, *names)},{broken},FALSE)")


_CHECKS: Mapping[str, Callable[[RowCheck, RuleUse], None]] = {
    "sex-id-mismatch": _sex,
    "age-id-mismatch": _age,
    "birthdate-id-mismatch": _birth_date,
    "roll-number-id-mismatch": _roll_number,
    "date-order": _date_order,
    "duplicate-in-form": _duplicate,
    "id-name-conflict": _two_names,
    "count-sum": _count_sum,
}


def fault_of(workings: Workings, checked: Checked) -> str:
    """The reference of what is wrong with a cell: its own fault, else the first that rules between fields find."""
    if not checked.more:
        return checked.fault
    *firsts, last = (checked.fault, *checked.more)
    return workings.step(when(*((f'{each}<>""', each) for each in firsts), otherwise=last))
