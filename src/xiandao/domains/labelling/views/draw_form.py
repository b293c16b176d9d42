"""The form of a draw."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling.actions.samples import LARGEST_SEED, MOST, Asked
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Post, Region, RegionKind, Role


def reviewing_bodies() -> Any:
    """Return the organisations somebody of which may review now."""
    roles = [role.code for role in Role.objects.all() if Can.REVIEW_ENTERPRISES.value in role.capabilities]
    posts = Post.objects.filter(Post.holding(timezone.localdate()), role__in=roles)
    return Organisation.objects.filter(Q(pk__in=posts.values("organisation")), is_active=True).order_by("order")


class DrawForm(forms.Form):
    """How many of which kind, limits, readers, seed."""

    title = forms.CharField(label=_("批次名称"), max_length=200, help_text=_("如：2026 年第二季度复核"))
    random = forms.IntegerField(
        label=_("随机抽取"),
        min_value=0,
        max_value=MOST,
        initial=120,
        help_text=_("在找到目录用语的企业里，按产业和结论分层随机抽；估计查准率、查全率和企业数用的就是这一部分"),
    )
    unseen = forms.IntegerField(
        label=_("没有找到用语的企业中随机抽取"),
        min_value=0,
        max_value=MOST,
        initial=30,
        help_text=_("看目录是否漏掉了本应计入的企业"),
    )
    uncertain = forms.IntegerField(
        label=_("模型没有把握的"),
        min_value=0,
        max_value=MOST,
        initial=20,
        help_text=_("概率离采纳线、排除线最近；对改进模型最有用，不进入估计"),
    )
    disagreeing = forms.IntegerField(
        label=_("说法不一的"),
        min_value=0,
        max_value=MOST,
        initial=10,
        help_text=_("与上一批结论不同、经营范围已变更、名称与结论不符、判断人曾不一致、有异议；不进入估计"),
    )
    readers = forms.TypedChoiceField(
        label=_("每家由几人判断"),
        choices=((1, _("一人")), (2, _("两人各自独立判断"))),
        coerce=int,
        initial=1,
        help_text=_("两人判断可以算一致程度；互相看不到对方的意见，不一致的由第三人裁定"),
    )
    industries = forms.ModelMultipleChoiceField(
        label=_("只看这些产业"),
        queryset=Industry.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("不选为全部产业"),
    )
    region = forms.ModelChoiceField(
        label=_("只看这个设区市"), queryset=Region.objects.none(), required=False, empty_label=_("全省")
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("由哪些单位判断"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("请选择由哪些单位判断。")},
        help_text=_("所选单位收到待办；设区市只看得到本市的企业"),
    )
    seed = forms.IntegerField(
        label=_("随机种子"),
        min_value=0,
        max_value=LARGEST_SEED,
        help_text=_("同一批识别、同一种子，任何人重抽都得到同一批企业；抽取后公开在批次页上"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = Industry.objects.filter(listings__listed=True).distinct().order_by("order")
        for name, rows in (
            ("industries", listed),
            ("region", Region.objects.filter(kind=RegionKind.CITY).order_by("code")),
            ("bodies", reviewing_bodies()),
        ):
            self.fields[name].queryset = rows
            self.fields[name].label_from_instance = lambda row: row.label

    def asked(self) -> Asked:
        """Return what was typed. Only after validation."""
        given = self.cleaned_data
        return Asked(
            title=given["title"],
            seed=given["seed"],
            random=given["random"],
            unseen=given["unseen"],
            uncertain=given["uncertain"],
            disagreeing=given["disagreeing"],
            readers=given["readers"],
            industries=tuple(each.code for each in given["industries"]),
            region=given["region"],
            bodies=tuple(given["bodies"]),
        )
