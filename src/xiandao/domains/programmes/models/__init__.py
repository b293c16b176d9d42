"""Programmes and their versions, calls, needs, applications, decisions, notices, certificates."""

from xiandao.domains.programmes.models.applications import (
    Application,
    ApplicationEvent,
    ApplicationState,
    CheckFinding,
    Partner,
    Recommendation,
    SiteCheck,
)
from xiandao.domains.programmes.models.calls import Call, CallState, Need, NeedEvent, NeedState
from xiandao.domains.programmes.models.decisions import (
    Certificate,
    DecisionList,
    DecisionRow,
    DecisionState,
    Notice,
    NoticeObjection,
    NoticeObjectionEvent,
    NoticeObjectionState,
    NoticeState,
    Outcome,
)
from xiandao.domains.programmes.models.programmes import Programme, ProgrammeKind, ProgrammeVersion
from xiandao.domains.programmes.models.reviews import Advice, ReviewResult

__all__ = [
    "Advice",
    "Application",
    "ApplicationEvent",
    "ApplicationState",
    "Call",
    "CallState",
    "Certificate",
    "CheckFinding",
    "DecisionList",
    "DecisionRow",
    "DecisionState",
    "Need",
    "NeedEvent",
    "NeedState",
    "Notice",
    "NoticeObjection",
    "NoticeObjectionEvent",
    "NoticeObjectionState",
    "NoticeState",
    "Outcome",
    "Partner",
    "Programme",
    "ProgrammeKind",
    "ProgrammeVersion",
    "Recommendation",
    "ReviewResult",
    "SiteCheck",
]
