"""A file that can't be read: raised where it is noticed, made a finding where the file is reported."""

from __future__ import annotations

from kbxt_merge.model.submission import Problem


class Unreadable(Exception):  # noqa: N818 - a state of the file, not a fault of the program
    """A file that cannot be read, and why: a data fault, which the per-workbook stage turns into a finding."""

    def __init__(self, slug: str, what: str, **facts: object) -> None:
        """`what` is the short machine word of the reason, `facts` the values that its sentence needs."""
        self.problem = Problem(slug, {"what": what, **{key: str(value) for key, value in facts.items()}})
        super().__init__(slug, what)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders whole, facts included."""
        facts = dict(self.problem.facts)
        what = facts.pop("what")
        return _rebuild, (self.problem.slug, what, facts)


def _rebuild(slug: str, what: str, facts: dict[str, str]) -> Unreadable:
    return Unreadable(slug, what, **facts)
