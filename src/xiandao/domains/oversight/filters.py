"""The form above the auditors' list."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit.registry import kind_label, registered
from xiandao.domains.oversight.queries import Filters, kinds

_CALENDAR = forms.DateInput(attrs={"type": "date"})
# What a date field can send and a moment in UTC can still be.
_REASONABLE = (MinValueValidator(dt.date(1900, 1, 1)), MaxValueValidator(dt.date(9000, 1, 1)))


def _day(value: dt.date | None, *, add: int = 0) -> dt.datetime | None:
    """Return the moment a day begins here, some days later if told; None for none."""
    if value is None:
        return None
    begin = dt.datetime.combine(value + dt.timedelta(days=add), dt.time())
    return timezone.make_aware(begin)


class FilterForm(forms.Form):
    """Filters of the list, all optional; what cannot be read is said beside its field."""

    words = forms.CharField(label=_("查找"), max_length=100, required=False)
    action = forms.ChoiceField(label=_("动作"), required=False)
    actor = forms.CharField(label=_("操作人（账号或姓名）"), max_length=150, required=False)
    organisation = forms.CharField(label=_("机构（代码或名称）"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("对象类型"), required=False)
    key = forms.CharField(label=_("对象编号"), max_length=120, required=False)
    click = forms.UUIDField(label=_("操作批次"), required=False)
    since = forms.DateField(label=_("自"), required=False, widget=_CALENDAR, validators=_REASONABLE)
    until = forms.DateField(label=_("至"), required=False, widget=_CALENDAR, validators=_REASONABLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["placeholder"] = _("操作人、对象、理由")
        labels = sorted(((code, str(action.label)) for code, action in registered().items()), key=lambda pair: pair[0])
        self.fields["action"].choices = [("", _("全部")), *labels]
        self.fields["kind"].choices = [("", _("全部")), *((kind, kind_label(kind)) for kind in kinds())]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("不能早于开始日期。"))
        return data

    def filters(self) -> Filters:
        """Return what was asked for; call after `is_valid`."""
        data = self.cleaned_data
        return Filters(
            words=data["words"].strip(),
            action=data["action"],
            actor=data["actor"].strip(),
            organisation=data["organisation"].strip(),
            kind=data["kind"],
            key=data["key"].strip(),
            click=data["click"],
            since=_day(data["since"]),
            until=_day(data["until"], add=1),
        )
