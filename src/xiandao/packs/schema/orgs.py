"""organisations.yaml: the bodies a plan names, and how each is called in every city (对口)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xiandao.packs.schema.common import Code, Line, PackModel, Prose, RegionId, Source, fault_error

OrgKind = Literal[
    "party_organ",  # 党委部门
    "government",  # 政府部门、直属机构
    "central_agency",  # 中央驻省机构
    "mass_organisation",  # 群团组织
    "public_institution",  # 事业单位
    "state_company",  # 国有企业
    "collective",  # 议事协调机构及其成员单位
]
Pattern = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\{(city|city_short|city_en)\}")]
"""A name with {city} (南京市), {city_short} (南京) or {city_en} (Nanjing) in it."""


class Organisation(PackModel):
    """A body at the pack's own level. ``name`` is the short name as printed in duties; aliases are exact spellings.

    ``members`` of a collective are names known from a source; an unpublished list stays empty.
    """

    code: Code
    name: Line
    full_name: Line
    en: Line
    kind: OrgKind
    region: RegionId
    parent: Code | None = None
    aliases: tuple[Line, ...] = ()
    members: tuple[Code, ...] = ()
    note: Prose | None = None
    note_en: Prose | None = None


class CounterpartName(PackModel):
    """What differs in one city from the counterpart's pattern."""

    name: Line
    full_name: Line
    en: Line
    aliases: tuple[Line, ...] = ()
    note: Prose | None = None


class Counterpart(PackModel):
    """How the city counterpart of one provincial body is called, or that there is none.

    Exactly one of: ``name``/``full_name``/``en`` patterns (a bureau of its own in each city except
    ``absent_in``), ``served_by`` (the city bureau of another provincial body does this work), or
    ``none`` (reason why no counterpart exists). ``addressed``: the notice is addressed to it.
    """

    of: Code
    suffix: Code | None = None
    name: Pattern | None = None
    full_name: Pattern | None = None
    en: Pattern | None = None
    kind: OrgKind | None = None
    aliases: tuple[Pattern, ...] = ()
    addressed: bool = False
    overrides: dict[RegionId, CounterpartName] = {}
    absent_in: tuple[RegionId, ...] = ()
    served_by: Code | None = None
    none: Prose | None = None
    none_en: Prose | None = None
    source: Source

    @model_validator(mode="after")
    def _exactly_one_form(self) -> Self:
        own = (self.suffix, self.name, self.full_name, self.en, self.kind)
        forms = [any(v is not None for v in own), self.served_by is not None, self.none is not None]
        if sum(forms) != 1:
            raise fault_error(
                f"写了 {sum(forms)} 种", "三者取一：名称样式、served_by、none", "保留一种对口方式，删去其余"
            )
        if forms[0] and None in own:
            missing = "、".join(n for n in ("suffix", "name", "full_name", "en", "kind") if getattr(self, n) is None)
            raise fault_error(f"缺少 {missing}", "suffix、name、full_name、en、kind 五项齐全", "补齐名称样式缺少的字段")
        return self


class Coordinator(PackModel):
    """Which body runs the plan's day-to-day coordination (统筹协调)."""

    organisation: Code
    source: Source


class OrganisationsFile(PackModel):
    """The whole of organisations.yaml."""

    coordinator: Coordinator
    organisations: tuple[Organisation, ...]
    counterparts: tuple[Counterpart, ...] = ()


class CityBureau(PackModel):
    """One counterpart bureau in one city, expanded from its pattern by the loader."""

    code: str
    name: str
    full_name: str
    en: str
    kind: OrgKind
    region: RegionId
    counterpart_of: tuple[Code, ...]
    addressed: bool
    aliases: tuple[str, ...] = ()
    note: str | None = None
    source: Source
