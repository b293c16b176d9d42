"""What a form's content means as a whole: which parts are asked for, what is missing or unclear, who may apply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from xiandao.domains.programmes.forms import meaning
from xiandao.domains.programmes.forms.choices import Choices
from xiandao.domains.programmes.forms.definition import ROWED, EligibilityRule, Form, columns_of
from xiandao.domains.programmes.forms.meaning import Unclear
from xiandao.domains.programmes.forms.reading import Data
from xiandao.kernel.credit_code import CreditCode
from xiandao.kernel.errors import InvalidValue
from xiandao.kernel.rule import CompiledRule, Outcome
from xiandao.packs.schema.forms import LIST_TYPES, Column, FormField

_ROUNDS: Final = 5
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "text": str,
    "long_text": str,
    "integer": meaning.whole,
    "decimal": meaning.number,
    "money": meaning.money,
    "percent": meaning.percent,
    "date": meaning.day,
    "yes_no": meaning.yes_no,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing or unclear: the field's key, its section's title, its label, and what to do."""

    field: str
    section: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of this application. `needs`: labels of fields not filled in, where it cannot be told."""

    key: str
    message: str
    outcome: str
    effect: str
    source: str
    confidence: str
    needs: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, as an application keeps it."""
        return {
            "key": self.key,
            "message": self.message,
            "outcome": self.outcome,
            "holds": {Outcome.PASS.value: True, Outcome.FAIL.value: False}.get(self.outcome),
            "effect": self.effect,
            "source": self.source,
            "confidence": self.confidence,
            "needs": list(self.needs),
        }


@dataclass(frozen=True)
class Checked:
    """A form's content checked: sections and fields asked for, values read, gaps, and what the rules say."""

    sections: frozenset[str]
    fields: frozenset[str]
    values: Mapping[str, Any]
    gaps: list[Gap] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def barred(self) -> list[Finding]:
        """The rules that fail and bar the application."""
        return [each for each in self.findings if each.outcome == Outcome.FAIL.value and each.effect == "bar"]

    @property
    def done(self) -> int:
        """How many of the fields asked for are filled in without fault."""
        wrong = {gap.field for gap in self.gaps}
        return sum(1 for key in self.fields if key not in wrong)


@dataclass
class _Reading:
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)


def check_form(
    form: Form, data: Data, *, choices: Choices, context: Mapping[str, Any], files: Mapping[str, int]
) -> Checked:
    """Check what was written. `context`: what rules may use besides (day, applicant's kind); `files`: how many files
    each field has.
    """
    reading = _read(form, data, choices, files)
    values = dict(reading.values) | dict(context)
    chosen = [code for code in data.get("industries", []) if code in choices.groups]
    values["industry_groups"] = ",".join(sorted({choices.groups[code] for code in chosen})) or None
    sections, fields = _asked(form, values)
    known = {key: value for key, value in values.items() if _owner(key) not in form.fields or _owner(key) in fields}
    for key in values:
        known.setdefault(key, None)
    gaps = [
        Gap(key, form.section_of[key].title, item.label, sentence)
        for key, item in form.fields.items()
        if key in fields
        for sentence in (reading.faults.get(key) or _missing(item, data, files))
    ]
    labels = {key: item.label for key, item in form.fields.items()}
    findings = [_finding(rule, known, labels) for rule in form.rules]
    return Checked(frozenset(sections), frozenset(fields), known, gaps, findings)


def _owner(key: str) -> str:
    return key.removesuffix("_count")


def _read(form: Form, data: Data, choices: Choices, files: Mapping[str, int]) -> _Reading:
    reading = _Reading()
    for key, item in form.fields.items():
        raw = data.get(key)
        if item.type == "files":
            reading.values[f"{key}_count"] = files.get(key, 0)
        elif item.type in LIST_TYPES:
            rows = raw if isinstance(raw, list) else []
            reading.values[f"{key}_count"] = len(rows) if rows else None
            if faults := _list_faults(item, rows, choices):
                reading.faults[key] = faults
        else:
            reading.values[key] = None
            if raw:
                _read_one(reading, key, item, str(raw), choices)
    return reading


def _read_one(reading: _Reading, key: str, item: FormField, raw: str, choices: Choices) -> None:
    try:
        value = _value(item, raw, choices)
        _require_bounds(item, value)
    except Unclear as unclear:
        reading.faults[key] = [str(unclear)]
        return
    reading.values[key] = value


def _value(item: FormField, raw: str, choices: Choices) -> Any:
    if item.type == "choice":
        return meaning.one_of(raw, item.options)
    if item.type == "region":
        return meaning.coded(raw, choices.regions)
    if item.key == "credit_code":
        return _credit_code(raw)
    return _READERS[item.type](raw)


def _credit_code(raw: str) -> str:
    try:
        return str(CreditCode.parse(raw, registered=True))
    except InvalidValue as error:
        raise Unclear(str(error)) from None


def _require_bounds(item: FormField, value: Any) -> None:
    if item.minimum is not None and not isinstance(value, str) and value < item.minimum:
        raise Unclear(_("不小于 %(least)s。") % {"least": item.minimum})
    if item.maximum is not None and not isinstance(value, str) and value > item.maximum:
        raise Unclear(_("不大于 %(most)s。") % {"most": item.maximum})
    if item.most_words and isinstance(value, str) and len(value) > item.most_words:
        raise Unclear(_("至多 %(most)s 字，现在 %(now)s 字。") % {"most": item.most_words, "now": len(value)})


def _list_faults(item: FormField, rows: list[Any], choices: Choices) -> list[str]:
    faults: list[str] = []
    if item.most is not None and len(rows) > item.most:
        faults.append(_("至多 %(most)s 项，现在 %(now)s 项。") % {"most": item.most, "now": len(rows)})
    if rows and item.least is not None and len(rows) < item.least:
        faults.append(_("至少 %(least)s 项，现在 %(now)s 项。") % {"least": item.least, "now": len(rows)})
    if item.type in ROWED:
        return faults + [
            fault for number, row in enumerate(rows, 1) for fault in _row_faults(columns_of(item), number, row)
        ]
    names = set(choices.industries) if item.type == "industries" else set(item.options)
    unknown = [str(row) for row in rows if row not in names]
    if unknown:
        faults.append(_("“%(text)s”不在可选项中。") % {"text": "、".join(unknown)[:80]})
    return faults


def _row_faults(columns: tuple[Column, ...], number: int, row: Mapping[str, str]) -> list[str]:
    faults = []
    for column in columns:
        text = row.get(column.key, "")
        words = {"row": number, "column": column.label}
        if not text:
            if column.required:
                faults.append(_("第 %(row)s 行缺“%(column)s”。") % words)
            continue
        try:
            _cell(column, text)
        except Unclear as unclear:
            faults.append(_("第 %(row)s 行“%(column)s”：") % words + str(unclear))
    return faults


def _cell(column: Column, text: str) -> None:
    if column.type == "choice":
        meaning.one_of(text, column.options)
    elif column.key == "credit_code":
        _credit_code(text)
    else:
        _READERS[column.type](text)


def _missing(item: FormField, data: Data, files: Mapping[str, int]) -> list[str]:
    if item.type == "files":
        least = item.least if item.least is not None else int(item.required)
        held = files.get(item.key, 0)
        short = item.required and held < least
        return (
            [_("请上传文件（至少 %(least)s 份，现有 %(now)s 份）。") % {"least": least, "now": held}] if short else []
        )
    return [_("必填，还没有填。")] if item.required and not data.get(item.key) else []


def _asked(form: Form, values: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Return the sections and fields asked for: what a hidden field says counts for nothing, until nothing changes."""
    sections = {section.key for section in form.sections}
    fields = set(form.fields)
    for _round in range(_ROUNDS):
        known = {
            key: value if _owner(key) not in form.fields or _owner(key) in fields else None
            for key, value in values.items()
        }
        now = {
            section.key
            for section in form.sections
            if not section.when or _holds(form.whens[f"section:{section.key}"], known)
        }
        asked = {
            key
            for key, item in form.fields.items()
            if form.section_of[key].key in now and (not item.when or _holds(form.whens[key], known))
        }
        if (now, asked) == (sections, fields):
            break
        sections, fields = now, asked
    return sections, fields


def _holds(rule: CompiledRule, values: Mapping[str, Any]) -> bool:
    return _outcome(rule, values) is Outcome.PASS


def _outcome(rule: CompiledRule, values: Mapping[str, Any]) -> Outcome:
    try:
        return rule.evaluate_one({used.name: values.get(used.name) for used in rule.fields})
    except InvalidValue:  # a number no column can hold: nothing can be told, and the field's own fault is shown
        return Outcome.UNKNOWN


def _finding(rule: EligibilityRule, values: Mapping[str, Any], labels: Mapping[str, str]) -> Finding:
    outcome = _outcome(rule.compiled, values)
    needs: tuple[str, ...] = ()
    if outcome is Outcome.UNKNOWN:
        absent = [used.name for used in rule.compiled.fields if values.get(used.name) is None]
        needs = tuple(labels.get(_owner(name), name) for name in absent)
    return Finding(rule.key, rule.message, outcome.value, rule.effect, rule.source, rule.confidence, needs)
