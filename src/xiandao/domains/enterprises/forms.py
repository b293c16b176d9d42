"""Forms of registers: what a person says of a file handed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_TEXT = {"class": "form-control"}


class RegisterForm(forms.Form):
    """A register: file, title, the day its data is of, source, whether to identify it once it is loaded."""

    file = forms.FileField(
        label=_("文件"),
        allow_empty_file=True,  # the action says better what is wrong with it
        error_messages={"required": _("请选择名录文件。")},
    )
    title = forms.CharField(
        label=_("名称"),
        max_length=200,
        error_messages={"required": _("请填写名录的名称。")},
        help_text=_("如“企业登记名录（2026年6月）”。"),
    )
    as_of = forms.DateField(
        label=_("数据截止日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("请填写数据截止日。"), "invalid": _("请按 2026-06-30 的样子填写日期。")},
        help_text=_("名录反映的是哪一天的登记情况；企业数按这一天计。"),
    )
    source = forms.CharField(
        label=_("来源"), max_length=300, required=False, help_text=_("提供单位、文号或导出的系统。")
    )
    identify = forms.BooleanField(label=_("载入后立即识别"), required=False, initial=True)

    def __init__(self, *args: Any, accept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "identify":
                field.widget.attrs.update(_TEXT)
        self.fields["file"].widget.attrs["accept"] = accept
