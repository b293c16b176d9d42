"""The actions that may be logged and the kinds of objects they touch. A domain registers its own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class RegisteredAction:
    """One kind of thing a person can do: its code and what the log page calls it."""

    code: str
    label: str | Promise


_actions: dict[str, RegisteredAction] = {}
# What everybody writes about; a domain names what is its own.
_kinds: dict[str, str | Promise] = {}
_COMMON: dict[str, str | Promise] = {
    "audit": _("审计日志"),
    "grant": pgettext_lazy("one", "授权"),
    "installation": _("本系统"),
    "measure": pgettext_lazy("one", "任务"),
    "organisation": pgettext_lazy("one", "机构"),
    "pack": _("政策包"),
    "plan": pgettext_lazy("one", "方案"),
    "plan_import": _("方案录入"),
    "post": _("岗位"),
    "security_value": _("安全数值"),
    "target": pgettext_lazy("one", "目标"),
    "user": pgettext_lazy("one", "人员"),
}


def register(code: str, label: str | Promise) -> RegisteredAction:
    """Register an action's code with its label and return it; a second registration of a code is an error."""
    if code in _actions:
        raise ValueError(f"审计动作 {code} 重复登记")
    _actions[code] = RegisteredAction(code, label)
    return _actions[code]


def registered() -> dict[str, RegisteredAction]:
    """Return every registered action by code."""
    return dict(_actions)


def action_label(code: str) -> str:
    """Return what an action is called; one that no longer exists keeps its code."""
    action = _actions.get(code)
    return str(action.label) if action else code


def name_kind(code: str, label: str | Promise) -> None:
    """Say what the log page calls a kind of object; a second, different name is an error."""
    if _kinds.setdefault(code, label) != label:
        raise ValueError(f"审计对象类型 {code} 已另有名称")


def kind_label(code: str) -> str:
    """Return what a kind of object is called; one nobody named keeps its code."""
    return str(_kinds.get(code) or _COMMON.get(code, code))
