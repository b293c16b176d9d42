"""Forms of whole pages: a text to read in, splitting, the head, publishing, giving up."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.drafts import Place
from xiandao.domains.plans.actions.imports.places import find, squeeze
from xiandao.domains.plans.actions.imports.upload import MOST_BYTES, clean, text_of_file
from xiandao.domains.plans.import_forms.items import names_in
from xiandao.domains.plans.models import Plan

NEW_PLAN = "+"


class UploadForm(forms.Form):
    """A plan's text, as a file or pasted. `again` says that a text already here is meant to be read once more."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        help_text=gettext_lazy(".txt（UTF-8 或 GB18030）或 .docx，不超过 2 MB"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".txt,.docx,.text,.md"}),
    )
    text = forms.CharField(
        label=gettext_lazy("方案正文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 12, "lang": "zh-CN"}),
    )
    source_name = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Turn the file or the pasted words into one text."""
        data: dict[str, Any] = super().clean() or {}
        file, text = data.get("file"), data.get("text", "")
        if self.errors:
            return data
        if file and text.strip():
            raise ValidationError(_("既上传了文件，又粘贴了文字：请只用其中一种。"))
        if not file and not text.strip():
            raise ValidationError(_("请选择文件，或粘贴方案正文。"))
        try:
            # One byte more than allowed is read, so that the cap is noticed without keeping a large file.
            data["source"] = text_of_file(file.read(MOST_BYTES + 1)) if file else clean(text)
        except Refused as refusal:
            self.add_error("file" if file else "text", str(refusal.reason))
        data["name"] = file.name if file else data.get("source_name", "")
        return data


class SplitMeasureForm(forms.Form):
    """Where the second measure begins: the words it begins with, selected or typed."""

    opening = forms.CharField(
        label=gettext_lazy("第二条任务开头的文字"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control", "data-quote": ""}),
        help_text=gettext_lazy("在原文中选中第二条任务的开头几个字，或逐字照抄。"),
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    no = forms.CharField(
        label=gettext_lazy("第二条的序号"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    title = forms.CharField(
        label=gettext_lazy("第二条的标题"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("不填则取第二条的第一句"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, text: str, within: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.within = text, within
        self.at = 0

    def clean(self) -> dict[str, Any]:
        """Find where the second measure begins."""
        data: dict[str, Any] = super().clean() or {}
        words, start = data.get("opening", ""), data.get("start")
        if not words:
            return data
        if start is not None and squeeze(self.text[start : start + 4 * len(words)]).startswith(squeeze(words)):
            self.at = start
            return data
        first, last = self.within
        place = find(self.text[first:last], words)
        if place is None:
            self.add_error("opening", _("这条任务的原文中找不到这几个字：请在原文中选取，或逐字照抄。"))
        else:
            self.at = first + place[0]
        return data


class SplitDutyForm(forms.Form):
    """From which body on a list is of helping bodies."""

    leading = forms.TypedChoiceField(
        label=gettext_lazy("从哪个单位起为配合单位"),
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbered = [(str(n), name) for n, name in enumerate(names)]
        cast("forms.ChoiceField", self.fields["leading"]).choices = [*numbered, (str(len(names)), _("（全部牵头）"))]


class HeadForm(forms.Form):
    """The head of the document."""

    title = forms.CharField(label=gettext_lazy("方案名称"), max_length=200)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    issuers = forms.CharField(
        label=gettext_lazy("印发单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("一行一个，或用顿号隔开"),
    )
    issued_on = forms.DateField(
        label=gettext_lazy("印发日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    year_from = forms.IntegerField(label=gettext_lazy("起始年"), required=False, min_value=1949, max_value=2199)
    year_to = forms.IntegerField(label=gettext_lazy("终止年"), required=False, min_value=1949, max_value=2199)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        """Ask for both years or none."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("year_from"), data.get("year_to")
        if (first is None) != (last is None) and not {"year_from", "year_to"} & self.errors.keys():
            self.add_error("year_to", _("起始年和终止年要么都填，要么都不填。"))
        elif first is not None and last is not None and first > last:
            self.add_error("year_to", _("终止年早于起始年：请调换。"))
        return data

    def head(self) -> dict[str, Any]:
        """Return the fields as the schema has them."""
        data = self.cleaned_data
        years = (data["year_from"], data["year_to"])
        return {
            "title": data["title"],
            "number": data["number"] or None,
            "issuers": names_in(data["issuers"]),
            "issued_on": str(data["issued_on"]) if data["issued_on"] else None,
            "period": list(years) if years[0] is not None else None,
        }


class DestinationForm(forms.Form):
    """What publishing would make: the next version of a plan, or a new plan with a code and a region."""

    plan = forms.ChoiceField(label=gettext_lazy("发布为"), widget=forms.Select(attrs={"class": "form-select"}))
    code = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,63}$",
        label=gettext_lazy("新方案代码"),
        required=False,
        help_text=gettext_lazy("小写字母、数字和连字符，发布后用于网址，不能再改，如 ch-ai-2025-2027"),
        error_messages={"invalid": gettext_lazy("代码只能用小写字母、数字和连字符，以字母或数字开头，至多 64 个。")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("辖区"),
        required=False,
        queryset=Region.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.visible_to(viewer).order_by("order", "code")
        named = [(plan.code, _("《%(plan)s》的新版本") % {"plan": plan.name}) for plan in plans]
        cast("forms.ChoiceField", self.fields["plan"]).choices = [(NEW_PLAN, _("新方案")), *named]
        places = Region.objects.filter(kind__in=(RegionKind.PROVINCE, RegionKind.CITY)).order_by("code")
        cast("forms.ModelChoiceField[Region]", self.fields["region"]).queryset = places

    def clean(self) -> dict[str, Any]:
        """A new plan needs a code of its own and a region."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("plan") == NEW_PLAN:
            if not data.get("code") and "code" not in self.errors:
                self.add_error("code", _("请给新方案取一个代码。"))
            if not data.get("region") and "region" not in self.errors:
                self.add_error("region", _("请选择新方案的辖区。"))
        return data

    @property
    def is_new(self) -> bool:
        """Whether a new plan is to be made."""
        return bool(self.cleaned_data.get("plan") == NEW_PLAN)

    def plan_code(self) -> str:
        """Return the code of the plan to publish under."""
        return str(self.cleaned_data["code"] if self.is_new else self.cleaned_data["plan"])


class ReasonForm(forms.Form):
    """Why an import is given up."""

    reason = forms.CharField(
        label=gettext_lazy("放弃的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        error_messages={"required": gettext_lazy("请写明放弃的理由。")},
    )
