"""The page as Jinja renders it: escaped, self-contained, and closed to the network by its own policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

from jinja2 import Environment, FunctionLoader, StrictUndefined
from jinja2.filters import do_urlencode
from markupsafe import Markup, escape

from kbxt_merge.model.privacy import MASKED, Once, Privacy

_SCRIPTS = ("report-data.js", "report-filter.js", "report-finding.js", "report-list.js", "report-copy.js", "report.js")


def compile_templates() -> None:
    """Compile the templates of all pages, before the first is asked for: copies of this process have them."""
    for name in _names():
        if name.endswith(".html"):
            _environment(MASKED).get_template(name)


def page_around(data: bytes, template: str, context: Mapping[str, Any], privacy: Privacy = MASKED) -> bytes:
    """The whole page with its data; whatever it shows, an ID number that is part of a name is masked in it."""
    fixed = _fixed_bytes()
    parts = {"style": fixed["style"], "data": data, "script": fixed["script"]}
    left = _rendered(template, {**context, **{name: _place(name) for name in parts}}, privacy)
    page = []
    for name, content in parts.items():
        before, _, left = left.partition(_place(name))
        page += [before.encode(), content]
    return b"".join((*page, left.encode()))


@cache
def _place(name: str) -> Markup:
    """What holds the place of a large part until all around it is there: a text that is shown has no tag in it."""
    return Markup(f"<part {name}>")


def _rendered(template: str, context: Mapping[str, Any], privacy: Privacy) -> str:
    return _environment(privacy).get_template(template).render(context)


def part(template: str, context: Mapping[str, Any]) -> Markup:
    """What stands on many pages, to be made once."""
    return Markup(_rendered(template, context, MASKED))


@cache
def fixed_texts() -> Mapping[str, str]:
    """What every page holds in an element of this name, byte for byte."""
    return {"style": _asset("report.css"), "script": "\n".join(_asset(name) for name in _SCRIPTS)}


@cache
def _fixed_bytes() -> Mapping[str, bytes]:
    return {name: text.encode() for name, text in fixed_texts().items()}


@cache
def digest_of_templates() -> str:
    """A digest of all that pages are rendered from."""
    return _digest("\0".join(map(_asset, _names())))


@cache
def _environment(privacy: Privacy) -> Environment:
    names = privacy.words
    escaped = Once(lambda text: str(escape(names[text])))

    def shown(value: object) -> object:
        return names[value] if isinstance(value, str) and not isinstance(value, Markup) else value

    def in_link(name: str) -> Markup:
        return Markup(do_urlencode(names[name]))  # as it is: masking might take what stands for letters for digits

    def filled(pattern: Markup, rows: Sequence[Sequence[str]]) -> Markup:
        """The pattern once a row, its texts in the places of %s: each distinct text is looked at once."""
        whole = str(pattern)
        return Markup("\n".join([whole % tuple(map(escaped.__getitem__, row)) for row in rows]))

    rendered: WeakKeyDictionary[Callable[..., Markup], dict[Hashable, Markup]] = WeakKeyDictionary()

    def each_by(items: Iterable[Hashable], macro: Callable[..., Markup]) -> Markup:
        """What the macro makes of each item, of those that are alike only once: so are most cells of a large table."""
        items, known = list(items), rendered.setdefault(macro, {})
        for item in items:
            if item not in known:
                known[item] = macro(item)
        return Markup("".join(map(known.__getitem__, items)))

    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        auto_reload=False,
    )
    environment.filters |= {"in_link": in_link, "filled": filled, "each_by": each_by}
    environment.globals["policy"] = escape(_policy(**fixed_texts()))
    return environment


@cache
def _names() -> Sequence[str]:
    return sorted(each.name for each in files("kbxt_merge.templates").iterdir() if each.name.startswith("report"))


@cache
def _asset(name: str) -> str:
    return files("kbxt_merge.templates").joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Only this style and this script, by their hashes; no request of any kind."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
