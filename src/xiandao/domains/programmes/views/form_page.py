"""A form laid out for its page: each field with its value, its faults, whether it is asked for and may be changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xiandao.domains.files.blocks import FilesBlock, files_blocks
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.evidence import KIND, holder_key
from xiandao.domains.programmes.forms import Checked, Choices, Data, Form, columns_of
from xiandao.domains.programmes.forms.definition import ROWED
from xiandao.domains.programmes.models import Application
from xiandao.packs.schema.forms import Column, FormField, Section

_WIDE = ("long_text", "table", "people", "organisations", "files", "choices", "industries")


@dataclass(frozen=True)
class ShownField:
    """One field on the page."""

    spec: FormField
    value: Any
    asked: bool
    editable: bool
    faults: list[str] = field(default_factory=list)
    columns: tuple[Column, ...] = ()
    rows: list[tuple[str, list[tuple[Column, str]]]] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    files: FilesBlock | None = None
    finding: str = ""

    @property
    def rowed(self) -> bool:
        return self.spec.type in ROWED

    @property
    def wide(self) -> bool:
        return self.spec.type in _WIDE

    @property
    def blank(self) -> list[tuple[Column, str]]:
        """An empty row."""
        return [(column, "") for column in self.columns]

    @property
    def said(self) -> str:
        """The value in words, for reading."""
        names = dict(self.options)
        if isinstance(self.value, list):
            return "、".join(names.get(item, str(item)) for item in self.value if isinstance(item, str))
        return names.get(self.value, str(self.value or ""))


@dataclass(frozen=True)
class ShownSection:
    """One section on the page, with how many of its fields are wanting."""

    spec: Section
    asked: bool
    fields: list[ShownField]

    @property
    def wanting(self) -> int:
        return sum(1 for each in self.fields if each.asked and each.faults)


def shown_form(
    form: Form, data: Data, checked: Checked, choices: Choices, *, editable: set[str], files: Mapping[str, FilesBlock]
) -> list[ShownSection]:
    """Return the sections of a form for a page."""
    faults: dict[str, list[str]] = {}
    for gap in checked.gaps:
        faults.setdefault(gap.field, []).append(gap.sentence)
    return [
        ShownSection(
            section,
            section.key in checked.sections,
            [
                _shown(each, data, choices, checked, faults=faults, editable=editable, files=files)
                for each in section.fields
            ],
        )
        for section in form.sections
    ]


def _shown(
    spec: FormField,
    data: Data,
    choices: Choices,
    checked: Checked,
    *,
    faults: Mapping[str, list[str]],
    editable: set[str],
    files: Mapping[str, FilesBlock],
) -> ShownField:
    value = data.get(spec.key, "")
    columns = columns_of(spec)
    rows = []
    if spec.type in ROWED:
        given = value if isinstance(value, list) else []
        rows = [
            (str(number), [(column, str(row.get(column.key, ""))) for column in columns])
            for number, row in enumerate(given)
        ]
    return ShownField(
        spec=spec,
        value=value,
        asked=spec.key in checked.fields,
        editable=spec.key in editable,
        faults=faults.get(spec.key, []),
        columns=columns,
        rows=rows,
        options=_options(spec, choices),
        files=files.get(spec.key),
    )


def _options(spec: FormField, choices: Choices) -> list[tuple[str, str]]:
    if spec.type == "region":
        return list(choices.regions.items())
    if spec.type == "industries":
        return list(choices.industries.items())
    if spec.type == "yes_no":
        return [("yes", "是"), ("no", "否")]
    return [(option, option) for option in spec.options]


def file_blocks(viewer: Viewer, application: Application, form: Form) -> dict[str, FilesBlock]:
    """Return the files of each field that asks for files, by the field's key."""
    keys = {holder_key(application, key): key for key, spec in form.fields.items() if spec.type == "files"}
    return {keys[key]: block for key, block in files_blocks(viewer, KIND, list(keys)).items()} if keys else {}


def base_text(data: Data) -> str:
    """Return content as the hidden field keeps it."""
    return json.dumps(data, ensure_ascii=False)


def read_base(text: str) -> Data | None:
    """Return what the writer started from, None where it was not posted or is no content."""
    if not text or len(text) > 2_000_000:  # noqa: PLR2004 — no form of ours is larger
        return None
    try:
        given = json.loads(text)
    except ValueError:
        return None
    return given if isinstance(given, dict) else None
