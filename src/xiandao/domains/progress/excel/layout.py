"""What the sheets look like: their columns by key.

A hidden row of keys names each column, so that a file is read by keys and never by words, whatever somebody renamed,
moved or put between.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MARK = "xiandao-progress"
VERSION = "1"
# The row of keys stands within so many rows from the top, whatever was put above it.
KEYS_WITHIN = 6


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LIST = "list"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, what stands above it, its width in characters; `fixed` ones are read only."""

    key: str
    header: str | Promise
    width: int = 16
    kind: Kind = Kind.TEXT
    hidden: bool = False
    fixed: bool = False
    required: bool = False
    hint: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: its code is the key of its first, hidden column, which holds the key of each row."""

    code: str
    title: str | Promise
    columns: tuple[Column, ...]
    grows: bool = True

    def column(self, key: str) -> Column:
        """Return a column by its key. Raises KeyError."""
        return self._by_key()[key]

    def _by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @property
    def needed(self) -> Iterable[str]:
        """The keys without which a sheet cannot be read."""
        return [column.key for column in self.columns if not column.fixed]


REPORTS = Form(
    "progress.report",
    _("进展"),
    (
        Column("progress.report", _("编号"), hidden=True, fixed=False),
        Column("revision", _("改动号"), hidden=True),
        Column("measure", _("任务"), 44, fixed=True),
        Column("organisation", _("责任单位"), 22, fixed=True),
        Column("role", _("职责"), 8, fixed=True),
        Column("state", _("填报状态"), 10, fixed=True),
        Column("return_reason", _("退回理由"), 20, fixed=True),
        Column("standing", _("进展状态"), 12, Kind.LIST, required=True, hint=_("从列表中选。")),
        Column("happened", _("本期进展"), 60, required=True, hint=_("本期做了什么、做到什么程度。换行用 Alt+回车。")),
        Column("next_step", _("下一步"), 44, hint=_("下一步做什么、何时完成。")),
    ),
    grows=False,
)
CLAIMS = Form(
    "progress.claim",
    _("成果"),
    (
        Column("progress.claim", _("编号"), hidden=True),
        Column("duty", _("任务"), 44, Kind.LIST, required=True, hint=_("从列表中选，与“进展”表一致。")),
        Column("target_key", _("计入目标"), 34, Kind.LIST, hint=_("先选任务，再从列表中选；不对应数量目标的留空。")),
        Column("item", _("成果类别"), 18, required=True, hint=_("是什么，如“概念验证中心”。")),
        Column("name", _("名称"), 40, required=True, hint=_("全称，与证书、批文一致。")),
        Column("identifier_kind", _("编号类型"), 18, Kind.LIST, hint=_("有编号的先选类型。编号相同即视为同一成果。")),
        Column("identifier", _("编号"), 24, hint=_("成果自身的编号，按文本填写。")),
        Column("holder", _("承担单位"), 32),
        Column("holder_code", _("承担单位信用代码"), 22, hint=_("18 位统一社会信用代码。")),
        Column("region", _("所在地"), 14, Kind.LIST, hint=_("从列表中选。")),
        Column("industry", _("产业"), 18, Kind.LIST, hint=_("从列表中选。")),
        Column("happened_on", _("日期"), 12, Kind.DATE, hint=_("批准、建成或发布的日期，如 2026-03-01。")),
        Column("quantity", _("数量"), 10, Kind.NUMBER, required=True, hint=_("大于 0 的数。一件一行的填 1。")),
        Column("unit", _("单位"), 8, hint=_("如 个、家、项。")),
        Column("note", _("说明"), 40),
    ),
)
PROBLEMS = Form(
    "progress.problem",
    _("难点堵点"),
    (
        Column("progress.problem", _("编号"), hidden=True),
        Column("state", _("办理状态"), 12, fixed=True),
        Column("duty", _("任务"), 44, Kind.LIST, required=True, hint=_("从列表中选，与“进展”表一致。")),
        Column("title", _("难点堵点"), 36, required=True, hint=_("一句话说清卡在哪里，不超过 200 字。")),
        Column("text", _("具体情况"), 50, required=True),
        Column("request", _("请求事项"), 44, required=True, hint=_("请谁、做什么、到何时。")),
        Column("asked_of", _("请求协调单位"), 24, Kind.LIST, hint=_("从列表中选；留空由统筹协调单位确定。")),
    ),
)
FORMS = (REPORTS, CLAIMS, PROBLEMS)
BY_CODE = {form.code: form for form in FORMS}
ABOUT, LISTS = _("说明"), _("字典")
# Added in front of each sheet of an annotated copy. Reading a file in, columns without a form's key are passed over.
FAULTS = Column("faults", _("问题"), 48, fixed=True)
