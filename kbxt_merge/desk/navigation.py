"""The views, in the order of a round; some stand below another, as its tabs."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.desk.roles import Role


@dataclass(frozen=True, slots=True)
class View:
    """A view: its name among the words, its address, the tabs of its kind, and who may see it."""

    name: str
    link: str
    tabs: tuple[View, ...] = ()
    role: Role = Role.LOOK

    def is_at(self, path: str) -> bool:
        """Tell whether an address is this view's."""
        own = path == self.link or (self.link != "/" and path.startswith(f"{self.link}/"))
        return own or (self.link == "/" and path.startswith("/school/")) or any(each.is_at(path) for each in self.tabs)


_LETTERS = (View("letters", "/letters"), View("owing", "/owing"))
_KEPT = (
    View("roster", "/roster"),
    View("accepted_words", "/words"),
    View("registers", "/registers"),
    View("forms", "/forms"),
    View("settings", "/settings", role=Role.MANAGE),
    View("accounts", "/accounts", role=Role.MANAGE),
)
VIEWS = (
    View("schools", "/"),
    View("findings", "/findings"),
    View("files", "/files"),
    View("letters", "/letters", _LETTERS),
    View("blanks", "/blanks"),
    View("summaries", "/summaries"),
    View("prepared", "/roster", _KEPT),
    View("decisions", "/decisions"),
)


def view_at(link: str) -> View | None:
    """The view of just this address, a tab sooner than the view that it stands below."""
    return next((each for view in VIEWS for each in (*view.tabs, view) if each.link == link), None)
