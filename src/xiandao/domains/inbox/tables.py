"""The list of tasks done."""

import django_filters
import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.models import Task, TaskState
from xiandao.domains.inbox.registry import kinds
from xiandao.domains.inbox.rows import task_row
from xiandao.domains.shared.columns import DayColumn, MomentColumn


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of task by what is to be done."""
    return sorted(((code, str(kind.label)) for code, kind in kinds().items()), key=lambda choice: choice[1])


class DoneTable(tables.Table):
    """Tasks done, lapsed or withdrawn."""

    kind = tables.Column(verbose_name=_("事项"))
    subject = tables.Column(verbose_name=_("对象"), linkify=("inbox:task", {"pk": tables.A("pk")}))
    state = tables.Column(verbose_name=_("结果"))
    opened_at = MomentColumn(verbose_name=_("收到"), format="Y-m-d H:i")
    due_on = DayColumn(verbose_name=_("截止日"), format="Y-m-d", default="—")
    closed_at = MomentColumn(verbose_name=_("办结"), format="Y-m-d H:i")
    closed_by = tables.Column(verbose_name=_("办结人"))
    in_time = tables.Column(verbose_name=_("是否按时"), empty_values=(), orderable=False)

    class Meta:
        model = Task
        fields = ("kind", "subject", "state", "opened_at", "due_on", "closed_at", "closed_by", "in_time")
        order_by = "-closed_at"

    def render_kind(self, value: str) -> str:
        """Print what was to be done."""
        kind = kinds().get(value)
        return str(kind.label) if kind else value

    value_kind = render_kind

    def render_subject(self, record: Task) -> str:
        """Print what it was about in the reader's language."""
        return task_row(record, record.closed_at.date(), seen=True).subject

    def render_in_time(self, record: Task) -> str:
        """Say whether it was done by the last day; "—" where none ran or it needed no doing."""
        if record.state != TaskState.DONE or record.due_on is None or record.clock_met_on is None:
            return "—"
        return str(_("按时") if record.clock_met_on <= record.due_on else _("逾期办结"))


class DoneFilter(django_filters.FilterSet):
    """Filters of the list of tasks done."""

    q = django_filters.CharFilter(field_name="subject", lookup_expr="icontains", label=_("对象"))
    kind = django_filters.ChoiceFilter(label=_("事项"), choices=kind_choices, empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("结果"), choices=[c for c in TaskState.choices if c[0] != TaskState.OPEN], empty_label=_("全部")
    )

    class Meta:
        model = Task
        fields = ("q", "kind", "state")
