"""The industry table and the wordings of each document hang together and stand in the texts."""

from collections.abc import Mapping

from xiandao.packs.checks.findings import Findings
from xiandao.packs.checks.references import INDUSTRIES
from xiandao.packs.reader import Path
from xiandao.packs.schema.industries import DocumentVersion, IndustriesFile
from xiandao.packs.schema.meta import PackMeta
from xiandao.packs.schema.plan import PlanDoc

Plans = Mapping[str, tuple[PlanDoc, str | None]]


def check_industries(
    findings: Findings, industries: IndustriesFile, meta: PackMeta | None, plans: Plans | None
) -> None:
    """Codes and exact wordings are unique; versions name known industries, documents, groups and words of the text.

    ``meta`` and ``plans`` (plan code to plan and text) are None where those files could not be read.
    """
    _check_table(findings, industries)
    codes = {i.code for i in industries.industries}
    documents = {d.id for d in meta.documents} if meta is not None else None
    for i, version in enumerate(industries.versions):
        path: Path = ("versions", i)
        uses = [((*path, "wordings", j, "industry"), w.industry) for j, w in enumerate(version.wordings)]
        uses += [((*path, "absent", j), code) for j, code in enumerate(version.absent)]
        findings.duplicates(INDUSTRIES, uses, "产业")
        for place, code in uses:
            if code not in codes:
                findings.unknown(INDUSTRIES, place, code, codes, "industries.yaml 的 industries")
        if documents is not None and version.document not in documents:
            findings.unknown(INDUSTRIES, (*path, "document"), version.document, documents, "pack.yaml 的 documents")
        if plans is not None:
            _check_wordings(findings, path, version, plans)


def _check_table(findings: Findings, industries: IndustriesFile) -> None:
    groups = {g.code for g in industries.groups}
    listed = list(enumerate(industries.industries))
    findings.duplicates(INDUSTRIES, ((("industries", i, "code"), x.code) for i, x in listed), "产业代码")
    names: list[tuple[Path, str]] = [(("industries", i, "name"), x.name) for i, x in listed]
    names += [
        (("industries", i, "aliases", j, "name"), alias.name)
        for i, x in listed
        for j, alias in enumerate(x.aliases)
        if alias.relation == "same"
    ]
    findings.duplicates(INDUSTRIES, names, "产业名称")
    used: list[tuple[Path, str]] = [(("industries", i, "group"), x.group) for i, x in listed]
    used += [
        (("versions", i, "wordings", j, "group"), wording.group)
        for i, version in enumerate(industries.versions)
        for j, wording in enumerate(version.wordings)
        if wording.group is not None
    ]
    for path, group in used:
        if group not in groups:
            findings.unknown(INDUSTRIES, path, group, groups, "industries.yaml 的 groups")


def _check_wordings(findings: Findings, path: Path, version: DocumentVersion, plans: Plans) -> None:
    """The plan a version belongs to is in the pack, and its words stand in that plan's text at their spans."""
    if version.plan is not None and version.plan not in plans:
        findings.unknown(INDUSTRIES, (*path, "plan"), version.plan, plans, "本包的方案")
        return
    text = plans[version.plan][1] if version.plan is not None else None
    for j, wording in enumerate(version.wordings):
        if wording.span is None:
            continue
        place = (*path, "wordings", j, "span")
        if text is None:
            findings.report(INDUSTRIES, place, "起止位置", "没有原文的文件不写 span", "删去 span，或附上原文")
        elif text[wording.span[0] : wording.span[1]] != wording.name:
            found = f"该处为“{text[wording.span[0] : wording.span[1]]}”"
            start = text.find(wording.name)
            mend = f"span 改为 [{start}, {start + len(wording.name)}]" if start >= 0 else "按原文更正 name"
            findings.report(INDUSTRIES, place, found, f"与 name 相同（“{wording.name}”）", mend)
