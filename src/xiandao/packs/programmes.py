"""A programme as it is used: its includes put in, its fields and rules ready to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xiandao.kernel.rule import Field, FieldType
from xiandao.packs.schema.forms import LIST_TYPES, FormField, Section
from xiandao.packs.schema.programmes import CommonFile, EligibilityRule, ProgrammeFile

_KERNEL: dict[str, FieldType] = {
    "text": FieldType.TEXT,
    "long_text": FieldType.TEXT,
    "choice": FieldType.TEXT,
    "region": FieldType.TEXT,
    "integer": FieldType.INTEGER,
    "decimal": FieldType.DECIMAL,
    "money": FieldType.DECIMAL,
    "percent": FieldType.DECIMAL,
    "date": FieldType.DATE,
    "yes_no": FieldType.BOOLEAN,
}
CONTEXT = (
    Field("applied_on", FieldType.DATE, "申报日期"),
    Field("industry_groups", FieldType.TEXT, "所选产业的组别"),
    Field("applicant_kind", FieldType.TEXT, "申报单位类别"),
)
"""What rules may use besides the form: the day, the groups of the chosen industries as "10,X", the applicant's kind."""


@dataclass(frozen=True)
class Programme:
    """One programme with its sections and rules in full."""

    file: ProgrammeFile
    sections: tuple[Section, ...]
    rules: tuple[EligibilityRule, ...]

    def fields(self) -> Iterator[FormField]:
        """Yield every field of the form in order."""
        for section in self.sections:
            yield from section.fields

    def definition(self) -> dict[str, Any]:
        """Return the whole as plain data: the file with `form` and `eligibility` in full."""
        data = self.file.model_dump(mode="json", by_alias=True, exclude_none=True)
        data["form"] = [section.model_dump(mode="json", exclude_none=True) for section in self.sections]
        data["eligibility"] = [rule.model_dump(mode="json", exclude_none=True) for rule in self.rules]
        return data


def put_together(file: ProgrammeFile, common: CommonFile | None) -> Programme:
    """Return a programme with the sections and rules of common.yaml in their places; an unknown include is left out."""
    sections = {each.include: each.section for each in common.sections} if common else {}
    rules = {each.key: each for each in common.eligibility} if common else {}
    form = [part.section() or sections.get(part.include or "") for part in file.form]
    asked = [part.rule() or rules.get(part.include or "") for part in file.eligibility]
    return Programme(file, tuple(s for s in form if s is not None), tuple(r for r in asked if r is not None))


def kernel_fields(fields: list[FormField]) -> list[Field]:
    """Return the fields rules may use: each field by its key, a list as `KEY_count`, and the context."""
    out: list[Field] = []
    for field in fields:
        if field.type in LIST_TYPES:
            out.append(Field(f"{field.key}_count", FieldType.INTEGER, f"{field.label}（项数）"))
        else:
            out.append(Field(field.key, _KERNEL[field.type], field.label, field.unit or ""))
    return [*out, *CONTEXT]
