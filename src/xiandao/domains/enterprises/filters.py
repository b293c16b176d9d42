"""Filters of the list of enterprises. All conditions on results are met by one and the same result."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.figures.counting import COUNTS, alive, alive_at, cities, current_run, within
from xiandao.domains.enterprises.models import Decision, Enterprise, EnterpriseRole, Run, SettledBy
from xiandao.domains.enterprises.queries.firms import results_of
from xiandao.domains.enterprises.queries.names import segments
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.filters import ALL, TextFilter

COUNTED, EVERY = "counted", "all"
DECISIONS = (
    (COUNTED, _("计入：核心和服务企业")),
    (Decision.REVIEW.value, _("待复核")),
    (Decision.OUT.value, _("不计")),
    (EVERY, _("全部识别结果")),
)
SCORES = {
    "95": (_("95% 以上"), Q(score__gte=0.95)),
    "80": (_("80%—95%"), Q(score__gte=0.8, score__lt=0.95)),
    "50": (_("50%—80%"), Q(score__gte=0.5, score__lt=0.8)),
    "low": (_("不到 50%"), Q(score__lt=0.5)),
}
CAPITALS = {
    "0": (_("不到 100 万元"), Q(capital__lt=1_000_000)),
    "100": (_("100 万—1000 万元"), Q(capital__gte=1_000_000, capital__lt=10_000_000)),
    "1000": (_("1000 万—1 亿元"), Q(capital__gte=10_000_000, capital__lt=100_000_000)),
    "10000": (_("1 亿元以上"), Q(capital__gte=100_000_000)),
    "unknown": (_("未登记金额"), Q(capital=None)),
}
ANY = "any"
_YEARS = 60
CHANGES = (("new", _("比上一版新出现")), ("gone", _("不再登记")))


def _choices(bands: dict[str, tuple[Any, Q]]) -> list[tuple[str, Any]]:
    return [(key, label) for key, (label, _condition) in bands.items()]


def _none(rows: QuerySet, _name: str, _value: Any) -> QuerySet:
    """Leave the rows: the conditions are put together in `filter_queryset`."""
    return rows


def _choice(label: Any, choices: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=ALL, choices=choices, method=_none)


class _Year(django_filters.NumberFilter):
    """A year, in digits."""

    field_class = forms.IntegerField

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, method=_none, min_value=1800, max_value=9999)


class FirmFilter(django_filters.FilterSet):
    """Enterprises by words, place, industry, segment, role, decision, score, who settled, year, capital, change."""

    q = TextFilter(label=_("名称、代码或经营范围"), over=("name", "uscc", "scope"))
    decision = django_filters.ChoiceFilter(label=_("结论"), empty_label=None, choices=DECISIONS, method=_none)
    city = _choice(_("设区市"), lambda: [(row.code, row.label) for row in cities()])
    county = _choice(_("县（市、区）"), [])
    industry = _choice(_("产业"), lambda: [(row.code, row.label) for row in Industry.objects.order_by("order")])
    segment = _choice(_("环节"), [])
    role = _choice(_("角色"), EnterpriseRole.choices)
    score = _choice(_("概率"), _choices(SCORES))
    settled = _choice(_("依据"), SettledBy.choices)
    since = _Year(_("成立年份自"))
    until = _Year(_("至"))
    capital = _choice(_("注册资本"), _choices(CAPITALS))
    change = _choice(_("变化"), CHANGES)
    life = django_filters.ChoiceFilter(label=_("在业"), empty_label=_("现在在业"), choices=[], method=_none)

    MORE = ("role", "score", "settled", "since", "until", "capital", "change", "life")

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict | None = None, *args: Any, run: Run | None = None, **kwargs: Any) -> None:
        given = data.copy() if data is not None else QueryDict(mutable=True)
        given["decision"] = given.get("decision") or COUNTED
        industry, segment = given.get("industry", ""), given.get("segment", "")
        if industry and segment and not segment.startswith(f"{industry}/"):
            given["segment"] = ""  # another industry was chosen after the segment
        super().__init__(given, *args, **kwargs)
        self.run = run or current_run()
        self._place(self.request.viewer)
        self.filters["life"].extra["choices"] = self._lives()
        rows = [row for row in segments(self.run) if not industry or row.industry_id == industry]
        labels = [row.label if industry else f"{row.industry.label} · {row.label}" for row in rows]
        self.filters["segment"].extra["choices"] = [
            (f"{row.industry_id}/{row.code}", label) for row, label in zip(rows, labels, strict=True)
        ]

    @property
    def daily(self) -> list[Any]:
        """The fields everybody uses; the decision is chosen above the list."""
        return [field for field in self.form if field.name not in self.MORE and field.name != "decision"]

    @property
    def more(self) -> list[Any]:
        """The fields behind a fold."""
        return [field for field in self.form if field.name in self.MORE]

    @property
    def more_in_use(self) -> bool:
        """Whether a field behind the fold is filled in or wrong."""
        return any(self.data.get(name) for name in self.MORE)

    def _lives(self) -> list[tuple[str, Any]]:
        """Offer the ends of past years, and all enterprises whether still in business or not."""
        last = self.run.register.as_of.year - 1 if self.run else 0
        years = [
            (str(year), _("%(year)s 年末在业") % {"year": year}) for year in range(last, last - _YEARS, -1) if year > 0
        ]
        return [(ANY, _("含已注销和不再登记的")), *years]

    def _place(self, viewer: Viewer) -> None:
        """Offer the counties of the city chosen, or of the viewer's own; leave out what has nothing to choose."""
        own = Region.objects.filter(code=viewer.region).select_related("parent").first()
        city = self.data.get("city", "")
        if own is not None and own.parent_id:
            del self.filters["city"]
            city = own.code if own.parent.parent_id is None else ""
        counties = list(Region.objects.filter(parent=city).order_by("code")) if city else []
        if counties and city[-4:] != "0000":
            chosen = self.data.get("county", "")
            if chosen and chosen not in {row.code for row in counties}:
                self.data["county"] = ""
            self.filters["county"].extra["choices"] = [(row.code, row.label) for row in counties]
        else:
            del self.filters["county"]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Return the enterprises of which one result meets all conditions."""
        if self.run is None:
            return queryset.none()
        chosen = self.form.cleaned_data
        rows = self.filters["q"].filter(queryset, chosen.get("q") or "").filter(self.on_firms())
        results, life = self.on_results() & self.on_decision(), chosen.get("life") or ""
        if chosen.get("change") == "gone":
            return rows.filter(results_of(self.run, results, gone=True))
        if life:
            past = results_of(self.run, results) | results_of(self.run, results, gone=True)
            return rows.filter(past, Q() if life == ANY else alive_at(int(life)))
        if chosen.get("decision") == COUNTED:
            rows = rows.filter(alive(self.run.register.as_of, ""))
        return rows.filter(results_of(self.run, results))

    def on_firms(self, prefix: str = "") -> Q:
        """Return the conditions on the enterprise itself."""
        chosen = self.form.cleaned_data
        condition = Q()
        for name in ("city", "county"):
            if chosen.get(name):
                condition &= within(chosen[name], prefix)
        if chosen.get("since"):
            condition &= Q(**{f"{prefix}registered_on__year__gte": chosen["since"]})
        if chosen.get("until"):
            condition &= Q(**{f"{prefix}registered_on__year__lte": chosen["until"]})
        if chosen.get("capital"):
            for name, value in CAPITALS[chosen["capital"]][1].children:
                condition &= Q(**{f"{prefix}{name}": value})
        return condition & self._changed(chosen.get("change") or "", prefix)

    def _changed(self, change: str, prefix: str) -> Q:
        register = self.run.register_id if self.run else None
        if change == "new":
            return Q(**{f"{prefix}first_seen": register})
        return Q(**{f"{prefix}gone_in__isnull": False}) if change == "gone" else Q()

    def on_results(self) -> Q:
        """Return the conditions on the result, the decision apart."""
        chosen = self.form.cleaned_data
        plain = {"industry": chosen.get("industry"), "role": chosen.get("role"), "settled": chosen.get("settled")}
        condition = Q(**{name: value for name, value in plain.items() if value})
        if chosen.get("segment"):
            industry, _stroke, segment = chosen["segment"].partition("/")
            condition &= Q(industry=industry, segment=segment)
        if chosen.get("score"):
            condition &= SCORES[chosen["score"]][1]
        return condition

    def on_decision(self) -> Q:
        """Return the condition the chosen view of the list puts on results."""
        decision = self.form.cleaned_data.get("decision") or COUNTED
        if decision == COUNTED:
            return COUNTS
        return Q() if decision == EVERY else Q(decision=decision)
