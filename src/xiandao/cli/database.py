"""Starts Django for a command and looks whether its database answers and is up to date."""

import gc
import os
import sys
from typing import NoReturn

from xiandao.cli import console

SETTINGS = "DJANGO_SETTINGS_MODULE"
DEMO = "xiandao.config.settings.demo"
_SCHEMES = ("postgres", "postgresql", "sqlite")
_ENGINES = ("postgresql", "sqlite3")
_PATIENCE = 10
"""Seconds until a database server that does not answer is given up; the system's own limit is two minutes."""


def choose_settings() -> str:
    """Set the settings module to that of `make run` unless the environment names another; return it."""
    return os.environ.setdefault(SETTINGS, DEMO)


def read_settings() -> None:
    """Read the settings. Fails with exit code 2 where one is wrong or the data folder cannot be written."""
    module = choose_settings()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        engine = str(settings.DATABASES["default"]["ENGINE"])  # the first look at a setting reads them all
    except ImproperlyConfigured as error:
        console.fail(f"设置 {module}", found=str(error), mend="按上述说明设置环境变量后重试")
    except OSError as error:
        folder = error.filename or os.environ.get("XIANDAO_DATA", "")
        found = f"数据文件夹 {folder} 无法使用：{console.reason(error)}"
        mend = "检查权限，或用环境变量 XIANDAO_DATA 换一个位置"
        console.fail("数据文件夹", found=found, expected="可写的文件夹", mend=mend)
    except ModuleNotFoundError as error:
        console.fail(f"设置 {module}", found=str(error), mend=f"核对环境变量 {SETTINGS}")
    except ValueError:
        if "DATABASE_URL" not in os.environ:
            raise
        _bad_address()
    if not engine.endswith(_ENGINES):
        _bad_address()


def start_django() -> None:
    """Read the settings and set Django up. Fails as `read_settings` does."""
    read_settings()
    import django

    django.setup()


def _bad_address() -> NoReturn:
    scheme, mark, _ = os.environ.get("DATABASE_URL", "").partition("://")
    kind = f"不支持的类型“{scheme[:20]}”" if mark and scheme not in _SCHEMES else "无法识别的地址"
    expected = "postgres://用户:密码@主机:端口/库名 或 sqlite:///文件"
    mend = "改正地址；密码中的特殊字符用 %XX 书写"
    console.fail("环境变量 DATABASE_URL", found=kind, expected=expected, mend=mend)  # the address holds a password


def database_label() -> str:
    """Return which database is used, without its password."""
    from django.db import connection

    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite {given['NAME']}"
    host = str(given.get("HOST") or "本机") + (f":{given['PORT']}" if given.get("PORT") else "")
    return f"{connection.display_name} {host}/{given['NAME']}（用户 {given.get('USER') or '默认'}）"


def require_answer() -> None:
    """Fail with exit code 1 where the database does not answer."""
    from django.db import DatabaseError, connection

    if connection.vendor == "postgresql":
        connection.settings_dict["OPTIONS"].setdefault("connect_timeout", _PATIENCE)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        mend = "确认数据库已启动、地址和密码正确（环境变量 DATABASE_URL）"
        if connection.vendor == "sqlite":
            mend = "确认所在文件夹可写、文件未损坏，或用环境变量 XIANDAO_DATA 换一个位置"
        found = f"连接不上：{str(error).strip().partition(chr(10))[0]}"
        console.fail(
            f"数据库 {database_label()}", found=found, expected="可以连接的数据库", mend=mend, code=console.FAULTS
        )


def pending() -> bool:
    """Return whether migrations wait to be applied. Fails where the database does not answer."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    require_answer()
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:  # a file that is no database answers first and fails then
        console.fail(
            f"数据库 {database_label()}",
            found=f"读不了：{str(error).strip()}",
            expected="先导的数据库",
            mend="核对地址；文件若已损坏，从备份恢复",
            code=console.FAULTS,
        )
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def require_current() -> None:
    """Fail with exit code 1 where the database has not been set up for this version."""
    if pending():
        console.fail(
            f"数据库 {database_label()}",
            found="数据表尚未建立或不是当前版本",
            expected="与程序版本一致的数据表",
            mend="先运行 xiandao run，或 xiandao manage migrate",
            code=console.FAULTS,
        )


def migrate() -> None:
    """Apply the migrations that wait."""
    from django.core.management import call_command

    # Migrating builds models by the thousand; looking through them for garbage costs as much again.
    gc.disable()
    try:
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    finally:
        gc.enable()
