"""The policy pack of this installation, read from its folder: its table of places and its model."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from xiandao.domains.industries.registers.places import Places
from xiandao.domains.orgs.permission import Refused
from xiandao.engines.identify import Model
from xiandao.packs import PackError, PolicyPack, load_pack
from xiandao.packs.catalogue import MODEL, load_model


@dataclass(frozen=True)
class ModelInForce:
    """The model with the SHA-256 of its file, by which a run says what it was made with."""

    model: Model
    digest: str


def current_pack() -> PolicyPack:
    """Return the pack of the settings. Raises Refused where it is missing or has faults."""
    homes = [Path(home) / settings.PACK for home in settings.PACK_DIRS]
    folder = next((home for home in homes if home.is_dir()), None)
    if folder is None:
        raise Refused(_("找不到政策包 %(pack)s，请系统管理员核对设置。") % {"pack": settings.PACK})
    try:
        return _read(folder, _stamp(folder))
    except PackError as error:
        raise Refused(
            _("政策包有错误，不能继续：%(fault)s。请系统管理员运行 xiandao pack check。") % {"fault": error.faults[0]}
        ) from error


@lru_cache(maxsize=1)
def _read(folder: Path, _stamp: tuple[tuple[str, int, int], ...]) -> PolicyPack:
    """Return the pack in a folder, read again only after a file of it changed: reading takes a second."""
    return load_pack(folder)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether a file of the pack changed: names, sizes, times."""
    found = ((file, file.stat()) for file in sorted(folder.rglob("*")) if file.is_file())
    return tuple((str(file.relative_to(folder)), stat.st_size, stat.st_mtime_ns) for file, stat in found)


def places() -> Places:
    """Return the pack's table of places for reading registers."""
    return Places(current_pack().regions.table())


def model_in_force() -> ModelInForce:
    """Return the pack's model. Raises Refused where there is none that fits this program."""
    path = current_pack().path / MODEL
    try:
        model = load_model(path)
    except PackError as error:
        fault = error.faults[0]
        raise Refused(
            _("政策包的识别模型不能用：%(found)s。处理：%(mend)s。") % {"found": fault.found, "mend": fault.mend}
        ) from error
    return ModelInForce(model, hashlib.sha256(path.read_bytes()).hexdigest())
