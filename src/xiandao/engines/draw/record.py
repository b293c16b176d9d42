"""Plans and records as plain JSON values, for files that others read. Unknown keys are refused, none is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiandao.engines.draw.model import VERSION, Event, Exclusion, Member, Plan, Record, Stratum
from xiandao.kernel import InvalidValue

Json = dict[str, Any]
_PLAN = {"version", "pool", "strata", "excluded", "public_source"}
_SHOWN = {"commitment", "pool_hash", "plan_hash"}
_MADE = {"seed", "nonce", "public", "drawn", "reserves", "events", "names"}


def plan_to_json(plan: Plan) -> Json:
    """Return a plan as JSON values: pool, strata, excluded as lists of objects."""
    return {
        "version": VERSION,
        "pool": [{"id": each.id, "stratum": each.stratum} for each in plan.pool],
        "excluded": [{"id": each.id, "reason": each.reason} for each in plan.excluded],
        "strata": [{"name": each.name, "take": each.take, "reserves": each.reserves} for each in plan.strata],
        "public_source": plan.public_source,
    }


def plan_from_json(value: object) -> Plan:
    """Return the plan in JSON values, also those of a record. Raises `InvalidValue` naming what does not fit."""
    given = _object(value, "抽取文件", _PLAN | _SHOWN | _MADE)
    if given.get("version", VERSION) != VERSION:
        raise InvalidValue(given["version"], VERSION, "请用写出这一文件的版本重做", "version")
    return Plan(
        pool=tuple(
            Member(_text(each, "id"), _text(each, "stratum")) for each in _rows(given, "pool", {"id", "stratum"})
        ),
        strata=tuple(
            Stratum(_text(each, "name"), each.get("take"), each.get("reserves", 0))  # type: ignore[arg-type]  # Plan checks numbers
            for each in _rows(given, "strata", {"name", "take", "reserves"})
        ),
        excluded=tuple(
            Exclusion(_text(each, "id"), _text(each, "reason"))
            for each in _rows(given, "excluded", {"id", "reason"}, may_lack=True)
        ),
        public_source=_text(given, "public_source", ""),
    )


def record_to_json(record: Record) -> Json:
    """Return a record as JSON values: the plan's, what was shown beforehand, what was revealed and drawn."""
    return {
        **plan_to_json(record.plan),
        "commitment": record.commitment,
        "pool_hash": record.pool_hash,
        "plan_hash": record.plan_hash,
        "seed": record.seed,
        "nonce": record.nonce,
        "public": record.public,
        "drawn": {name: list(ids) for name, ids in record.drawn.items()},
        "reserves": {name: list(ids) for name, ids in record.reserves.items()},
        "events": [{"id": each.id, "reason": each.reason, "taken_by": each.taken_by} for each in record.events],
        "names": list(record.names),
    }


def record_from_json(value: object) -> Record:
    """Return the record in JSON values, unchecked (`verify` checks). Raises `InvalidValue` naming what does not fit."""
    given = _object(value, "抽取记录", _PLAN | _SHOWN | _MADE)
    return Record(
        plan=plan_from_json(value),
        **{key: _text(given, key) for key in ("commitment", "seed", "nonce", "pool_hash", "plan_hash")},
        public=_text(given, "public", ""),
        drawn=_lists(given, "drawn"),
        reserves=_lists(given, "reserves"),
        events=tuple(_event(each) for each in _rows(given, "events", {"id", "reason", "taken_by"}, may_lack=True)),
        names=_texts(given.get("names"), "names"),
    )


def _event(given: Mapping[str, Any]) -> Event:
    taken_by = None if given.get("taken_by") is None else _text(given, "taken_by")
    return Event(_text(given, "id"), _text(given, "reason"), taken_by)


def _object(value: object, what: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidValue(value, "JSON 对象", "请对照用户手册中的样例", what)
    unknown = sorted(value.keys() - known)
    if unknown:
        raise InvalidValue("、".join(unknown), f"下列键之一：{'、'.join(sorted(known))}", "请改正键名", what)
    return value


def _rows(given: Mapping[str, Any], key: str, known: set[str], *, may_lack: bool = False) -> list[Mapping[str, Any]]:
    rows = given.get(key, [] if may_lack else None)
    if not isinstance(rows, list):
        raise InvalidValue(rows, "JSON 数组", "请补上", key)
    return [_object(row, f"{key} 第 {line} 项", known) for line, row in enumerate(rows, start=1)]


def _text(given: Mapping[str, Any], key: str, otherwise: str | None = None) -> str:
    value = given.get(key, otherwise)
    if not isinstance(value, str):
        raise InvalidValue(value, "文字（加引号）", "请补上或改正", key)
    return value


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        raise InvalidValue(value, "文字的数组", "请补上或改正", key)
    return tuple(value)


def _lists(given: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    value = given.get(key)
    if not isinstance(value, dict):
        raise InvalidValue(value, "每层一个数组的 JSON 对象", "请补上或改正", key)
    return {name: _texts(ids, f"{key}.{name}") for name, ids in value.items()}
