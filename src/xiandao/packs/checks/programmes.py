"""Programmes agree with the pack: names, targets, clocks, includes exist; conditions are conditions over their form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xiandao.kernel.errors import InvalidValue
from xiandao.kernel.rule import Field, Rule, compile_rule
from xiandao.packs.checks.findings import Findings
from xiandao.packs.programmes import Programme, kernel_fields, put_together
from xiandao.packs.reader import Path
from xiandao.packs.schema.forms import FormField
from xiandao.packs.schema.orgs import OrganisationsFile
from xiandao.packs.schema.plan import PlanDoc
from xiandao.packs.schema.programmes import CommonFile, ProgrammeFile
from xiandao.packs.schema.rules import DeadlinesFile

COMMON = "programmes/common.yaml"


@dataclass(frozen=True)
class Known:
    """The other files of the pack, None where one could not be read and nothing can be said."""

    main_plan: str | None
    plans: Mapping[str, PlanDoc] | None
    orgs: OrganisationsFile | None
    deadlines: DeadlinesFile | None


def check_programmes(
    findings: Findings, files: Mapping[str, ProgrammeFile], common: CommonFile | None, known: Known
) -> None:
    """Check every programme (file name to record) against the pack, and common.yaml by itself."""
    if common is not None:
        keys = ((("sections", i, "include"), each.include) for i, each in enumerate(common.sections))
        findings.duplicates(COMMON, keys, "公共节代号")
        rules = ((("eligibility", i, "key"), each.key) for i, each in enumerate(common.eligibility))
        findings.duplicates(COMMON, rules, "公共条件代号")
    for name, file in files.items():
        if name != f"programmes/{file.code}.yaml":
            findings.report(
                name, ("code",), f"文件 {name} 写的是 {file.code}", "文件名与 code 一致", f"改名为 {file.code}.yaml"
            )
        _check_names(findings, name, file, known)
        _check_serves(findings, name, file, known)
        # A part that is missing would make every condition over its fields look wrong.
        if _includes_are_there(findings, name, file, common):
            _check_form(findings, name, put_together(file, common))


def _check_names(findings: Findings, name: str, file: ProgrammeFile, known: Known) -> None:
    if known.orgs is not None:
        names = {n for o in known.orgs.organisations for n in (o.name, o.full_name, *o.aliases)}
        given: list[tuple[Path, str | None]] = [
            (("lead",), file.lead),
            (("recommendation", "of"), file.recommendation.of),
        ]
        given += [(("with", i), each) for i, each in enumerate(file.with_)]
        for path, value in given:
            if value is not None and value not in names:
                findings.unknown(name, path, value, names, "organisations.yaml")
    if known.deadlines is not None:
        clocks = {clock.key for clock in known.deadlines.deadlines}
        for i, stage in enumerate(file.stages):
            if stage.clock is not None and stage.clock not in clocks:
                findings.unknown(name, ("stages", i, "clock"), stage.clock, clocks, "deadlines.yaml")
    findings.duplicates(name, ((("stages", i, "stage"), s.stage) for i, s in enumerate(file.stages)), "环节")


def _check_serves(findings: Findings, name: str, file: ProgrammeFile, known: Known) -> None:
    if known.plans is None:
        return
    targets = {code: {target.key for target in plan.targets()} for code, plan in known.plans.items()}
    for i, serves in enumerate(file.serves):
        if serves.plan not in targets:
            findings.unknown(name, ("serves", i, "plan"), serves.plan, targets, "本包的方案")
        elif serves.target not in targets[serves.plan]:
            findings.unknown(name, ("serves", i, "target"), serves.target, targets[serves.plan], f"方案 {serves.plan}")
    main = known.plans.get(known.main_plan or "")
    if main is not None:
        measures = {measure.key for action in main.actions for measure in action.measures}
        for i, key in enumerate(file.measures):
            if key not in measures:
                findings.unknown(name, ("measures", i), key, measures, "plan.yaml 的任务")


def _includes_are_there(findings: Findings, name: str, file: ProgrammeFile, common: CommonFile | None) -> bool:
    sections = {each.include for each in common.sections} if common else set()
    rules = {each.key for each in common.eligibility} if common else set()
    wanted: list[tuple[Path, str | None, set[str]]] = [
        (("form", i, "include"), part.include, sections) for i, part in enumerate(file.form)
    ]
    wanted += [(("eligibility", i, "include"), part.include, rules) for i, part in enumerate(file.eligibility)]
    missing = [(path, value, there) for path, value, there in wanted if value is not None and value not in there]
    for path, value, there in missing:
        findings.unknown(name, path, value, there, COMMON)
    return not missing


def _check_form(findings: Findings, name: str, programme: Programme) -> None:
    """Keys are given once; every condition compiles over the fields of the form."""
    places = list(_places(programme))
    findings.duplicates(name, ((("form", i, "key"), s.key) for i, s in enumerate(programme.sections)), "节代号")
    findings.duplicates(name, ((path, field.key) for path, field in places), "字段代号")
    fields = list({field.key: field for _, field in places}.values())
    declared = kernel_fields(fields)
    findings.duplicates(name, ((("form",), f.name) for f in declared), "条件可用的字段名")
    usable = list({f.name: f for f in declared}.values())
    for path, field in places:
        _check_table(findings, name, path, field)
        if field.when is not None:
            _compiles(findings, name, (*path, "when"), field.when, usable)
    for i, section in enumerate(programme.sections):
        if section.when is not None:
            _compiles(findings, name, ("form", i, "when"), section.when, usable)
    for i, rule in enumerate(programme.rules):
        _compiles(findings, name, ("eligibility", i, "expression"), rule.expression, usable)
    findings.duplicates(name, ((("eligibility", i, "key"), r.key) for i, r in enumerate(programme.rules)), "条件代号")


def _places(programme: Programme) -> Iterable[tuple[Path, FormField]]:
    for i, section in enumerate(programme.sections):
        for j, field in enumerate(section.fields):
            yield ("form", i, "fields", j), field


def _check_table(findings: Findings, name: str, path: Path, field: FormField) -> None:
    findings.duplicates(name, (((*path, "columns", k, "key"), c.key) for k, c in enumerate(field.columns)), "列代号")
    for k, column in enumerate(field.columns):
        if (column.type == "choice") != bool(column.options):
            findings.report(
                name,
                (*path, "columns", k),
                f"类型 {column.type} 与 options 不符",
                "choice 列写 options，其他列不写",
                "补上或删去 options",
            )


def _compiles(findings: Findings, name: str, path: Path, expression: str, fields: list[Field]) -> None:
    try:
        compile_rule(Rule("condition", expression), fields)
    except InvalidValue as error:
        findings.report(name, path, f"“{expression}”", error.expected, error.mend or "按提示改正")
