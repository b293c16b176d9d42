"""Reads a text with the policy compiler into a PlanDoc, and says in words why a text cannot be read."""

from xiandao.domains.orgs.permission import Refused
from xiandao.engines.policytext import NotAPlan, compile_text
from xiandao.packs import PackError, PlanDoc, plan_doc_from_compiled


def read_plan(text: str) -> PlanDoc:
    """Return what the compiler makes of a text. Raises Refused with what was found and what to do."""
    try:
        return plan_doc_from_compiled(compile_text(text), text)
    except NotAPlan as error:
        raise Refused(f"{error.reason}{error.mend}") from error
    except PackError as error:
        raise Refused(str(error)) from error
