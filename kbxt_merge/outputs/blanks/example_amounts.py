"""Numbers of an invented return that hold what its form's rules and bounds ask of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from kbxt_merge.model.field import COUNTED, PER_CENT, Conditions, Field
from kbxt_merge.model.form import Form, RuleUse
from kbxt_merge.outputs.blanks.blank_book import is_circle

Cell = tuple[str, str]
"""The label of a printed row, blank in forms without any, and a field's name."""
Said = Mapping[str, Mapping[str, str]]
"""By row what its other fields say: words on which conditions hang, and what the blank prints."""

_USUAL = (2.0, 1.0, 0.0)
"""What is counted where nothing else is asked: the first with which all of it can hold."""
_MOST_ROUNDS = 40
_WHOLE = 100.0
_LARGEST = 1e6
"""No number of an example grows beyond."""
_PLACES = 6


def example_amounts(form: Form, said: Said) -> Mapping[Cell, float]:
    """The numbers of all fields in the rows of `said`."""
    for usual in _USUAL:
        amounts = _Amounts(form, said, usual)
        if amounts.settle():
            break
    return amounts.all()


@dataclass(frozen=True, slots=True)
class _Made:
    """How a cell is worked out: (added − taken) × factors ÷ divisor; without any added the factors alone."""

    added: tuple[Cell, ...] = ()
    taken: tuple[Cell, ...] = ()
    factors: tuple[Cell, ...] = ()
    by: tuple[Cell, ...] = ()

    @property
    def parts(self) -> tuple[Cell, ...]:
        """All that it is worked out of."""
        return (*self.added, *self.taken, *self.factors, *self.by)


@dataclass(frozen=True, slots=True)
class _Limit:
    """That some cells are together no less than others and so much more."""

    high: tuple[Cell, ...]
    low: tuple[Cell, ...] = ()
    more: float = 0.0


@dataclass
class _Amounts:
    """The work on the numbers: what is worked out of what, and what the others are."""

    form: Form
    said: Said
    usual: float
    _made: dict[Cell, _Made] = field(default_factory=dict, init=False)
    _made_of: dict[Cell, tuple[Cell, ...]] = field(default_factory=dict, init=False)
    _limits: list[_Limit] = field(default_factory=list, init=False)
    _own: dict[Cell, float] = field(default_factory=dict, init=False)
    _worth: dict[Cell, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Learn what the rules say: of whole rows first, then within each."""
        for use in self.form.rules:
            if use.slug == "row-sum" and use.at in self._fields:
                for label in use.names("row"):
                    self._take_sum(use, (label, use.at), partial(_in_column, use.at))
        for label in self.said:
            self._learn_row(label)
        for label, name in self._cells():
            self._limits += _bounds((label, name), self._fields[name])

    def settle(self) -> bool:
        """Raise what falls short until all holds; False where it can't."""
        for _ in range(_MOST_ROUNDS):
            raised = [self._raise(each) for each in self._limits if self._lack(each) > 0]
            if not all(raised):
                return False
            if not raised:
                return True
        return False

    def all(self) -> Mapping[Cell, float]:
        """What was found."""
        return {cell: self._of(cell) for cell in self._cells()}

    @cached_property
    def _fields(self) -> Mapping[str, Field]:
        return {name: each for name, each in self.form.by_name.items() if each.type in COUNTED}

    def _cells(self) -> Iterator[Cell]:
        return ((label, name) for label in self.said for name in self._fields)

    def _learn_row(self, label: str) -> None:
        own = [each for each in self.form.rules if each.at in self._fields and self._holds(each.where, label)]
        sums = {each.at for each in own if each.slug == "count-sum" and each.names("equals")}
        products = {each.at for each in own if each.slug == "product"}
        for use in sorted(own, key=lambda each: _order(each, sums, products)):
            at = (label, use.at)
            if use.slug == "product":
                by = (use.roles["divided_by"],) if use.roles.get("divided_by") else ()
                parts = (_in_row(label, each) for each in (use.names("plus"), (), use.names("of"), by))
                self._make(at, _Made(*parts))
            elif use.slug == "same-as" and use.roles["as"] in self._fields:
                self._make(at, _Made(_in_row(label, (use.roles["as"],))))
            elif use.slug == "count-sum":
                self._take_sum(use, at, partial(_in_row, label))

    def _take_sum(self, use: RuleUse, at: Cell, cells: Callable[[Iterable[object]], tuple[Cell, ...]]) -> None:
        """Note that a cell is a sum, or bounded by one; of a sum that is one already its first part is the rest."""
        less = cells(use.names("less"))
        if equal := cells(use.names("equals")):
            self._limits += [_Limit((at, *less), equal), _Limit(equal, (at, *less))]
            if not self._make(at, _Made(equal, less)) and not less:
                self._make(equal[0], _Made((at,), equal[1:]))
        if least := cells(use.names("at_least")):
            self._limits.append(_Limit((at, *less), least))
        if most := cells(use.names("at_most")):
            self._limits.append(_Limit(most, (at, *less)))

    def _make(self, at: Cell, made: _Made) -> bool:
        """Work a cell out of others, unless it is already, or these are of it: two rules may say one thing."""
        if at in self._made or not self._applies(at) or is_circle(at, made.parts, self._made_of):
            return False
        self._made[at], self._made_of[at] = made, made.parts
        return True

    def _holds(self, conditions: Conditions, label: str) -> bool:
        return all(self.said[label].get(name) in values for name, values in conditions.items())

    def _applies(self, cell: Cell) -> bool:
        """Whether an amount is typed there: it is meant for such a row, and not printed."""
        label, name = cell
        return name not in self._printed and self._holds(self._fields[name].applies_to, label)

    @cached_property
    def _printed(self) -> Collection[str]:
        return {name for name, each in self._fields.items() if each.printed}

    def _of(self, cell: Cell) -> float:
        if cell not in self._worth:
            self._worth[cell] = self._work_out(cell)
        return self._worth[cell]

    def _work_out(self, cell: Cell) -> float:
        label, name = cell
        if not self._applies(cell):
            return _number(self.said[label].get(name, ""))
        made, field_ = self._made.get(cell), self._fields[name]
        if made is None:
            return max(self._own.get(cell, 0.0), self._first(field_))
        worth = sum(map(self._of, made.added)) - sum(map(self._of, made.taken)) if made.added else 1.0
        worth *= math.prod(map(self._of, made.factors))
        for divisor in map(self._of, made.by):
            worth = worth / divisor * (_WHOLE if field_.unit == PER_CENT else 1) if divisor else 0.0
        is_exact = not (made.factors or made.by)
        return worth if is_exact else round(worth, field_.places if field_.places is not None else 2)

    def _first(self, field_: Field) -> float:
        """What a number is where nothing makes it more."""
        usual = 0.0 if field_.name in self._taken else self.usual
        least = field_.least if isinstance(field_.least, float) else usual
        most = field_.most if isinstance(field_.most, float) else usual
        return min(max(usual, least), most)

    @cached_property
    def _taken(self) -> Collection[str]:
        """What is taken away in some sum."""
        return {name for use in self.form.rules if use.slug == "count-sum" for name in use.names("less")}

    def _lack(self, limit: _Limit) -> float:
        high, low = sum(map(self._of, limit.high)), sum(map(self._of, limit.low))
        return max(round(low + limit.more - high, _PLACES), 0.0)

    def _raise(self, limit: _Limit) -> bool:
        """Make that number more with which the limit holds; False where there is none."""
        effects: dict[Cell, float] = {}
        lack = self._lack(limit)
        for cells, sign in ((limit.high, 1.0), (limit.low, -1.0)):
            for cell in cells:
                for own, effect in self._effects(cell):
                    effects[own] = effects.get(own, 0.0) + sign * effect
        for cell, effect in effects.items():
            most = self._fields[cell[1]].most
            wanted = self._of(cell) + math.ceil(lack / effect) if effect > 0 else math.inf
            if wanted <= (most if isinstance(most, float) else _LARGEST):
                self._own[cell] = wanted
                self._worth.clear()
                return True
        return False

    def _effects(self, cell: Cell) -> Iterator[tuple[Cell, float]]:
        """By how much a cell grows with each number that is not worked out."""
        made = self._made.get(cell)
        if not self._applies(cell):
            return
        if made is None:
            yield cell, 1.0
            return
        worth, scale = self._of(cell), math.prod(map(self._of, made.factors))
        for divisor in map(self._of, made.by):
            scale = scale / divisor * (_WHOLE if self._fields[cell[1]].unit == PER_CENT else 1) if divisor else 1.0
        grows = [(each, scale) for each in made.added] + [(each, -scale) for each in made.taken]
        grows += [(each, worth / self._of(each) if worth else 1.0) for each in made.factors]
        grows += [(each, -worth / self._of(each)) for each in made.by if worth]
        for part, by in grows:
            yield from ((own, effect * by) for own, effect in self._effects(part))


def _order(use: RuleUse, sums: Collection[str], products: Collection[str]) -> int:
    """A sum of parts comes first, unless a product says the same of what no part of it is a sum itself."""
    if use.slug != "count-sum":
        return 1
    is_both = use.at in products and not any(each in sums for each in use.names("equals"))
    return 3 if is_both else 2 if use.names("less") else 0


def _bounds(cell: Cell, field_: Field) -> Iterator[_Limit]:
    """The least and the most that a cell may be; of a rate no example is more than the whole."""
    yield _Limit((cell,), (), field_.least if isinstance(field_.least, float) else 0.0)
    most = field_.most if isinstance(field_.most, float) else _WHOLE if field_.unit == PER_CENT else None
    if most is not None:
        yield _Limit((), (cell,), -most)


def _in_row(label: str, names: Iterable[object]) -> tuple[Cell, ...]:
    return tuple((label, str(each)) for each in names)


def _in_column(name: str, labels: Iterable[object]) -> tuple[Cell, ...]:
    return tuple((str(each), name) for each in labels)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
