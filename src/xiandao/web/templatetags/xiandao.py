"""Template vocabulary of the product: icons, numbers, figures, comparators, query strings."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.shared.format import goal, number, unit_label
from xiandao.kernel import FigureKind

register = template.Library()

_KINDS = {
    FigureKind.COUNTED: gettext_lazy("认定数"),
    FigureKind.VERIFIED: gettext_lazy("核实数"),
    FigureKind.SELF_REPORTED: gettext_lazy("自报数"),
    FigureKind.PUBLISHED: gettext_lazy("公布数"),
    FigureKind.ESTIMATED: gettext_lazy("估计数"),
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw one icon of the sprite. It is decoration: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("vendor/icons/sprite.svg"),
        name,
    )


register.filter("number", number)
register.filter("goal", goal)
register.filter("unit_label", unit_label)


@register.filter
def ordinal(no: str) -> str:
    """Return a printed number as it stands before a title: 一 takes a 、, （一） and 第一章 stand by themselves."""
    return f"{no} " if no[-1:] in "）)章节条." else f"{no}、"


@register.filter
def percent(value: float | None) -> str:
    """Print a share of one as a whole percentage."""
    return "—" if value is None else f"{value:.0%}"


@register.filter
def label_of(item: Any) -> str:
    """Return the name of an object in the reader's language."""
    return item.label


@register.filter
def lookup(mapping: dict[Any, Any], key: Any) -> Any:
    """Return what a mapping holds under a key, or None."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return this page's query string with some parameters changed; None removes one."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = value
    text = parameters.urlencode()
    return f"?{text}" if text else "?"


@register.inclusion_tag("web/figure.html")
def figure(value: Any, *, caption: str = "") -> dict[str, Any]:
    """Draw a Figure: the number, its kind, its date and the way to its rows; unknown says so."""
    return {"figure": value, "caption": caption, "unknown": _("尚无统计")}


@register.filter
def kind_label(kind: FigureKind) -> str:
    """Return what kind of number a figure is, in the reader's language."""
    return str(_KINDS[kind])
