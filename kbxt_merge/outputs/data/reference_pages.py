"""The reference pages: every rule, every form in force, every setting; as Markdown for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.model.field import Bound, Conditions, Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.rule import RuleCard, Scope
from kbxt_merge.model.text import Language, Words

_SCOPES = {
    Scope.FILE: Words("文件", "Files"),
    Scope.SHEET: Words("工作表", "Sheets"),
    Scope.CELL: Words("单元格", "Cells"),
    Scope.ROW: Words("行内", "Within a row"),
    Scope.DISTRICT: Words("各行、各表、各校之间", "Between rows, forms and schools"),
    Scope.REGISTER: Words("与局里的比对库", "Against the bureau's own registers"),
    Scope.PERIOD: Words("各期之间", "Between periods"),
}
_RULE_HEADS = (
    Words("规则", "rule"),
    Words("级别", "severity"),
    Words("名称", "title"),
    Words("何时提出", "when"),
    Words("用于", "applies to"),
)
_FIELD_HEADS = (
    Words("字段", "field"),
    Words("表头", "header"),
    Words("类型", "type"),
    Words("必填", "required"),
)
_SETTING_HEADS = (
    Words("设置", "setting"),
    Words("环境变量", "environment"),
    Words("用途", "what it is for"),
    Words("填什么", "kind"),
    Words("默认", "default"),
)
_SETTING_TABLES = {
    "": Words("写在 kbxt.toml 开头", "At the top of kbxt.toml"),
    "limits": Words("写在 [limits] 下：读文件的上限", "Under [limits]: the limits of reading"),
    "mail": Words("写在 [mail] 下：邮箱", "Under [mail]: the mailbox"),
}


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting as its page tells it: `key` as in kbxt.toml, `variable` in the environment."""

    key: str
    variable: str
    words: Words
    wanted: Words
    default: str


def rules_page(catalogue: Mapping[str, RuleCard], forms: Forms, language: Language) -> str:
    """The catalogue as a Markdown page, a section a scope."""
    title = Words("核查规则", "Rules")
    made = Words("本页由 `kbxt rules` 生成，请勿手工修改。", "Written by `kbxt rules`; do not edit.")
    parts = [f"# {title.of(language)}", made.of(language)]
    for scope, words in _SCOPES.items():
        cards = [card for card in catalogue.values() if card.scope is scope]
        rows = [_rule_row(card, forms, language) for card in cards]
        parts += [f"## {words.of(language)}", _table([head.of(language) for head in _RULE_HEADS], rows)]
    return "\n\n".join(parts) + "\n"


def forms_page(forms: Forms, language: Language) -> str:
    """The forms in force as a Markdown page, with the values that their vocabularies allow."""
    title = Words("现行表格", "Forms in force")
    made = Words("本页由 `kbxt forms` 生成，请勿手工修改。", "Written by `kbxt forms`; do not edit.")
    parts = [f"# {title.of(language)}", made.of(language)]
    for form in forms.forms:
        heads = [head.of(language) for head in _FIELD_HEADS]
        rows = [_field_row(field, language) for field in form.fields]
        title_line = form.title.format(year="____", term="春（秋）", month="____", quarter="____")
        parts += [
            f"## {' · '.join(filter(None, (form.attachment, title_line)))}",
            f"{form.label.of(language)} · {form.version}",
        ]
        parts.append(_table(heads, rows))
    parts.append(f"## {Words('填写范围', 'Vocabularies').of(language)}")
    heads = [Words("词表", "vocabulary").of(language), Words("可填", "values").of(language)]
    rows = [
        (f"`{each.name}` {each.words.of(language)}", "、".join(each.values)) for each in forms.vocabularies.values()
    ]
    parts.append(_table(heads, rows))
    return "\n\n".join(parts) + "\n"


def settings_page(settings: Sequence[SettingLine], language: Language) -> str:
    """Every setting as a Markdown page, a section a table of kbxt.toml."""
    made = Words("本页由 `kbxt settings` 生成，请勿手工修改。", "Written by `kbxt settings`; do not edit.")
    order = Words(
        "先后：命令行选项、环境变量、收件夹旁的 `kbxt.toml`、默认值。"
        "邮箱授权码不写在文件里：放在环境变量 `KBXT_MAIL_PASSWORD` 或密钥环（`pip install 'kbxt-merge[keyring]'`），"
        "否则运行时输入。",
        "In falling order: option, environment, `kbxt.toml` beside the inbox, default. "
        "The mailbox's code is in no file: it comes from `KBXT_MAIL_PASSWORD`, from the keyring "
        "(`pip install 'kbxt-merge[keyring]'`), or is asked for.",
    )
    parts = [f"# {Words('设置', 'Settings').of(language)}", made.of(language), order.of(language)]
    for table, words in _SETTING_TABLES.items():
        rows = [_setting_row(each, language) for each in settings if each.key.rpartition(".")[0] == table]
        parts += [f"## {words.of(language)}", _table([head.of(language) for head in _SETTING_HEADS], rows)]
    return "\n\n".join(parts) + "\n"


def settings_json(settings: Sequence[SettingLine]) -> str:
    """Every setting as JSON, in both languages."""
    shown = [
        {
            "setting": each.key,
            "environment": each.variable,
            "what": {"zh": each.words.zh, "en": each.words.en},
            "kind": {"zh": each.wanted.zh, "en": each.wanted.en},
            "default": each.default,
        }
        for each in settings
    ]
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"


def rules_json(catalogue: Mapping[str, RuleCard], forms: Forms) -> str:
    """The catalogue as JSON: a list of rules in both languages."""
    rules = [
        {
            "rule": card.slug,
            "severity": card.severity.value,
            "scope": card.scope.value,
            "title": {"zh": card.title.zh, "en": card.title.en},
            "when": {"zh": card.when.zh, "en": card.when.en},
            "fields": _applied(card, forms),
        }
        for card in catalogue.values()
    ]
    return json.dumps(rules, ensure_ascii=False, indent=2) + "\n"


def forms_json(forms: Forms) -> str:
    """The forms in force as JSON: fields by their names, vocabularies with their values."""
    shown = {
        "forms": [
            {
                "form": form.slug,
                "attachment": form.attachment,
                "title": form.title,
                "shape": form.shape.value,
                "version": form.version,
                "fields": [
                    {"name": each.name, "header": each.header, "type": each.type, "required": each.required}
                    for each in form.fields
                ],
            }
            for form in forms.forms
        ],
        "vocabularies": {each.name: list(each.values) for each in forms.vocabularies.values()},
    }
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"


def _setting_row(setting: SettingLine, language: Language) -> tuple[str, ...]:
    key = setting.key.rpartition(".")[2]
    words, wanted = setting.words.of(language), setting.wanted.of(language)
    return f"`{key}`", f"`{setting.variable}`", words, wanted, setting.default and f"`{setting.default}`"


def _rule_row(card: RuleCard, forms: Forms, language: Language) -> tuple[str, ...]:
    severity = card.severity.words.of(language)
    applied = "; ".join(f"{form}: {', '.join(fields)}" for form, fields in _applied(card, forms).items())
    return f"`{card.slug}`", severity, card.title.of(language), card.when.of(language), applied


def _applied(card: RuleCard, forms: Forms) -> dict[str, list[str]]:
    """By form, the fields that a rule on records points at."""
    applied = {form.slug: _fields(card, form) for form in forms.forms}
    return {slug: fields for slug, fields in applied.items() if fields}


def _fields(card: RuleCard, form: Form) -> list[str]:
    by_type = [each.name for each in form.fields if card.is_on_all(each.kinds)]
    named = [use.at for use in form.rules if use.slug == card.slug]
    return list(dict.fromkeys([*by_type, *named]))


def _field_row(field: Field, language: Language) -> tuple[str, ...]:
    header = " › ".join((*field.groups, field.header))
    kind = field.code.words.of(language) if field.code else field.unit
    type_ = " ".join(part for part in (f"`{field.type}`", kind, _bounds(field)) if part)
    return f"`{field.name}`", header, type_, _required(field, language)


def _bounds(field: Field) -> str:
    """The least and the most that a field may hold."""
    ends = [_end(each) for each in (field.least, field.most)]
    return f"{ends[0]}–{ends[1]}" if any(ends) else ""


def _end(bound: Bound | None) -> str:
    return "" if bound is None else f"{bound:g}" if isinstance(bound, float) else str(bound)


def _required(field: Field, language: Language) -> str:
    """Whether a field must be filled, and of which records that is said."""
    yes = Words("是", "yes").of(language) if field.required else ""
    when = _conditions(field.required_when)
    where = _conditions(field.applies_to)
    said = [yes, when and f"{Words('当', 'when').of(language)} {when}"]
    said.append(where and f"{Words('只用于', 'only where').of(language)} {where}")
    return "；".join(part for part in said if part)


def _conditions(conditions: Conditions) -> str:
    return "，".join(f"{name} = {'、'.join(values)}" for name, values in conditions.items())


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
