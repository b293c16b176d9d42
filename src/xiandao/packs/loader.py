"""Loads a policy pack from its folder: reads every file, checks all of it, and returns it or all its faults."""

import difflib
import hashlib
import json
from pathlib import Path
from typing import Any, Final, TypeVar

from xiandao.packs.checks import references
from xiandao.packs.checks.catalogue import check_catalogue
from xiandao.packs.checks.findings import Findings
from xiandao.packs.checks.industries import check_industries
from xiandao.packs.checks.ledger import check_ledger
from xiandao.packs.checks.programmes import COMMON, Known, check_programmes
from xiandao.packs.checks.spans import TextCheck
from xiandao.packs.counterparts import city_bureaus
from xiandao.packs.faults import Fault, PackError
from xiandao.packs.pack import PolicyPack
from xiandao.packs.programmes import put_together
from xiandao.packs.reader import MAX_BYTES, Document, Refused, decode, read_yaml
from xiandao.packs.schema.catalogue import CatalogueHeader, IndustryCatalogue
from xiandao.packs.schema.common import PackModel
from xiandao.packs.schema.files import FilesFile
from xiandao.packs.schema.industries import IndustriesFile
from xiandao.packs.schema.layout import LayoutFile
from xiandao.packs.schema.ledger import LedgerFile
from xiandao.packs.schema.links import AlsoCountsFile
from xiandao.packs.schema.meta import PackMeta
from xiandao.packs.schema.orgs import OrganisationsFile
from xiandao.packs.schema.plan import PlanDoc
from xiandao.packs.schema.programmes import CommonFile, ProgrammeFile
from xiandao.packs.schema.progress import ProgressFile
from xiandao.packs.schema.regions import RegionsFile
from xiandao.packs.schema.roles import RolesFile
from xiandao.packs.schema.rules import DeadlinesFile, SecurityFile
from xiandao.packs.validate import validate

REQUIRED: Final[dict[str, type[PackModel]]] = {
    "pack.yaml": PackMeta,
    "plan.yaml": PlanDoc,
    "organisations.yaml": OrganisationsFile,
    "regions.yaml": RegionsFile,
    "industries.yaml": IndustriesFile,
    "roles.yaml": RolesFile,
}
OPTIONAL: Final[dict[str, type[PackModel]]] = {
    "also_counts.yaml": AlsoCountsFile,
    "deadlines.yaml": DeadlinesFile,
    "security.yaml": SecurityFile,
    "progress.yaml": ProgressFile,
    "files.yaml": FilesFile,
    "layout.yaml": LayoutFile,
    "ledger.yaml": LedgerFile,
}
RecordT = TypeVar("RecordT", bound=PackModel)
SOURCE_TEXT: Final = "source.txt"
CATALOGUE_HEADER: Final = "catalogue/catalogue.yaml"
MODEL: Final = "catalogue/model.json"
PUBLISHED: Final = "published.csv"


def packs_dir() -> Path:
    """Return the folder that holds the packs shipped with the product."""
    return Path(__file__).parent


def load_pack(path: Path | str) -> PolicyPack:
    """Return the pack in the folder ``path``. Raises PackError with every fault found, never only the first."""
    reading = _Reading(Path(path))
    reading.run()
    if reading.faults:
        raise PackError(reading.faults)
    return reading.pack()


def check_pack(path: Path | str) -> list[Fault]:
    """Return all faults of the pack in the folder ``path``, ordered by file and line; [] when it can be used."""
    reading = _Reading(Path(path))
    reading.run()
    return sorted(reading.faults)


class _Reading:
    """One pass over a folder: documents read, records made of them, faults met."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.documents: dict[str, Document] = {}
        self.records: dict[str, PackModel] = {}
        self.texts: dict[str, str] = {}
        self.plan_names = ["plan.yaml"]

    def run(self) -> None:
        if not self.path.is_dir():
            found = "不是文件夹" if self.path.exists() else "没有这个文件夹"
            self.faults.append(Fault(self.path.name, 0, "", found, "政策包文件夹", "核对路径"))
            return
        for name, model in REQUIRED.items():
            self.read(name, model, required=True)
        for name, model in OPTIONAL.items():
            self.read(name, model, required=False)
        for file in sorted((self.path / "plans").glob("*.yaml")):
            self.plan_names.append(f"plans/{file.name}")
            self.read(self.plan_names[-1], PlanDoc, required=True)
        self.read_catalogue()
        for file in sorted((self.path / "programmes").glob("*.yaml")):
            name = f"programmes/{file.name}"
            self.read(name, CommonFile if name == COMMON else ProgrammeFile, required=True)
        self.unknown_files()
        for name, plan in self.plan_files().items():
            self.read_text(name, plan)
        self.check()

    def read_catalogue(self) -> None:
        """Read the product catalogue where the pack has one: its header and a file for each industry."""
        files = sorted((self.path / "catalogue").glob("*.yaml"))
        if files:
            self.read(CATALOGUE_HEADER, CatalogueHeader, required=True)
        for file in files:
            name = f"catalogue/{file.name}"
            if name != CATALOGUE_HEADER:
                self.read(name, IndustryCatalogue, required=True)

    def read(self, name: str, model: type[PackModel], *, required: bool) -> None:
        """Read one YAML file into ``records``; a missing optional file is no fault."""
        raw = self.raw(name, required=required)
        if raw is None:
            return
        try:
            document = read_yaml(name, raw)
        except Refused as refused:
            self.faults.append(refused.fault)
            return
        self.faults += document.faults
        self.documents[name] = document
        record, faults = validate(document, model)
        self.faults += faults
        if record is not None:
            self.records[name] = record

    def raw(self, name: str, *, required: bool) -> bytes | None:
        file = self.path / name
        try:
            if file.is_file():
                with file.open("rb") as stream:  # one byte more than allowed is enough to know it is too much
                    return stream.read(MAX_BYTES + 1)
        except OSError as error:
            self.faults.append(Fault(name, 0, "", f"读不了（{error.strerror}）", "可读的文件", "检查文件和权限"))
            return None
        if required or file.exists() or file.is_symlink():
            found = "不是普通文件" if file.exists() or file.is_symlink() else "缺少该文件"
            self.faults.append(Fault(name, 0, "", found, f"文件夹中有 {name}", "补上该文件"))
        return None

    def unknown_files(self) -> None:
        """Report YAML files nobody reads: most are misspelt names."""
        known = [*REQUIRED, *OPTIONAL]
        for file in sorted((*self.path.glob("*.yaml"), *self.path.glob("*.yml"))):
            if file.name not in known:
                near = difflib.get_close_matches(file.name, known, n=1)
                mend = f"改名为 {near[0]}？" if near else "移出政策包文件夹"
                self.faults.append(Fault(file.name, 0, "", "不认识的文件", f"{'、'.join(known)}", mend))

    def plan_files(self) -> dict[str, PlanDoc]:
        return {name: record for name, record in self.records.items() if isinstance(record, PlanDoc)}

    def catalogue_files(self) -> dict[str, IndustryCatalogue]:
        return {name: record for name, record in self.records.items() if isinstance(record, IndustryCatalogue)}

    def programme_files(self) -> dict[str, ProgrammeFile]:
        return {name: record for name, record in self.records.items() if isinstance(record, ProgrammeFile)}

    def read_text(self, name: str, plan: PlanDoc) -> None:
        """Read the text of a plan: source.txt beside plan.yaml, NAME.txt beside plans/NAME.yaml."""
        if not plan.text_available:
            return
        text_name = SOURCE_TEXT if name == "plan.yaml" else name.removesuffix(".yaml") + ".txt"
        raw = self.raw(text_name, required=True)
        if raw is None:
            return
        try:
            self.texts[name] = decode(text_name, raw)
        except Refused as refused:
            self.faults.append(refused.fault)

    def check(self) -> None:
        """Run the checks across files on whatever could be read."""
        findings = Findings(self.documents)
        meta, orgs, regions = self.get(PackMeta), self.get(OrganisationsFile), self.get(RegionsFile)
        plans = self.plan_files()
        if meta is not None:
            references.check_sources(findings, meta, self.records)
            main = plans.get("plan.yaml")
            references.check_meta(findings, meta, main, regions)
        for name, plan in plans.items():
            references.check_plan(findings, name, plan, orgs)
            if name in self.texts or not plan.text_available:
                TextCheck(findings, name, self.texts.get(name)).plan(plan)
        self.check_lists(findings, orgs, regions, meta)
        self.faults += findings.faults

    def check_lists(
        self,
        findings: Findings,
        orgs: OrganisationsFile | None,
        regions: RegionsFile | None,
        meta: PackMeta | None,
    ) -> None:
        """Check each list file, given the others."""
        plans = self.plan_files()
        all_plans_read = len(plans) == len(self.plan_names)  # else a reference into the missing one is no fault
        codes = ((name, plan.code) for name, plan in plans.items())
        seen: dict[str, str] = {}
        for name, code in codes:
            if code in seen:
                findings.report(
                    name, ("code",), f"方案代码 {code} 已在 {seen[code]} 使用", "代码不重复", "改用另一个代码"
                )
            seen.setdefault(code, name)
        if orgs is not None:
            references.check_organisations(findings, orgs, regions)
        if regions is not None:
            references.check_regions(findings, regions)
        deadlines, also, industries = self.get(DeadlinesFile), self.get(AlsoCountsFile), self.get(IndustriesFile)
        if deadlines is not None:
            references.check_deadlines(findings, deadlines)
        if also is not None and all_plans_read:
            references.check_also_counts(findings, also, {plan.code: plan for plan in plans.values()})
        if industries is not None:
            worded = {plan.code: (plan, self.texts.get(name)) for name, plan in plans.items()}
            check_industries(findings, industries, meta, worded if all_plans_read else None)
        ledger = self.get(LedgerFile)
        if ledger is not None:
            check_ledger(findings, ledger, {plan.code: plan for plan in plans.values()} if all_plans_read else None)
        check_catalogue(findings, self.get(CatalogueHeader), self.catalogue_files(), industries)
        by_code = {plan.code: plan for plan in plans.values()} if all_plans_read else None
        known = Known(meta.main_plan if meta else None, by_code, orgs, deadlines)
        check_programmes(findings, self.programme_files(), self.get(CommonFile), known)

    def get(self, model: type[RecordT]) -> RecordT | None:
        """Return the record of the file that has ``model``, None where it could not be read."""
        return next((r for r in self.records.values() if isinstance(r, model)), None)

    def need(self, model: type[Any]) -> Any:
        record = self.get(model)
        if record is None:  # REQUIRED files without a fault have a record
            raise AssertionError(model)
        return record

    def pack(self) -> PolicyPack:
        """Return the pack. Only after a run without faults."""
        plans = self.plan_files()
        meta, orgs, regions = self.need(PackMeta), self.need(OrganisationsFile), self.need(RegionsFile)
        return PolicyPack(
            path=self.path,
            version=self.version(),
            meta=meta,
            plans={plan.code: plan for plan in plans.values()},
            texts={plans[name].code: text for name, text in self.texts.items()},
            organisations=orgs,
            regions=regions,
            industries=self.need(IndustriesFile),
            roles=self.need(RolesFile),
            also_counts=self.get(AlsoCountsFile) or AlsoCountsFile(links=()),
            deadlines=self.get(DeadlinesFile) or DeadlinesFile(deadlines=()),
            security=self.get(SecurityFile),
            progress=self.get(ProgressFile),
            files=self.get(FilesFile),
            layout=self.get(LayoutFile),
            ledger=self.get(LedgerFile),
            city_bureaus=city_bureaus(orgs, regions),
            catalogue_header=self.get(CatalogueHeader),
            catalogue=tuple(self.catalogue_files().values()),
            programmes=tuple(put_together(f, self.get(CommonFile)) for f in self.programme_files().values()),
        )

    def version(self) -> str:
        """Return the SHA-256 of the content: data of every YAML file and the texts, in canonical JSON; and the model's
        file and published records as they are, so that what an identification was made with can be traced.
        """
        content: dict[str, Any] = {"files": {n: d.data for n, d in self.documents.items()}, "texts": self.texts}
        model = self.path / MODEL
        if model.is_file():
            content["model"] = hashlib.sha256(model.read_bytes()).hexdigest()
        published = self.path / PUBLISHED
        if published.is_file():
            content["published"] = hashlib.sha256(published.read_bytes()).hexdigest()
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
