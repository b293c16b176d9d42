"""Applications (申报), the partners in them, and what was found, recommended and seen on the way."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region, User
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models.calls import Call, Need


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("填写中")
    SUBMITTED = "submitted", _("已提交")
    CORRECTING = "correcting", _("补正中")
    CHECKED = "checked", _("形式审查通过")
    UNFIT = "unfit", _("形式审查不通过")
    RECOMMENDED = "recommended", _("已推荐")
    NOT_RECOMMENDED = "not_recommended", _("未推荐")
    IN_REVIEW = "in_review", _("评审中")
    REVIEWED = "reviewed", _("评审完成")
    PROPOSED = "proposed", _("拟入选")
    NOT_PROPOSED = "not_proposed", _("拟不入选")
    NOTICED = "noticed", _("公示中")
    APPROVED = "approved", _("已入选")
    REFUSED = "refused", _("未入选")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("逾期失效")


class Application(ScopedModel):
    """One application to a call. `data` holds the form by section and field; `revision` guards against overwriting.

    Until the announcement its applicant is told the stage, not the outcome (`told_state`).
    """

    code = models.CharField(_("申报编号"), max_length=40, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("申报通知"))
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="bids", verbose_name=_("榜单项"))
    applicant = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=pgettext_lazy("application", "申报单位")
    )
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("所在地"))
    recommender = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="to_recommend", verbose_name=_("推荐单位")
    )
    industries = models.ManyToManyField(Industry, related_name="+", verbose_name=_("产业"))
    title = models.CharField(_("名称"), max_length=300, blank=True)
    data = models.JSONField(default=dict)
    eligibility = models.JSONField(default=list)
    asked = models.DecimalField(_("申请金额（元）"), max_digits=20, decimal_places=2, null=True)
    state = models.CharField(_("状态"), max_length=16, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    corrections = models.PositiveSmallIntegerField(_("补正次数"), default=0)
    due_on = models.DateField(_("本环节截止"), null=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(_("演示"), default=False)

    class Meta:
        ordering = ["call", "code"]
        verbose_name = pgettext_lazy("application", "申报")
        indexes = [models.Index(fields=["call", "state"]), models.Index(fields=["applicant", "state"])]

    def __str__(self) -> str:
        return self.title or self.code

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Its applicant and its partners; once submitted its organiser and its recommender."""
        own = viewer.organisation_id
        if own is None:
            return Q(pk__in=[])
        seen = Q(applicant=own) | Q(pk__in=Partner.objects.filter(organisation=own).values("application"))
        submitted = ~Q(state=ApplicationState.DRAFT)
        if viewer.can(Can.RUN_CALLS):
            seen |= Q(call__organiser=own) & submitted
        if viewer.can(Can.RECOMMEND):
            seen |= Q(recommender=own) & submitted
        if viewer.can(Can.READ_APPLICATIONS):
            seen |= submitted
        return seen


class Partner(models.Model):
    """A co-applicant: who, its share of the work and the money, and whether it has agreed on the platform."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("名称"), max_length=300)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    share = models.DecimalField(_("份额"), max_digits=6, decimal_places=4, null=True)
    task = models.CharField(_("承担任务"), max_length=500, blank=True)
    agreed_at = models.DateTimeField(_("同意时间"), null=True)
    agreed_by = models.CharField(_("同意人"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["application", "order", "id"]


class ApplicationEvent(models.Model):
    """One thing that happened to an application; `told`: its applicant may read it now."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    state = models.CharField(_("状态"), max_length=16, choices=ApplicationState.choices)
    what = models.CharField(_("事项"), max_length=60)
    text = models.TextField(_("内容"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    told = models.BooleanField(default=True)

    class Meta:
        ordering = ["application", "at", "id"]


class CheckFinding(models.Model):
    """One thing the formal check asked to be corrected: where in the form, what, by which rule, whether it was."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="findings")
    round = models.PositiveSmallIntegerField(default=1)
    field = models.CharField(_("位置"), max_length=120, blank=True)
    text = models.CharField(_("问题"), max_length=500)
    rule = models.CharField(_("依据"), max_length=300, blank=True)
    settled = models.BooleanField(_("已补正"), default=False)

    class Meta:
        ordering = ["application", "round", "id"]


class Recommendation(models.Model):
    """What the recommending body said: recommended or not, in which place, why."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="recommendation")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("推荐单位"))
    recommended = models.BooleanField(_("推荐"))
    place = models.PositiveIntegerField(_("推荐次序"), null=True)
    text = models.TextField(_("推荐意见"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=200)


class SiteCheck(models.Model):
    """A look on the spot: who went when, what was found, whether it bears out the application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="site_checks")
    on = models.DateField(_("日期"))
    people = models.CharField(_("考察人员"), max_length=300)
    findings = models.TextField(_("考察情况"))
    bears_out = models.BooleanField(_("与申报相符"))
    at = models.DateTimeField(_("登记时间"))
    by = models.CharField(_("登记人"), max_length=200)

    class Meta:
        ordering = ["application", "on", "id"]
