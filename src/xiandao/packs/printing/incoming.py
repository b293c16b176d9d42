"""Reads the policy text out of what people bring: text files in the encodings of China, Word documents."""

import codecs
import io
import zipfile
from dataclasses import dataclass
from typing import Final

from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import LxmlError

from xiandao.printing.word_text import NotWord, word_text

MAX_BYTES: Final = 32 * 1024 * 1024
"""Far above any plan; what is larger was chosen by mistake."""
_SAMPLE: Final = 64 * 1024
_CONTROL_SHARE: Final = 0.02
_TEXT_CONTROLS: Final = frozenset(b"\t\n\x0b\x0c\r\x1a\x1b")
_ENCODINGS: Final = ["gb18030", "big5"]
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN: Final = (
    (b"%PDF", "PDF 文件", "在 PDF 阅读器中全选复制文字，存为 .txt，或用 Word 打开后另存为 .docx"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.doc、.xls 或 .wps）", "用 Word 或 WPS 打开后另存为 .docx 或 .txt"),
    (b"{\\rtf", "RTF 文件", "用 Word 或 WPS 打开后另存为 .docx 或 .txt"),
    (b"\x89PNG", "图片", "先用文字识别软件转成文字，存为 .txt"),
    (b"\xff\xd8\xff", "图片", "先用文字识别软件转成文字，存为 .txt"),
    (b"\x1f\x8b", "压缩文件", "解压后给出其中的方案文件"),
    (b"Rar!", "压缩文件", "解压后给出其中的方案文件"),
)
EXPECTED: Final = "方案的文字：.txt（UTF-8 或 GB18030）或 .docx"


class Unreadable(ValueError):  # noqa: N818 — says what was found, as the messages do
    """A file that holds no readable text: what was found, what was expected, what to do (Chinese)."""

    def __init__(self, found: str, mend: str, expected: str = EXPECTED) -> None:
        super().__init__(f"发现{found}；应为{expected}；{mend}。")
        self.found = found
        self.expected = expected
        self.mend = mend


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The text and how it was read: an encoding such as "utf-8" or "gb18030", or "docx"."""

    text: str
    form: str


def read_policy_text(raw: bytes) -> PolicyText:
    """Return the text of a plain-text file or Word document given as bytes.

    What the bytes are is told by themselves, never by the name of the file. Line ends become line feeds. In a Word
    document numbers that Word itself makes are written out and cells of a table row are parted by tabs. Spans of a
    compiled plan count the characters of the text returned here.
    Raises Unreadable for what is empty, too large, binary, of another format, or in no encoding used for Chinese.
    """
    if not raw.strip():
        raise Unreadable("空文件" if not raw else "只有空白的文件", "检查是否选错了文件，或文件未保存")
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"{len(raw) / 2**20:.0f} MB 的文件", f"只保留方案正文，不超过 {MAX_BYTES // 2**20} MB")
    for start, found, mend in _FOREIGN:
        if raw.startswith(start):
            raise Unreadable(found, mend)
    if raw.startswith(b"PK\x03\x04"):
        return _from_word(raw)
    text, encoding = _decode(raw)
    return PolicyText(text.replace("\r\n", "\n").replace("\r", "\n"), encoding)


def _from_word(raw: bytes) -> PolicyText:
    try:
        text = word_text(io.BytesIO(raw))
    except NotWord as error:
        raise Unreadable(error.found, error.mend) from error
    except (zipfile.BadZipFile, KeyError, ValueError, LxmlError, PackageNotFoundError) as error:
        raise Unreadable("损坏的 .docx 文件", "用 Word 或 WPS 打开后重新另存为 .docx 或 .txt") from error
    if not text.strip():
        raise Unreadable("没有文字的 Word 文件（可能只有图片）", "先用文字识别软件转成文字，存为 .txt")
    return PolicyText(text, "docx")


def _decode(raw: bytes) -> tuple[str, str]:
    """Return text and encoding. Raises Unreadable."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise Unreadable("编码损坏的文本", "用记事本打开后另存为 UTF-8 编码") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(raw)
    if _looks_binary(raw[:_SAMPLE]):
        raise Unreadable("二进制文件", "检查是否选错了文件")
    return text, "utf-8"


def _decode_other(raw: bytes) -> tuple[str, str]:
    """Decode what is not UTF-8: ask charset-normalizer about a sample, then decode all of it."""
    from charset_normalizer import from_bytes  # loaded only for files that need it

    sample = _whole_characters(raw[:_SAMPLE])
    if _looks_binary(sample):
        raise Unreadable("二进制文件", "检查是否选错了文件")
    best = from_bytes(sample, cp_isolation=_ENCODINGS, enable_fallback=False).best()
    # GB18030 contains GBK and GB 2312, which is what nearly every file that is not UTF-8 is in.
    for encoding in dict.fromkeys((best.encoding if best else "gb18030", "gb18030")):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if best is not None:
            return text, encoding
    raise Unreadable("无法识别编码的文件", "用记事本打开后另存为 UTF-8 编码；若打开是乱码，说明它不是文本文件")


def _whole_characters(sample: bytes) -> bytes:
    """Return a sample without the part of a character its end may have cut off (GB18030: up to four bytes)."""
    for cut in range(4):
        piece = sample[: len(sample) - cut]
        try:
            piece.decode("gb18030")
        except UnicodeDecodeError:
            continue
        return piece
    return sample


def _looks_binary(sample: bytes) -> bool:
    """Whether a sample holds a NUL or more control characters than any text has."""
    controls = sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in sample)  # noqa: PLR2004 — below the blank
    return 0 in sample or controls > len(sample) * _CONTROL_SHARE
