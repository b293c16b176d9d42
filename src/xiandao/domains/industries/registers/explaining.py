"""Says in words why an enterprise was identified as it was: the terms found, what binds them, what was discounted."""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from xiandao.domains.industries.registers.reading import Register
from xiandao.engines.identify import Identifier
from xiandao.packs import PolicyPack

_ROLES: Final = {"core": "核心", "service": "服务", "trade": "贸易", "mention": "提及"}
_DECISIONS: Final = {"in": "计入", "review": "待复核", "out": "不计"}
_SOURCES: Final = {"name": "企业名称", "product_lines": "主要产品"}
_VERBS: Final = {"develop": "研发", "make": "制造", "serve": "服务", "sell": "销售"}


def find(register: Register, code: str) -> pa.RecordBatch | None:
    """Return the row of a register whose credit code, record number or name is ``code``; None where there is none."""
    for batch in register.batches():
        same = None
        for column in (*register.keys, "name"):
            equal = pc.equal(pc.cast(batch.column(column), pa.string()), code)
            same = equal if same is None else pc.or_kleene(same, equal)
        rows = batch.filter(pc.fill_null(same, False))
        if rows.num_rows:
            return rows.slice(0, 1)
    return None


def explain(row: pa.RecordBatch, identifier: Identifier, pack: PolicyPack) -> str:
    """Return the explanation of one row as text for a terminal."""
    names = {each.code: each.name for each in pack.industries.industries}
    products = {each.code: each.name for each in identifier.catalogue.products}
    scope = row.column("scope")[0].as_py() or ""
    lines = [str(row.column("name")[0].as_py() or ""), f"经营范围：{scope}"]
    results = identifier.identify(row, name="name", scope="scope", keys=()).to_pylist()
    if not results:
        lines.append("没有找到产品目录中的词。")
    for result in results:
        role, decision = _ROLES[result["role"]], _DECISIONS[result["decision"]]
        lines.append(f"\n{names[result['industry']]}：{decision}，{role}，概率 {result['score']:.2f}")
        lines += [f"  · {_evidence(each, scope, products)}" for each in result["evidence"]]
    return "\n".join(lines)


def _evidence(each: Mapping[str, Any], scope: str, products: Mapping[str, str]) -> str:
    start, end = each["start"], each["end"]
    if each["source"] != "scope":
        scope = each["clause"]  # places of the name and the product lines are places in the text itself
    around = f"{scope[max(0, start - 12) : start]}【{scope[start:end]}】{scope[end : end + 12]}"
    if each["source"] != "scope":
        why = f"只见于{_SOURCES[each['source']]}，经营范围未提及，不能据以计入"
    elif each["discount"] == "excluded":
        why = "在排除语中，不计"
    elif each["discount"] == "trap":
        why = f"属于“{each['trap']}”，另有所指，不计"
    else:
        why = "动词：" + ("、".join(_VERBS[verb] for verb in each["verbs"]) or "无")
    return f"{products[each['product']]}（{each['term']}）：{around}；{why}"
