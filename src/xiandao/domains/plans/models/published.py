"""A plan and its published versions. A version is never edited: a correction is a new version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Named, Organisation, Region
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class VersionState(models.TextChoices):
    PUBLISHED = "published", _("现行")
    SUPERSEDED = "superseded", _("已被替代")


class Plan(ScopedModel, Named):
    """A plan that runs, whatever the version of its text. Its name is its title."""

    code = models.SlugField(_("代码"), max_length=80, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="plans", verbose_name=_("辖区"))
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("方案")

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """A plan is published; everybody may read it."""
        return Q()


class PlanVersion(ScopedModel):
    """One published state of a plan's text and of what was read from it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=20, choices=VersionState.choices)
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    year_from = models.PositiveIntegerField(_("起始年"), null=True)
    year_to = models.PositiveIntegerField(_("终止年"), null=True)
    source_text = models.TextField(_("原文"), blank=True)
    source_sha256 = models.CharField(_("原文指纹"), max_length=64, blank=True)
    content_sha256 = models.CharField(max_length=64)
    text_available = models.BooleanField(_("有原文"), default=True)
    confidence = models.CharField(_("依据可信度"), max_length=20, blank=True)
    standing_start = models.PositiveIntegerField(null=True)
    standing_end = models.PositiveIntegerField(null=True)
    note = models.TextField(_("说明"), blank=True)
    note_en = models.TextField(blank=True)
    source_note = models.CharField(_("来源说明"), max_length=300, blank=True)
    unplaced = models.JSONField(_("未归类文字"), default=list)
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.CharField(_("发布人"), max_length=200)

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("方案版本")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_row_per_plan_version"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="published"), name="one_version_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """The version in force is public; earlier ones are for those who work on plans."""
        return Q() if viewer.can(Can.READ_IMPORTS) else Q(state=VersionState.PUBLISHED)


class Item(ScopedModel):
    """Something read from a version's text: its key there, its order, its place in characters."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="%(class)ss")
    key = models.CharField(_("编号"), max_length=40)
    order = models.PositiveIntegerField()
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="%(class)s_key_in_version")]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """An item is visible with its version."""
        if viewer.can(Can.READ_IMPORTS):
            return Q()
        return Q(version__state=VersionState.PUBLISHED)


class Issuer(Item):
    """A body that signed the plan."""

    printed = models.CharField(_("署名"), max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="issued")


class Action(Item, Named):
    """A part of a plan that groups measures (行动)."""

    no = models.CharField(_("序号"), max_length=20)

    class Meta(Item.Meta):
        verbose_name = _("行动")


class Measure(Item, Named):
    """Numbered work somebody is responsible for (任务)."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="measures", verbose_name=_("行动"))
    no = models.CharField(_("序号"), max_length=20)
    text = models.TextField(_("内容"), blank=True)
    cities = models.BooleanField(_("各设区市负责"))
    # The cities' duty comes from a sentence that holds for all measures and is not repeated in this one.
    standing = models.BooleanField(_("总体要求"), default=False)
    # The list of bodies ends in 等: others may be responsible too.
    open_ended = models.BooleanField(_("名单未尽"), default=False)
    duty_spans = models.JSONField(_("责任原文位置"), default=list)
    deadline = models.CharField(_("完成时限"), max_length=100, blank=True)
    confidence = models.FloatField(null=True)

    class Meta(Item.Meta):
        verbose_name = _("任务")


class DutyRole(models.TextChoices):
    LEAD = "lead", _("牵头")
    WITH = "with", _("配合")


class Duty(ScopedModel):
    """A body's part in a measure. `printed` is the name in the text; the body is null while it is not known."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="duties")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="duties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="duties")
    printed = models.CharField(_("机构"), max_length=200)
    role = models.CharField(_("职责"), max_length=10, choices=DutyRole.choices)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["measure", "order"]
        verbose_name = _("责任")
        constraints = [models.UniqueConstraint(fields=["measure", "printed"], name="one_duty_per_body")]

    @property
    def label(self) -> str:
        """The body's name in the reader's language; the printed one while the body is not known."""
        return self.organisation.label if self.organisation and self.organisation.name_en else self.printed

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """A duty is visible with its version."""
        return Item.visible.__func__(cls, viewer)


class TargetKind(models.TextChoices):
    COUNT = "count", _("数量")
    AMOUNT = "amount", _("总量")
    RATIO = "ratio", _("比率")
    GROWTH = "growth", _("增长")
    RANK = "rank", _("位次")
    SUBSIDY = "subsidy", _("支持标准")


class Quantity(Item):
    """A number the plan prints: a value or a range, its unit, its comparator, the words it stands in."""

    measure = models.ForeignKey(Measure, models.CASCADE, null=True, related_name="%(class)ss")
    value = models.DecimalField(_("目标值"), max_digits=24, decimal_places=6, null=True)
    low = models.DecimalField(_("下限"), max_digits=24, decimal_places=6, null=True)
    high = models.DecimalField(_("上限"), max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    comparator = models.CharField(_("比较"), max_length=2)
    year = models.PositiveIntegerField(_("完成年份"), null=True)
    name = models.CharField(_("指标"), max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=TargetKind.choices)
    quote = models.TextField(_("原文"), blank=True)
    also = models.JSONField(_("另见原文"), default=list)
    note = models.TextField(_("说明"), blank=True)
    confidence = models.FloatField(null=True)

    class Meta(Item.Meta):
        abstract = True

    label = Named.label


class Target(Quantity):
    """A number promised. A headline target belongs to no measure."""

    @property
    def deadline_year(self) -> int | None:
        """The year printed for it, or else the last year of the plan."""
        return self.year or self.version.year_to

    class Meta(Quantity.Meta):
        verbose_name = _("目标")


class Support(Quantity):
    """Money or a share granted to a recipient: a standard, not a target."""

    class Meta(Quantity.Meta):
        verbose_name = _("支持标准")


class Mechanism(Item):
    """A mechanism the text names in quotation marks."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="mechanisms")
    name = models.CharField(_("机制"), max_length=300)
    name_en = models.CharField(max_length=300, blank=True)

    label = Named.label

    class Meta(Item.Meta):
        verbose_name = _("机制")


class Strength(models.TextChoices):
    FIRM = "firm", _("明确实施")
    SOFT = "soft", _("鼓励探索")


class Commitment(Item):
    """Something promised without a number, by the strength of its verb."""

    # A commitment of the preamble or the goals belongs to no measure.
    measure = models.ForeignKey(Measure, models.CASCADE, null=True, related_name="commitments")
    strength = models.CharField(_("力度"), max_length=10, choices=Strength.choices)
    verb = models.CharField(_("动词"), max_length=20, blank=True)
    text = models.TextField(_("承诺"))
    text_en = models.TextField(blank=True)

    class Meta(Item.Meta):
        verbose_name = _("承诺事项")

    @property
    def label(self) -> str:
        """The promise in the reader's language."""
        return self.text_en if self.text_en and (get_language() or "").startswith("en") else self.text


class AlsoCounts(models.Model):
    """The same results serve targets of two plans. Kept by key, so that a new version of either keeps the link."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="also_counts")
    key = models.CharField(max_length=40)
    other_plan = models.ForeignKey(Plan, models.CASCADE, related_name="counted_with")
    other_key = models.CharField(max_length=40)
    # "same": every result of one is a result of the other; "subset", "overlap": see the pack schema.
    rule = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)

    label = Named.label

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "key", "other_plan", "other_key"], name="one_link_per_pair")
        ]
