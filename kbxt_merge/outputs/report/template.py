"""The page as Jinja renders it: escaped, self-contained, and closed to the network by its own policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

_SCRIPTS = ("report-data.js", "report-filter.js", "report-finding.js", "report-list.js", "report-copy.js", "report.js")


def render(context: Mapping[str, Any]) -> str:
    """The whole page."""
    style, script = _asset("report.css"), "\n".join(_asset(name) for name in _SCRIPTS)
    return (
        _environment()
        .get_template("report.html")
        .render({**context, "style": Markup(style), "script": Markup(script), "policy": _policy(style, script)})
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


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
