"""What the security values of a pack are called on the page. A value without a name here shows its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES: dict[str, Promise] = {
    "password_min_length": _("密码最短长度"),
    "password_min_length_admin": _("管理员密码最短长度"),
    "password_min_classes": _("密码至少含几类字符"),
    "password_max_age": _("密码最长使用期"),
    "password_history": _("不得重复最近几个密码"),
    "lockout_failures": _("连续失败几次锁定"),
    "lockout_time": _("锁定多久"),
    "idle_timeout": _("闲置多久退出"),
    "idle_timeout_admin": _("管理员闲置多久退出"),
    "sessions_per_admin": _("管理员同时几个会话"),
    "factors_admin": _("管理员几种鉴别因素"),
    "log_retention": _("网络日志留存"),
    "audit_retention": _("审计记录留存"),
    "impact_assessment_retention": _("个人信息保护影响评估留存"),
    "file_max_size": _("单个文件大小上限"),
    "files_per_holder": _("一处最多附几个文件"),
    "unpacked_max_size": _("压缩包展开后大小上限"),
    "unpacked_ratio": _("压缩包最大压缩比"),
    "unpacked_files": _("压缩包内最多几个文件"),
}


def name_of(key: str) -> str:
    """Return what a security value is called."""
    return str(_NAMES.get(key, key))
