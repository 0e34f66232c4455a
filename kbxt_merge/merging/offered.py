"""What the library offers of a merge besides: a form's schema, and the findings as lines."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.assembly.frames import district_of_frame
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.data.finding_lines import finding_lines
from kbxt_merge.settings import Settings

if TYPE_CHECKING:
    from kbxt_merge.rules.form_schema import FormSchema


from kbxt_merge.merging.definitions import forms_in_force


def schema_of(form: str, settings: Settings) -> FormSchema:
    """The pandera schema of a form, for data frames of its records; raises SchemaError for a form not in force.

    It fails for a frame in which a merge would find an error or a warning by a rule on a cell, a row or the children of
    one form.  A frame has no roster, no other forms and no earlier period: what asks for one of them holds.
    Its day is `as_of` of the settings, else today; its period theirs, else that day's.
    """
    from kbxt_merge.rules.run import schema_of_frames  # pandera takes its time

    forms = forms_in_force(settings)
    if form not in forms.by_slug:
        known = "、".join(forms.by_slug)
        raise SchemaError(f"没有表 {form}：在用的是 {known}", f"there is no form {form}; in force are {known}")
    as_of = settings.as_of or dt.date.today()
    period = settings.period or Period.of(as_of)
    wanted = forms.by_slug[form]
    return schema_of_frames(wanted, partial(district_of_frame, form=wanted, forms=forms, period=period, as_of=as_of))


def lines_of(checked: Checked, layout: str, settings: Settings) -> str:
    """The findings as lines for a terminal or a pipe."""
    return finding_lines(checked.findings, checked.district.forms, layout, settings.language)
