"""Entries: one thing of one kind that was decided or published. However many plans it serves, it is one row."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.models import Result


class EntryState(models.TextChoices):
    LISTED = "listed", _("在列")
    RECTIFYING = "rectifying", _("限期整改")
    DOWNGRADED = "downgraded", _("降级")
    UPGRADED = "upgraded", _("已升级")
    EXPIRED = "expired", _("到期")
    REMOVED = "removed", _("已移出")
    WITHDRAWN = "withdrawn", _("主动退出")
    ELSEWHERE = "elsewhere", _("他处公布，不计数")


COUNTING = (EntryState.LISTED, EntryState.RECTIFYING)
"""The states in which an entry is on its list; whether it counts towards a target its kind says."""


class Entry(ScopedModel):
    """One entry. `kind` is the code of a programme, or of a kind of things published elsewhere (pack data).

    `definition` is the digest of the programme's definition it was decided under. `result` is what it counts as.
    """

    code = models.CharField(_("台账编号"), max_length=30, unique=True)
    kind = models.CharField(_("类别"), max_length=60, db_index=True)
    kind_name = models.CharField(_("类别名称"), max_length=200)
    name = models.CharField(_("名称"), max_length=300)
    # The name in canonical form, the place left in: what the same name is looked up by.
    name_key = models.CharField(max_length=300, blank=True, db_index=True)
    former_names = models.JSONField(_("曾用名"), default=list)
    # The former names, as they were and in canonical form, a line each: what they are searched and looked up by.
    former_lines = models.TextField(blank=True)
    regions = models.ManyToManyField(Region, related_name="+", verbose_name=_("地区"))
    industries = models.ManyToManyField(Industry, related_name="+", verbose_name=_("产业"))
    state = models.CharField(_("状态"), max_length=12, choices=EntryState.choices, default=EntryState.LISTED)
    level = models.CharField(_("级别"), max_length=60, blank=True)
    decided_on = models.DateField(_("公布日期"), null=True)
    decision = models.CharField(_("文件"), max_length=300, blank=True)
    decision_number = models.CharField(_("文号"), max_length=100, blank=True)
    decided_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("公布机关")
    )
    kept_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("登记单位"))
    valid_from = models.DateField(_("有效期起"), null=True)
    valid_to = models.DateField(_("有效期止"), null=True)
    evaluate_on = models.DateField(_("下次评价"), null=True)
    reapply_from = models.DateField(_("可再次申报"), null=True)
    amount = models.DecimalField(_("支持金额（元）"), max_digits=20, decimal_places=2, null=True)
    source = models.CharField(_("来源"), max_length=500, blank=True)
    source_grade = models.CharField(_("来源等级"), max_length=4, blank=True)
    public = models.BooleanField(_("公开"), default=True)
    application = models.CharField(_("申报编号"), max_length=40, blank=True, db_index=True)
    definition = models.CharField(max_length=64, blank=True)
    result = models.OneToOneField(Result, models.PROTECT, null=True, related_name="entry", verbose_name=_("成果"))
    note = models.TextField(_("备注"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(_("演示"), default=False)
    created_at = models.DateTimeField(_("登记时间"))
    created_by = models.CharField(_("登记人"), max_length=200)

    class Meta:
        ordering = ["-decided_on", "-id"]
        verbose_name = _("台账条目")
        indexes = [models.Index(fields=["kind", "state"])]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """What is public everybody sees; the rest the bodies of its place, the province's, and its holders."""
        seen = Q(public=True)
        if viewer.organisation_id:
            seen |= Q(holders__organisation=viewer.organisation_id)
        if viewer.can(Can.READ_LEDGER):
            if Region.objects.filter(code=viewer.region, parent=None).exists():
                return Q()
            seen |= Q(regions=viewer.region) | Q(regions__parent=viewer.region)
        return Q(pk__in=cls.objects.for_system("the scope itself").filter(seen).values("pk"))


class HolderRole(models.TextChoices):
    LEAD = "lead", _("承担单位")
    PARTNER = "partner", _("参与单位")
    PERSON = "person", _("个人")


class EntryHolder(models.Model):
    """Who holds an entry, as printed and, where known, as organisation or enterprise. A person's name is not public."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="holders")
    role = models.CharField(_("角色"), max_length=10, choices=HolderRole.choices, default=HolderRole.LEAD)
    name = models.CharField(_("名称"), max_length=300)
    name_key = models.CharField(max_length=300, blank=True, db_index=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["entry", "order", "id"]


class EntryTarget(models.Model):
    """That an entry serves a target of a plan. One entry counts once per plan."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="targets")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    target_key = models.CharField(_("目标"), max_length=40)

    class Meta:
        ordering = ["entry", "plan"]
        constraints = [models.UniqueConstraint(fields=["entry", "plan"], name="one_entry_counts_once_per_plan")]


class EntryEvaluation(models.Model):
    """One evaluation: period, grade by the programme's scale, score, and what follows."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="evaluations")
    period = models.CharField(_("评价期"), max_length=20)
    grade = models.CharField(_("等次"), max_length=60)
    score = models.DecimalField(_("得分"), max_digits=8, decimal_places=3, null=True)
    conclusion = models.TextField(_("结论"), blank=True)
    on = models.DateField(_("评价日期"))
    by = models.CharField(_("登记人"), max_length=200)

    class Meta:
        ordering = ["entry", "-on"]
        constraints = [models.UniqueConstraint(fields=["entry", "period"], name="one_evaluation_per_period")]


class EntryEvent(models.Model):
    """One thing that happened to an entry: entered, renamed, renewed, rectified, downgraded, upgraded, removed …"""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="events")
    state = models.CharField(_("状态"), max_length=12, choices=EntryState.choices)
    what = models.CharField(_("事项"), max_length=60)
    text = models.TextField(_("内容"), blank=True)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("登记时间"))
    by = models.CharField(_("登记人"), max_length=200)

    class Meta:
        ordering = ["entry", "at", "id"]
