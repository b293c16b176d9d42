"""The form of an application: sections of typed fields, conditional where `when` says so."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xiandao.packs.schema.common import Code, Line, PackModel, Prose, fault_error

FieldKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""Name of a field as rules and data write it: lower-case letters, digits, underscores."""

FieldType = Literal[
    "text", "long_text", "integer", "decimal", "money", "percent", "date", "yes_no", "choice", "choices",
    "region", "industries", "organisations", "people", "table", "files",
]  # fmt: skip
"""``money`` is yuan with two decimals, ``percent`` a number of percent (12.5 for 12.5 %), ``organisations`` are given
by unified social credit code, ``files`` are kept with the application under the field's key."""

Prefill = Literal[
    "organisation_name", "credit_code", "region", "industries", "contact_name", "contact_phone", "contact_email"
]
"""What is known of the applicant already and stands in the field when the form is begun; it can be changed."""

COLUMN_TYPES = ("text", "integer", "decimal", "money", "percent", "date", "choice", "yes_no")
LIST_TYPES = ("choices", "industries", "organisations", "people", "table", "files")
NUMBER_TYPES = ("integer", "decimal", "money", "percent")


class Column(PackModel):
    """One column of a table."""

    key: FieldKey
    label: Line
    type: Literal["text", "integer", "decimal", "money", "percent", "date", "choice", "yes_no"] = "text"
    options: tuple[Line, ...] = ()
    required: bool = False
    unit: Line | None = None


class FormField(PackModel):
    """One field. ``when`` is a condition over other fields: the field is asked for only where it holds.

    ``minimum``/``maximum`` bound a number, ``least``/``most`` how many rows, items or files a list has.
    """

    key: FieldKey
    label: Line
    type: FieldType = "text"
    required: bool = False
    help: Prose | None = None
    unit: Line | None = None
    when: Line | None = None
    prefill: Prefill | None = None
    options: tuple[Line, ...] = ()
    columns: tuple[Column, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    most_words: Annotated[int, Field(ge=1, le=20_000)] | None = None
    least: Annotated[int, Field(ge=0, le=1000)] | None = None
    most: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if (self.type in ("choice", "choices")) != bool(self.options):
            found = f"类型 {self.type}，{'有' if self.options else '没有'} options"
            raise fault_error(found, "choice、choices 写 options，其他类型不写", "补上或删去 options")
        if (self.type == "table") != bool(self.columns):
            found = f"类型 {self.type}，{'有' if self.columns else '没有'} columns"
            raise fault_error(found, "table 写 columns，其他类型不写", "补上或删去 columns")
        if (self.minimum is not None or self.maximum is not None) and self.type not in NUMBER_TYPES:
            raise fault_error(f"类型 {self.type} 有 minimum 或 maximum", "只有数字有上下限", "删去，或改类型")
        if (self.least is not None or self.most is not None) and self.type not in LIST_TYPES:
            raise fault_error(f"类型 {self.type} 有 least 或 most", "只有多项的字段有项数", "删去，或改类型")
        return self


class Section(PackModel):
    """A part of a form."""

    key: FieldKey
    title: Line
    help: Prose | None = None
    when: Line | None = None
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]


class FormPart(PackModel):
    """A section written here, or ``include``: the key of a section of common.yaml."""

    include: Code | None = None
    key: FieldKey | None = None
    title: Line | None = None
    help: Prose | None = None
    when: Line | None = None
    fields: tuple[FormField, ...] = ()

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        own = self.key is not None and self.title is not None and bool(self.fields)
        if (self.include is not None) == (self.key is not None or self.title is not None or bool(self.fields)):
            raise fault_error("include 与自写的一节并存，或都没有", "二者取一", "写 include，或写 key、title、fields")
        if self.include is None and not own:
            raise fault_error("缺少 key、title 或 fields", "一节写明 key、title、fields", "补齐")
        return self

    def section(self) -> Section | None:
        """Return the section written here, None for an include."""
        if self.key is None or self.title is None:
            return None
        return Section(key=self.key, title=self.title, help=self.help, when=self.when, fields=self.fields)
