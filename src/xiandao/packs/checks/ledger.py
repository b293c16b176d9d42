"""Checks of ledger.yaml: codes and printed names once, targets that exist, one per plan."""

from collections.abc import Mapping

from xiandao.packs.checks.findings import Findings
from xiandao.packs.schema.ledger import LedgerFile
from xiandao.packs.schema.plan import PlanDoc

FILE = "ledger.yaml"


def check_ledger(findings: Findings, ledger: LedgerFile, plans: Mapping[str, PlanDoc] | None) -> None:
    """Report what is wrong with the kinds of entries; `plans` by code, None where not all could be read."""
    kinds = list(enumerate(ledger.kinds))
    findings.duplicates(FILE, ((("kinds", at, "code"), kind.code) for at, kind in kinds), "代码")
    findings.duplicates(FILE, ((("kinds", at, "name"), kind.name) for at, kind in kinds), "名称")
    printed = ((("kinds", at, "printed_as", n), name) for at, kind in kinds for n, name in enumerate(kind.printed_as))
    findings.duplicates(FILE, printed, "写法")
    for at, kind in kinds:
        for n, served in enumerate(kind.serves):
            path = ("kinds", at, "serves", n)
            if plans is None:
                continue
            if served.plan not in plans:
                findings.unknown(FILE, (*path, "plan"), served.plan, plans, "plan.yaml、plans/")
            elif served.target not in (known := {target.key for target in plans[served.plan].targets()}):
                findings.unknown(FILE, (*path, "target"), served.target, known, "该方案的目标")
        findings.duplicates(
            FILE, ((("kinds", at, "serves", n, "plan"), one.plan) for n, one in enumerate(kind.serves)), "方案"
        )
