"""deadlines.yaml and security.yaml: clocks and security values, each with its source."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xiandao.kernel.deadline import CountFrom, DayUnit, DeadlineRule, SilenceMeans
from xiandao.packs.schema.common import Line, PackModel, Prose, Source, fault_error

OnLapse = Literal["none", "remind", "escalate", "close", "next_step"]
"""What the platform does when the time is over: nothing, remind, pass upwards, close, go to the next step.
What silence means in law is ``silence``."""


class Clock(PackModel):
    """One time limit: starts with an event and lasts ``days`` natural days, working days or months (``unit``).

    ``bound``: ``at_most`` the act must be done within it; ``at_least`` it must run that long before the
    next step. ``extension_days``: the most its one extension may add, in the same unit. ``pauses`` names
    events that stop the clock (补正、中止、检测鉴定). The reading of days is the kernel's.
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=80)]
    name: Line
    en: Line
    days: Annotated[int, Field(ge=1, le=1000)]
    unit: Literal["natural", "working", "month"]
    bound: Literal["at_most", "at_least"] = "at_most"
    event: Line
    event_en: Line
    starts: Literal["next_day", "same_day"] = "next_day"
    silence: Literal["none", "consent", "refusal", "withdrawn"] = "none"
    on_lapse: OnLapse = "none"
    extension_days: Annotated[int, Field(ge=1, le=1000)] | None = None
    roll_to_working_day: bool | None = None
    pauses: tuple[Line, ...] = ()
    source: Source
    note: Prose | None = None

    @model_validator(mode="after")
    def _waiting_has_no_lapse(self) -> Self:
        if self.bound == "at_least" and (self.on_lapse not in ("none", "next_step") or self.silence != "none"):
            found = f"at_least 而 on_lapse {self.on_lapse}、silence {self.silence}"
            expected = "最短期限（at_least）届满只能是 none 或 next_step，沉默不产生效果"
            raise fault_error(found, expected, "改正 on_lapse、silence 或 bound")
        return self

    def rule(self) -> DeadlineRule:
        """Return the kernel's rule that computes dates for this clock; its source is document and article."""
        return DeadlineRule(
            days=self.days,
            unit=DayUnit(self.unit),
            starts=CountFrom(self.starts),
            silence=SilenceMeans(self.silence),
            extension_days=self.extension_days,
            roll_to_working_day=self.roll_to_working_day,
            source=" ".join(part for part in (self.source.document, self.source.article) if part),
        )


class DeadlinesFile(PackModel):
    """The whole of deadlines.yaml."""

    deadlines: tuple[Clock, ...]


SecurityUnit = Literal[
    "characters",
    "classes",
    "passwords",
    "attempts",
    "sessions",
    "minutes",
    "days",
    "months",
    "factors",
    "megabytes",
    "files",
    "times",
]


class SecurityValue(PackModel):
    """One security value with its unit and source."""

    value: Annotated[int, Field(ge=0, le=100_000)]
    unit: SecurityUnit
    source: Source


class SecurityFile(PackModel):
    """The whole of security.yaml: values for GB/T 22239-2019 level 3 (clauses 8.1.4.1 to 8.1.4.3), caps of files.

    ``unpacked_max_size``, ``unpacked_ratio`` and ``unpacked_files`` cap what a ZIP archive or an Office file holds:
    its size once inflated, that size over the packed one, and how many parts it has, archives inside included.
    """

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
    file_max_size: SecurityValue
    files_per_holder: SecurityValue
    unpacked_max_size: SecurityValue
    unpacked_ratio: SecurityValue
    unpacked_files: SecurityValue
