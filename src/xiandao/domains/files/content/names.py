"""File names as people gave them, without what could deceive the next reader."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Refused

LONGEST = 200
# Separators, wildcards and quotes no file system likes; control and format characters, among them those that turn the
# direction of writing, so that "报告gpj.exe" can look like "报告exe.jpg".
_BAD = re.compile(r'[\\/:*?"<>|]')
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """Return a name that can be shown and saved: no folders, no hidden characters, at most 200 characters.

    Raises Refused where nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in _HIDDEN)
    shown = _BAD.sub("_", shown).strip(" .")
    if not shown:
        raise Refused(_("文件没有名称。请改名后再上传。"))
    if len(shown) > LONGEST:
        stem, dot, ending = shown.rpartition(".")
        room = LONGEST - len(ending) - 1
        shown = f"{stem[:room]}{dot}{ending}" if dot and room > 0 else shown[:LONGEST]
    return shown


def ending_of(name: str) -> str:
    """Return the ending of a name in small letters without the dot, "" where it has none."""
    _stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot else ""
