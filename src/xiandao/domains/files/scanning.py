"""The hook for a virus scanner: a command such as clamdscan, or a function of the office's own."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared.archives import PIECE

Scanner = Callable[[Path], str]
"""Given a file, returns the name of what was found in it, "" for nothing; raises anything where it cannot tell."""

_PATIENCE: Final = 120
_CLEAN, _INFECTED = 0, 1


class Infected(Refused):
    """The scanner found something in the file."""


class ScannerFailed(Refused):
    """A scanner is set but does not work: nothing is taken in unscanned."""


def scanner() -> Scanner | None:
    """Return the scanner of the settings: a command line, or the dotted path of a function; None where none is set.

    A command is called with the file's path as its last argument and answers as clamdscan does: 0 clean, 1 infected,
    anything else a failure. Raises ImportError where there is neither such a command nor such a function.
    """
    given = settings.FILE_SCANNER.strip()
    if not given:
        return None
    words = shlex.split(given)
    program = shutil.which(words[0])
    if program:
        return lambda path: _run([program, *words[1:], str(path)])
    return import_string(given)


def _run(command: list[str]) -> str:
    answer = subprocess.run(  # noqa: S603 — the command of the settings, the path as one argument
        command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False
    )
    if answer.returncode == _CLEAN:
        return ""
    if answer.returncode == _INFECTED:
        line = next((line for line in answer.stdout.splitlines() if line.rstrip().endswith("FOUND")), "")
        return line.rpartition(":")[2].removesuffix("FOUND").strip() or "FOUND"
    raise OSError(answer.stderr.strip() or f"exit code {answer.returncode}")


def scan(content: IO[bytes]) -> None:
    """Have a file scanned where a scanner is set. Raises Infected, ScannerFailed."""
    try:
        look = scanner()
        if look is None:
            return
        with ExitStack() as stack:
            found = look(_on_disk(content, stack))
    except Refused:
        raise
    except Exception as error:
        raise ScannerFailed(
            _("病毒扫描程序没有正常应答，暂不能上传。请稍后再试；仍不行时请联系系统管理员。")
        ) from error
    if found:
        raise Infected(_("病毒扫描发现 %(found)s，不予接收。请在本机查杀后再上传。") % {"found": found})


def _on_disk(content: IO[bytes], stack: ExitStack) -> Path:
    """Return where the content lies on disk; a small upload is in memory and is written out first."""
    path = getattr(content, "temporary_file_path", None)
    if path is not None:
        content.flush()
        return Path(path())
    copy = stack.enter_context(NamedTemporaryFile(prefix="scan-"))  # noqa: SIM115 — the stack closes it
    content.seek(0)
    while piece := content.read(PIECE):
        copy.write(piece)
    copy.flush()
    os.chmod(copy.name, 0o644)  # noqa: PTH101 — the scanner's daemon runs as somebody else
    return Path(copy.name)
