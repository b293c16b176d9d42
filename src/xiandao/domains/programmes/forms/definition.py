"""A version's definition made ready to be asked: sections, fields, and conditions compiled once for each version."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from xiandao.domains.programmes.models import ProgrammeVersion
from xiandao.kernel.rule import CompiledRule, NullPolicy, Rule, compile_rule
from xiandao.packs.programmes import kernel_fields
from xiandao.packs.schema.forms import Column, FormField, Section

_PEOPLE: Final = (
    Column(key="name", label="姓名", required=True),
    Column(key="unit", label="单位", required=True),
    Column(key="title", label="职称、职务"),
    Column(key="task", label="分工或说明"),
)
_ORGANISATIONS: Final = (
    Column(key="credit_code", label="统一社会信用代码", required=True),
    Column(key="name", label="名称", required=True),
)
ROWED: Final = ("table", "people", "organisations")
_MOST_KEPT: Final = 200


@dataclass(frozen=True)
class EligibilityRule:
    """A condition of who may apply: what it says, where from, and how it is decided."""

    key: str
    message: str
    effect: str
    source: str
    confidence: str
    compiled: CompiledRule


@dataclass(frozen=True)
class Form:
    """The form of one version."""

    sections: tuple[Section, ...]
    rules: tuple[EligibilityRule, ...]
    whens: dict[str, CompiledRule]

    @cached_property
    def fields(self) -> dict[str, FormField]:
        """Every field by its key, in order."""
        return {field.key: field for section in self.sections for field in section.fields}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of each field by the field's key."""
        return {field.key: section for section in self.sections for field in section.fields}


def columns_of(field: FormField) -> tuple[Column, ...]:
    """Return the columns of a field that has rows; none of any other."""
    return {"people": _PEOPLE, "organisations": _ORGANISATIONS}.get(field.type, field.columns)


_kept: dict[str, Form] = {}


def form_of(version: ProgrammeVersion) -> Form:
    """Return the form of a version. Versions are never edited, so that each is compiled once."""
    found = _kept.get(version.digest)
    if found is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[version.digest] = _compile(version.definition)
    return found


def _compile(definition: dict[str, Any]) -> Form:
    sections = tuple(Section.model_validate(each) for each in definition["form"])
    fields = kernel_fields([field for section in sections for field in section.fields])
    whens: dict[str, CompiledRule] = {}
    for section in sections:
        if section.when:
            whens[f"section:{section.key}"] = compile_rule(Rule(section.key, section.when), fields)
        for field in section.fields:
            if field.when:
                whens[field.key] = compile_rule(Rule(field.key, field.when), fields)
    rules = tuple(
        EligibilityRule(
            key=each["key"],
            message=each["message"],
            effect=each.get("effect", "bar"),
            source=each["source"]["printed"],
            confidence=each["source"]["confidence"],
            compiled=compile_rule(
                Rule(each["key"], each["expression"], NullPolicy.UNKNOWN, each["message"], each["source"]["printed"]),
                fields,
            ),
        )
        for each in definition["eligibility"]
    )
    return Form(sections, rules, whens)
