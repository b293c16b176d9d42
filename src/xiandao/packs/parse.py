"""Reads a single plan from YAML outside a pack folder, as the import editor and tests do."""

from xiandao.packs.checks import references
from xiandao.packs.checks.findings import Findings
from xiandao.packs.checks.spans import TextCheck
from xiandao.packs.faults import PackError
from xiandao.packs.reader import Refused, read_yaml
from xiandao.packs.schema.plan import PlanDoc
from xiandao.packs.validate import validate


def parse_plan(raw: bytes | str, *, text: str | None = None, file: str = "plan.yaml") -> PlanDoc:
    """Return the plan in ``raw`` (YAML, UTF-8), the inverse of ``dump_record``.

    With ``text``, the published text, every quote is compared with it; without, spans are taken as they are.
    ``file`` names the source in faults. Raises PackError with all faults: syntax, schema, keys given twice, quotes.
    """
    try:
        document = read_yaml(file, raw.encode() if isinstance(raw, str) else raw)
    except Refused as refused:
        raise PackError([refused.fault]) from refused
    plan, faults = validate(document, PlanDoc)
    findings = Findings({file: document})
    if plan is not None:
        references.check_plan(findings, file, plan, None)
        if text is not None:
            TextCheck(findings, file, text).plan(plan)
    faults = [*document.faults, *faults, *findings.faults]
    if faults or plan is None:
        raise PackError(faults)
    return plan
