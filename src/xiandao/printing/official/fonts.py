"""Finds Chinese fonts for the PDF: for each role the fonts the standard names, else what stands nearest to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from typst import Fonts

Role: TypeAlias = Literal["title", "body", "heading", "kai", "song"]

PACKAGES: Final = ("fonts-noto-cjk", "fonts-arphic-gkai00mp")
"""Debian packages with a Song and a Hei, and with a Kai. Debian has no simplified FangSong and no 小标宋."""

_SONG: Final = (
    *("SimSun", "宋体", "NSimSun", "STSong", "Songti SC", "FZShuSong-Z01S", "FandolSong", "Source Han Serif SC"),
    *("Noto Serif CJK SC", "Noto Serif SC", "AR PL UMing CN", "AR PL SungtiL GB"),
)
_HEI: Final = (
    *("SimHei", "黑体", "STHeiti", "Heiti SC", "FZHei-B01S", "FandolHei", "Source Han Sans SC", "Noto Sans CJK SC"),
    *("Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "Droid Sans Fallback"),
)
_XIAOBIAOSONG: Final = (
    *("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK", "FZXiaoBiaoSong-B05GBK"),
)
_FANGSONG: Final = (
    *(
        "仿宋_GB2312",
        "FangSong_GB2312",
        "FangSong",
        "仿宋",
        "STFangsong",
        "FZFangSong-Z02S",
        "FandolFang R",
        "FandolFang",
    ),
)
_KAI: Final = (
    *("楷体_GB2312", "KaiTi_GB2312", "KaiTi", "楷体", "STKaiti", "Kaiti SC", "FZKai-Z03S", "FandolKai"),
    *("AR PL KaitiM GB", "AR PL UKai CN", "LXGW WenKai"),
)
_LATIN: Final = ("Times New Roman", "Liberation Serif", "Tinos", "Nimbus Roman", "TeX Gyre Termes")
"""For letters and digits; without any of them they are taken from the Chinese font."""
_LAST: Final = "Libertinus Serif"
"""A font that comes with typst itself, for documents without Chinese on machines without fonts."""
_ROLES: Final[dict[Role, tuple[str, ...]]] = {
    "title": (*_XIAOBIAOSONG, *_SONG, *_HEI),
    "body": (*_FANGSONG, *_SONG, *_HEI),
    "heading": (*_HEI, *_SONG),
    "kai": (*_KAI, *_SONG, *_HEI),
    "song": (*_SONG, *_HEI),
}
_BOLD: Final = 600
"""Weight from which a face counts as bold."""


class NoChineseFont(RuntimeError):  # noqa: N818 — says what is missing, as the message does
    """No Chinese font is installed, so that a PDF would show boxes; the message says what to install (Chinese)."""

    def __init__(self) -> None:
        super().__init__(
            f"本机没有中文字体，不能生成 PDF。请安装后重试：sudo apt install {' '.join(PACKAGES)}；"
            "单位有仿宋_GB2312、方正小标宋简体等公文字体的，装入系统字体目录即优先使用。"
        )


@dataclass(frozen=True, slots=True)
class ChosenFonts:
    """The fonts found, the families of each role in order of preference, and the families that have a bold face."""

    found: Fonts
    families: dict[Role, tuple[str, ...]]
    bold: frozenset[str]
    latin: tuple[str, ...]

    @property
    def chinese(self) -> bool:
        """Whether there is any Chinese font."""
        return self.families["song"] != (_LAST,)

    def heavy_title(self) -> bool:
        """Whether titles need the bold face, as every font but 小标宋 does."""
        return self.families["title"][0] not in _XIAOBIAOSONG

    def bold_body(self) -> bool:
        """Whether the font of the body has a bold face of its own."""
        return self.families["body"][0] in self.bold


@lru_cache(maxsize=4)
def chosen_fonts(folders: tuple[Path, ...] = (), *, system: bool = True) -> ChosenFonts:
    """Return the fonts to print with: those of `folders` and, unless `system` is false, those of the machine.

    The answer is kept until the cache is cleared.
    """
    found = Fonts(include_system_fonts=system, font_paths=[str(folder) for folder in folders])
    present = {family.casefold(): family for family in found.families()}
    bold = frozenset(font.family for font in found.fonts() if font.weight >= _BOLD)
    families: dict[Role, tuple[str, ...]] = {
        role: _present((*wanted, _LAST), present) for role, wanted in _ROLES.items()
    }
    return ChosenFonts(found, families, bold, _present(_LATIN, present))


def _present(wanted: Iterable[str], present: dict[str, str]) -> tuple[str, ...]:
    return tuple(present[family.casefold()] for family in wanted if family.casefold() in present)


def has_chinese(texts: Sequence[str]) -> bool:
    """Whether a text has a character that only a Chinese font draws."""
    return any("\u2e80" <= character <= "\ufaff" or character >= "\U00020000" for text in texts for character in text)
