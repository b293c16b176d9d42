"""Decisions prepared first and announced together, the notice (公示) in between, objections, certificates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models.applications import Application
from xiandao.domains.programmes.models.calls import Call


class DecisionState(models.TextChoices):
    PREPARED = "prepared", _("准备中")
    NOTICED = "noticed", _("公示中")
    READY = "ready", _("待公布")
    ANNOUNCED = "announced", _("已公布")
    CANCELLED = "cancelled", _("已取消")


class DecisionList(ScopedModel):
    """What a decision meeting decided of a call: rows prepared one by one, announced all at once."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="decisions", verbose_name=_("申报通知"))
    title = models.CharField(_("名称"), max_length=300)
    body = models.CharField(_("决策机构"), max_length=200)
    met_on = models.DateField(_("会议日期"), null=True)
    minute = models.CharField(_("会议纪要号"), max_length=100, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=DecisionState.choices, default=DecisionState.PREPARED)
    document = models.CharField(_("公布文件"), max_length=300, blank=True)
    document_number = models.CharField(_("公布文号"), max_length=100, blank=True)
    announced_at = models.DateTimeField(_("公布时间"), null=True)
    made_at = models.DateTimeField(_("建立时间"))
    made_by = models.CharField(_("建立人"), max_length=200)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("决定")

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """The organiser's until it is announced."""
        seen = Q(state=DecisionState.ANNOUNCED)
        if viewer.organisation_id and viewer.can(Can.RUN_CALLS):
            seen |= Q(call__organiser=viewer.organisation_id)
        return Q() if viewer.can(Can.READ_APPLICATIONS) else seen


class Outcome(models.TextChoices):
    APPROVE = "approve", _("入选")
    RESERVE = "reserve", _("列入储备")
    REFUSE = "refuse", _("不入选")


class DecisionRow(models.Model):
    """What was decided of one application; `advised` is what the experts said, `deviation` why it was not followed."""

    decision = models.ForeignKey(DecisionList, models.CASCADE, related_name="rows")
    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("决定"), max_length=10, choices=Outcome.choices)
    level = models.CharField(_("级别"), max_length=60, blank=True)
    amount = models.DecimalField(_("支持金额（元）"), max_digits=20, decimal_places=2, null=True)
    advised = models.CharField(_("专家意见"), max_length=10, choices=Outcome.choices, blank=True)
    score = models.DecimalField(_("评审得分"), max_digits=9, decimal_places=4, null=True)
    place = models.PositiveIntegerField(_("名次"), null=True)
    reason = models.TextField(_("理由"), blank=True)
    deviation = models.TextField(_("与专家意见不一致的理由"), blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["decision", "order", "id"]


class NoticeState(models.TextChoices):
    RUNNING = "running", _("公示中")
    HELD = "held", _("异议处理中")
    ENDED = "ended", _("已期满")
    RESTARTED = "restarted", _("已重新公示")
    CANCELLED = "cancelled", _("已撤下")


class Notice(models.Model):
    """A public notice: the rows as published (`rows`), from when to when, whom to write to. Public by its nature."""

    code = models.CharField(_("编号"), max_length=30, unique=True)
    decision = models.ForeignKey(DecisionList, models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=300)
    text = models.TextField(_("正文"), blank=True)
    contact = models.CharField(_("联系方式"), max_length=300)
    rows = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField(_("工作日"))
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    dropped = models.JSONField(_("已撤下"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=NoticeState.choices, default=NoticeState.RUNNING)
    published_at = models.DateTimeField(_("发布时间"))
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("重新公示自"))

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("公示")

    def __str__(self) -> str:
        return self.title


class NoticeObjectionState(models.TextChoices):
    RECEIVED = "received", _("已收到")
    ACCEPTED = "accepted", _("已受理")
    REFUSED = "refused", _("不予受理")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")
    WITHDRAWN = "withdrawn", _("已撤回")


class NoticeObjection(ScopedModel):
    """An objection during a notice: by name, or anonymous with checkable evidence. Held until answered."""

    code = models.CharField(_("编号"), max_length=30, unique=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections", verbose_name=_("公示"))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, related_name="+", verbose_name=pgettext_lazy("application", "申报")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    named = models.BooleanField(_("实名"))
    name = models.CharField(_("提出人"), max_length=200, blank=True)
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)
    text = models.TextField(_("异议内容"))
    evidence = models.TextField(_("可核查的线索"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=NoticeObjectionState.choices, default=NoticeObjectionState.RECEIVED
    )
    received_at = models.DateTimeField(_("收到时间"))
    due_on = models.DateField(_("本环节截止"), null=True)
    extended = models.BooleanField(_("已延长"), default=False)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    query_code = models.CharField(_("查询码"), max_length=20, unique=True)
    address_mark = models.CharField(max_length=64, blank=True)
    """Keyed digest of the address and the day: tells a flood from one place, leads to nobody."""

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = _("公示异议")

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """The organiser's, and of the organisation that raised it; others look it up by its query code."""
        own = viewer.organisation_id
        if own is None:
            return Q(pk__in=[])
        seen = Q(organisation=own)
        if viewer.can(Can.RUN_CALLS):
            seen |= Q(notice__decision__call__organiser=own)
        return seen


class NoticeObjectionEvent(models.Model):
    """One thing that happened to an objection."""

    objection = models.ForeignKey(NoticeObjection, models.CASCADE, related_name="events")
    state = models.CharField(_("状态"), max_length=10, choices=NoticeObjectionState.choices)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=200)
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        ordering = ["objection", "at", "id"]


class Certificate(models.Model):
    """A decision letter or certificate with the code by which anybody can check that it is genuine."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="certificates")
    entry = models.CharField(_("台账编号"), max_length=30, blank=True)
    number = models.CharField(_("证书编号"), max_length=60, unique=True)
    check_code = models.CharField(_("查验码"), max_length=20, unique=True)
    holder = models.CharField(_("持有单位"), max_length=300)
    name = models.CharField(_("名称"), max_length=300)
    issued_on = models.DateField(_("发证日期"))
    valid_to = models.DateField(_("有效期至"), null=True)
    revoked_on = models.DateField(_("撤销日期"), null=True)
    revoked_reason = models.CharField(_("撤销理由"), max_length=300, blank=True)

    class Meta:
        ordering = ["-issued_on", "-id"]
        verbose_name = _("证书")
