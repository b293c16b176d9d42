"""System checks at start-up: a wrong installation stops with a sentence instead of running insecurely."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError


@register(Tags.security)
def no_demo_in_production(**_kwargs: Any) -> list[Error]:
    """Demonstration accounts have published passwords: they must be impossible where HTTPS is enforced."""
    if settings.DEMO_MODE and settings.SECURE_SSL_REDIRECT:
        return [Error("生产环境不得启用演示模式。", hint="请将 DEMO_MODE 设为 False。", id="orgs.E001")]
    return []


@register(Tags.database)
def no_demo_people_in_production(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[Error]:
    """Demonstration people left in a database that is now used in earnest: their password is published.

    Their accounts cannot sign in outside demonstration mode; the installation stops all the same until they are gone.
    """
    if settings.DEMO_MODE or not databases:
        return []
    from xiandao.domains.orgs.models import User

    try:
        count = User.objects.filter(is_demo=True, is_active=True).count()
    except DatabaseError:  # no tables yet, so no people either
        return []
    if count == 0:
        return []
    return [Error(f"数据库中有 {count} 个演示账号。", hint="请先运行 xiandao demo remove。", id="orgs.E004")]


@register(Tags.files)
def map_file_exists(**_kwargs: Any) -> list[Error]:
    """An office that names its own boundary file must not be shown another one without a word."""
    if settings.MAP_FILE and not Path(settings.MAP_FILE).is_file():
        return [Error(f"地图文件不存在：{settings.MAP_FILE}", hint="请更正环境变量 XIANDAO_MAP。", id="orgs.E003")]
    return []


@register(Tags.security, deploy=True)
def secret_is_long(**_kwargs: Any) -> list[Error]:
    """A short secret key makes sessions forgeable."""
    if len(settings.SECRET_KEY) < 50:  # noqa: PLR2004 — Django's own recommendation
        return [Error("密钥过短。", hint="请在 XIANDAO_SECRET_KEY 中给出至少 50 个随机字符。", id="orgs.E002")]
    return []
