"""A district of invented schools and children, with findings of every kind that a report shows."""

import random
from typing import Any

import pandas as pd
from report_catalogue import CATALOGUE, FAULTS
from small_district import FIRST_ROW, SmallDistrict

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import SKIP_COLUMNS, Findings
from kbxt_merge.model.form import Form
from kbxt_merge.model.merge_result import VERDICT_COLUMNS
from kbxt_merge.model.returns import Cell, Kind, Reading, SourceFile, column_letters

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗谢钟曾赖温廖"
_GIVEN = "子轩雨桐浩然欣怡梓涵思远佳慧志强小梅文博丽华建国晓东诗琪俊杰"
_TOWNS = [
    "梅林", "茅店", "江口", "田村", "南塘", "三溪", "王母渡", "阳埠",
    "大田", "吉埠", "五云", "湖江", "储潭", "石芫", "沙地", "白鹭", "长洛", "韩坊",
]  # fmt: skip
_KINDS = [
    "中心小学", "中学", "第二小学", "第二中学", "实验小学", "第三小学", "希望小学", "九年一贯制学校", "第四小学",
    "第五小学", "第三中学", "民族小学",
]  # fmt: skip


class ReportDistrict:
    """Grows a district school by school; the same seed grows the same."""

    def __init__(self, schools: int, seed: int = 1) -> None:
        self.random = random.Random(seed)
        names = [f"赣县区{town}{kind}" for kind in _KINDS for town in _TOWNS][:schools]
        self.small = SmallDistrict(names)
        self.records: dict[str, int] = dict.fromkeys(self.small.forms.by_slug, 0)
        self.others: list[tuple[str, str]] = []

    def child(self) -> dict[str, Cell]:
        """A child that was never born."""
        pick = self.random
        born = f"20{pick.randint(5, 13):02d}{pick.randint(1, 12):02d}{pick.randint(1, 28):02d}"
        name = pick.choice(_SURNAMES) + "".join(pick.sample(_GIVEN, pick.randint(1, 2)))
        return {
            "name": name,
            "id_number": f"999999{born}{pick.randint(0, 999):03d}{pick.choice('0123456789X')}",
            "sex": pick.choice("男女"),
            "age": float(2021 - int(born[:4])),
            "birth_date": f"{born[:4]}.{int(born[4:6])}.{int(born[6:])}",
            "guardian": pick.choice(_SURNAMES) + pick.choice(_GIVEN),
            "phone": f"199{pick.randint(0, 99999999):08d}",
            "person_category": pick.choice(["建档立卡脱贫户", "城镇贫困户", "其他", "其他"]),
            "registration_type": pick.choice(["失学辍学", "失学辍学", "缓学休学"]),
            "disability": pick.choice(["智力二级", "肢残", "听力残疾"]),
            "grade": pick.choice(["七年级（2）班", "五年级", "初一"]),
            "enrolment": pick.choice(["是", "送教上门", "否"]),
            "address": f"赣县区{pick.choice(_TOWNS)}镇××村{pick.randint(1, 20)}组",
        }

    def school(self, name: str, rows: int) -> None:
        """A school returns its statistics, its lists and two cards."""
        counts: dict[str, Cell] = {
            each.name: float(self.random.randint(0, 40))
            for each in self.small.forms.by_slug["1-1"].fields
            if each.type == "count"
        }
        self._take(name, "1-1", [{"seq": 1.0, "school": name, **counts}])
        for slug in ("1-2", "3", "4", "2"):
            school_fields = [each.name for each in self.small.forms.by_slug[slug].fields if each.type == "school"]
            here = dict.fromkeys(school_fields, name)
            self._take(name, slug, [{"seq": float(i), **self.child(), **here} for i in range(1, rows + 1)])
        self._take(
            name, "5", [{**self.child(), "guardian1": "钟某某", "guardian1_phone": "19900001111"} for _ in range(2)]
        )

    def _take(self, name: str, slug: str, rows: list[dict[str, Cell]]) -> None:
        self.small.take(name, slug, rows)
        self.records[slug] += len(rows)

    def scan(self, school: str) -> None:
        """A school sends a stamped scan."""
        self.others.append((f"{school}/附件1-1盖章件.pdf", school))

    def district(self) -> District:
        district = self.small.district()
        district.readings += [Reading(SourceFile(path, "", 1, 0.0), Kind.PDF, "") for path, _ in self.others]
        return district

    def spoil(self, district: District, count: int) -> Findings:
        """So many findings, spread over the records."""
        slugs = list(FAULTS)
        for _ in range(count):
            rule = self.random.choice(slugs)
            form_slug, field, *_ = FAULTS[rule]
            records = district.records[form_slug]
            record = self.random.randrange(len(records))
            self.find(district, rule, form_slug, field, record)
        return self.findings()

    def find(self, district: District, rule: str, slug: str, field: str, record: int, **more: Any) -> None:
        """A finding of a rule at a record's field."""
        records = district.records[slug]
        returned = records.returned[records.sheet[record]]
        row = int(records.row[record])
        typed = records.typed[field][record]
        value = "" if typed is None else str(typed).removesuffix(".0")
        child = str(records.typed[records.form.record_field][record])
        zh, en = FAULTS.get(rule, ("", "", "", ""))[2:]
        facts = {"child": child, "value": value, "row": row + 1, "n": self.random.randint(1, 40)}
        finding = {
            "file": returned.file.path,
            "sheet": returned.sheet.sheet,
            "cell": _address(records.form, field, row),
            "school": returned.school,
            "rule": rule,
            "value": value,
            "zh": zh.format(**facts),
            "en": en.format(**facts),
            **more,
        }
        self.small.find(slug, record, field, CATALOGUE[rule].severity.value, **finding)

    def find_beside(self, rule: str, school: str, file: str, zh: str, en: str) -> None:
        """A finding that lies in no record."""
        blank = {"file": file, "school": school, "rule": rule, "zh": zh, "en": en}
        self.small.find("", -1, "", CATALOGUE[rule].severity.value, **blank)

    def findings(self) -> Findings:
        found = self.small.all_findings()
        skipped = [
            ("age-id-mismatch", "3", "age", self.small.schools[0], 4),
            ("grade-age-mismatch", "3", "grade", self.small.schools[1], 2),
        ]
        return Findings(found.frame, pd.DataFrame(skipped, columns=list(SKIP_COLUMNS)), found.catalogue)

    def verdicts(self) -> pd.DataFrame:
        """files.csv as a merge gives it."""
        paths: dict[str, tuple[str, list[str], int]] = {}
        for each in self.small.returned:
            _, forms, rows = paths.setdefault(each.file.path, (each.school, [], 0))
            forms.append(each.form.slug)
            paths[each.file.path] = (each.school, forms, rows + len(each.sheet.rows))
        rows = [
            (path, "merged", school, " ".join(sorted(set(forms))), n, n, 0, "")
            for path, (school, forms, n) in paths.items()
        ]
        rows += [(path, "other", school, "", 0, 0, 0, "盖章扫描件") for path, school in self.others]
        return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))

    def run(self) -> dict[str, Any]:
        merged = sum(self.records.values())
        return {
            "version": "0.1.0",
            "made": "2021-03-12 09:30",
            "settings": {"inbox": "上报材料", "period": "2021春", "as_of": "2021-03-12", "jobs": 2, "strict": False},
            "account": {"rows_read": merged + 12, "rows_merged": merged, "rows_left_out": 0, "rows_set_aside": 12},
        }


def _address(form: Form, field: str, row: int) -> str:
    place = list(form.by_name).index(field)
    return f"C{FIRST_ROW + place + 1}" if form.shape == "card" else f"{column_letters(place)}{row + 1}"


def sample(schools: int = 24, rows: int = 6, findings: int = 140) -> tuple[ReportDistrict, District, Findings]:
    """A district of ordinary size: joined findings, a file that can't be read, schools that did not return."""
    grown = ReportDistrict(schools)
    names = list(grown.small.schools)
    for number, name in enumerate(names[:-2]):
        grown.school(name, rows)
        if number % 3 == 0:
            grown.scan(name)
    district = grown.district()
    clean = set(names[3::5])
    grown.spoil(district, findings)
    grown.small.findings = [each for each in grown.small.findings if each["school"] not in clean]
    for here, there in ((0, rows), (rows, 0)):
        records = district.records["1-2"]
        other = records.returned[records.sheet[there]]
        related = f"{other.file.path} › {other.sheet.sheet} › C{int(records.row[there]) + 1}"
        zh = f"这名学生的身份证号在{other.school}的附件 1-2 中也有，请两校核对后保留一处。"
        en = f"The same ID number stands in form 1-2 of {other.school}; please settle which of you lists the child."
        grown.find(
            district,
            "duplicate-across-schools",
            "1-2",
            "id_number",
            here,
            related=related,
            zh=zh,
            en=en,
        )
    for name in names[-2:]:
        grown.find_beside(
            "school-not-returned",
            name,
            "",
            "没有收到你校的任何表，请尽快报送。",
            "Nothing came from your school; please return the forms.",
        )
    grown.find_beside(
        "file-encrypted",
        "",
        "加密的表.xlsx",
        "文件有密码，打不开，请去掉密码后重新报送。",
        "The file needs a password; please remove it and return the file again.",
    )
    return grown, district, grown.findings()
