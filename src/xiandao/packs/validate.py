"""Turns pydantic's errors on one file into faults with line, field and mend, in Chinese."""

import difflib
import json
from collections.abc import Mapping
from types import UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from xiandao.packs.faults import Fault
from xiandao.packs.reader import Document, Path, field_path
from xiandao.packs.schema.common import PackModel

ModelT = TypeVar("ModelT", bound=PackModel)

_TYPES: Final[dict[str, tuple[str, str]]] = {
    "string_type": ("文本", "给值加上引号"),
    "int_type": ("整数", "写成不带引号的整数"),
    "int_from_float": ("整数", "去掉小数部分"),
    "float_type": ("数字", "写成不带引号的数字"),
    "decimal_type": ("数字", "写成不带引号的数字"),
    "decimal_parsing": ("数字", "写成不带引号的数字"),
    "bool_type": ("true 或 false", "写 true 或 false，不加引号"),
    "list_type": ("列表", "每项一行，以“- ”开头"),
    "tuple_type": ("列表", "每项一行，以“- ”开头，或写成 [甲, 乙]"),
    "dict_type": ("映射（字段: 值）", "写成“字段: 值”的形式"),
    "model_type": ("映射（字段: 值）", "写成“字段: 值”的形式"),
    "model_attributes_type": ("映射（字段: 值）", "写成“字段: 值”的形式"),
    "date_type": ("日期", "写成 2024-02-27 的形式"),
    "date_parsing": ("日期", "写成 2024-02-27 的形式"),
    "date_from_datetime_parsing": ("日期", "写成 2024-02-27 的形式"),
    "date_from_datetime_inexact": ("日期", "写成 2024-02-27 的形式"),
}
_LIMITS: Final[dict[str, tuple[str, str]]] = {
    "greater_than_equal": ("不小于 {ge} 的数", "更正数值"),
    "less_than_equal": ("不大于 {le} 的数", "更正数值"),
    "string_too_short": ("至少 {min_length} 个字", "补上内容，没有就删去这一字段"),
    "string_too_long": ("至多 {max_length} 个字", "缩短内容"),
    "string_pattern_mismatch": ("合乎样式 {pattern}", "按样式改写"),
    "too_short": ("至少 {min_length} 项", "补齐缺少的项"),
    "too_long": ("至多 {max_length} 项", "删去多余的项"),
    "decimal_max_digits": ("至多 {max_digits} 位数字", "缩短数字，或改用更大的单位"),
    "decimal_max_places": ("至多 {decimal_places} 位小数", "四舍五入到允许的位数"),
    "decimal_whole_digits": ("整数部分至多 {whole_digits} 位", "改用更大的单位"),
}


def validate(document: Document, model: type[ModelT]) -> tuple[ModelT | None, list[Fault]]:
    """Check ``document`` against ``model``.

    Returns the record and all faults. The record is there even if fields were unknown (they are left
    out), so that references can still be checked; it is None when anything else is wrong.
    """
    faults: list[Fault] = []
    data = document.data
    for _ in range(2):
        text = json.dumps(data, ensure_ascii=False)
        try:
            return model.model_validate_json(text, strict=True, by_alias=True, by_name=False), faults
        except ValidationError as error:
            errors = error.errors(include_url=False)
        faults += [_fault(document, model, e) for e in errors]
        extra = [e for e in errors if e["type"] == "extra_forbidden"]
        if len(extra) < len(errors):
            return None, faults
        data = _without(data, [e["loc"] for e in extra])
    return None, faults


def _without(data: Any, paths: list[Path]) -> Any:
    """Return ``data`` without the mapping entries at ``paths``."""
    if isinstance(data, dict):
        here = {p[0] for p in paths if len(p) == 1}
        return {
            k: _without(v, [p[1:] for p in paths if len(p) > 1 and p[0] == k]) for k, v in data.items() if k not in here
        }
    if isinstance(data, list):
        return [_without(v, [p[1:] for p in paths if len(p) > 1 and p[0] == i]) for i, v in enumerate(data)]
    return data


def _fault(document: Document, model: type[BaseModel], error: Mapping[str, Any]) -> Fault:
    path = _real_path(document.data, error["loc"])
    kind = str(error["type"])
    context = error.get("ctx", {})
    found = describe(error["input"])
    if kind == "missing":
        found, expected, mend = "缺少该字段", f"写明 {path[-1]}", f"补上“{path[-1]}: …”"
    elif kind == "extra_forbidden":
        found, expected, mend = _unknown_field(model, path)
    elif kind == "pack":
        found, expected, mend = context["found"], context["expected"], context["mend"]
    elif kind == "literal_error":
        expected, mend = _literal(error["input"], context["expected"])
    elif kind in _TYPES:
        expected, mend = _TYPES[kind]
    elif kind in _LIMITS:
        template, mend = _LIMITS[kind]
        expected = template.format(**context)
    else:
        expected, mend = str(error["msg"]), "按说明更正"
    return Fault(document.file, document.line_of(path), field_path(path), found, expected, mend)


def _real_path(data: Any, loc: Path) -> Path:
    """Return ``loc`` without steps that are pydantic's own (names of union members), but with a missing last one."""
    path: list[str | int] = []
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(data, dict) and isinstance(step, str) and (step in data or last):
            path.append(step)
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and (step < len(data) or last):
            path.append(step)
            data = data[step] if step < len(data) else None
    return tuple(path)


def describe(value: Any) -> str:
    """Return what was found, shortened, in words a clerk understands."""
    if value is None:
        return "空值"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"映射（{len(value)} 个字段）"
    if isinstance(value, list | tuple):
        return f"列表（{len(value)} 项）"
    text = str(value) if len(str(value)) <= 40 else str(value)[:37] + "…"  # noqa: PLR2004 — fits one line of a report
    return f"“{text}”" if isinstance(value, str) else f"数字 {text}"


def _literal(value: Any, expected: str) -> tuple[str, str]:
    choices = [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(", ")]
    near = difflib.get_close_matches(str(value), choices, n=1)
    return f"下列之一：{'、'.join(choices)}", f"改成 {near[0]}？" if near else "从中选一个"


def _unknown_field(model: type[BaseModel], path: Path) -> tuple[str, str, str]:
    owner = _model_at(model, path[:-1])
    names = [f.alias or n for n, f in owner.model_fields.items()] if owner else []
    near = difflib.get_close_matches(str(path[-1]), names, n=1)
    mend = f"改成 {near[0]}？" if near else "删去，或改用已有字段"
    return f"未知字段 {path[-1]}", f"下列字段之一：{'、'.join(names)}", mend


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model that describes the mapping at ``path``."""
    current: Any = model
    for step in path:
        current = _item_type(current) if isinstance(step, int) else _field_type(current, step)
        current = _unwrap(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _field_type(current: Any, name: str) -> Any:
    if isinstance(current, type) and issubclass(current, BaseModel):
        for field_name, info in current.model_fields.items():
            if name in (field_name, info.alias):
                return info.annotation
        return None
    args = get_args(current)  # a mapping: the type of its values
    return args[1] if get_origin(current) is dict else None


def _item_type(current: Any) -> Any:
    return get_args(current)[0] if get_origin(current) in (tuple, list) else None


def _unwrap(annotation: Any) -> Any:
    """Return the annotation without Optional."""
    if get_origin(annotation) in (Union, UnionType):
        return next((a for a in get_args(annotation) if a is not type(None)), None)
    return annotation
