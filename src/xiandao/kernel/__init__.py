"""Value types every layer speaks: codes, regions, periods, money, working days, time limits, rules, figures."""

from .calendar import DayStatus, HolidayNotice, WorkCalendar
from .credit_code import CodeStatus, CreditCode, LegacyRegistration, check_credit_codes, identify
from .deadline import (
    CountFrom,
    DayUnit,
    DeadlineClock,
    DeadlineRule,
    DeadlineStatus,
    Due,
    Extension,
    Pause,
    SilenceMeans,
)
from .errors import AmbiguousName, InvalidValue, Refused
from .figure import (
    FIGURE_KIND_LABELS,
    Bound,
    Comparator,
    Coverage,
    Figure,
    FigureKind,
    Freshness,
    RowsRef,
    ratio,
    total,
)
from .industry import IndustryCode
from .money import Money
from .period import Period, PeriodKind, YearSpan
from .region import RegionCode, RegionLevel, ZoneCode, parse_region
from .region_table import Region, RegionTable
from .rule import (
    CompiledRule,
    Field,
    FieldType,
    NullPolicy,
    Outcome,
    Rule,
    RuleError,
    compile_rule,
    evaluate_rules,
)

__all__ = [
    "FIGURE_KIND_LABELS",
    "AmbiguousName",
    "Bound",
    "CodeStatus",
    "Comparator",
    "CompiledRule",
    "CountFrom",
    "Coverage",
    "CreditCode",
    "DayStatus",
    "DayUnit",
    "DeadlineClock",
    "DeadlineRule",
    "DeadlineStatus",
    "Due",
    "Extension",
    "Field",
    "FieldType",
    "Figure",
    "FigureKind",
    "Freshness",
    "HolidayNotice",
    "IndustryCode",
    "InvalidValue",
    "LegacyRegistration",
    "Money",
    "NullPolicy",
    "Outcome",
    "Pause",
    "Period",
    "PeriodKind",
    "Refused",
    "Region",
    "RegionCode",
    "RegionLevel",
    "RegionTable",
    "RowsRef",
    "Rule",
    "RuleError",
    "SilenceMeans",
    "WorkCalendar",
    "YearSpan",
    "ZoneCode",
    "check_credit_codes",
    "compile_rule",
    "evaluate_rules",
    "identify",
    "parse_region",
    "ratio",
    "total",
]
