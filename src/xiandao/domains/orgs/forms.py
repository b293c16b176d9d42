"""Forms of people: passwords, contact, delegation, accounts, posts, organisations."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiandao.domains.orgs import queries
from xiandao.domains.orgs.models import Organisation, OrganisationKind, Post, Region, Role
from xiandao.domains.orgs.permission import Refused

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}
_REASON_LENGTH = 500


def add_refusal(form: forms.Form, refusal: Refused) -> None:
    """Put what an action refused on the form: beside its fields where it names them, else above."""
    faults: dict[str, str] = getattr(refusal, "faults", None) or {}
    if not isinstance(faults, dict):
        faults = {}
    for field, sentence in faults.items():
        form.add_error(field if field in form.fields else None, sentence)
    if not faults:
        form.add_error(None, str(refusal.reason))


def _day(**extra: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={**TEXT, "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **extra)


def _reason(**extra: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={**TEXT, "rows": 2})
    return forms.CharField(max_length=_REASON_LENGTH, widget=widget, **extra)


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument when it runs
    """A post, shown as who holds it and what it is."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.name} · {obj}"


class BodyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument when it runs
    """An organisation, shown with its place; its value is its code."""

    def __init__(self, **extra: Any) -> None:
        extra.setdefault("queryset", queries.organisations().filter(is_active=True))
        super().__init__(to_field_name="code", widget=forms.Select(attrs=SELECT), **extra)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.region.label} · {obj.label}"


class SignInForm(AuthenticationForm):
    """Django's own; it tells the browser how long an account may be but does not look for itself."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        field = self.fields["username"]
        field.validators.append(MaxLengthValidator(field.max_length))  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """The old password and twice the new one."""

    old = forms.CharField(
        label=gettext_lazy("原密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={**TEXT, "autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={**TEXT, "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={**TEXT, "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check that the new password was typed the same twice."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return data


class ContactForm(forms.Form):
    """How a person is reached."""

    email = forms.EmailField(
        label=gettext_lazy("电子邮箱"), required=False, widget=forms.EmailInput(attrs={**TEXT, "autocomplete": "email"})
    )
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("只有自己能看到"),
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "tel"}),
    )


class DelegateForm(forms.Form):
    """To whom, and until when."""

    to = PostChoice(label=gettext_lazy("委托给"), queryset=Post.objects.none(), widget=forms.Select(attrs=SELECT))
    until = _day(label=gettext_lazy("截止日期"), help_text=gettext_lazy("含当日，到期自动结束"))
    reason = _reason(label=gettext_lazy("事由"), required=False)

    def __init__(self, *args: Any, choices: QuerySet[Post], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["to"].queryset = choices  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """A new account."""

    account = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=50,
        help_text=gettext_lazy("2至50位小写字母、数字、点、横线、下划线；建立后不能更改"),
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100, widget=forms.TextInput(attrs=TEXT))
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False, widget=forms.EmailInput(attrs=TEXT))


class PersonForm(forms.Form):
    """What can be corrected of an account."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=100, widget=forms.TextInput(attrs=TEXT))
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False, widget=forms.EmailInput(attrs=TEXT))


class _RoleFields(forms.Form):
    role = forms.ModelChoiceField(
        label=gettext_lazy("角色"), queryset=Role.objects.all(), widget=forms.Select(attrs=SELECT)
    )
    title = forms.CharField(
        label=gettext_lazy("职务"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("不填则显示角色名称"),
        widget=forms.TextInput(attrs=TEXT),
    )


class PostForm(_RoleFields):
    """A new post to propose."""

    organisation = BodyChoice(label=pgettext_lazy("one", "机构"))
    valid_from = _day(label=gettext_lazy("起"))
    valid_to = _day(label=gettext_lazy("止"), required=False, help_text=gettext_lazy("最后一天；不填为长期"))
    reason = _reason(label=gettext_lazy("理由"), required=False)
    field_order = ("organisation", "role", "title", "valid_from", "valid_to", "reason")


class PostChangeForm(_RoleFields):
    """Another role, title or last day of a post."""

    valid_to = _day(label=gettext_lazy("止"), required=False, help_text=gettext_lazy("最后一天；不填为长期"))
    reason = _reason(label=gettext_lazy("理由"), required=False)


class PostEndForm(forms.Form):
    """The last day of a post and who takes over."""

    last_day = _day(label=gettext_lazy("最后一天"), help_text=gettext_lazy("批准后，次日起不再任此岗位"))
    successor = PostChoice(
        label=gettext_lazy("工作交给"),
        queryset=Post.objects.none(),
        required=False,
        empty_label=gettext_lazy("没有人接任：未办事项退回机构"),
        widget=forms.Select(attrs=SELECT),
    )
    reason = _reason(label=gettext_lazy("理由"), required=False)

    def __init__(self, *args: Any, choices: QuerySet[Post], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.fields["successor"].queryset = choices  # type: ignore[attr-defined]


class PeopleFileForm(forms.Form):
    """The sheet of accounts."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("按模板填写的 .xlsx，一次至多 300 行"),
        widget=forms.FileInput(attrs={**TEXT, "accept": ".xlsx"}),
    )


class BodyForm(forms.Form):
    """An organisation."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=200,
        help_text=gettext_lazy("文件中通常印的简称，如“省科技厅”"),
        widget=forms.TextInput(attrs=TEXT),
    )
    full_name = forms.CharField(
        label=gettext_lazy("全称"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT)
    )
    name_en = forms.CharField(
        label=gettext_lazy("英文名称"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT)
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=OrganisationKind.choices, widget=forms.Select(attrs=SELECT)
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("地区"), queryset=Region.objects.all(), widget=forms.Select(attrs=SELECT)
    )
    parent = BodyChoice(label=gettext_lazy("上级机构"), required=False, empty_label=gettext_lazy("无"))
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off"}),
    )
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("一行一个：其他文件中印的名称"),
        widget=forms.Textarea(attrs={**TEXT, "rows": 3}),
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={**TEXT, "rows": 2})
    )

    def facts(self) -> dict[str, Any]:
        """Return what was filled in, as the action takes it."""
        data = dict(self.cleaned_data)
        data.pop("code", None)
        data["aliases"] = tuple(line.strip() for line in data["aliases"].splitlines() if line.strip())
        return data


class NewBodyForm(BodyForm):
    """A new organisation, with its code."""

    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=80,
        help_text=gettext_lazy("小写字母、数字、横线，如 js-szip-kjj；建立后不能更改"),
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ("code",)


class CounterpartForm(forms.Form):
    """Which body of another place does a department's work there."""

    bureau = BodyChoice(label=gettext_lazy("对口单位"))
    source = forms.CharField(
        label=gettext_lazy("依据"), required=False, max_length=300, widget=forms.TextInput(attrs=TEXT)
    )

    def __init__(self, *args: Any, department: Organisation, **extra: Any) -> None:
        super().__init__(*args, **extra)
        others = queries.organisations().filter(is_active=True, region__parent=department.region_id)
        self.fields["bureau"].queryset = others  # type: ignore[attr-defined]


def first_day() -> dict[str, dt.date]:
    """Return what a form of a new post begins with: today."""
    from django.utils import timezone

    return {"valid_from": timezone.localdate()}
