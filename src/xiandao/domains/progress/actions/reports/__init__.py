"""What can be done to a report: save a draft, submit, withdraw, return, verify with its claims, open again."""

from xiandao.domains.progress.actions.reports.content import CLAIM_FIELDS, TEXT_FIELDS, Clash, Content, choose, merge
from xiandao.domains.progress.actions.reports.decide import (
    Decision,
    decide_claims,
    reopen_report,
    return_report,
    verify_many,
    verify_report,
)
from xiandao.domains.progress.actions.reports.save import Changed, Saved, save_draft
from xiandao.domains.progress.actions.reports.submit import submit_report, withdraw_report
from xiandao.domains.progress.actions.reports.transitions import TRANSITIONS, Step, possible
from xiandao.domains.progress.actions.sameness import Judgement
from xiandao.domains.progress.faults import BadFields

__all__ = [
    "CLAIM_FIELDS",
    "TEXT_FIELDS",
    "TRANSITIONS",
    "BadFields",
    "Changed",
    "Clash",
    "Content",
    "Decision",
    "Judgement",
    "Saved",
    "Step",
    "choose",
    "decide_claims",
    "merge",
    "possible",
    "reopen_report",
    "return_report",
    "save_draft",
    "submit_report",
    "verify_many",
    "verify_report",
    "withdraw_report",
]
