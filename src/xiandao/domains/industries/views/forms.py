"""What is asked of whoever edits the catalogue."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.content import Content
from xiandao.domains.industries.models import ProductName, Relation, Stage, TermWeight
from xiandao.domains.orgs.models import Region, RegionKind

_SPLIT = re.compile(r"[\n\r；;]+")
_CODES = re.compile(r"[\n\r；;、，,]+")


class ListField(forms.CharField):
    """Texts, one a line, as a tuple."""

    splitter = _SPLIT

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 5000)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("help_text", _("一行一项"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return tuple(part.strip() for part in self.splitter.split(text) if part.strip())


class CodesField(ListField):
    """Codes of a classification: one a line or with commas between."""

    splitter = _CODES

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput())
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value


class IndustryForm(forms.Form):
    """What the catalogue says of an industry."""

    definition = forms.CharField(label=_("定义"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    includes = ListField(label=_("包括"))
    excludes = ListField(label=_("不包括"))
    notes = ListField(label=_("说明"), help_text=_("一行一条，写给以后修订的人"))


class SegmentForm(forms.Form):
    """The fields of a segment."""

    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(
        label=_("英文名称"), max_length=200, required=False, help_text=_("新环节的代码由它生成；可以不填")
    )
    stage = forms.ChoiceField(label=_("位置"), choices=Stage.choices)
    gbt4754 = CodesField(
        label=_("国民经济行业（GB/T 4754—2017）"), help_text=_("三位或四位代码，用顿号分开，如 3849、3841")
    )
    strategic = CodesField(label=_("战略性新兴产业（2018）"), help_text=_("如 6.4、5.2"))
    ipc = CodesField(label=_("国际专利分类"), help_text=_("如 H01M 8、C25B 1/04"))


class ProductForm(forms.Form):
    """The fields of a product. `segment` moves it within its industry."""

    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(
        label=_("英文名称"), max_length=200, required=False, help_text=_("新产品的代码由它生成；可以不填")
    )
    segment = forms.ChoiceField(label=_("环节"))
    definition = forms.CharField(
        label=_("定义"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("一句话写明是什么")
    )
    includes = ListField(label=_("包括"))
    excludes = ListField(label=_("不包括"))
    activity = forms.BooleanField(
        label=_("本身是一项活动"), required=False, help_text=_("如碳核查、空中游览：经营范围里不带动词也算服务")
    )

    def __init__(self, *args: Any, content: Content, industry: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].choices = [
            (path[1], part.name) for path, part in content.segments.items() if path[0] == industry
        ]


class WordsForm(forms.Form):
    """Terms pasted, with what they weigh."""

    words = forms.CharField(
        label=_("词条"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个，可以从表格里整列粘贴"),
    )
    weight = forms.ChoiceField(label=_("效力"), choices=TermWeight.choices)


class NameForm(forms.Form):
    """The words under which a document prints a product or segment."""

    target = forms.CharField(
        label=_("目录项"), max_length=130, help_text=_("产业代码/环节或产品代码，如 hydrogen/station")
    )
    document = forms.CharField(
        label=_("文件简称"), max_length=80, help_text=_("同一份文件用同一个简称，如 gfgx-2024-12")
    )
    title = forms.CharField(label=_("文件名称"), max_length=300)
    printed = forms.CharField(label=_("表述"), max_length=200, help_text=_("文件里的原话"))
    relation = forms.ChoiceField(label=_("关系"), choices=Relation.choices)
    source = forms.CharField(label=_("依据"), max_length=300, required=False, help_text=_("页码、条款或网址"))

    class Meta:
        model = ProductName


class LocalListForm(forms.Form):
    """A city's own list: whose, its name, its source, and its lines."""

    region = forms.ModelChoiceField(label=_("地区"), queryset=Region.objects.none(), empty_label=_("请选择"))
    name = forms.CharField(label=_("名称"), max_length=200)
    source = forms.CharField(label=_("依据"), max_length=300, required=False, help_text=_("文号或网址"))
    lines = forms.CharField(
        label=_("目录内容"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一项；有代码的写在前面，用制表符或竖线隔开。可以从 Excel 里整列粘贴"),
    )

    def __init__(self, *args: Any, region: str, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Region.objects.filter(kind__in=(RegionKind.CITY, RegionKind.PROVINCE)).order_by("code")
        self.fields["region"].queryset = rows if whole else rows.filter(code=region)
        self.fields["region"].label_from_instance = lambda row: row.label
        if not whole:
            self.fields["region"].initial = region
