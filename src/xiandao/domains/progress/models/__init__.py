"""Models of progress."""

from xiandao.domains.progress.models.assignments import Assignment, AssignmentOrigin, AssignmentRole, SubTask
from xiandao.domains.progress.models.deadlines import PastDeadline
from xiandao.domains.progress.models.imports import ImportJob, ImportState
from xiandao.domains.progress.models.letters import Letter, LetterEvent, LetterState
from xiandao.domains.progress.models.meetings import MeetingPack
from xiandao.domains.progress.models.problems import Problem, ProblemEvent, ProblemEventKind, ProblemState
from xiandao.domains.progress.models.reports import (
    Report,
    ReportEvent,
    ReportState,
    ReportVersion,
    Round,
    RoundScope,
    RoundState,
    Standing,
)
from xiandao.domains.progress.models.results import (
    Certainty,
    Claim,
    ClaimState,
    IdentifierKind,
    Result,
    ResultCount,
    SamenessQuestion,
    Verdict,
)
from xiandao.domains.progress.models.sequences import Sequence
from xiandao.domains.progress.models.targets import Baseline, BaselineKind, Path, Share, ShareSet, ShareState

__all__ = [
    "Assignment",
    "AssignmentOrigin",
    "AssignmentRole",
    "Baseline",
    "BaselineKind",
    "Certainty",
    "Claim",
    "ClaimState",
    "IdentifierKind",
    "ImportJob",
    "ImportState",
    "Letter",
    "LetterEvent",
    "LetterState",
    "MeetingPack",
    "PastDeadline",
    "Path",
    "Problem",
    "ProblemEvent",
    "ProblemEventKind",
    "ProblemState",
    "Report",
    "ReportEvent",
    "ReportState",
    "ReportVersion",
    "Result",
    "ResultCount",
    "Round",
    "RoundScope",
    "RoundState",
    "SamenessQuestion",
    "Sequence",
    "Share",
    "ShareSet",
    "ShareState",
    "Standing",
    "SubTask",
    "Verdict",
]
