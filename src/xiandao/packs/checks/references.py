"""Names and codes used in one file of a pack exist in the file that lists them, and are not given twice."""

import re
from collections.abc import Iterable, Mapping

from xiandao.kernel.errors import InvalidValue
from xiandao.kernel.region import RegionLevel, parse_region
from xiandao.packs.checks.findings import Findings, walk
from xiandao.packs.reader import Path
from xiandao.packs.schema.common import PackModel, Source
from xiandao.packs.schema.links import AlsoCountsFile
from xiandao.packs.schema.meta import PackMeta
from xiandao.packs.schema.orgs import Counterpart, OrganisationsFile
from xiandao.packs.schema.plan import Item, PlanDoc
from xiandao.packs.schema.regions import RegionsFile
from xiandao.packs.schema.rules import DeadlinesFile

META, ORGS, REGIONS, INDUSTRIES = "pack.yaml", "organisations.yaml", "regions.yaml", "industries.yaml"
ALSO, DEADLINES, PLAN = "also_counts.yaml", "deadlines.yaml", "plan.yaml"
_LEVELS: dict[str, RegionLevel] = {
    "province": RegionLevel.PROVINCE,
    "city": RegionLevel.CITY,
    "zone": RegionLevel.ZONE,
    **dict.fromkeys(("district", "county_city", "county"), RegionLevel.COUNTY),
}
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_KNOWN_PLACEHOLDERS = ("city", "city_short", "city_en")


def check_sources(findings: Findings, meta: PackMeta, files: Mapping[str, PackModel]) -> None:
    """Every source cites a document of pack.yaml; documents have one id each and known parents."""
    ids = {document.id for document in meta.documents}
    for file, record in files.items():
        for path, source in walk(record):
            if isinstance(source, Source) and source.document is not None and source.document not in ids:
                findings.unknown(file, (*path, "document"), source.document, ids, "pack.yaml 的 documents")
    documents = enumerate(meta.documents)
    findings.duplicates(META, ((("documents", i, "id"), d.id) for i, d in documents), "文件代号")
    for i, document in enumerate(meta.documents):
        for j, parent in enumerate(document.parents):
            if parent not in ids:
                findings.unknown(META, ("documents", i, "parents", j), parent, ids, "pack.yaml 的 documents")


def check_plan(findings: Findings, file: str, plan: PlanDoc, orgs: OrganisationsFile | None) -> None:
    """Keys are given once; issuers and duty parties are organisations, by name, full name or alias."""
    keys = ((((*path, "key"), item.key)) for path, item in walk(plan) if isinstance(item, Item))
    findings.duplicates(file, keys, "键")
    if orgs is None:
        return
    known = {n for o in orgs.organisations for n in (o.name, o.full_name, *o.aliases)}
    for path, name in _parties(plan):
        if name not in known:
            findings.unknown(file, path, name, known, ORGS)


def _parties(plan: PlanDoc) -> Iterable[tuple[Path, str]]:
    for i, issuer in enumerate(plan.issuers):
        yield ("issuers", i), issuer
    for a, action in enumerate(plan.actions):
        for m, measure in enumerate(action.measures):
            duty: Path = ("actions", a, "measures", m, "duty")
            for i, name in enumerate(measure.duty.lead):
                yield (*duty, "lead", i), name
            for i, name in enumerate(measure.duty.helping):
                yield (*duty, "with", i), name


def check_meta(findings: Findings, meta: PackMeta, plan: PlanDoc | None, regions: RegionsFile | None) -> None:
    """The pack's main plan is plan.yaml, its region is listed."""
    if plan is not None and meta.main_plan != plan.code:
        findings.report(META, ("main_plan",), f"“{meta.main_plan}”", f"plan.yaml 的 code（{plan.code}）", "改成一致")
    if regions is not None:
        codes = {region.code for region in regions.regions}
        if meta.jurisdiction.region not in codes:
            findings.unknown(META, ("jurisdiction", "region"), meta.jurisdiction.region, codes, REGIONS)


def check_organisations(findings: Findings, orgs: OrganisationsFile, regions: RegionsFile | None) -> None:
    """Codes and spellings are unique; parents, members, regions and counterparts exist."""
    codes = {o.code for o in orgs.organisations}
    listed = list(enumerate(orgs.organisations))
    findings.duplicates(ORGS, ((("organisations", i, "code"), o.code) for i, o in listed), "机构代码")
    findings.duplicates(ORGS, _spellings(orgs), "机构名称")
    places = {r.code for r in regions.regions} if regions else None
    for i, organisation in listed:
        for name, values in (("parent", (organisation.parent,)), ("members", organisation.members)):
            for j, code in enumerate(values):
                if code is not None and code not in codes:
                    path: Path = ("organisations", i, name, j) if name == "members" else ("organisations", i, name)
                    findings.unknown(ORGS, path, code, codes, ORGS)
        if places is not None and organisation.region not in places:
            findings.unknown(ORGS, ("organisations", i, "region"), organisation.region, places, REGIONS)
    if orgs.coordinator.organisation not in codes:
        findings.unknown(ORGS, ("coordinator", "organisation"), orgs.coordinator.organisation, codes, ORGS)
    _check_counterparts(findings, orgs, codes, regions)


def _spellings(orgs: OrganisationsFile) -> Iterable[tuple[Path, str]]:
    for i, organisation in enumerate(orgs.organisations):
        yield ("organisations", i, "name"), organisation.name
        if organisation.full_name != organisation.name:
            yield ("organisations", i, "full_name"), organisation.full_name
        for j, alias in enumerate(organisation.aliases):
            yield ("organisations", i, "aliases", j), alias


def _check_counterparts(
    findings: Findings, orgs: OrganisationsFile, codes: set[str], regions: RegionsFile | None
) -> None:
    own = {c.of for c in orgs.counterparts if c.suffix is not None}
    listed = list(enumerate(orgs.counterparts))
    findings.duplicates(ORGS, ((("counterparts", i, "of"), c.of) for i, c in listed), "对口的省级机构")
    with_suffix = ((("counterparts", i, "suffix"), c.suffix) for i, c in listed if c.suffix)
    findings.duplicates(ORGS, with_suffix, "对口代码后缀")
    cities = {r.code for r in regions.regions if r.kind == "city"} if regions else None
    for i, counterpart in listed:
        path: Path = ("counterparts", i)
        if counterpart.of not in codes:
            findings.unknown(ORGS, (*path, "of"), counterpart.of, codes, ORGS)
        if counterpart.served_by is not None and counterpart.served_by not in own:
            where = "有自己名称样式的 counterparts"
            findings.unknown(ORGS, (*path, "served_by"), counterpart.served_by, own, where)
        _check_patterns(findings, path, counterpart)
        if cities is None:
            continue
        places: list[tuple[Path, str]] = [((*path, "overrides", code), code) for code in counterpart.overrides]
        places += [((*path, "absent_in", j), code) for j, code in enumerate(counterpart.absent_in)]
        for place, code in places:
            if code not in cities:
                findings.unknown(ORGS, place, code, cities, "regions.yaml 的设区市")


def _check_patterns(findings: Findings, path: Path, counterpart: Counterpart) -> None:
    patterns = [("name", counterpart.name), ("full_name", counterpart.full_name), ("en", counterpart.en)]
    named: list[tuple[Path, str | None]] = [((*path, name), pattern) for name, pattern in patterns]
    named += [((*path, "aliases", i), alias) for i, alias in enumerate(counterpart.aliases)]
    for place, pattern in named:
        for holder in _PLACEHOLDER.findall(pattern or ""):
            if holder not in _KNOWN_PLACEHOLDERS:
                findings.unknown(ORGS, place, holder, _KNOWN_PLACEHOLDERS, "{city}、{city_short}、{city_en}")


def check_regions(findings: Findings, regions: RegionsFile) -> None:
    """Codes are unique, parents exist and fit the code, groups hold cities, each city in one group."""
    kinds = {r.code: r.kind for r in regions.regions}
    listed = list(enumerate(regions.regions))
    findings.duplicates(REGIONS, ((("regions", i, "code"), r.code) for i, r in listed), "地区代码")
    findings.duplicates(REGIONS, ((("regions", i, "name"), (r.parent, r.name)) for i, r in listed), "同一上级下的名称")
    for i, region in listed:
        code = parse_region(region.code)
        parent = str(code.parent) if code.parent is not None else None
        if code.level is not _LEVELS[region.kind]:
            kinds_here = [kind for kind, level in _LEVELS.items() if level is code.level]
            mend = "更正 kind 或 code"
            expected = f"代码所示的级别（{code.level.label}：{'、'.join(kinds_here)}）"
            findings.report(REGIONS, ("regions", i, "kind"), f"“{region.kind}”", expected, mend)
        if region.parent != parent:
            found, expected = f"上级 {region.parent or '（无）'}", f"由代码可知的上级 {parent or '（无）'}"
            findings.report(REGIONS, ("regions", i, "parent"), found, expected, "更正 parent 或 code")
        elif parent is not None and parent not in kinds:
            findings.unknown(REGIONS, ("regions", i, "parent"), parent, kinds, REGIONS)
        if region.successor is not None and region.successor not in kinds:
            findings.unknown(REGIONS, ("regions", i, "successor"), region.successor, kinds, REGIONS)
    members = [
        (("groups", i, "members", j), code) for i, g in enumerate(regions.groups) for j, code in enumerate(g.members)
    ]
    findings.duplicates(REGIONS, members, "片区成员")
    for path, member in members:
        if kinds.get(member) != "city":
            findings.unknown(
                REGIONS, path, member, [c for c, k in kinds.items() if k == "city"], "regions.yaml 的设区市"
            )

    if not any(fault.file == REGIONS for fault in findings.faults):
        try:
            regions.table()
        except InvalidValue as error:  # what only the table as a whole shows, as a circle of successors
            findings.report(REGIONS, ("regions",), f"“{error.value}”", error.expected, error.mend or "按提示更正")


def check_also_counts(findings: Findings, also: AlsoCountsFile, plans: Mapping[str, PlanDoc]) -> None:
    """Both ends of a link are targets of different plans in the pack, each pair once."""
    keys = {code: {target.key for target in plan.targets()} for code, plan in plans.items()}
    for i, link in enumerate(also.links):
        for name, end in (("target", link.target), ("also", link.also)):
            if end.plan not in keys:
                findings.unknown(ALSO, ("links", i, name, "plan"), end.plan, keys, "本包的方案")
            elif end.target not in keys[end.plan]:
                findings.unknown(ALSO, ("links", i, name, "target"), end.target, keys[end.plan], f"方案 {end.plan}")
        if link.target.plan == link.also.plan:
            path: Path = ("links", i, "also", "plan")
            findings.report(ALSO, path, f"同一方案 {link.also.plan}", "另一个方案", "改成另一个方案的代码")
    pairs = ((("links", i), f"{x.target.target} → {x.also.plan} {x.also.target}") for i, x in enumerate(also.links))
    findings.duplicates(ALSO, pairs, "对应关系")


def check_deadlines(findings: Findings, deadlines: DeadlinesFile) -> None:
    """Each clock has its own key."""
    keys = ((("deadlines", i, "key"), d.key) for i, d in enumerate(deadlines.deadlines))
    findings.duplicates(DEADLINES, keys, "时限代码")
