"""`xiandao run`: prepare what is missing, then serve with one web server and one task worker until told to stop."""

import errno
import os
import socket
import sys
import time
from typing import Annotated, Final, NoReturn

import typer

from xiandao.cli import console, database
from xiandao.cli.children import Children, Ended

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — compared with, never bound unasked
_HOSTS: Final = "XIANDAO_HOSTS"
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_MOST_PROCESSES: Final = 4
_THREADS: Final = 2
_PATIENCE: Final = 60
_LAST_PORT: Final = 65535


def run(
    port: Annotated[str, typer.Option(metavar="PORT", help="端口", envvar="PORT")] = "8000",
    host: Annotated[str, typer.Option(metavar="HOST", help="监听地址")] = "127.0.0.1",
    demo_data: Annotated[bool, typer.Option("--demo-data", help="尚无进展时载入演示进展（限演示方式）")] = False,  # noqa: FBT002 — a flag
) -> None:
    """Serve until SIGINT or SIGTERM; exit code 0 then, 1 where a part of it dies by itself."""
    start = time.monotonic()
    number = _port(port)
    require_port(host, number)
    from xiandao.cli.prepare import accounts, prepare

    database.read_settings()  # which makes the secret key that parent and children share
    allow(host)
    with Children() as children:
        try:
            # Nobody is let in before everything is there: the site listens when the database is ready.
            prepare(demo_data=demo_data)
            table = accounts()
            children.start("网站", server_command(host, number))
            if children.until(lambda: answers(host, number), seconds=_PATIENCE):
                children.start("后台任务", worker_command())
                _welcome(host, number, table, time.monotonic() - start)
                children.watch()
            elif not children.asked:
                found = f"{_PATIENCE} 秒内没有应答"
                console.fail("网站", found=found, mend="查看上面的输出，改正后重新启动", code=console.FAULTS)
        except Ended as ended:
            found = f"进程意外结束（代码 {ended.code}）"
            console.fail(ended.name, found=found, mend="查看上面的输出，改正后重新启动", code=console.FAULTS)
    typer.echo("已停止。")


def _port(given: str) -> int:
    """Return the port asked for. Fails with exit code 2 where it is none."""
    if given.isascii() and given.isdecimal() and 0 < int(given) <= _LAST_PORT:
        return int(given)
    mend = "改正 --port 或环境变量 PORT，如 PORT=8001 make run"
    return console.fail("端口", found=f"“{given}”", expected=f"1 到 {_LAST_PORT} 的整数", mend=mend)


def server_command(host: str, port: int) -> list[str]:
    """Return the command of the web server: a process for each core, up to four, each with a few threads.

    Pages are read side by side; writers queue at the database, with SQLite too (WAL, one writer at a time).
    """
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(processes),
        "--blocking-threads": str(_THREADS),
        "--workers-kill-timeout": "5",  # seconds for requests under way
        "--log-level": "warning",
    }
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "granian", *words, "--no-ws", "xiandao.config.wsgi:application"]


def worker_command() -> list[str]:
    """Return the command of the worker that runs background tasks."""
    return [sys.executable, "-m", "xiandao.cli.worker"]


def require_port(host: str, port: int) -> None:
    """Fail with exit code 2 unless the port can be listened on; a server must not share it with another silently."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        console.fail(f"--host {host}", found="不认识的地址", expected="本机的地址，如 127.0.0.1", mend="改正 --host")
    except OSError as error:
        _refused(host, port, error)


def _refused(host: str, port: int, error: OSError) -> NoReturn:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < _LAST_PORT else port - 1
        mend = f"换一个端口：PORT={other} make run，或 xiandao run --port {other}；或先停止占用它的程序"
        console.fail(f"端口 {port}", found=f"端口 {port} 已被别的程序占用", expected="空闲的端口", mend=mend)
    if error.errno == errno.EACCES:
        console.fail(
            f"端口 {port}", found="没有权限监听 1024 以下的端口", expected="1024 以上的端口", mend="PORT=8000 make run"
        )
    console.fail(
        f"--host {host}", found=f"不能在这一地址监听（{error.strerror}）", expected="本机的地址", mend="改正 --host"
    )


def allow(host: str) -> None:
    """Let the site answer under the address it listens on, unless the environment says which names it answers to."""
    if _HOSTS in os.environ or host in ("localhost", "127.0.0.1", "::1"):
        return
    names = [f"[{host}]" if ":" in host else host]
    if host in _EVERYWHERE:
        names = [socket.gethostname()]
        try:
            names += socket.gethostbyname_ex(names[0])[2]
        except OSError:
            typer.echo("提示：本机名称无法解析，从别的电脑访问时请用环境变量 XIANDAO_HOSTS 写明地址。", err=True)
    os.environ[_HOSTS] = ",".join(dict.fromkeys((*_LOOPBACK, *names)))
    typer.echo("提示：演示账号的密码是公开的，请只在可信的网络中开放。", err=True)


def answers(host: str, port: int) -> bool:
    """Return whether the site answers on /healthz."""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500  # noqa: PLR2004 — it is up, even where it redirects to HTTPS
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _welcome(host: str, port: int, accounts: str, seconds: float) -> None:
    shown = _EVERYWHERE.get(host, host)
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    typer.echo(f"\n先导已启动（用时 {seconds:.1f} 秒）：{address}\n")
    if accounts:
        typer.echo(f"演示账号：\n{accounts}\n")
    typer.echo("按 Ctrl+C 停止。")
    sys.stdout.flush()
