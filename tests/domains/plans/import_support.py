"""An invented plan and what the tests of importing do with it again and again."""

from django.urls import reverse

from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.models import Correction, DraftItem, PlanImport

TEXT = """云泽市人民政府办公室关于印发《云泽市氢能应用三年行动方案（2025—2027年）》的通知
云政办发〔2025〕12号

各区人民政府，市各有关部门：
现将《云泽市氢能应用三年行动方案（2025—2027年）》印发给你们，请认真贯彻执行。

云泽市人民政府办公室
2025年3月6日

云泽市氢能应用三年行动方案（2025—2027年）

一、总体目标
到2027年，全市氢能产业产值突破300亿元，培育氢能企业100家以上。

二、重点任务
（一）示范应用行动
1.推广氢能车辆。到2026年，推广氢燃料电池汽车500辆以上，建成加氢站20座。探索建立“氢车联盟”机制。（责任单位：市交通运输局、市工业和信息化局、市财政局）
2.拓展储能场景。到2027年，建成氢储能示范项目5—8个。鼓励园区开展氢电耦合试点。（责任单位：市发展改革委、市能源局，各区人民政府）

（二）要素保障行动
3.强化资金支持。对新建加氢站按设备投资的30%给予补助，最高200万元。（责任单位：市财政局、市住房城乡建设局）
4.完善标准体系。到2027年，制定地方标准10项。推动检测机构建设。（责任单位：市市场监管局）
"""


def begin(actor, text=TEXT, **more):
    """Start an import of the invented plan."""
    return act.start_import(actor, text=text, **more)


def item(plan_import, key) -> DraftItem:
    """Return an item as it stands."""
    return DraftItem.objects.get(plan_import=plan_import, key=key)


def keys(plan_import, kind) -> list[str]:
    """Return the keys of a kind, in order."""
    rows = DraftItem.objects.filter(plan_import=plan_import, kind=kind).order_by("order")
    return list(rows.values_list("key", flat=True))


def last(plan_import) -> Correction:
    """Return the last correction."""
    return Correction.objects.filter(plan_import=plan_import).order_by("-number").first()


def again(actor, plan_import) -> PlanImport:
    """Return the import as it stands now."""
    return PlanImport.objects.visible_to(actor).get(pk=plan_import.pk)


def state(plan_import) -> dict:
    """Return everything an import holds, to compare before and after."""
    rows = DraftItem.objects.filter(plan_import=plan_import).select_related("parent")
    fields = ("kind", "order", "data", "span_start", "span_end", "confidence", "review")
    return {row.key: [getattr(row, f) for f in fields] + [row.parent and row.parent.key] for row in rows}


def place(words, text=TEXT) -> tuple[int, int]:
    """Return where words stand in the invented plan."""
    start = text.index(words)
    return start, start + len(words)


def url(name, plan_import=None, key=None) -> str:
    """Return the address of an import page."""
    return reverse(f"plans:{name}", args=[part for part in (plan_import and plan_import.pk, key) if part])


def body(response) -> str:
    """Return a page's text."""
    return response.content.decode()


def target_fields(plan_import, **changes) -> dict:
    """Return what the form of target T01-1 posts, with some fields changed."""
    row = item(plan_import, "T01-1")
    return {
        "revision": str(row.revision),
        "quote": row.data["quote"],
        "start": row.span_start,
        "end": row.span_end,
        "object": "氢燃料电池汽车",
        "comparator": "≥",
        "value": "500",
        "unit": "辆",
        "kind": "count",
        "year": "2026",
        "parent": "M01",
    } | changes
