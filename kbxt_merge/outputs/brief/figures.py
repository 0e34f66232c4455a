"""What 情况汇报.docx may tell: figures that were counted, under the names by which the template asks for them.

The report is written in Chinese, whatever the operator's language: it goes to the office above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kbxt_merge.model.aims import Aim, Aims, AimsLine, Rate, lines_of, percent, points, rate_of
from kbxt_merge.model.china_time import in_china
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.overview import Overview, SchoolStatus
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.rule import Severity

NOT_TOLD = "—"
"""Stands where nothing was counted."""

_SAME = "持平"

MOST_NAMED, MOST_KINDS = 8, 8
"""So many schools are named on the first page, and so many kinds of findings in the report."""

Figures = Mapping[str, object]
Line = dict[str, str]


@dataclass(frozen=True)
class BriefFigures:
    """The figures of a merge; `overview` tells who is late and what was fixed, None where no ledger was asked."""

    district: District
    findings: Findings
    aims: Aims
    overview: Overview | None

    def context(self) -> Figures:
        """Every name that a template may ask for."""
        district, aims = self.district, self.aims
        names = [each.words.zh for each in Aim]
        return {
            "局": district.forms.stamped_by,
            "区县": district.forms.county,
            "报表": district.forms.returns.zh,
            "学期": district.period.words.zh,
            "日期": f"{district.as_of.year} 年 {district.as_of.month} 月 {district.as_of.day} 日",
            "上期": aims.period.words.zh if aims.period and aims.before is not None else "",
            **dict.fromkeys(names, NOT_TOLD),
            **{aim.words.zh: str(count) for aim, count in aims.totals.items()},
            **{rate.words.zh: _percent(aims.rates.get(rate)) for rate in Rate},
            "指标": list(self._indicators()),
            "脱贫户未返": len(aims.left),
            "未劝返": len(aims.unpersuaded),
            "名单未报": aims.lacking,
            "未计返校率": aims.without_rate,
            "各学段": list(self._stages()),
            "各校": [self._line(each) for each in lines_of(aims.schools)],
            "合计": self._total(),
            "各表": list(self._forms()),
            "问题类型": list(self._kinds()),
            **{each.words.zh: self.findings.count(each) for each in (Severity.ERROR, Severity.WARNING)},
            **self._attendance(),
            **self._rounds(),
        }

    def _indicators(self) -> Iterable[Line]:
        """The rows of the first page's table: a figure, the last period's, and the change."""
        totals, before = self.aims.totals, self.aims.totals_before
        rates = [each for each in Rate if each in self.aims.rates or each in self.aims.rates_before]
        for aim in [each for each in Aim if each in totals or each in before] or Aim:
            now, then = totals.get(aim), before.get(aim)
            change = NOT_TOLD if now is None or then is None else f"{now - then:+d}" if now != then else _SAME
            yield _indicator(aim.words.zh, _count(now), _count(then), change)
            yield from (self._share(rate) for rate in rates if rate.behind is aim)

    def _share(self, rate: Rate) -> Line:
        now, then = self.aims.rates.get(rate), self.aims.rates_before.get(rate)
        moved = None if now is None or then is None else points(now, then)
        change = NOT_TOLD if moved is None else f"{moved:+.2f} 个百分点" if moved else _SAME
        return _indicator(rate.words.zh, _percent(now), _percent(then), change)

    def _stages(self) -> Iterable[Line]:
        """A row a stage of the roster; none where it names no stages."""
        for line in lines_of(self.aims.stages) if any(self.aims.stages.index) else ():
            share = rate_of(self.aims.of_stage(line.name))
            yield self._line(replace(line, name=line.name or "未注明学段", rate=share))

    def _total(self) -> Line:
        cells = {aim.words.zh: str(count) for aim, count in self.aims.totals.items()}
        return {
            **self._nothing(),
            **cells,
            "名称": "合计",
            Rate.BACK.words.zh: _percent(self.aims.rates.get(Rate.BACK)),
        }

    def _line(self, line: AimsLine) -> Line:
        told = {aim.words.zh: _count(count) for aim, count in line.counts.items()}
        return {**self._nothing(), **told, "名称": line.name, Rate.BACK.words.zh: _percent(line.rate)}

    @staticmethod
    def _nothing() -> Line:
        return {each.words.zh: NOT_TOLD for each in Aim}

    def _forms(self) -> Iterable[Line]:
        """A row a form: how many schools returned it, its records, and what is open in it."""
        frame = self.findings.frame
        came = {(each.school, each.form.slug) for each in self.district.returned if each.standing is Standing.IN_FORCE}
        schools = Counter(slug for _, slug in came)
        found = Counter(zip(frame["form"], frame["severity"], strict=True))
        for form in self.district.forms.forms:
            yield {
                "名称": f"{form.attachment} {form.label.zh}".strip(),
                "学校": str(schools[form.slug]),
                "记录": str(len(self.district.records[form.slug])),
                "必须修改": str(found[form.slug, Severity.ERROR.value]),
                "请核实": str(found[form.slug, Severity.WARNING.value]),
            }

    def _kinds(self) -> Iterable[Line]:
        """What was found most often, what must be corrected first."""
        frame = self.findings.frame
        for severity in (Severity.ERROR, Severity.WARNING):
            those = frame[frame["severity"] == severity.value]
            counted = those.groupby("rule")["school"].agg(["size", "nunique"]).sort_values("size", kind="stable")
            for rule, found in counted[::-1].head(MOST_KINDS).iterrows():
                card = self.findings.catalogue.get(str(rule))
                yield {
                    "名称": card.title.zh if card else str(rule),
                    "级别": severity.words.zh,
                    "处数": str(found["size"]),
                    "学校": str(found["nunique"]),
                }

    def _attendance(self) -> Figures:
        """Schools by whether anything came of them, and who was late: as `kbxt status` counts them."""
        owing = self._owing()
        silent = [each.name for each in owing if not each.returned]
        late = [each.name for each in owing if each.returned and each.late]
        known = self.overview is not None
        return {
            "学校数": len(owing) if known else NOT_TOLD,
            "已报数": len(owing) - len(silent) if known else NOT_TOLD,
            "未报数": len(silent),
            "未报学校": _named(silent),
            "未报学校全部": "、".join(silent),
            "迟报数": len(late),
            "迟报学校": _named(late),
            "迟报学校全部": "、".join(late),
        }

    def _owing(self) -> Sequence[SchoolStatus]:
        every = [each for each in self.overview.schools if not each.owes_nothing] if self.overview else []
        return [each for each in every if each.listed] or every

    def _rounds(self) -> Figures:
        """The trend over the rounds, and what each school corrected."""
        trend = self.overview.trend if self.overview else ()
        schools = [each for each in (self.overview.schools if self.overview else ()) if each.fixed]
        return {
            "轮次": [
                {
                    "名称": f"第 {each.number} 轮",
                    "日期": f"{in_china(each.made):%Y-%m-%d}",
                    "新增": str(each.new),
                    "改正": str(each.fixed),
                    "核实": str(each.confirmed),
                    "未改": str(each.open),
                }
                for each in trend
            ],
            "轮数": len(trend),
            "已改正": sum(each.fixed for each in schools),
            "整改": [
                {
                    "名称": each.name,
                    "已改正": str(each.fixed),
                    "必须修改": str(each.all_errors),
                    "请核实": str(each.all_warnings),
                }
                for each in schools
            ],
        }


def _indicator(name: str, now: str, then: str, change: str) -> Line:
    return {"名称": name, "本期": now, "上期": then, "增减": change}


def _count(count: int | None) -> str:
    return NOT_TOLD if count is None else str(count)


def _percent(share: float | None) -> str:
    return NOT_TOLD if share is None else percent(share)


def _named(schools: Sequence[str]) -> str:
    """The first of these schools, and how many there are."""
    told = "、".join(schools[:MOST_NAMED])
    return f"{told}等 {len(schools)} 所" if len(schools) > MOST_NAMED else told
