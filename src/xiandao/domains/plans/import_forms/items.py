"""Forms of single items, one for each kind: their fields, and the words of the source they were read from."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.plans.actions.imports.drafts import Draft, Place, plain
from xiandao.domains.plans.actions.imports.places import as_quote, find, squeeze
from xiandao.domains.plans.models import Strength, TargetKind
from xiandao.domains.plans.models.drafts import ItemKind

_SEPARATORS = re.compile(r"[\n、，,；;]+")
_COMPARATORS = [
    ("=", gettext_lazy("= 达到")),
    ("≥", gettext_lazy("≥ 以上、不少于")),
    ("≤", gettext_lazy("≤ 以内、不超过")),
    ("≈", gettext_lazy("≈ 左右、近")),
]
_QUANTITY_KINDS = [choice for choice in TargetKind.choices if choice[0] != TargetKind.SUBSIDY]
# How wide a field stands on a form of twelve columns.
_WIDTHS = {
    "no": 3,
    "title": 9,
    "comparator": 4,
    "value": 4,
    "unit": 4,
    "low": 4,
    "high": 4,
    "year": 4,
    "kind": 4,
    "note": 8,
    "strength": 6,
    "verb": 6,
    "cities": 6,
    "open_ended": 6,
}


class ItemForm(forms.Form):
    """What the forms of all kinds of items share: the words in the source, their place, what the item stands under."""

    words_required: ClassVar[bool] = True

    parent = forms.ChoiceField(label=gettext_lazy("所属"), required=False)
    quote = forms.CharField(
        label=gettext_lazy("原文"), required=False, widget=forms.Textarea(attrs={"rows": 3, "data-quote": ""})
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, text: str, parents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.place: Place | None = None
        parent = cast("forms.ChoiceField", self.fields["parent"])
        parent.choices = parents or [("", "")]
        if len(parents) < 2:  # noqa: PLR2004 — nothing to choose
            parent.widget = forms.HiddenInput()
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                css = "form-check-input" if isinstance(field.widget, forms.CheckboxInput) else "form-control"
                css = "form-select" if isinstance(field.widget, forms.Select) else css
                field.widget.attrs["class"] = css

    def clean(self) -> dict[str, Any]:
        """Find the place of the words: where it was selected, or where the words stand."""
        data: dict[str, Any] = super().clean() or {}
        words, start, end = data.get("quote", ""), data.get("start"), data.get("end")
        selected = self.text[start:end] if start is not None and end is not None else ""
        if words and start is not None and end is not None and (self._as_before(words) or _same(selected, words)):
            self.place = (start, end)
        elif words:
            self.place = find(self.text, words, near=start or 0)
            if self.place is None:
                self.add_error("quote", _("原文中找不到这段文字：请在原文中选取，或逐字照抄。"))
        elif self.words_required:
            self.add_error("quote", _("请写明原文：在原文中选取，或逐字照抄。"))
        return data

    def _as_before(self, words: str) -> bool:
        """Whether the words are those the item came with, which the compiler may have taken out of mark-up."""
        return squeeze(words) == squeeze(str(self.initial.get("quote") or ""))

    def cells(self) -> Iterator[tuple[forms.BoundField, int]]:
        """Yield the visible fields with their width in twelfths."""
        for field in self.visible_fields():
            yield field, _WIDTHS.get(field.name, 12)

    def parent_key(self) -> str | None:
        """Return what the item is to stand under."""
        return self.cleaned_data.get("parent") or None

    def fields_of_item(self) -> dict[str, Any]:
        """Return the item's fields as the schema has them."""
        raise TypeError(f"{type(self).__name__} does not say its fields")

    def _quoted(self) -> str | None:
        words: str = self.cleaned_data.get("quote", "")
        if self._as_before(words):
            return str(self.initial["quote"])
        return as_quote(self.text[slice(*self.place)]) if self.place else None


class SectionForm(ItemForm):
    """An action: number, title, the text under it."""

    words_required = False

    no = forms.CharField(label=gettext_lazy("序号"), required=False, max_length=20)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    field_order = ["no", "title", "parent", "quote"]

    def fields_of_item(self) -> dict[str, Any]:
        return {"no": self.cleaned_data["no"], "title": self.cleaned_data["title"]}


class MeasureForm(SectionForm):
    """A measure: number, title, printed deadline, the text of it."""

    words_required = True
    deadline = forms.CharField(label=gettext_lazy("完成时限"), required=False, max_length=100)
    field_order = ["no", "title", "deadline", "parent", "quote"]

    def fields_of_item(self) -> dict[str, Any]:
        return super().fields_of_item() | {"deadline": self.cleaned_data["deadline"] or None}


class TargetForm(ItemForm):
    """A number promised: one value or a range."""

    object = forms.CharField(label=gettext_lazy("指标"), max_length=300)
    comparator = forms.ChoiceField(label=gettext_lazy("比较"), choices=_COMPARATORS)
    value = forms.DecimalField(label=gettext_lazy("目标值"), required=False, max_digits=15, decimal_places=6)
    low = forms.DecimalField(label=gettext_lazy("下限"), required=False, max_digits=15, decimal_places=6)
    high = forms.DecimalField(label=gettext_lazy("上限"), required=False, max_digits=15, decimal_places=6)
    unit = forms.CharField(label=gettext_lazy("单位"), required=False, max_length=30)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=_QUANTITY_KINDS)
    year = forms.IntegerField(label=gettext_lazy("完成年份"), required=False, min_value=1949, max_value=2199)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=1000)
    field_order = ["quote", "object", "comparator", "value", "unit", "low", "high", "year", "kind", "note", "parent"]

    def clean(self) -> dict[str, Any]:
        """Ask for a value or for both ends of a range."""
        data = super().clean()
        value, low, high = data.get("value"), data.get("low"), data.get("high")
        if {"value", "low", "high"} & self.errors.keys():
            return data
        if value is not None and (low is not None or high is not None):
            self.add_error("value", _("单值与区间只填一种：单值填目标值，区间填下限和上限。"))
        elif value is None and (low is None or high is None):
            self.add_error("value", _("请填目标值；区间则填下限和上限。"))
        elif low is not None and high is not None and low > high:
            self.add_error("high", _("上限小于下限：请调换。"))
        return data

    def fields_of_item(self) -> dict[str, Any]:
        data = self.cleaned_data
        numbers = {name: plain(data[name]) for name in ("value", "low", "high")}
        return {
            **numbers,
            **{name: data[name] for name in ("object", "comparator", "unit", "kind", "year")},
            "note": data["note"] or None,
            "quote": self._quoted(),
        }


class SupportForm(TargetForm):
    """A support standard: money or a share granted. Its kind is fixed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["object"].label = _("支持内容")
        self.fields["value"].label = _("标准")
        del self.fields["kind"]

    def fields_of_item(self) -> dict[str, Any]:
        self.cleaned_data["kind"] = TargetKind.SUBSIDY.value
        return super().fields_of_item()


class DutyForm(ItemForm):
    """Who leads and who helps, a name on each line."""

    lead = forms.CharField(
        label=gettext_lazy("牵头单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("一行一个，或用顿号隔开"),
    )
    helping = forms.CharField(label=gettext_lazy("配合单位"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    cities = forms.BooleanField(label=gettext_lazy("各市（县、区）负责"), required=False)
    open_ended = forms.BooleanField(label=gettext_lazy("名单以“等”结尾"), required=False)
    field_order = ["quote", "lead", "helping", "cities", "open_ended", "parent"]

    def fields_of_item(self) -> dict[str, Any]:
        data = self.cleaned_data
        others = self.initial.get("quotes", [])[1:]
        quotes = [{"quote": self._quoted(), "span": list(self.place)}] if self.place else []
        return {
            "lead": names_in(data["lead"]),
            "with": names_in(data["helping"]),
            "cities": data["cities"],
            "open_ended": data["open_ended"],
            "quotes": [*quotes, *others],
        }

    def clean(self) -> dict[str, Any]:
        """Ask for somebody."""
        data = super().clean()
        if not names_in(data.get("lead", "")) and not names_in(data.get("helping", "")) and not data.get("cities"):
            self.add_error("lead", _("请至少写一个单位，或勾选“各市（县、区）负责”；确无责任单位时请剔除这一条。"))
        return data


class MechanismForm(ItemForm):
    """A mechanism named in quotation marks."""

    name = forms.CharField(label=gettext_lazy("机制"), max_length=300)
    field_order = ["quote", "name", "parent"]

    def fields_of_item(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


class CommitmentForm(ItemForm):
    """A promise without a number."""

    strength = forms.ChoiceField(label=gettext_lazy("力度"), choices=Strength.choices)
    verb = forms.CharField(label=gettext_lazy("动词"), required=False, max_length=20)
    field_order = ["quote", "strength", "verb", "parent"]

    def fields_of_item(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"strength": data["strength"], "verb": data["verb"] or None, "quote": self._quoted()}


ITEM_FORMS: dict[ItemKind, type[ItemForm]] = {
    ItemKind.ACTION: SectionForm,
    ItemKind.MEASURE: MeasureForm,
    ItemKind.DUTY: DutyForm,
    ItemKind.TARGET: TargetForm,
    ItemKind.SUPPORT: SupportForm,
    ItemKind.MECHANISM: MechanismForm,
    ItemKind.COMMITMENT: CommitmentForm,
}


def names_in(words: str) -> list[str]:
    """Return the names in a list written on lines or with commas, each once, in order."""
    parts = (part.strip() for part in _SEPARATORS.split(words or ""))
    return list(dict.fromkeys(part for part in parts if part))


def _same(one: str, other: str) -> bool:
    return squeeze(one) == squeeze(other)


def initial_of(draft: Draft, text: str) -> dict[str, Any]:
    """Return what an item's form begins with."""
    start, end = draft.span or (None, None)
    data = draft.data
    out = {**data, "parent": draft.parent or "", "start": start, "end": end}
    if draft.kind == ItemKind.DUTY:
        quotes = data.get("quotes") or [{}]
        out |= {"lead": "\n".join(data["lead"]), "helping": "\n".join(data["with"])}
        out["quote"] = quotes[0].get("quote", "")
    elif draft.kind in (ItemKind.ACTION, ItemKind.MEASURE, ItemKind.MECHANISM):
        out["quote"] = text[start:end] if start is not None else ""
    return out
