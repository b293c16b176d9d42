"""People, roles, the posts they hold, and the grants that give, change and end posts."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models.places import Named, Organisation
from xiandao.domains.orgs.permission import ScopedModel
from xiandao.domains.orgs.viewer import Viewer


class UserManager(BaseUserManager["User"]):
    """Finds people by account; accounts are made by actions."""


class User(AbstractBaseUser):
    """A person with an account. Rights come from posts, never from the account."""

    username = models.CharField(_("账号"), max_length=150, unique=True)
    name = models.CharField(_("姓名"), max_length=100)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True)
    must_change_password = models.BooleanField(_("须修改密码"), default=False)

    objects = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.name


class PasswordUsed(models.Model):
    """A password somebody had, as its hash, so that it is not used again too soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passwords_used")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class Role(Named):
    """What a post lets its holder do: pack data (roles.yaml). Code asks for a capability, never for a role."""

    code = models.CharField(_("代码"), max_length=30, primary_key=True)
    may = models.CharField(_("可以做什么"), max_length=500)
    may_en = models.CharField(max_length=500, blank=True)
    capabilities = models.JSONField(_("权限"), default=list)
    held_in = models.JSONField(_("设在哪类机构"), default=list)
    excludes = models.JSONField(_("互斥角色"), default=list)
    administrator = models.BooleanField(_("三员"), default=False)
    source = models.CharField(_("依据"), max_length=300, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        verbose_name = _("角色")

    @property
    def may_label(self) -> str:
        """What it lets its holder do, in the reader's language."""
        return self.may_en if self.may_en and (get_language() or "").startswith("en") else self.may


class Post(models.Model):
    """What a person does in an organisation, from when to when. There is a row only once it was granted.

    A delegated post (`delegated_from`) lets a colleague act for its holder. `ended_at` is set when the post
    was over for good and its open work was handed to `successor`.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts", verbose_name=_("角色"))
    title = models.CharField(_("职务"), max_length=100, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True)
    delegated_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="delegations", verbose_name=_("委托自")
    )
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("接任岗位"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        ordering = ["valid_from", "id"]
        verbose_name = _("岗位")

    def __str__(self) -> str:
        label = f"{self.organisation.label} {self.title or self.role.label}"
        if self.delegated_from_id is None:
            return label
        return _now("%(post)s（受%(name)s委托）") % {"post": label, "name": self.delegated_from.user.name}

    @classmethod
    def holding(cls, day: dt.date, *, prefix: str = "") -> Q:
        """Return the condition of posts held on a day; `prefix` leads to the post from the model asked."""

        def field(name: str) -> str:
            return f"{prefix}{name}"

        return (
            Q(**{field("valid_from__lte"): day})
            & (Q(**{field("valid_to__isnull"): True}) | Q(**{field("valid_to__gte"): day}))
            & (Q(**{field("ended_at__isnull"): True}) | Q(**{field("ended_at__date__gt"): day}))
        )


class GrantKind(models.TextChoices):
    NEW = "new", _("新设岗位")
    CHANGE = "change", _("变更岗位")
    END = "end", _("结束岗位")


class GrantState(models.TextChoices):
    WAITING = "waiting", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("已驳回")
    WITHDRAWN = "withdrawn", _("已撤回")


class Grant(ScopedModel):
    """A post proposed by one administrator and decided by another: a new one, a change of one, or its end.

    For a change and an end `post` is the post concerned; for a new one it is the post the approval made.
    `valid_to` is the last day, also of a post that ends.
    """

    kind = models.CharField(_("事项"), max_length=10, choices=GrantKind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=GrantState.choices, default=GrantState.WAITING)
    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("人员"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("机构"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("角色"))
    title = models.CharField(_("职务"), max_length=100, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True)
    successor = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("接任岗位"))
    reason = models.CharField(_("提出理由"), max_length=500, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    answer = models.CharField(_("决定理由"), max_length=500, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        verbose_name = _("授权申请")
        indexes = [models.Index(fields=["state", "proposed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(state=GrantState.WAITING, post__isnull=False),
                name="one_waiting_grant_per_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.user.name} {self.organisation.label} {self.title or self.role.label}"

    @classmethod
    def visible(cls, viewer: Viewer) -> Q:
        """Administrators of people see all of them, everybody those about themselves."""
        if viewer.can(Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS):
            return Q()
        return Q(user_id=viewer.user_id) if viewer.is_person else Q(pk__in=[])
