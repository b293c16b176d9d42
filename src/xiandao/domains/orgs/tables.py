"""Tables of the administrators' lists. What a column shows on the page is what Excel gets, as plain text."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.models import Grant, GrantState, OpenSession, Organisation, User
from xiandao.domains.shared.columns import MomentColumn

TIME = "Y-m-d H:i"


def named(name: str, more: str) -> str:
    """Return a name with what tells it apart in brackets."""
    return f"{name}{_now('（')}{more}{_now('）')}"


class PeopleTable(tables.Table):
    """Everybody with an account and what they hold today."""

    name = tables.Column(_("姓名"))
    username = tables.Column(_("账号"))
    held = tables.Column(_("在任岗位"), empty_values=(), orderable=False)
    is_active = tables.Column(_("状态"))
    last_login = MomentColumn(verbose_name=_("上次登录"), format=TIME, default=_("从未"))

    class Meta:
        model = User
        fields = ()

    def render_name(self, record: User) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("orgs:person", args=[record.pk]), record.name)

    def value_name(self, record: User) -> str:
        return record.name

    def render_held(self, record: User) -> str:
        return _now("；").join(str(post) for post in record.held) or _now("无")

    def render_is_active(self, record: User) -> str:
        return _now("启用") if record.is_active else _now("停用")


class GrantTable(tables.Table):
    """Proposed posts and what was decided."""

    chosen = tables.Column("", empty_values=(), orderable=False)
    user = tables.Column(pgettext_lazy("one", "人员"), order_by="user__name")
    kind = tables.Column(_("事项"))
    post_to_be = tables.Column(_("岗位"), empty_values=(), orderable=False)
    term = tables.Column(_("任期"), empty_values=(), order_by="valid_from")
    proposed = tables.Column(pgettext_lazy("past", "提出"), empty_values=(), order_by="proposed_at")
    state = tables.Column(_("状态"))

    class Meta:
        model = Grant
        fields = ()

    def __init__(self, *args: object, approver: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not approver:
            self.columns.hide("chosen")

    def render_chosen(self, record: Grant) -> SafeString | str:
        if record.state != GrantState.WAITING:
            return ""
        name = _now("选择%(name)s的申请") % {"name": record.user.name}
        return format_html(
            '<input type="checkbox" class="form-check-input" form="bulk" name="grant" value="{}" aria-label="{}">',
            record.pk,
            name,
        )

    def value_chosen(self) -> str:
        return ""

    def render_user(self, record: Grant) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("orgs:grant", args=[record.pk]), record.user.name)

    def value_user(self, record: Grant) -> str:
        return named(record.user.name, record.user.username)

    def render_post_to_be(self, record: Grant) -> str:
        role = named(record.title, record.role.label) if record.title else record.role.label
        return f"{record.organisation.label} {role}"

    def render_term(self, record: Grant) -> str:
        return term(record.valid_from, record.valid_to)

    def render_proposed(self, record: Grant) -> str:
        who = record.proposed_by.name if record.proposed_by else _now("系统")
        return f"{who} {record.proposed_at:%Y-%m-%d}"


class SessionTable(tables.Table):
    """Open sessions of everybody."""

    user = tables.Column(pgettext_lazy("one", "人员"), order_by="user__name")
    device = tables.Column(_("浏览器"), orderable=False)
    address = tables.Column(_("来源地址"))
    started_at = MomentColumn(verbose_name=_("登录时间"), format=TIME)
    seen_at = MomentColumn(verbose_name=_("最近活动"), format=TIME)
    link = tables.TemplateColumn(template_name="orgs/_session_end.html", verbose_name="", orderable=False)

    class Meta:
        model = OpenSession
        fields = ()

    def render_user(self, record: OpenSession) -> str:
        return named(record.user.name, record.user.username)

    def render_device(self, record: OpenSession) -> str:
        return record.device_label


class BodyTable(tables.Table):
    """Organisations for the system administrator."""

    name = tables.Column(_("名称"))
    code = tables.Column(_("代码"))
    kind = tables.Column(_("类别"))
    region = tables.Column(_("地区"), order_by="region__code")
    parent = tables.Column(_("上级机构"), order_by="parent__name", default="")
    n_posts = tables.Column(_("在任"), attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    is_active = tables.Column(_("状态"))

    class Meta:
        model = Organisation
        fields = ()

    def render_name(self, record: Organisation) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("orgs:body", args=[record.code]), record.label)

    def value_name(self, record: Organisation) -> str:
        return record.label

    def render_region(self, record: Organisation) -> str:
        return record.region.label

    def render_parent(self, record: Organisation) -> str:
        return record.parent.label

    def render_is_active(self, record: Organisation) -> str:
        return _now("启用") if record.is_active else _now("停用")


def term(begin: object, end: object) -> str:
    """Return from when to when, in words."""
    return f"{begin} — {end}" if end else _now("%(begin)s 起") % {"begin": begin}
