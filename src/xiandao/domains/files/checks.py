"""System checks of files: a scanner that is set must be there."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from xiandao.domains.files.scanning import scanner


@register(Tags.files)
def scanner_exists(**_kwargs: Any) -> list[Error]:
    """A scanner that is named but missing would refuse every upload; it is said at start-up instead."""
    try:
        scanner()
    except (ImportError, ValueError) as error:
        return [
            Error(
                f"病毒扫描程序不存在：{settings.FILE_SCANNER}（{error}）",
                hint="请更正环境变量 XIANDAO_SCANNER：命令行（如 clamdscan --fdpass --no-summary）或函数的点分路径。",
                id="files.E001",
            )
        ]
    return []
