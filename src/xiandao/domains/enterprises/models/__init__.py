"""Register versions, enterprises, what changed between versions, runs of the identification and their results."""

from xiandao.domains.enterprises.models.enterprises import (
    ChangeKind,
    Enterprise,
    EnterpriseChange,
    Twin,
    TwinState,
)
from xiandao.domains.enterprises.models.identification import (
    Classification,
    Decision,
    EnterpriseRole,
    Run,
    RunState,
    SettledBy,
)
from xiandao.domains.enterprises.models.previews import Preview, PreviewState
from xiandao.domains.enterprises.models.registers import RegisterState, RegisterVersion

__all__ = [
    "ChangeKind",
    "Classification",
    "Decision",
    "Enterprise",
    "EnterpriseChange",
    "EnterpriseRole",
    "Preview",
    "PreviewState",
    "RegisterState",
    "RegisterVersion",
    "Run",
    "RunState",
    "SettledBy",
    "Twin",
    "TwinState",
]
