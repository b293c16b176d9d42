"""The draw itself, its rounds, and the check of a record. The algorithm stands in the package's docstring."""

from __future__ import annotations

from dataclasses import replace

from xiandao.engines.draw.model import VERSION, Event, Plan, Record, by_bytes, check_secret, clean, digest
from xiandao.kernel import InvalidValue

Seats = dict[str, list[str | None]]


def commit(seed: str, nonce: str) -> str:
    """Return the commitment to a seed: 64 hexadecimal digits that say nothing of it. Show it, keep both secret.

    `nonce`: at least 32 lower-case hexadecimal digits, chosen at random by the caller. Raises `InvalidValue`.
    """
    check_secret(seed, nonce)
    return digest(f"{VERSION}\n{seed}\n{nonce}")


def number(seed: str, public: str, key: str) -> str:
    """Return the number by which an id is ordered: 64 hexadecimal digits, compared as text."""
    return digest(f"{seed}\n{public}\n{key}")


def draw(plan: Plan, *, seed: str, nonce: str, commitment: str, public: str = "") -> Record:
    """Return the record of a draw.

    `commitment`: as shown beforehand. `public`: the public value; given if and only if the plan names its source.
    Raises `InvalidValue` if seed and nonce do not open the commitment, the public value is missing or uncalled for,
    or a stratum holds fewer than are to be drawn. Fewer reserves than wished are no fault: the record shows how many
    there are.
    """
    if commit(seed, nonce) != commitment:
        raise InvalidValue(
            commitment, "由所给种子和随机数算出的承诺值", "请核对种子和随机数；不符的抽取不能进行", "承诺值"
        )
    clean(public, "公开数", empty=True)
    if bool(public) != bool(plan.public_source):
        expected = f"{plan.public_source}公布的数" if plan.public_source else "空，因为方案没有约定公开数"
        raise InvalidValue(public, expected, "公开数和它的来源须在抽取前一并约定", "公开数")
    drawn, reserves = _draw(plan, seed, public)
    names = tuple(key for name in drawn for key in drawn[name])
    return Record(plan, commitment, seed, nonce, public, plan.pool_hash, plan.plan_hash, drawn, reserves, names)


def _draw(plan: Plan, seed: str, public: str) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    drawn, reserves = {}, {}
    for stratum in plan.strata:
        eligible = plan.eligible[stratum.name]
        if len(eligible) < stratum.take:
            mend = f"请减少 {stratum.take - len(eligible)} 名、补充该层人选，或与别的层合并"
            raise InvalidValue(
                f"{stratum.name}：可抽 {len(eligible)} 人", f"不少于要抽取的 {stratum.take} 人", mend, "层"
            )
        order = sorted(eligible, key=lambda key: (number(seed, public, key), by_bytes(key)))
        drawn[stratum.name] = tuple(order[: stratum.take])
        reserves[stratum.name] = tuple(order[stratum.take : stratum.take + stratum.reserves])
    return drawn, reserves


def decline(record: Record, key: str, reason: str) -> Record:
    """Return the record after one more round: `key` cannot serve, the next of its stratum's reserve takes the seat.

    Where no reserve is left the seat stays empty (`Event.taken_by` None): another draw has to fill it. A reserve not
    yet called leaves the reserve. Raises `InvalidValue` for one who neither serves nor waits, or without a reason.
    """
    clean(reason, "不能参加的理由")
    seats, waiting = _after(record)
    taken_by = _apply(seats, waiting, key)
    events = (*record.events, Event(key, reason, taken_by))
    return replace(record, events=events, names=_names(seats))


def replay(record: Record) -> tuple[str, ...]:
    """Return the names that plan, seed, public value and events give, whatever the record says they are."""
    drawn, reserves = _draw(record.plan, record.seed, record.public)
    seats, _ = _after(replace(record, drawn=drawn, reserves=reserves))
    return _names(seats)


def verify(record: Record) -> list[str]:
    """Return what in a record does not follow from its plan, seed and events: Chinese sentences, none if all does."""
    faults = []
    try:
        opened = commit(record.seed, record.nonce) == record.commitment
    except InvalidValue:
        opened = False
    if not opened:
        faults.append("种子和随机数算不出事先公布的承诺值：种子在公布后被换过，或记录被改过。")
    if record.pool_hash != record.plan.pool_hash:
        faults.append("抽取池与事先公布的摘要不符：名单在公布后被改过。")
    if record.plan_hash != record.plan.plan_hash:
        faults.append("名单、排除、名额或公开数来源与事先公布的摘要不符。")
    if bool(record.public) != bool(record.plan.public_source):
        faults.append("公开数与方案的约定不符：约定了来源就须有数，没有约定就不能有。")
    try:
        drawn, reserves = _draw(record.plan, record.seed, record.public)
        seats, waiting = _seats(drawn), {name: list(ids) for name, ids in reserves.items()}
        taken = [_apply(seats, waiting, event.id) for event in record.events]
    except InvalidValue as error:
        return [*faults, f"按记录重做不成：{error}"]
    faults += [
        f"层“{name}”抽出或候补的人与种子算出的不同。"
        for name in drawn
        if (record.drawn.get(name), record.reserves.get(name)) != (drawn[name], reserves[name])
    ]
    faults += [f"层“{name}”不在方案中。" for name in record.drawn.keys() - drawn.keys()]
    faults += [
        f"{event.id} 的递补应为 {who or '空缺'}，记录为 {event.taken_by or '空缺'}。"
        for event, who in zip(record.events, taken, strict=True)
        if event.taken_by != who
    ]
    if record.names != _names(seats):
        faults.append(f"最后名单应为 {'、'.join(_names(seats))}，记录为 {'、'.join(record.names)}。")
    return faults


def _seats(drawn: dict[str, tuple[str, ...]]) -> Seats:
    return {name: list(ids) for name, ids in drawn.items()}


def _after(record: Record) -> tuple[Seats, dict[str, list[str]]]:
    """Return seats and waiting reserves after the events of a record."""
    seats, waiting = _seats(record.drawn), {name: list(ids) for name, ids in record.reserves.items()}
    for event in record.events:
        _apply(seats, waiting, event.id)
    return seats, waiting


def _apply(seats: Seats, waiting: dict[str, list[str]], key: str) -> str | None:
    """Carry one event out in place; return who took the seat, if anybody."""
    for name, ids in seats.items():
        if key in ids:
            taken_by = waiting[name].pop(0) if waiting[name] else None
            ids[ids.index(key)] = taken_by
            return taken_by
        if key in waiting[name]:
            waiting[name].remove(key)
            return None
    raise InvalidValue(key, "正在名单或候补中的人", "请核对编号；已经退出的不再登记", "不能参加的人")


def _names(seats: Seats) -> tuple[str, ...]:
    return tuple(key for name in sorted(seats, key=by_bytes) for key in seats[name] if key is not None)
