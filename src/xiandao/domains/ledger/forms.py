"""Forms of entries: entering one by hand, correcting one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger.actions import Holder
from xiandao.domains.ledger.models import Entry, HolderRole
from xiandao.domains.ledger.registry import EntryKind, kinds
from xiandao.domains.orgs.models import Organisation, OrganisationKind, Region
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.measure_names import target_names

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_BODIES = (OrganisationKind.PARTY_ORGAN, OrganisationKind.GOVERNMENT, OrganisationKind.COLLECTIVE)


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return a field for a day that may stay unknown."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def target_choices() -> list[tuple[str, str]]:
    """Return the targets in force as plan code and key, named with their plan."""
    plans = {plan.pk: plan for plan in Plan.objects.for_system("plans are public")}
    return [
        (f"{plans[plan].code}:{key}", f"{plans[plan].label}：{name}")
        for (plan, key), name in target_names().items()
        if plan in plans
    ]


def pairs(chosen: list[str]) -> list[tuple[str, str]]:
    """Return chosen targets as (plan code, key)."""
    return [(code, key) for code, _colon, key in (one.partition(":") for one in chosen)]


class EntryFields(forms.Form):
    """What entering and correcting share."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=300)
    regions = forms.ModelMultipleChoiceField(
        label=gettext_lazy("地区"),
        queryset=Region.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("可选多个（按住 Ctrl）；不选是未知，不算到任何地区"),
    )
    industries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("产业"),
        queryset=Industry.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    serves = forms.MultipleChoiceField(
        label=gettext_lazy("计入的目标"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("每个方案至多一个；与之互认的其他方案的目标自动计入"),
    )
    decided_on = day_field(gettext_lazy("公布日期"), gettext_lazy("不清楚就空着，空着是未知"))
    decision = forms.CharField(label=gettext_lazy("文件"), max_length=300, required=False)
    decision_number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    level = forms.CharField(label=gettext_lazy("级别"), max_length=60, required=False)
    public = forms.BooleanField(
        label=gettext_lazy("公开"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text=gettext_lazy("个人一律不公开"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["regions"]
        regions.queryset = Region.objects.select_related("parent").order_by("code")
        regions.label_from_instance = _place
        industries: Any = self.fields["industries"]
        industries.queryset = Industry.objects.order_by("order")
        industries.label_from_instance = lambda row: row.label
        serves: Any = self.fields["serves"]
        serves.choices = target_choices()


def _place(region: Region) -> str:
    parent = region.parent
    return f"{parent.label}{region.label}" if parent is not None and parent.parent_id else region.label


class EntryForm(EntryFields):
    """Entering one thing by hand."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    holders = forms.CharField(
        label=gettext_lazy("单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个，第一行是承担单位；知道统一社会信用代码的写在名称后面，用空格或逗号隔开"),
    )
    decided_by = forms.ModelChoiceField(
        label=gettext_lazy("公布机关"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("本单位"),
    )
    valid_from = day_field(gettext_lazy("有效期起"))
    valid_to = day_field(gettext_lazy("有效期止"))
    evaluate_on = day_field(gettext_lazy("下次评价"))
    note_text = forms.CharField(
        label=gettext_lazy("备注"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    elsewhere = forms.BooleanField(
        label=gettext_lazy("他处公布，不计数"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text=gettext_lazy("其他单位公布、不由本平台计数的；要写来源"),
    )
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=500, required=False, help_text=gettext_lazy("网址或文件名")
    )
    field_order = ("kind", "name", "holders", "regions", "industries", "decided_on", "decision", "decision_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [kind for kind in kinds().values() if kind.by_hand]
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("请选择")), *((one.code, one.label) for one in known)]
        bodies: Any = self.fields["decided_by"]
        bodies.queryset = Organisation.objects.filter(kind__in=_BODIES, is_active=True).order_by("order")
        bodies.label_from_instance = lambda row: row.label

    def clean_holders(self) -> list[Holder]:
        """Read a holder from each line."""
        return read_holders(self.cleaned_data["holders"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("elsewhere") and not given.get("source"):
            self.add_error("source", _("他处公布的要写来源。"))
        return given

    def chosen(self) -> EntryKind:
        """Return the kind chosen."""
        return kinds()[self.cleaned_data["kind"]]


def read_holders(text: str) -> list[Holder]:
    """Return the holders of lines of text: a name, and after a blank or comma its credit code."""
    found: list[Holder] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = line.replace("，", ",").replace(",", " ").rsplit(maxsplit=1)
        last = parts[-1].upper()
        coded = len(parts) > 1 and len(last) == 18 and last.isalnum() and last.isascii()  # noqa: PLR2004 — a credit code
        role = HolderRole.PARTNER if found else HolderRole.LEAD
        found.append(Holder(parts[0].rstrip(" ,"), last, role) if coded else Holder(line, "", role))
    return found


class CorrectionForm(EntryFields):
    """Correcting an entry, with the reason."""

    note = forms.CharField(
        label=gettext_lazy("备注"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label=gettext_lazy("更正的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


def as_given(entry: Entry) -> dict[str, Any]:
    """Return what a correction starts from."""
    fields = ("name", "decided_on", "decision", "decision_number", "level", "public", "note", "revision")
    return {field: getattr(entry, field) for field in fields} | {
        "regions": list(entry.regions.all()),
        "industries": list(entry.industries.all()),
        "serves": [f"{code}:{key}" for code, key in entry.targets.values_list("plan__code", "target_key")],
    }
