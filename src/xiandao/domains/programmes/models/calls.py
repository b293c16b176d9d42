"""Calls (申报通知), and the needs (需求) that become items of a published list in an open bid."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models.programmes import Programme, ProgrammeVersion


class CallState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已截止")
    FINISHED = "finished", _("已公布结果")
    CANCELLED = "cancelled", _("已取消")


class Call(ScopedModel):
    """One call of a programme. It opens and closes by the server's clock, to the second.

    `quotas`: how many each recommending body may recommend (organisation code to number; "*" for all others).
    """

    code = models.CharField(_("编号"), max_length=30, unique=True)
    version = models.ForeignKey(ProgrammeVersion, models.PROTECT, related_name="calls", verbose_name=_("专项版本"))
    organiser = models.ForeignKey(Organisation, models.PROTECT, related_name="calls", verbose_name=_("组织单位"))
    title = models.CharField(_("标题"), max_length=300)
    batch = models.CharField(_("批次"), max_length=40, blank=True)
    number = models.CharField(_("文号"), max_length=100, blank=True)
    text = models.TextField(_("通知正文"), blank=True)
    contact = models.CharField(_("联系方式"), max_length=300, blank=True)
    opens_at = models.DateTimeField(_("开始受理"))
    closes_at = models.DateTimeField(_("截止时间"))
    recommend_until = models.DateTimeField(_("推荐截止"), null=True)
    quotas = models.JSONField(_("推荐名额"), default=dict)
    places = models.PositiveIntegerField(_("拟支持数"), null=True)
    budget = models.DecimalField(_("资金总额（元）"), max_digits=20, decimal_places=2, null=True)
    state = models.CharField(_("状态"), max_length=10, choices=CallState.choices, default=CallState.DRAFT)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(_("演示"), default=False)

    class Meta:
        ordering = ["-opens_at", "-id"]
        verbose_name = _("申报通知")
        indexes = [models.Index(fields=["state", "closes_at"])]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """What was published is public; drafts are the organiser's."""
        seen = ~Q(state=CallState.DRAFT)
        if viewer.organisation_id and viewer.can(Can.RUN_CALLS):
            seen |= Q(organiser=viewer.organisation_id)
        return seen


class NeedState(models.TextChoices):
    RAISED = "raised", _("已征集")
    ARGUING = "arguing", _("论证中")
    ACCEPTED = "accepted", _("拟发榜")
    LISTED = "listed", _("已发榜")
    REFUSED = "refused", _("不采用")
    WITHDRAWN = "withdrawn", _("已撤回")


class Need(ScopedModel):
    """What somebody needs solved. Argued by experts and given hard indicators it becomes an item of a call's list.

    `indicators`: [{"name", "unit", "comparator", "value", "method", "body", "veto"}]; `argument`: opinions and minute.
    """

    code = models.CharField(_("编号"), max_length=30, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="needs", verbose_name=_("专项"))
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="items", verbose_name=_("榜单"))
    demander = models.ForeignKey(Organisation, models.PROTECT, related_name="needs", verbose_name=_("需求方"))
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+", verbose_name=_("产业"))
    title = models.CharField(_("需求名称"), max_length=200)
    problem = models.TextField(_("问题描述"))
    goals = models.TextField(_("预期目标"), blank=True)
    indicators = models.JSONField(_("考核指标"), default=list)
    argument = models.JSONField(_("论证"), default=dict)
    budget = models.DecimalField(_("榜单金额（元）"), max_digits=20, decimal_places=2, null=True)
    own_share = models.DecimalField(_("自筹比例"), max_digits=6, decimal_places=4, null=True)
    property_terms = models.TextField(_("知识产权约定"), blank=True)
    months = models.PositiveIntegerField(_("期限（月）"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=NeedState.choices, default=NeedState.RAISED)
    raised_at = models.DateTimeField(_("提出时间"))
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(_("演示"), default=False)

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = _("需求")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Listed needs are public; before that they belong to who raised them and who runs calls."""
        seen = Q(state=NeedState.LISTED)
        if viewer.organisation_id:
            seen |= Q(demander=viewer.organisation_id)
        return Q() if viewer.can(Can.RUN_CALLS) else seen


class NeedEvent(models.Model):
    """One thing that happened to a need."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="events")
    state = models.CharField(_("状态"), max_length=10, choices=NeedState.choices)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        ordering = ["need", "at", "id"]
