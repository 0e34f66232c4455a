"""Who owes what: by what was found, by the scans that came, and by what the mailbox waits for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd

from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.owed import Owed
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.scans import Scans
from kbxt_merge.model.school import School
from kbxt_merge.model.wording import LACKING
from kbxt_merge.rules.catalogue import ASKING_FOR_RETURNS


def owed(
    district: District,
    findings: Findings,
    verdicts: pd.DataFrame,
    awaited: Iterable[Awaited] = (),
    last_mails: Mapping[str, dt.datetime] | None = None,
) -> tuple[Owed, ...]:
    """The schools that owe something, in the order of the roster; then those outside it that sent something."""
    frame = findings.frame
    asking = frame["rule"].isin(ASKING_FOR_RETURNS)
    missing: dict[str, list[str]] = {}
    for school, facts in frame.loc[asking, ["school", "facts"]].itertuples(index=False):
        missing.setdefault(school, []).append(facts.named(LACKING))
    corrections, answers = (
        Counter(frame.loc[~asking & (frame["severity"] == each.value), "school"].tolist())
        for each in (Severity.ERROR, Severity.WARNING)
    )
    scans = _without_scan(district, verdicts)
    links = Counter(each.who for each in awaited if each.wait is Wait.CLOUD)
    called = {form.slug: form.called for form in district.forms.forms}
    listed = {each.name: each for each in (district.roster.schools if district.roster else ())}
    every = (
        Owed(
            school.name,
            school.stage,
            school.contact,
            school.phone,
            "" in missing.get(school.name, ()),
            tuple(dict.fromkeys(called[slug] for slug in called if slug in missing.get(school.name, ()))),
            corrections[school.name],
            answers[school.name],
            scans.get(school.name, ()),
            links[school.name],
            (last_mails or {}).get(school.name),
        )
        for school in (listed.get(name) or School("", name) for name in district.schools)
    )
    return tuple(each for each in every if each.anything)


def _without_scan(district: District, verdicts: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Of each school the forms that came, bear a stamp, and of which no scan did; a scan that names no form may be of
    any."""
    scans = Scans.of(district, verdicts)
    unnamed = Counter(school for school, forms in scans.files.values() if not forms)
    came = {(each.school, each.form.slug) for each in district.returned if each.standing is Standing.IN_FORCE}
    found: dict[str, tuple[str, ...]] = {}
    for school in {name for name, _ in came if name}:
        stamped = (form for form in district.forms.forms if form.is_stamped and (school, form.slug) in came)
        lacking = tuple(form.called for form in stamped if (school, form.slug) not in scans.forms)
        if len(lacking) > unnamed[school]:
            found[school] = lacking
    return found
