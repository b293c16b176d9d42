"""deadlines.yaml and security.yaml: clocks and security values, each with its source."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xiandao.packs.schema.common import Line, PackModel, Prose, Source, fault_error

DayUnit = Literal["working_days", "days", "months", "years"]
"""Unless a rule says 工作日, its days are natural days (MOST Order 24 art. 52)."""

OnLapse = Literal["none", "remind", "escalate", "consent", "refuse", "expire", "next_step"]
"""What silence means: nothing, a reminder, passing upwards, consent, refusal, the right is lost, or the process moves on."""


class Extension(PackModel):
    """A prolongation of a deadline: by how much and how often; it needs an approver and a reason."""

    length: Annotated[int, Field(ge=1, le=1000)]
    unit: DayUnit
    times: Annotated[int, Field(ge=1, le=10)] = 1


class DeadlineRule(PackModel):
    """One clock: starts with an event, lasts ``length`` ``unit``.

    ``bound``: ``at_most`` the act must be done within it; ``at_least`` it must run that long before
    the next step. ``pauses`` names events that stop the clock (补正、中止、检测鉴定).
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
    name: Line
    en: Line
    length: Annotated[int, Field(ge=1, le=1000)]
    unit: DayUnit
    bound: Literal["at_most", "at_least"]
    starts: Line
    starts_en: Line
    on_lapse: OnLapse = "none"
    extension: Extension | None = None
    pauses: tuple[Line, ...] = ()
    source: Source
    note: Prose | None = None

    @model_validator(mode="after")
    def _waiting_has_no_lapse(self) -> Self:
        if self.bound == "at_least" and self.on_lapse not in ("none", "next_step"):
            raise fault_error("最短期限（at_least）届满只能是 none 或 next_step", "改正 on_lapse 或 bound")
        return self


class DeadlinesFile(PackModel):
    """The whole of deadlines.yaml."""

    deadlines: tuple[DeadlineRule, ...]


SecurityUnit = Literal[
    "characters", "classes", "passwords", "attempts", "sessions", "minutes", "days", "months", "factors"
]


class SecurityValue(PackModel):
    """One security value with its unit and source."""

    value: Annotated[int, Field(ge=0, le=100_000)]
    unit: SecurityUnit
    source: Source


class SecurityFile(PackModel):
    """The whole of security.yaml: values for GB/T 22239-2019 level 3 (clauses 8.1.4.1 to 8.1.4.3)."""

    password_min_length: SecurityValue
    password_min_length_admin: SecurityValue
    password_min_classes: SecurityValue
    password_max_age: SecurityValue
    password_history: SecurityValue
    lockout_failures: SecurityValue
    lockout_time: SecurityValue
    idle_timeout: SecurityValue
    idle_timeout_admin: SecurityValue
    sessions_per_admin: SecurityValue
    factors_admin: SecurityValue
    log_retention: SecurityValue
    audit_retention: SecurityValue
    impact_assessment_retention: SecurityValue
