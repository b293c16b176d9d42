"""Claimed results, the results they became, which targets each serves, and questions of sameness."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.models.reports import Report
from xiandao.domains.progress.models.scope import work_scope


class IdentifierKind(models.TextChoices):
    NONE = "", _("无")
    CREDIT_CODE = "credit_code", _("统一社会信用代码")
    CERTIFICATE = "certificate", _("证书、批文号")
    PROJECT = "project", _("项目编号")
    STANDARD = "standard", _("标准号")
    PATENT = "patent", _("专利号")
    OTHER = "other", _("其他编号")


class Thing(models.Model):
    """A named thing that was achieved: what, whose, where, when, how much of it."""

    item = models.CharField(_("成果类别"), max_length=100)
    name = models.CharField(_("名称"), max_length=300)
    identifier_kind = models.CharField(
        _("编号类型"), max_length=12, choices=IdentifierKind.choices, blank=True, default=""
    )
    identifier = models.CharField(_("编号"), max_length=120, blank=True)
    holder = models.CharField(_("承担单位"), max_length=300, blank=True)
    holder_code = models.CharField(_("承担单位信用代码"), max_length=18, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("所在地"))
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+", verbose_name=_("产业"))
    happened_on = models.DateField(_("日期"), null=True)
    quantity = models.DecimalField(_("数量"), max_digits=24, decimal_places=6, default=1)
    unit = models.CharField(_("单位"), max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Result(ScopedModel, Thing):
    """One thing that was verified with evidence. However often it is claimed and whatever it serves, it is one row."""

    code = models.CharField(_("成果编号"), max_length=20, unique=True)
    other_names = models.JSONField(_("其他写法"), default=list)
    counted_at = models.DateTimeField(_("认定时间"), db_index=True)
    counted_by = models.CharField(_("认定人"), max_length=200)
    void_at = models.DateTimeField(_("撤销时间"), null=True)
    void_reason = models.TextField(_("撤销理由"), blank=True)

    class Meta:
        ordering = ["-counted_at", "-id"]
        verbose_name = _("成果")
        indexes = [models.Index(fields=["identifier_kind", "identifier"]), models.Index(fields=["region"])]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """A result is seen by those who see one of the reports that claimed it."""
        if viewer.can(Can.READ_PROGRESS):
            return Q()
        if not viewer.can(Can.REPORT, Can.VERIFY):
            return Q(pk__in=[])
        return Q(pk__in=Claim.objects.visible_to(viewer).filter(result__isnull=False).order_by().values("result"))


class ResultCount(models.Model):
    """That a result counts towards a target of a plan: once, from a moment until it was voided."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="counts")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    target_key = models.CharField(max_length=40)
    counted_at = models.DateTimeField(db_index=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["result", "plan", "target_key"]
        indexes = [models.Index(fields=["plan", "target_key", "counted_at"])]
        constraints = [models.UniqueConstraint(fields=["result", "plan", "target_key"], name="counts_once")]

    def __str__(self) -> str:
        return f"{self.result_id} {self.target_key}"


class ClaimState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    CLAIMED = "claimed", _("已申报")
    VERIFIED = "verified", _("已核实")
    REJECTED = "rejected", _("不予认定")
    WITHDRAWN = "withdrawn", _("已撤回")


class Claim(ScopedModel, Thing):
    """A result a report claims. It counts only when verified with evidence, and then as the result it belongs to.

    `target_key` is empty where it serves no number of the plan. `claimed_at` is the first submission that held it.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="claims")
    number = models.PositiveIntegerField(_("序号"))
    target_key = models.CharField(_("目标"), max_length=40, blank=True)
    note = models.TextField(_("说明"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT)
    claimed_at = models.DateTimeField(_("申报时间"), null=True, db_index=True)
    decided_at = models.DateTimeField(_("核实时间"), null=True)
    decided_by = models.CharField(_("核实人"), max_length=200, blank=True)
    decision_note = models.TextField(_("核实意见"), blank=True)
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="claims", verbose_name=_("成果"))
    # The name without legal form, place, width and punctuation: what duplicates are looked up by.
    name_key = models.CharField(max_length=300, blank=True, db_index=True)

    class Meta:
        # By id: `report` would sort by everything a report sorts by.
        ordering = ["report_id", "number"]
        verbose_name = _("申报成果")
        indexes = [
            models.Index(fields=["state", "target_key"]),
            # What was claimed and verified towards a target at a moment is added up from this index alone.
            models.Index(fields=["target_key", "claimed_at", "state", "decided_at", "quantity", "report"]),
            models.Index(fields=["identifier_kind", "identifier"]),
        ]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="claims_numbered")]

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        return work_scope(viewer, "report__assignment__")


class Certainty(models.TextChoices):
    CERTAIN = "certain", _("编号相同")
    ASK = "ask", _("疑似相同")


class Verdict(models.TextChoices):
    OPEN = "open", _("待判定")
    SAME = "same", _("同一成果")
    DIFFERENT = "different", _("不同成果")


class SamenessQuestion(ScopedModel):
    """Whether a claim is the same thing as an earlier claim: certain by identifier, or asked."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="questions")
    other = models.ForeignKey(Claim, models.CASCADE, related_name="asked_about")
    certainty = models.CharField(_("依据"), max_length=10, choices=Certainty.choices)
    score = models.FloatField(_("相似度"))
    reasons = models.JSONField(_("理由"), default=list)
    verdict = models.CharField(_("判定"), max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    asked_at = models.DateTimeField(_("提出时间"))
    decided_at = models.DateTimeField(_("判定时间"), null=True)
    decided_by = models.CharField(_("判定人"), max_length=200, blank=True)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        ordering = ["verdict", "-score", "id"]
        verbose_name = _("疑似重复")
        constraints = [models.UniqueConstraint(fields=["claim", "other"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} ~ {self.other_id}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """A question is seen with the newer claim; what may be shown of the other one is for the page to say."""
        return work_scope(viewer, "claim__report__assignment__")
